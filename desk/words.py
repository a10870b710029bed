"""Everything that people read, from catalogues: Chinese first, English second. The one place that makes HTML."""

import html
import re
import tomllib
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from string import Formatter
from typing import Any
from zoneinfo import ZoneInfo

FALLBACK = "zh-CN"
_UNSEEN = re.compile(
    "[\u0000-\u0008\u000b-\u001f\u007f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]"
)
_LONGEST = 300


class Html(str):
    """Text that is HTML already."""

    __slots__ = ()


class Words:
    """The catalogues of all languages."""

    def __init__(self, catalogues: Mapping[str, Mapping[str, str]]) -> None:
        self._catalogues = catalogues

    @classmethod
    def read(cls, folder: Path) -> "Words":
        """Read ``LANGUAGE.toml`` files; tables become dotted keys."""
        files = sorted(folder.glob("*.toml"))
        return cls({file.stem: dict(_flat(tomllib.loads(file.read_text(encoding="utf-8")))) for file in files})

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages that can be chosen."""
        return tuple(self._catalogues)

    def keys(self, language: str) -> frozenset[str]:
        """Every key of one catalogue."""
        return frozenset(self._catalogues[language])

    def placeholders(self, language: str, key: str) -> frozenset[str]:
        """The facts that a sentence names."""
        return frozenset(name for _, name, _, _ in Formatter().parse(self._catalogues[language][key]) if name)

    def has(self, key: str) -> bool:
        """Whether there is a sentence under this key."""
        return key in self._catalogues[FALLBACK]

    def variant(self, key: str, special: str) -> str:
        """The key of the special wording, if there is one: an other request is not repaired but done."""
        return f"{key}_{special}" if self.has(f"{key}_{special}") else key

    def plain(self, language: str, key: str, **facts: Any) -> str:
        """A sentence without markup: labels, toasts, command descriptions."""
        return self._template(language, key).format_map({name: visible(str(value)) for name, value in facts.items()})

    def html(self, language: str, key: str, **facts: Any) -> Html:
        """A sentence as HTML; facts are escaped, the sentence itself may carry markup."""
        return Html(self._template(language, key).format_map({name: escape(value) for name, value in facts.items()}))

    def _template(self, language: str, key: str) -> str:
        catalogue = self._catalogues.get(language) or self._catalogues[FALLBACK]
        return catalogue.get(key) or self._catalogues[FALLBACK][key]


def escape(value: object) -> str:
    """User text made safe to stand in HTML; `Html` passes as it is."""
    if isinstance(value, Html):
        return value
    return html.escape(visible(str(value)), quote=False)


def visible(text: str) -> str:
    """Without characters that turn, hide or break the text around them."""
    return _UNSEEN.sub("", text)


def clipped(text: str, longest: int = _LONGEST) -> str:
    """Words shortened for a card; it says how long they really are."""
    text = visible(text).strip()
    return text if len(text) <= longest else f"{text[:longest]}…（{len(text)}）"


def fitted(text: str, longest: int) -> str:
    """Text that a chat takes: its length is counted in UTF-16 units there."""
    units = text.encode("utf-16-le")
    if len(units) // 2 <= longest:
        return text
    return units[: (longest - 1) * 2].decode("utf-16-le", "ignore") + "…"


def plain_of(markup: str) -> str:
    """The text of our own HTML without its tags: what is sent when a chat refuses the markup."""
    return html.unescape(re.sub(r"</?[a-z]+[^<>]*>", "", markup))


def moment(at: datetime, zone: ZoneInfo, now: datetime) -> str:
    """An instant in the contract's zone; the date only if it is not today's."""
    local, today = at.astimezone(zone), now.astimezone(zone)
    return f"{local:%H:%M:%S}" if local.date() == today.date() else f"{local:%m-%d %H:%M:%S}"


def length(words: Words, language: str, span: timedelta) -> str:
    """A span of time in words: the two largest units that matter."""
    seconds = max(int(span.total_seconds()), 0)
    days, seconds = divmod(seconds, 86_400)
    hours, seconds = divmod(seconds, 3_600)
    minutes, seconds = divmod(seconds, 60)
    parts = (("days", days), ("hours", hours), ("minutes", minutes), ("seconds", seconds))
    named = [(unit, count) for unit, count in parts if count][:2] or [("seconds", 0)]
    return words.plain(language, "length.join").join(words.plain(language, f"length.{unit}", n=n) for unit, n in named)


def _flat(table: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    for key, value in table.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", str(value)
