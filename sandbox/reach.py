"""Whether the bot may see or write to a chat, and the words with which Telegram says no."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.chats import Chat, ChatKind, Standing
from sandbox.errors import ApiError, bad_request, forbidden
from sandbox.messages import Message
from sandbox.parameters import Parameters

if TYPE_CHECKING:
    from sandbox.world import World

_NAMES = {ChatKind.GROUP: "group", ChatKind.SUPERGROUP: "supergroup", ChatKind.CHANNEL: "channel"}


def known_chat(world: World, address: str) -> Chat:
    """The chat that the address names, if the bot has ever met it."""
    address = address.strip()
    if not address:
        raise bad_request("chat_id is empty")
    chat = _by_name(world, address[1:]) if address.startswith("@") else _by_number(world, address)
    if chat is None or (chat.person and not _has_met(world, chat)):
        raise bad_request("chat not found")
    return chat


def writable_chat(world: World, address: str) -> Chat:
    """The chat that the address names, if the bot may write there now."""
    chat = known_chat(world, address)
    if chat.upgraded_to:
        raise ApiError(
            400,
            "Bad Request: group chat was upgraded to a supergroup chat",
            migrate_to_chat_id=chat.upgraded_to.id,
        )
    if chat.person:
        _check_person(chat)
    else:
        check_membership(world, chat)
    return chat


def check_membership(world: World, chat: Chat) -> None:
    """Refuse a chat of many that the bot is not in."""
    standing = chat.standing_of(world.bot.id)
    if standing is Standing.KICKED:
        raise forbidden(f"bot was kicked from the {_NAMES[chat.kind]} chat")
    if not standing.present:
        raise forbidden(f"bot is not a member of the {_NAMES[chat.kind]} chat")


def message_in(chat: Chat, parameters: Parameters, missing: str, *, name: str = "message_id") -> Message:
    """The message that a call names; refused in the given words when it is not there."""
    message = chat.messages.get(parameters.number(name))
    if message is None:
        raise bad_request(missing)
    return message


def _by_name(world: World, name: str) -> Chat | None:
    public = (chat for chat in world.chats.values() if not chat.person and chat.username)
    return next((chat for chat in public if (chat.username or "").lower() == name.lower()), None)


def _by_number(world: World, address: str) -> Chat | None:
    try:
        return world.chats.get(int(address))
    except ValueError:
        return None


def _has_met(world: World, chat: Chat) -> bool:
    person = chat.person
    if person is None or person.started or person.blocked:
        return True
    rooms = (room for room in world.chats.values() if room.person is None)
    return any(room.standing_of(world.bot.id).present and person.id in room.members for room in rooms)


def _check_person(chat: Chat) -> None:
    person = chat.person
    if person and person.deactivated:
        raise forbidden("user is deactivated")
    if person and person.blocked:
        raise forbidden("bot was blocked by the user")
    if person and not person.started:
        raise forbidden("bot can't initiate conversation with a user")
