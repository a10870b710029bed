"""A profile in which every key of the schema is written: the skeleton with all its keys switched on."""

import copy
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from typing import Any

from bot.papers import skeleton
from sla.profile import Profile, outline
from sla.profile.outline import ANY, Key

SLUG, PREFIX = "sixth-contract", "SC"
KEYS = outline.of(Profile)


def text() -> str:
    """The skeleton as it is written."""
    return skeleton.filled(SLUG, PREFIX)


def switched_on() -> str:
    """The same with every key that stands behind a #."""
    return re.sub(r"^#(?=\[|[\w.]+ = )", "", text(), flags=re.MULTILINE)


def tables() -> dict[str, Any]:
    """All keys with their example values."""
    return copy.deepcopy(_read())


def names(table: dict[str, Any]) -> set[str]:
    """The dotted names, as the schema has them, of all keys that a file writes."""
    return set(_names(table, ""))


def changed(key: Key, name: str, value: Any) -> tuple[dict[str, Any], str]:
    """The whole profile with one key called or filled otherwise, and where a refusal will find it."""
    whole = tables()
    at: Any = whole
    where: list[str] = []
    for place, part in enumerate(key.path[:-1]):
        part = next(iter(at)) if part == ANY else part
        at = at[part]
        where.append(part)
        if isinstance(at, list):
            with_it = next((row for row in at if key.path[place + 1] in row), at[0])
            where[-1] += f"#{at.index(with_it) + 1}"
            at = with_it
    last = next(iter(at)) if key.path[-1] == ANY else key.path[-1]
    old = at.pop(last)
    at[name or last] = old if value is None else value
    return whole, ".".join([*where, name or last])


def example(key: Key) -> Any:
    """The value that the skeleton has for a key."""
    at: Any = tables()
    for part in key.path:
        if isinstance(at, list):
            at = next(row for row in at if part in row)
        at = next(iter(at.values())) if part == ANY else at[part]
    return at


@cache
def _read() -> dict[str, Any]:
    return tomllib.loads(switched_on())


def _names(table: dict[str, Any], above: str) -> Iterator[str]:
    for word, value in table.items():
        name = f"{above}{word}" if f"{above}{word}" in KEYS else f"{above}{ANY}"
        if name not in KEYS:
            name = f"{above}{word}"
        yield name
        for inner in value if isinstance(value, list) else [value]:
            if isinstance(inner, dict):
                yield from _names(inner, f"{name}.")
