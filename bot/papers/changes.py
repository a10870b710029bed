"""What has changed between two texts of a profile: one line for each key, as the file writes it."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from desk.house import Contract
from sla.profile import remembered

_SECONDS = re.compile(r"\d+s")
_NAMES = ("key", "name", "post", "slug")  # by which people know one of several tables
_UNITS = (("d", 86_400), ("h", 3_600), ("m", 60), ("s", 1))


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One key whose value was another; empty where there was none."""

    key: str
    old: str
    new: str


def between(old: str, new: str) -> list[Change]:
    """What is no longer as it was; a table that an older program did not know yet has its defaults there.

    `remembered.Unreadable` if one of the texts is no profile any more.
    """
    before, after = (dict(_flat(json.loads(Contract.of(remembered.read(text)[0]).body), "")) for text in (old, new))
    keys = [*after, *(key for key in before if key not in after)]
    return [
        Change(key=key, old=before.get(key, ""), new=after.get(key, ""))
        for key in keys
        if before.get(key, "") != after.get(key, "")
    ]


def _flat(value: Any, key: str) -> Iterator[tuple[str, str]]:
    match value:
        case Mapping():
            if key in _ORDERED:
                yield key, " > ".join(value)
            for name, inner in value.items():
                yield from _flat(inner, f"{key}.{name}".removeprefix("."))
        case [dict(), *_]:
            for number, inner in enumerate(value, 1):
                name = next((inner[one] for one in _NAMES if isinstance(inner.get(one), str)), number)
                yield from _flat(inner, f"{key}#{name}")
        case None | []:
            return
        case _:
            yield key, _written(value)


_ORDERED = ("levels",)  # the gravest first


def _written(value: Any) -> str:
    if isinstance(value, str) and _SECONDS.fullmatch(value):
        return _duration(int(value[:-1]))
    if isinstance(value, list):
        return f"[{', '.join(map(_written, value))}]"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _duration(seconds: int) -> str:
    parts = []
    for unit, size in _UNITS:
        count, seconds = divmod(seconds, size)
        parts += [f"{count}{unit}"] if count else []
    return "".join(parts) or "0s"
