"""Where commands, mentions and addresses stand in a text, counted in UTF-16 units as Telegram counts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

# A word character is any letter or digit of any script, so a Chinese neighbour hides a command or a mention.
_COMMAND = re.compile(r"(?<![\w/<>])/[A-Za-z0-9_]{1,64}+(?:@[A-Za-z0-9_]{3,32}+)?+(?![\w/<>])")
_MENTION = re.compile(r"(?<!\w)@[A-Za-z0-9_]{2,32}+(?!\w)")
_HASHTAG = re.compile(r"(?<!\w)#\w{0,255}[^\W\d_]\w{0,255}")
_EMAIL = re.compile(r"(?<![\w.+-])[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}(?!\w)")
_URL = re.compile(r"(?<!\w)https?://[^\s<>\"，。；！？、（）]+")
_PATTERNS = (
    ("url", _URL),
    ("email", _EMAIL),
    ("bot_command", _COMMAND),
    ("mention", _MENTION),
    ("hashtag", _HASHTAG),
)
_OPAQUE = frozenset({"code", "pre", "text_link"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """One marked stretch of a text."""

    type: str
    offset: int
    length: int
    details: tuple[tuple[str, str], ...] = ()

    @property
    def end(self) -> int:
        """The first unit after the stretch."""
        return self.offset + self.length

    def json(self) -> dict[str, Any]:
        """The stretch as a Bot API `MessageEntity`."""
        return {"type": self.type, "offset": self.offset, "length": self.length, **dict(self.details)}


def length_of(text: str) -> int:
    """How many UTF-16 units the text takes."""
    return len(text.encode("utf-16-le")) // 2


def words_of(text: str, entity: Entity) -> str:
    """The words that the entity marks."""
    units = text.encode("utf-16-le")
    return units[entity.offset * 2 : entity.end * 2].decode("utf-16-le")


def found_in(text: str) -> tuple[Entity, ...]:
    """Everything that Telegram marks by itself in a plain text."""
    return with_found(text, ())


def with_found(text: str, given: Iterable[Entity]) -> tuple[Entity, ...]:
    """The given entities and those that Telegram adds where no code or link is in the way."""
    kept = list(given)
    taken = [entity for entity in kept if entity.type in _OPAQUE]
    for entity in _matches(text):
        if not any(entity.offset < other.end and other.offset < entity.end for other in taken):
            kept.append(entity)
            taken.append(entity)
    return tuple(sorted(kept, key=lambda entity: (entity.offset, -entity.length)))


def _matches(text: str) -> Iterator[Entity]:
    for kind, pattern in _PATTERNS:
        for match in pattern.finditer(text):
            yield Entity(type=kind, offset=length_of(text[: match.start()]), length=length_of(match.group()))
