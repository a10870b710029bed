"""The contracts as their files hold them: every leaf by its path, every number as what it means."""

import csv
import re
import tomllib
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time
from functools import cache
from pathlib import Path
from typing import Any

from sla import durations
from sla.profile import Profile, values

FOLDER = Path(__file__).parent.parent.parent / "contracts"
SLUGS = ("shaoguan-command", "shaoguan-rescue", "beijing-command-center", "beijing-it-ops", "beijing-gov-cloud")
_NUMBER = re.compile(r"[\d.,]+|[\d.]+\s*[%％]|(\d+\s*(分钟|小时|[smhd秒分天])\s*)+|\d{4}-\d{2}|\d+/\d+")


@cache
def raw(slug: str) -> Mapping[str, Any]:
    """The tables of one contract as written."""
    return tomllib.loads((FOLDER / f"{slug}.toml").read_text(encoding="utf-8"))


@cache
def profile(slug: str) -> Profile:
    """One contract as the hotline serves it."""
    return Profile.model_validate(raw(slug))


@cache
def leaves(slug: str) -> Mapping[str, object]:
    """Every value of one contract by its path; a row of a list goes by its key."""
    return dict(_leaves(raw(slug), ""))


@cache
def ledger(slug: str) -> tuple[Mapping[str, str], ...]:
    """The rows of the equipment list."""
    text = (FOLDER / str(raw(slug)["ledger"])).read_text(encoding="utf-8-sig")
    return tuple(csv.DictReader(text.splitlines()))


def meaning(leaf: object) -> object:
    """A duration, share or sum as a value, so that ``1h`` is ``60m``; anything else as it stands."""
    if not isinstance(leaf, str):
        return leaf
    for parse in (durations.parse, values.percent, values.money):
        try:
            return parse(leaf)
        except ValueError:
            continue
    return leaf


def is_number(leaf: object) -> bool:
    """Whether a clerk would call it a number, a date or a time."""
    if isinstance(leaf, list):
        return any(is_number(item) for item in leaf)
    if isinstance(leaf, str):
        return _NUMBER.fullmatch(leaf) is not None
    return isinstance(leaf, int | float | date | datetime | time) and not isinstance(leaf, bool)


def _leaves(value: object, path: str) -> Iterator[tuple[str, object]]:
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from _leaves(item, f"{path}.{key}" if path else str(key))
    elif isinstance(value, list) and any(isinstance(item, Mapping) for item in value):
        for number, item in enumerate(value, start=1):
            yield from _leaves(item, f"{path}.{item.get('key') or item.get('post') or number}")
    else:
        yield path, value
