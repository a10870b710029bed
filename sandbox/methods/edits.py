"""Changing and taking back what was sent."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sandbox.chats import Chat, ChatKind
from sandbox.errors import bad_request
from sandbox.messages import Json, Message
from sandbox.methods import wording
from sandbox.methods.registry import Registry
from sandbox.parameters import Parameters
from sandbox.reach import message_in
from sandbox.world import World

METHODS = Registry()
LONGEST_REGRET = timedelta(hours=48)
_SAME = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)


@METHODS("editMessageText")
def edit_message_text(world: World, parameters: Parameters) -> Json:
    """Change the text; without a keyboard in the call the old one goes."""
    message = _own(world, parameters)
    text, entities = wording.text_of(parameters)
    if message.content:
        raise bad_request("there is no text in the message to edit")
    return _change(world, message, text=text, entities=entities, markup=wording.keyboard_of(parameters))


@METHODS("editMessageCaption")
def edit_message_caption(world: World, parameters: Parameters) -> Json:
    """Change the words under a file or a photo."""
    message = _own(world, parameters)
    if not message.content:
        raise bad_request("there is no caption in the message to edit")
    text, entities = wording.caption_of(parameters)
    return _change(world, message, text=text, entities=entities, markup=wording.keyboard_of(parameters))


@METHODS("editMessageReplyMarkup")
def edit_message_reply_markup(world: World, parameters: Parameters) -> Json:
    """Change or take away the buttons only; the phone does not mark that as an edit."""
    return _change(world, _own(world, parameters), marked=False, markup=wording.keyboard_of(parameters))


@METHODS("deleteMessage")
def delete_message(world: World, parameters: Parameters) -> bool:
    """Take a message away for everybody, within 48 hours."""
    chat = world.writable(parameters.text("chat_id"))
    message = message_in(chat, parameters, "message to delete not found")
    age = world.now().timestamp() - message.date
    if not _may_delete(world, chat, message) or age > LONGEST_REGRET.total_seconds():
        raise bad_request("message can't be deleted for everyone")
    world.remove(message, who=world.bot.name)
    return True


def is_own(world: World, message: Message) -> bool:
    """Whether the bot sent this message."""
    posted = message.chat.kind is ChatKind.CHANNEL and message.sender_chat is message.chat
    return not message.service and (message.sender is world.bot or posted)


def _own(world: World, parameters: Parameters) -> Message:
    chat = world.writable(parameters.text("chat_id"))
    message = message_in(chat, parameters, "message to edit not found")
    if not is_own(world, message):
        raise bad_request("message can't be edited")
    return message


def _change(world: World, message: Message, **changes: Any) -> Json:
    new = {name: value for name, value in changes.items() if name != "marked"}
    if all(getattr(message, name) == value for name, value in new.items()):
        raise bad_request(_SAME)
    chat = message.chat
    world.limits.check(chat.id, is_group=chat.kind is not ChatKind.PRIVATE, now=world.now())
    return world.amend(message, by_person=False, **changes).json()


def _may_delete(world: World, chat: Chat, message: Message) -> bool:
    if chat.kind is ChatKind.PRIVATE or is_own(world, message):
        return True
    return chat.standing_of(world.bot.id).leads
