"""One letter as a value: what is to be said to which chat, and what became of it."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from enum import IntEnum, StrEnum
from typing import Any

from storage.shapes import JSON


class Lane(IntEnum):
    """Who goes first; the urgent never wait behind information."""

    URGENT = 0
    NORMAL = 1
    INFO = 2


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


FIELDS = tuple(field.name for field in fields(Letter))


def to_row(letter: Letter) -> dict[str, Any]:
    """The columns of the letter, without the id that the database gives."""
    row = {name: getattr(letter, name) for name in FIELDS if name != "id"}
    return row | {"lane": int(letter.lane), "state": letter.state.value}


def from_row(row: Mapping[Any, Any]) -> Letter:
    """The letter in this row."""
    return Letter(**{**row, "lane": Lane(row["lane"]), "state": State(row["state"])})
