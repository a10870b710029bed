"""The story of a world, in the order in which it happened."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Deed(StrEnum):
    """What somebody did."""

    SAID = "said"
    EDITED = "edited"
    DELETED = "deleted"
    PRESSED = "pressed"
    TOASTED = "toasted"
    HAPPENED = "happened"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One thing that happened: who did what, where and when."""

    at: datetime
    who: str
    by_bot: bool
    chat: str
    chat_id: int
    deed: Deed
    what: str
    message_id: int | None = None
    buttons: tuple[str, ...] = ()

    def __str__(self) -> str:
        buttons = "".join(f" [{label}]" for label in self.buttons)
        return f"{self.at:%H:%M:%S} {self.who} ({self.chat}) {self.deed}: {self.what}{buttons}"
