"""The words of a message as a call gives them, and the rest that all sending calls share."""

from __future__ import annotations

from typing import Any

from sandbox import keyboards, markup
from sandbox.chats import Chat, ChatKind
from sandbox.entities import Entity, length_of, with_found
from sandbox.errors import bad_request
from sandbox.messages import Json, Message
from sandbox.parameters import Parameters
from sandbox.world import World

LONGEST_TEXT = 4096
LONGEST_CAPTION = 1024
Words = tuple[str, tuple[Entity, ...]]


def text_of(parameters: Parameters) -> Words:
    """The text and its entities; never empty, never too long."""
    text, found = _parsed(parameters, "text", "entities")
    if not text:
        raise bad_request("message text is empty")
    if length_of(text) > LONGEST_TEXT:
        raise bad_request("message is too long")
    return text, found


def caption_of(parameters: Parameters) -> Words:
    """The caption and its entities, possibly empty, never too long."""
    text, found = _parsed(parameters, "caption", "caption_entities")
    if length_of(text) > LONGEST_CAPTION:
        raise bad_request("message caption is too long")
    return text, found


def keyboard_of(parameters: Parameters) -> Json | None:
    """The keyboard that the call brings."""
    return keyboards.checked(parameters.tree("reply_markup"))


def send(world: World, parameters: Parameters, words: Words, content: Json | None = None, **details: Any) -> Message:
    """Put the bot's message into the chat that the call names."""
    chat = world.writable(parameters.text("chat_id"))
    replied = _replied(world, chat, parameters)
    keyboard = keyboard_of(parameters)
    world.limits.check(chat.id, is_group=chat.kind is not ChatKind.PRIVATE, now=world.now())
    _lay_keyboard(chat, keyboard)
    return world.post(
        chat,
        sender=None if chat.kind is ChatKind.CHANNEL else world.bot,
        sender_chat=chat if chat.kind is ChatKind.CHANNEL else None,
        text=words[0],
        entities=words[1],
        content=content or {},
        replies_to=replied,
        markup=keyboard,
        silent=parameters.truth("disable_notification"),
        **details,
    )


def _lay_keyboard(chat: Chat, keyboard: Json | None) -> None:
    if keyboard and "keyboard" in keyboard:
        chat.keyboard = keyboard
    elif keyboard and keyboard.get("remove_keyboard"):
        chat.keyboard = None


def _replied(world: World, chat: Chat, parameters: Parameters) -> Message | None:
    wish = parameters.mapping("reply_parameters")
    given = str(wish.get("message_id", "")) or parameters.text("reply_to_message_id")
    if not given.strip():
        return None
    lenient = wish.get("allow_sending_without_reply") or parameters.truth("allow_sending_without_reply")
    found = chat.messages.get(int(given)) if given.isdigit() else None
    if found is None and not lenient:
        raise bad_request("message to be replied not found")
    return found


def _parsed(parameters: Parameters, name: str, marks: str) -> Words:
    source, mode = parameters.text(name), parameters.text("parse_mode").lower()
    if mode == "html":
        text, given = markup.from_html(source)
    elif mode:
        raise bad_request("unsupported parse_mode")
    else:
        text, given = source, tuple(_entity(one) for one in parameters.sequence(marks))
    return _trimmed(text, given)


def _trimmed(text: str, given: tuple[Entity, ...]) -> Words:
    cut = length_of(text) - length_of(text.lstrip())
    text = text.strip()
    end = length_of(text)
    kept = []
    for one in given:
        start, stop = max(0, one.offset - cut), min(end, one.end - cut)
        if stop > start:
            kept.append(Entity(type=one.type, offset=start, length=stop - start, details=one.details))
    return text, with_found(text, kept)


def _entity(one: dict[str, Any]) -> Entity:
    try:
        kind, offset, length = str(one["type"]), int(one["offset"]), int(one["length"])
    except (KeyError, TypeError, ValueError):
        raise bad_request("can't parse MessageEntity") from None
    details = {key: str(value) for key, value in one.items() if key in ("url", "language", "custom_emoji_id")}
    return Entity(type=kind, offset=offset, length=length, details=tuple(details.items()))
