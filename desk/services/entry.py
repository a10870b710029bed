"""What somebody writes about a service: how many, on which day, how many people, a remark."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from desk.errors import Refusal
from sla.services import Service

_SIGNS = {"今天": 0, "今日": 0, "today": 0, "昨天": -1, "昨日": -1, "yesterday": -1, "明天": 1, "tomorrow": 1}
_DAY = re.compile(r"(?:(\d{4})[-/年.])?(\d{1,2})[-/月.](\d{1,2})日?(?![\d-])")
_AMOUNT = re.compile(r"(\d{1,5})\s*([^\s\d,，]*)")
_PEOPLE = re.compile(r"(\d{1,3})\s*(?:人|名|people|persons)")
_HALF = timedelta(days=183)
_LONGEST = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Details:
    """What was written."""

    amount: int
    day: date
    people: int | None = None
    remark: str = ""


def read(text: str, service: Service, today: date) -> Details:
    """Read ``23 11-20 2人 两会前``: the amount first, the rest in any order; the day is today unless it is named."""
    words = text.replace("，", " ").replace(",", " ").strip()
    found = _AMOUNT.match(words)
    if found is None:
        raise Refusal("service.no_amount", name=service.name, unit=service.unit)
    unit = found[2] if found[2] in (service.unit, "次", "个", "x", "×") else ""
    rest = words[found.end(1) :].lstrip().removeprefix(unit).lstrip() if unit else words[found.end(1) :]
    rest, people = _people(rest)
    rest, day = _day(rest, today)
    return Details(amount=int(found[1]), day=day, people=people, remark=" ".join(rest.split())[:_LONGEST])


def named(text: str, services: Iterable[tuple[str, Service]]) -> tuple[str, Service, str] | None:
    """The contract and service whose name a line begins with, and the rest of the line; the longest name wins."""
    words = text.strip()
    fitting = [(slug, one) for slug, one in services if words.casefold().startswith(one.name.casefold())]
    if not fitting:
        return None
    slug, service = max(fitting, key=lambda one: len(one[1].name))
    return slug, service, words[len(service.name) :].strip()


def _people(rest: str) -> tuple[str, int | None]:
    found = _PEOPLE.search(rest)
    return (rest, None) if found is None else (rest[: found.start()] + " " + rest[found.end() :], int(found[1]))


def _day(rest: str, today: date) -> tuple[str, date]:
    for word, step in _SIGNS.items():
        if re.search(rf"(?:^|\s){word}(?:\s|$)", rest):
            return rest.replace(word, " ", 1), today + timedelta(days=step)
    found = _DAY.search(rest)
    if found is None:
        return rest, today
    try:
        day = _dated(found, today)
    except ValueError as error:
        raise Refusal("service.no_day", day=found[0]) from error
    return rest[: found.start()] + " " + rest[found.end() :], day


def _dated(found: re.Match[str], today: date) -> date:
    """Without a year it is the day of that name that is nearest to today."""
    year, month, day = found.groups()
    if year:
        return date(int(year), int(month), int(day))
    named = [_in(today.year + step, int(month), int(day)) for step in (0, -1, 1)]
    near = [one for one in named if one is not None and abs(one - today) <= _HALF]
    if not near:
        raise ValueError(found[0])
    return near[0]


def _in(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
