"""A message was written: a command, an answer to the desk, or a report."""

import re

from telegram import Message, MessageEntity

from desk import acquaintance, deeds, incoming, intake, sending
from desk.errors import Refusal
from desk.house import Desk
from handlers import commands, content

_PRIVATE = "private"
_CONTENT = (
    "text",
    "caption",
    "photo",
    "voice",
    "audio",
    "video",
    "video_note",
    "animation",
    "document",
    "sticker",
    "location",
    "venue",
    "contact",
    "poll",
    "dice",
    "story",
    "game",
    "invoice",
    "checklist",
    "paid_media",
)


def is_service(message: Message) -> bool:
    """Whether the chat itself says something: a member joined, a message was pinned."""
    return not any(getattr(message, kind, None) for kind in _CONTENT)


async def handle(desk: Desk, message: Message, bot_id: int, username: str) -> None:
    """Answer a message. In a group the bot listens when it is addressed."""
    if message.migrate_to_chat_id is not None:
        await acquaintance.migrated(desk, message.chat_id, message.migrate_to_chat_id)
        return
    command = _command(message, username)
    private = message.chat.type == _PRIVATE
    if not private and not await _addressed(desk, message, bot_id, username, command):
        return
    if private and command is not None and command[0] == "start":
        await commands.start(desk, message, command[1])
        return
    incoming = await _incoming(desk, message, username)
    if not private and incoming.group is None:
        raise Refusal("refuse.unbound_group")
    if message.sender_chat is not None or message.from_user is None:
        raise Refusal("refuse.anonymous")
    person = await acquaintance.identify(desk, message.from_user.id)
    if person is None:
        raise Refusal("refuse.stranger")
    if private:
        await acquaintance.heard_from(desk, person)
    if command is not None:
        await commands.handle(desk, person, incoming, *command)
        return
    answer = await deeds.spoken(desk, person, incoming)
    if answer is not None:
        await sending.send_text(desk, "", message.chat_id, answer or "✓", person=person, reply_to=message.message_id)
        return
    await intake.take_in(desk, person, incoming)


async def _addressed(desk: Desk, message: Message, bot_id: int, username: str, command: tuple[str, str] | None) -> bool:
    if command is not None:
        return True
    replied = message.reply_to_message
    if replied is not None and replied.from_user is not None and replied.from_user.id == bot_id:
        return True
    if _mention(username).search(content.text_of(message)):
        return True
    return message.media_group_id is not None and await intake.knows_album(
        desk, message.chat_id, message.media_group_id
    )


async def _incoming(desk: Desk, message: Message, username: str) -> incoming.Message:
    replied = message.reply_to_message
    return incoming.Message(
        chat_id=message.chat_id,
        message_id=message.message_id,
        at=message.date,
        text=_mention(username).sub("", content.text_of(message)).strip(),
        items=content.items_of(message),
        album=message.media_group_id,
        reply_to=replied.message_id if replied else None,
        group=await acquaintance.group_of(desk, message.chat_id) if message.chat.type != _PRIVATE else None,
    )


def words_of(message: Message, username: str) -> str:
    """The words of a message without what only addresses them to the bot: a mention, or the command before them."""
    command = _command(message, username)
    text = content.text_of(message) if command is None else command[1]
    return _mention(username).sub("", text).strip()


def _command(message: Message, username: str) -> tuple[str, str] | None:
    """The command with which a message begins, and the words after it; one meant for another bot is none."""
    entities = message.entities or message.caption_entities or ()
    first = next((e for e in entities if e.type == MessageEntity.BOT_COMMAND and e.offset == 0), None)
    if first is None:
        return None
    text = content.text_of(message)
    name, _, whom = text[1 : first.length].partition("@")
    if whom and whom.casefold() != username.casefold():
        return None
    return name.casefold(), text[first.length :].strip()


def _mention(username: str) -> re.Pattern[str]:
    """Telegram does not see a mention that touches Chinese words; people mean it all the same."""
    return re.compile(rf"@{re.escape(username)}(?![A-Za-z0-9_])", re.IGNORECASE)
