"""The day that somebody wrote beside a command: 明天, 周六, 11-28, 28号; whatever else was written is left over."""

import re
from collections.abc import Iterator
from datetime import date, timedelta

_NEAR = {
    "大后天": 3,
    "后天": 2,
    "明天": 1,
    "明早": 1,
    "明晚": 1,
    "明日": 1,
    "今天": 0,
    "今晚": 0,
    "今日": 0,
    "tomorrow": 1,
    "today": 0,
    "tonight": 0,
}
_WEEKDAYS = {"一": 0, "二": 1, "三": 2, "四": 3, "五": 4, "六": 5, "日": 6, "天": 6}
_ENGLISH = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WEEK = re.compile(r"(下?)(?:周|星期|礼拜)([一二三四五六日天])")
_NAMED = re.compile(
    r"\b(?:(mon|fri|sun)(?:day)?|(tue)(?:s|sday)?|(wed)(?:nesday)?|(thu)(?:rs|rsday)?|(sat)(?:urday)?)\b", re.IGNORECASE
)
_FULL = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
_MONTH = re.compile(r"(?<!\d)(\d{1,2})(?:[-/.月])(\d{1,2})[日号]?(?!\d)")
_DAY = re.compile(r"(?<!\d)(\d{1,2})[日号]")
_YEAR = timedelta(days=366)


def read(text: str, today: date) -> tuple[date | None, str]:
    """The day, the next one of that name where several are meant, and the rest of the words."""
    for found, (start, end) in _candidates(text, today):
        if found is not None:
            return found, f"{text[:start]} {text[end:]}".strip()
    return None, text.strip()


def _candidates(text: str, today: date) -> Iterator[tuple[date | None, tuple[int, int]]]:
    for word, ahead in _NEAR.items():
        if (at := text.casefold().find(word)) >= 0:
            yield today + timedelta(days=ahead), (at, at + len(word))
    for match in _WEEK.finditer(text):
        yield _weekday(today, _WEEKDAYS[match[2]], next_week=bool(match[1])), match.span()
    for match in _FULL.finditer(text):
        yield _date(int(match[1]), int(match[2]), int(match[3])), match.span()
    for match in _MONTH.finditer(text):
        yield _next(today, int(match[1]), int(match[2])), match.span()
    for match in _DAY.finditer(text):
        this, following = today.replace(day=1), (today.replace(day=1) + timedelta(days=32)).replace(day=1)
        days = (_date(month.year, month.month, int(match[1])) for month in (this, following))
        yield next((day for day in days if day is not None and day >= today), None), match.span()
    for match in _NAMED.finditer(text):
        yield _weekday(today, _ENGLISH.index(match[match.lastindex or 0].lower()), next_week=False), match.span()


def _weekday(today: date, weekday: int, *, next_week: bool) -> date:
    """The next such day, today included; with 下, the one of the week that begins next Monday."""
    if next_week:
        return today + timedelta(days=7 - today.weekday() + weekday)
    return today + timedelta(days=(weekday - today.weekday()) % 7)


def _next(today: date, month: int, day: int) -> date | None:
    found = _date(today.year, month, day)
    return _date((today + _YEAR).year, month, day) if found is not None and found < today else found


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
