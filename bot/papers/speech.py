"""What the keys and values of a profile are called on paper, in the reader's language."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import Enum
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

from bot.engine.service import LOCALES
from desk.words import Words, length
from sla.profile import GROUP, ON_DUTY, outline

_OWN = Path(__file__).parent / "words"
_FAMILIES = ("role", "clock", "field", "way")  # of the chat's catalogue: one word for one thing


@dataclass(frozen=True, slots=True)
class Speech:
    """One language."""

    language: str

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
            case Collection():
                return self.say("and").join(self.value(one, name) for one in value)
            case _:
                return str(value)

    def _word(self, word: str, name: str) -> str:
        if word.startswith(ON_DUTY):
            return self.say("on_duty", role=self._word(word.removeprefix(ON_DUTY), name))
        if word.startswith(GROUP):
            return self.say("group", audience=self.say(f"audience.{word.removeprefix(GROUP)}"))
        for key in (f"value.{name.rpartition('.')[2]}.{word}", f"value.any.{word}"):
            if _own().has(key):
                return self.say(key)
        for family in _FAMILIES:
            if _chat().has(f"{family}.{word}"):
                return _chat().plain(self.language, f"{family}.{word}")
        return word


@cache
def _own() -> Words:
    return Words.read(_OWN)


@cache
def _chat() -> Words:
    return Words.read(LOCALES)
