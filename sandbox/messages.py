"""Messages as they stand at one moment: an edit makes a new value, old ones stay as they were seen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from sandbox import entities

if TYPE_CHECKING:
    from sandbox.chats import Chat
    from sandbox.people import Person

Json = dict[str, Any]


class Button(NamedTuple):
    """One button under a message."""

    label: str
    data: str | None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Message:
    """One message, as every member of the chat sees it."""

    id: int
    chat: Chat = field(repr=False)
    date: int
    change: int
    sender: Person | None = field(default=None, repr=False)
    sender_chat: Chat | None = field(default=None, repr=False)
    text: str = ""
    entities: tuple[entities.Entity, ...] = field(default=(), repr=False)
    content: Mapping[str, Any] = field(default_factory=dict, repr=False)
    service: bool = False
    replies_to: Message | None = field(default=None, repr=False)
    markup: Json | None = field(default=None, repr=False)
    edit_date: int | None = None
    album: str | None = None
    forward_origin: Json | None = field(default=None, repr=False)
    relayed: bool = False
    silent: bool = False
    reactions: tuple[str, ...] = ()

    @property
    def edited(self) -> bool:
        """Whether the phone marks it as changed."""
        return self.edit_date is not None

    @property
    def buttons(self) -> tuple[tuple[Button, ...], ...]:
        """The rows of buttons under the message."""
        rows = (self.markup or {}).get("inline_keyboard", [])
        return tuple(tuple(Button(one["text"], one.get("callback_data")) for one in row) for row in rows)

    @property
    def labels(self) -> list[str]:
        """The words on all its buttons, in reading order."""
        return [button.label for row in self.buttons for button in row]

    @property
    def author(self) -> str:
        """The name that a phone shows above the message."""
        if self.sender_chat:
            return self.sender_chat.title
        return self.sender.name if self.sender else self.chat.title

    @property
    def is_media(self) -> bool:
        """Whether its words are the caption of something else."""
        return bool(self.content) and not self.service

    def json(self, *, with_reply: bool = True) -> Json:
        """The message as a Bot API `Message`."""
        message: Json = {"message_id": self.id, "date": self.date, "chat": self.chat.json()}
        message.update(self.content)
        message.update(self._origin())
        message.update(self._words())
        if self.edit_date is not None:
            message["edit_date"] = self.edit_date
        if self.album:
            message["media_group_id"] = self.album
        if self.replies_to and with_reply:
            message["reply_to_message"] = self.replies_to.json(with_reply=False)
        if self.markup and "inline_keyboard" in self.markup:
            message["reply_markup"] = self.markup
        return message

    def _origin(self) -> Json:
        origin: Json = {}
        if self.sender:
            origin["from"] = self.sender.json()
        if self.sender_chat:
            origin["sender_chat"] = self.sender_chat.json()
        if self.forward_origin:
            origin["forward_origin"] = self.forward_origin
        if self.relayed:
            origin["is_automatic_forward"] = True
        return origin

    def _words(self) -> Json:
        if not self.text:
            return {}
        text, marks = ("caption", "caption_entities") if self.is_media else ("text", "entities")
        words: Json = {text: self.text}
        if self.entities:
            words[marks] = [entity.json() for entity in self.entities]
        return words
