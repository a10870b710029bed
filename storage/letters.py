"""One letter as a value: what is to be said to which chat, and what became of it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from enum import IntEnum, StrEnum
from typing import Any

from storage.replicas import WHOLE, Share
from storage.shapes import JSON


class Lane(IntEnum):
    """Who goes first: what concerns the gravest level before all, and the urgent never wait behind information."""

    GRAVE = 0
    URGENT = 1
    NORMAL = 2
    INFO = 3


class State(StrEnum):
    """What became of a letter."""

    NEW = "new"
    SENDING = "sending"
    SENT = "sent"
    UNCERTAIN = "uncertain"
    DEAD = "dead"
    SUPERSEDED = "superseded"


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One call of the Bot API: `method` is send, edit, answer, commands or document."""

    id: int = 0
    contract: str
    ticket_id: int | None = None
    lane: Lane = Lane.NORMAL
    method: str
    chat_id: int
    person: str | None = None
    payload: Mapping[str, JSON]
    purpose: str
    clock: str | None = None
    version: int = 0
    state: State = State.NEW
    attempts: int = 0
    next_at: datetime
    expires_at: datetime | None = None
    created_at: datetime
    sent_at: datetime | None = None
    settled_at: datetime | None = None
    message_id: int | None = None
    error: str = ""
    fallback: Mapping[str, JSON] | None = None
    holder: str | None = None

    @property
    def is_urgent(self) -> bool:
        """Whether somebody has to hear of this now."""
        return self.lane <= Lane.URGENT


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """How many letters may go now, and to which chats none may: all letters, those below grave, those below urgent.

    Who carries them, and which share of the chats is his.
    """

    most: int = 100
    urgent: int = 100
    others: int = 100
    closed_to_all: Collection[int] = ()
    closed_to_urgent: Collection[int] = ()
    closed_to_others: Collection[int] = ()
    holder: str | None = None
    share: Share = WHOLE

    def allows(self, letter: Letter, taken: Collection[Letter]) -> bool:
        """Whether this letter may go beside those."""
        if letter.lane is Lane.GRAVE:
            return len(taken) < self.most
        return len(taken) < min(self.most, self.urgent if letter.lane is Lane.URGENT else self.others)


ANY_ROOM = Room()
FIELDS = tuple(field.name for field in fields(Letter))


def to_row(letter: Letter) -> dict[str, Any]:
    """The columns of the letter, without the id that the database gives."""
    row = {name: getattr(letter, name) for name in FIELDS if name != "id"}
    return row | {"lane": int(letter.lane), "state": letter.state.value}


def from_row(row: Mapping[Any, Any]) -> Letter:
    """The letter in this row."""
    return Letter(**{**row, "lane": Lane(row["lane"]), "state": State(row["state"])})
