"""A name, a span and a number of people, as people write them in one line: ``汛期 6月1日 8点 至 6月3日 18:00 2人``."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_DAY = timedelta(days=1)
_LONGEST = timedelta(days=366)
_DAYS = {"今天": 0, "今日": 0, "明天": 1, "明日": 1, "后天": 2, "today": 0, "tomorrow": 1}
_DATE = r"(?:(?:(?P<year>\d{4})\s*[-/.年]\s*)?(?P<month>\d{1,2})\s*[-/.月]\s*(?P<day>\d{1,2})\s*[日号]?)"
_SPOKEN = r"[点时](?:(?P<spoken>\d{1,2})(?:分|(?!\s*[人名位个\d]))|(?P<half>半)|整)?"  # 8点, 8点半, 8点15分
_TIME = rf"(?:(?P<hour>\d{{1,2}})\s*(?:[:：]\s*(?P<minute>\d{{2}})(?:[:：]00)?|{_SPOKEN}))"
_MOMENT = re.compile(
    rf"(?<![\d.])(?:(?P<word>{'|'.join(_DAYS)})|{_DATE})(?:\s*[Tt]?\s*{_TIME})?(?!\d)"
    + rf"|(?<![\d.]){_TIME.replace('?P<', '?P<only_')}(?!\d)"
)
_PEOPLE = re.compile(r"(\d{1,4})\s*(?:人|名|位|个|people|persons?)?", re.IGNORECASE)
_AROUND = " \t\n,，。;；:：、-－—~～至到的从起止“”\"'"


WHY = ("unclear", "no_date", "no_name", "order", "past", "people")


class NotASpan(ValueError):
    """What was written is no span; `key` says why: one of `WHY`."""

    def __init__(self, key: str) -> None:
        self.key = key
        super().__init__(key)


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """What was understood; no number of people if none was written."""

    name: str
    start: datetime
    end: datetime
    people: int | None = None


def parse(text: str, zone: ZoneInfo, now: datetime) -> Span:
    """Read a name, a beginning, an end and perhaps a number, in this order; a day without a time is the whole day.

    A date without a year is the next one; an end that is only a time belongs to the day of the beginning.
    """
    found = list(_MOMENT.finditer(text))
    first = next((place for place, match in enumerate(found) if _has_date(match)), None)
    if first is None or len(found) < first + 2:
        raise NotASpan("unclear")
    today = now.astimezone(zone).date()
    begun, ended = found[first], found[first + 1]
    start_day = _day(begun, today, today)
    start = datetime.combine(start_day, _reading(begun) or time(), tzinfo=zone)
    end = _end(ended, start, today)
    rest = text[ended.end() :]
    number = _PEOPLE.search(rest)
    people = int(number[1]) if number else None
    name = text[: begun.start()].strip(_AROUND) or _PEOPLE.sub("", rest).strip(_AROUND)
    return _judged(Span(name=name, start=start.astimezone(UTC), end=end.astimezone(UTC), people=people), now)


def _judged(span: Span, now: datetime) -> Span:
    if not span.name:
        raise NotASpan("no_name")
    if span.end <= span.start or span.end - span.start > _LONGEST:
        raise NotASpan("order")
    if span.end <= now:
        raise NotASpan("past")
    if span.people == 0:
        raise NotASpan("people")
    return span


def _has_date(match: re.Match[str]) -> bool:
    return bool(match["word"] or match["month"])


def _end(match: re.Match[str], start: datetime, today: date) -> datetime:
    reading = _reading(match)
    if not _has_date(match):
        end = datetime.combine(start.date(), reading or time(), tzinfo=start.tzinfo)
        return end if end > start else end + _DAY
    day = _day(match, start.date(), today)
    if reading is None:
        return datetime.combine(day + _DAY, time(), tzinfo=start.tzinfo)
    return datetime.combine(day, reading, tzinfo=start.tzinfo) + (
        _DAY if _is_midnight_of_the_end(match) else timedelta()
    )


def _day(match: re.Match[str], earliest: date, today: date) -> date:
    if match["word"]:
        return today + _DAYS[match["word"]] * _DAY
    year = int(match["year"]) if match["year"] else earliest.year
    try:
        day = date(year, int(match["month"]), int(match["day"]))
        if not match["year"] and day < earliest:
            day = day.replace(year=year + 1)
    except ValueError as error:
        raise NotASpan("no_date") from error
    return day


def _reading(match: re.Match[str]) -> time | None:
    prefix = "" if _has_date(match) else "only_"
    if match[f"{prefix}hour"] is None:
        return None
    minute = match[f"{prefix}minute"] or match[f"{prefix}spoken"] or ("30" if match[f"{prefix}half"] else "0")
    hour = int(match[f"{prefix}hour"])
    try:
        return time(0 if hour == 24 else hour, int(minute))
    except ValueError as error:
        raise NotASpan("no_date") from error


def _is_midnight_of_the_end(match: re.Match[str]) -> bool:
    return match["hour"] is not None and int(match["hour"]) == 24
