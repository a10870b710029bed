"""A profile that was stored long ago, by a program that knew other tables: read as faithfully as this one can."""

import json
from collections.abc import Sequence
from typing import Any

from pydantic import ValidationError

from sla.profile.contract import Profile

_ROUNDS = 20  # a mended value may uncover the next one


class Unreadable(ValueError):
    """Even with what is known today the stored text is no profile."""


def read(body: str, today: str = "{}") -> tuple[Profile, bool]:
    """The profile of a stored text, and whether it had to be mended; `Unreadable` if there is no way.

    A key that this program does not know is left out. In place of a value that it understands no longer stands that of
    the profile of today.
    """
    try:
        return Profile.model_validate_json(body), False
    except ValidationError as error:
        amiss = error
    try:
        raw, instead = json.loads(body), json.loads(today)
    except ValueError as error:
        raise Unreadable from error
    for _ in range(_ROUNDS):
        if not all([_mend(raw, instead, found["type"], found["loc"]) for found in amiss.errors()]):
            break
        try:
            return Profile.model_validate_json(json.dumps(raw)), True
        except ValidationError as error:
            amiss = error
    raise Unreadable


def _mend(raw: Any, instead: Any, kind: str, place: Sequence[str | int]) -> bool:
    """Whether there was something to take out or to put in at this place."""
    table = _at(raw, place[:-1])
    if not place or not isinstance(table, dict):
        return len(place) > 1 and _mend(raw, instead, kind, place[:-1])
    name, known = place[-1], _at(instead, place[:-1])
    if kind != "extra_forbidden" and isinstance(known, dict) and name in known and known[name] != table.get(name):
        table[name] = known[name]
        return True
    return table.pop(name, raw) is not raw


def _at(value: Any, place: Sequence[str | int]) -> Any:
    for part in place:
        try:
            value = value[part]
        except (KeyError, IndexError, TypeError):
            return None
    return value
