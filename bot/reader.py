"""Who sits at the terminal and which language they read: every sentence of the commands comes through here."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from desk.words import FALLBACK, Words

ENGLISH = "en"
_TEXTS = Path(__file__).parent / "texts"
_SPOKEN_BY = ("HOTLINE_LANGUAGE", "LC_ALL", "LANG")


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who reads one language."""

    language: str = FALLBACK

    @classmethod
    def of(cls, env: Mapping[str, str]) -> "Reader":
        """The reader whom the environment describes: English if it says so, else Chinese."""
        spoken = next((env[name] for name in _SPOKEN_BY if env.get(name)), "")
        return cls(ENGLISH if spoken.lower().startswith("en") else FALLBACK)

    def say(self, key: str, **facts: Any) -> str:
        """One sentence of the catalogue, in the reader's language."""
        return catalogue().plain(self.language, key, **facts)

    def knows(self, key: str) -> bool:
        """Whether there is a sentence under this key."""
        return catalogue().has(key)


@cache
def catalogue() -> Words:
    """The sentences of the commands, in all languages."""
    return Words.read(_TEXTS)


class Stop(Exception):
    """The command ends here; the text is the sentence that says why."""
