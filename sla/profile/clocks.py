"""Levels with their limits, where each clock starts, what stops it, and who may change a level."""

from typing import Literal

from pydantic import Field

from sla.profile.fields import Duration, Selector, Table
from sla.terms import ClockStart, Kind, Role, WayKind

Holdable = Literal["arrival", "locate", "handling"]
_HOLDABLE: tuple[Holdable, ...] = ("arrival", "locate", "handling")


class LevelTable(Table):
    """One row of the level table."""

    name: str = Field(min_length=1)
    kind: Kind | None = None
    response: Duration | None = None
    arrival: Duration | None = None
    locate: Duration | None = None
    handling: Duration | None = None
    report_at_once: tuple[Selector, ...] = ()
    also_by: tuple[WayKind, ...] = ()


class ClocksTable(Table):
    """The instant from which each limit is counted, where the contract does not say the report."""

    response: Literal["reported"] = "reported"
    arrival: ClockStart = ClockStart.REPORTED
    locate: ClockStart = ClockStart.REPORTED
    handling: ClockStart = ClockStart.REPORTED


class PausesTable(Table):
    """Who agrees to a pause, and which clocks it stops."""

    consent: tuple[Role, ...] = ()
    clocks: tuple[Holdable, ...] = _HOLDABLE


class TransmissionTable(Table):
    """Whether a declared transmission-network fault stops clocks, and which."""

    allowed: bool = True
    clocks: tuple[Holdable, ...] = _HOLDABLE


class LevelChangeTable(Table):
    """Whose word is enough to lower a level; anybody else of the contract asks for it."""

    consent: tuple[Role, ...] = (Role.REPORTER, Role.SUPERVISING_OFFICER)
