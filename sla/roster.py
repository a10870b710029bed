"""Lines of duty as values: turns across midnight and rotation boundaries, office hours, reserves. See `sla.duty`."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from math import gcd
from typing import Self
from zoneinfo import ZoneInfo

_FRIDAY = 4
_DAY = timedelta(days=1)
_WEEK = 7


class Hours(StrEnum):
    """When a roster is staffed."""

    ALWAYS = "always"
    BUSINESS_HOURS = "business_hours"


def monday_to_friday(day: date) -> bool:
    """Working days as long as nobody knows of holidays and make-up days."""
    return day.weekday() <= _FRIDAY


@dataclass(frozen=True, slots=True, kw_only=True)
class BusinessHours:
    """Local opening hours on working days."""

    zone: ZoneInfo
    opens: time
    closes: time
    is_workday: Callable[[date], bool] = monday_to_friday

    def include(self, now: datetime) -> bool:
        """Whether the office is open at this instant."""
        local = now.astimezone(self.zone)
        return self.opens <= local.time() < self.closes and self.is_workday(local.date())

    def edges(self, start: datetime, until: datetime) -> Iterator[datetime]:
        """Every opening and closing from `start` to `until`."""
        day, last = start.astimezone(self.zone).date(), until.astimezone(self.zone).date()
        while day <= last:
            if self.is_workday(day):
                for reading in (self.opens, self.closes):
                    yield datetime.combine(day, reading, tzinfo=self.zone).astimezone(UTC)
            day += _DAY


@dataclass(frozen=True, slots=True, kw_only=True)
class Rotation:
    """Teams who take turns of equal length from a first instant on; an empty team is a turn of nobody."""

    start: datetime
    every: timedelta
    teams: tuple[tuple[str, ...], ...]

    @classmethod
    def of(cls, start: datetime, every: timedelta, people: tuple[str, ...], together: int = 1) -> Self:
        """People who take turns in their order, so many of them together: everybody has the same share."""
        turns = len(people) // gcd(len(people), together) if people else 0
        teams = tuple(
            tuple(people[(turn * together + seat) % len(people)] for seat in range(together)) for turn in range(turns)
        )
        return cls(start=start, every=every, teams=teams)

    @classmethod
    def weekly(cls, start: datetime, days: tuple[tuple[str, ...], ...]) -> Self:
        """The same people every Monday, and so on: seven teams from Monday on, and where the first turn begins."""
        first = start.weekday()
        return cls(start=start, every=_DAY, teams=tuple(days[(first + day) % _WEEK] for day in range(_WEEK)))

    @property
    def people(self) -> tuple[str, ...]:
        """Everybody who takes turns, once."""
        return tuple(dict.fromkeys(person for team in self.teams for person in team))

    def turn(self, now: datetime) -> int:
        """The number of the turn at an instant; negative before the first one."""
        return (now - self.start) // self.every

    def at(self, now: datetime) -> tuple[str, ...]:
        """Whose turn it is; nobody's before the first turn."""
        if now < self.start or not self.teams:
            return ()
        return self.teams[self.turn(now) % len(self.teams)]

    def next_change(self, now: datetime) -> datetime:
        """When the present turn ends."""
        if now < self.start:
            return self.start
        return self.began(now) + self.every

    def began(self, now: datetime) -> datetime:
        """When the present turn began; the start of the rotation if it has not begun."""
        return self.start + max(self.turn(now), 0) * self.every

    def edges(self, start: datetime, until: datetime) -> Iterator[datetime]:
        """Every change of turns from `start` to `until`."""
        edge = self.began(start)
        while edge <= until:
            if edge >= start:
                yield edge.astimezone(UTC)
            edge += self.every


@dataclass(frozen=True, slots=True, kw_only=True)
class Roster:
    """One line of duty of one role under one contract; the reserve steps in, in its order, for who is on leave."""

    contract: str
    role: str
    hours: Hours
    rotation: Rotation
    post: str = ""
    reserve: tuple[str, ...] = ()


def is_staffed(roster: Roster, now: datetime, office: BusinessHours) -> bool:
    """Whether a roster has anybody at this instant."""
    return roster.hours is Hours.ALWAYS or office.include(now)


def edges(roster: Roster, start: datetime, until: datetime, office: BusinessHours) -> Iterator[datetime]:
    """Every instant from `start` to `until` at which somebody else may be on duty."""
    yield from roster.rotation.edges(start, until)
    if roster.hours is Hours.BUSINESS_HOURS:
        yield from office.edges(start, until)
