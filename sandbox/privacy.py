"""Which messages Telegram shows to a bot: in groups only those that are meant for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.chats import Chat, ChatKind
from sandbox.entities import words_of
from sandbox.messages import Message

if TYPE_CHECKING:
    from sandbox.world import World


def is_told(world: World, message: Message) -> bool:
    """Whether the bot receives an update for this message."""
    chat = message.chat
    if message.service and _concerns_bot(world, message):
        return True
    if message.sender is world.bot or _is_another_bot(world, message):
        return False
    if chat.kind is ChatKind.PRIVATE:
        return True
    if not chat.standing_of(world.bot.id).present:
        return False
    return chat.kind is ChatKind.CHANNEL or reads_all(world, chat) or _is_meant_for_bot(world, message)


def reads_all(world: World, chat: Chat) -> bool:
    """Whether privacy mode does not apply here."""
    return world.reads_all_group_messages or chat.standing_of(world.bot.id).leads


def _concerns_bot(world: World, message: Message) -> bool:
    left = message.content.get("left_chat_member", {})
    here = message.chat.person is not None or message.chat.standing_of(world.bot.id).present
    return left.get("id") == world.bot.id or ("pinned_message" in message.content and here)


def _is_another_bot(world: World, message: Message) -> bool:
    return bool(message.sender and message.sender.is_bot and message.sender is not world.anonymous_admin)


def _is_meant_for_bot(world: World, message: Message) -> bool:
    if message.service or (message.replies_to and message.replies_to.sender is world.bot):
        return True
    return any(_addresses(world, message, entity.type, words_of(message.text, entity)) for entity in message.entities)


def _addresses(world: World, message: Message, kind: str, words: str) -> bool:
    mine = f"@{world.bot.username}".lower()
    if kind == "mention":
        return words.lower() == mine
    if kind == "bot_command":
        _, at, name = words.lower().partition("@")
        return at + name == mine if at else not message.chat.other_bot_spoke_last
    return False
