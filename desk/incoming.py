"""A message as the desk sees it, whatever the chat it came from."""

from dataclasses import dataclass
from datetime import datetime

from sla.terms import Kind
from storage.groups import Group

PLACE, CONTACT = "📍", "☎"
SHARED = (PLACE, CONTACT)  # how lines begin that nobody wrote
PRIVATE, IN_GROUP, PHONE = "private", "group", "phone"


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A picture, voice message, file or place that came with a message."""

    kind: str
    file_id: str = ""
    unique_id: str = ""
    name: str = ""
    mime: str = ""
    size: int = 0
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A message as the desk sees it: `at` is its own date, from which promises are counted."""

    chat_id: int
    message_id: int
    at: datetime
    text: str = ""
    items: tuple[Item, ...] = ()
    album: str | None = None
    reply_to: int | None = None
    group: Group | None = None
    kind: Kind | None = None

    @property
    def channel(self) -> str:
        """The way on which it came."""
        return IN_GROUP if self.group else PRIVATE


def words_of(message: Message) -> str:
    """What a message says, places and contacts included."""
    parts = (message.text, *(item.text for item in message.items))
    return "\n".join(part for part in parts if part)
