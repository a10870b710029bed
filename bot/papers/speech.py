"""What the keys and values of a profile are called on paper, in the reader's language."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any, get_args

from bot.engine.service import LOCALES
from desk.words import Words, length
from sla import selectors
from sla.profile import GROUP, ON_DUTY, Profile, outline

_OWN = Path(__file__).parent / "words"
_FAMILIES = (
    "role",
    "clock",
    "field",
    "fault_type",
    "cause_owner",
    "pause_reason",
)  # of the chat's catalogue: one word for one thing


@dataclass(frozen=True, slots=True)
class Speech:
    """One language, and what the contract itself calls what its keys stand for."""

    language: str
    names: Mapping[str, str] = field(default_factory=dict)

    def say(self, sentence: str, **facts: object) -> str:
        """A sentence of the papers' own catalogue."""
        return _own().plain(self.language, sentence, **facts)

    def label(self, name: str) -> str:
        """What a key of the schema is called; its own name if it has no other."""
        words = [part for part in name.split(".") if part != outline.ANY]
        for key in (".".join(["label", *words]), ".".join(["label", *words, "_"])):
            if _own().has(key):
                return self.say(key)
        return words[-1]

    def value(self, value: Any, name: str = "") -> str:
        """A value as people say it; nothing if there is none."""
        match value:
            case None | "" | () | []:
                return ""
            case bool():
                return self.say("yes" if value else "no")
            case timedelta():
                return length(_chat(), self.language, value)
            case Decimal():
                return f"{value:,.2f}"
            case Fraction():
                return f"{float(value * 100):.6g} %"
            case datetime():
                return f"{value:%Y-%m-%d %H:%M}"
            case date():
                return value.isoformat()
            case time():
                return f"{value:%H:%M}"
            case str() | Enum():
                return self._word(str(value), name)
            case Mapping():
                parts = (f"{self._word(str(key), name)}：{self.value(one, name)}" for key, one in value.items())
                return self.say("and").join(parts)
            case (int() as first, int() as last) if _is_range(name):
                return self.say("range", first=first, last=last)
            case Collection():
                return self._listed([self.value(one, name) for one in value])
            case _:
                return str(value)

    def _listed(self, items: list[str]) -> str:
        """One after the other; numbered where an item is a list itself."""
        if all(self.say("and") not in item for item in items):
            return self.say("and").join(items)
        return " ".join(self.say("item", number=number, item=item) for number, item in enumerate(items, 1))

    def _word(self, word: str, name: str) -> str:
        if word.startswith(ON_DUTY):
            role, post = self._word(selectors.role_of(word), name), selectors.post_of(word)
            return (
                self.say("on_duty_at", role=role, post=self._word(post, name))
                if post
                else self.say("on_duty", role=role)
            )
        if word.startswith(GROUP):
            return self.say("group", audience=self.say(f"audience.{word.removeprefix(GROUP)}"))
        for key in (f"value.{name.rpartition('.')[2]}.{word}", f"value.any.{word}"):
            if _own().has(key):
                return self.say(key)
        for family in _FAMILIES:
            if _chat().has(f"{family}.{word}"):
                return _chat().plain(self.language, f"{family}.{word}")
        return self.names.get(word, word)


def _is_range(name: str) -> bool:
    """Whether two numbers at this place are the ends of a range, not two of a list."""
    key = outline.place(name.split("."), Profile)
    return key is not None and Ellipsis not in get_args(key.holds)


@cache
def _own() -> Words:
    return Words.read(_OWN)


@cache
def _chat() -> Words:
    return Words.read(LOCALES)
