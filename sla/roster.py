"""Who is on duty at an instant: arithmetic on rotations, also across midnight and rotation boundaries."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

_FRIDAY = 4


class Hours(StrEnum):
    """When a roster is staffed."""

    ALWAYS = "always"
    BUSINESS_HOURS = "business_hours"


@dataclass(frozen=True, slots=True, kw_only=True)
class BusinessHours:
    """Local opening hours, Monday to Friday."""

    zone: ZoneInfo
    opens: time
    closes: time

    def include(self, now: datetime) -> bool:
        """Whether the office is open at this instant."""
        local = now.astimezone(self.zone)
        return local.weekday() <= _FRIDAY and self.opens <= local.time() < self.closes


@dataclass(frozen=True, slots=True, kw_only=True)
class Rotation:
    """People who take turns of equal length from a first instant on."""

    start: datetime
    every: timedelta
    people: tuple[str, ...]

    def at(self, now: datetime) -> str | None:
        """Whose turn it is; nobody's before the first turn."""
        if now < self.start or not self.people:
            return None
        return self.people[(now - self.start) // self.every % len(self.people)]

    def next_change(self, now: datetime) -> datetime:
        """When the present turn ends."""
        if now < self.start:
            return self.start
        return self.start + ((now - self.start) // self.every + 1) * self.every


@dataclass(frozen=True, slots=True, kw_only=True)
class Roster:
    """One line of duty of one role under one contract."""

    contract: str
    role: str
    hours: Hours
    rotation: Rotation
    post: str = ""


def on_duty(rosters: Iterable[Roster], role: str, now: datetime, office: BusinessHours) -> Sequence[str]:
    """Everybody who is on duty in this role at `now`, in roster order."""
    serving = (roster for roster in rosters if roster.role == role and is_staffed(roster, now, office))
    people = (roster.rotation.at(now) for roster in serving)
    return list(dict.fromkeys(person for person in people if person is not None))


def is_staffed(roster: Roster, now: datetime, office: BusinessHours) -> bool:
    """Whether a roster has anybody at this instant."""
    return roster.hours is Hours.ALWAYS or office.include(now)
