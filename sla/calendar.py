"""Working days and periods of days: the day a period begins with does not count, and rest days are passed over.

A calendar knows some years for certain. Of any other year only weekends and the statutory holidays of fixed date are
known, so that whatever was reckoned with such a year is provisional. Of the notices of each autumn are missing there:
the days of Spring Festival, Tomb Sweeping, Dragon Boat and Mid-Autumn, which move, the bridges beside every holiday,
and the weekend days on which people work in exchange.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

FIXED_HOLIDAYS = frozenset({(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)})
_DAY = timedelta(days=1)
SATURDAY = 5
_MONTHS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Reckoned:
    """The last day of a period, the working days counted or the rest days passed at its end, and how sure it is."""

    day: date
    provisional: bool = False
    counted: tuple[date, ...] = ()
    passed: tuple[date, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """Which days are worked: the years that are known, their weekdays of rest and their weekend days of work."""

    years: frozenset[int] = frozenset()
    rest: frozenset[date] = frozenset()
    work: frozenset[date] = frozenset()

    def is_workday(self, day: date) -> bool:
        """Whether people work on this day, as far as is known."""
        if day in self.work:
            return True
        if day.weekday() >= SATURDAY or day in self.rest:
            return False
        return day.year in self.years or (day.month, day.day) not in FIXED_HOLIDAYS

    def is_provisional(self, day: date) -> bool:
        """Whether the year of this day is not known yet."""
        return day.year not in self.years

    def working_days_after(self, start: date, count: int) -> Reckoned:
        """The working day that is `count` after the start, or before it if negative; the start does not count."""
        step = _DAY if count >= 0 else -_DAY
        counted: list[date] = []
        passed: list[date] = []
        day = start
        while len(counted) < abs(count):
            day += step
            (counted if self.is_workday(day) else passed).append(day)
        looked_at = (*counted, *passed) or (start,)
        return Reckoned(
            day=day,
            provisional=any(map(self.is_provisional, looked_at)),
            counted=tuple(counted),
            passed=tuple(passed),
        )

    def calendar_days_after(self, start: date, count: int, *, roll: bool = True) -> Reckoned:
        """The day that is `count` after the start; one that is a day of rest gives way to the next working day."""
        day = start + count * _DAY
        return self.rolled(day) if roll else Reckoned(day=day)

    def months_after(self, start: date, count: int, *, roll: bool = True) -> Reckoned:
        """The same day so many months later, or the last one of a shorter month; rolled like a period of days."""
        day = months_later(start, count)
        return self.rolled(day) if roll else Reckoned(day=day)

    def rolled(self, day: date) -> Reckoned:
        """This day, or the next working day if it is a day of rest."""
        *passed, last = self._until_work(day, _DAY)
        return self._found(last, passed)

    def workday_until(self, day: date) -> Reckoned:
        """This day, or the last working day before it if it is a day of rest."""
        *passed, last = self._until_work(day, -_DAY)
        return self._found(last, passed)

    def last_workday(self, year: int, month: int) -> Reckoned:
        """The last working day of a month."""
        return self.workday_until(_end_of(year, month))

    def _found(self, last: date, passed: list[date]) -> Reckoned:
        provisional = any(map(self.is_provisional, (last, *passed)))
        return Reckoned(day=last, provisional=provisional, passed=tuple(passed))

    def _until_work(self, day: date, step: timedelta) -> Iterator[date]:
        while not self.is_workday(day):
            yield day
            day += step
        yield day


def months_later(start: date, count: int) -> date:
    """The same day so many months later, or the last day of a shorter month."""
    year, month = divmod(start.year * _MONTHS + start.month - 1 + count, _MONTHS)
    end = _end_of(year, month + 1)
    return end.replace(day=min(start.day, end.day))


def _end_of(year: int, month: int) -> date:
    """The last day of a month: the one before the first of the next."""
    return date(year + month // _MONTHS, month % _MONTHS + 1, 1) - _DAY


def deemed_from(last: Reckoned, zone: tzinfo) -> datetime:
    """From when silence counts as consent: the midnight after the last day, in local time."""
    return datetime.combine(last.day + _DAY, time(), tzinfo=zone)
