"""Levels with their limits, where each clock starts, what stops it, and who may change a level."""

from typing import Literal

from pydantic import Field, field_validator

from sla import holds
from sla.profile.fields import Duration, Selector, Table, known
from sla.terms import Clock, ClockStart, Kind, LocateMetric, Role, WayKind

Holdable = Literal["arrival", "locate", "handling"]
_HOLDABLE: tuple[Holdable, ...] = ("arrival", "locate", "handling")


class LevelTable(Table):
    """One row of the level table, gravest first.

    `kind` is what a message of this level asks for: `fault` unless it is said, but for the levels called
    `consultation`, `other`, `image_retrieval` and `meeting_guarantee`, each of which is of its own kind. A level
    without any limit promises no time, and its cards say so. The handling limit of an image retrieval is the time
    until the picture is delivered. `report_at_once` names who is told the moment a ticket has this level.
    """

    name: str = Field(min_length=1)
    kind: Kind | None = None
    response: Duration | None = None
    arrival: Duration | None = None
    locate: Duration | None = None
    handling: Duration | None = None
    report_at_once: tuple[Selector, ...] = ()
    also_by: tuple[WayKind, ...] = ()


class ClocksTable(Table):
    """The instant from which each limit is counted, where the contract does not say the report, and what ends it.

    `response`, `arrival`, `locate`, `handling`: `reported` is the report itself; `acknowledged` the moment when a
    person took the ticket, at the latest the end of the response limit; `client_notice` (arrival only) the bureau's
    press on 请到场支持: before it there is no arrival promise, and a repair without a visit is fine.
    `restart_at_arrival` names clocks that start anew with the arrival, where somebody had to go there; a limit that
    had passed before stays passed. `locate_metric` says what ends the locate clock: `located` (已定位) or `repaired`
    (修复; 已定位 is information).
    """

    response: Literal["reported"] = "reported"
    arrival: ClockStart = ClockStart.REPORTED
    locate: Literal["reported", "acknowledged"] = "reported"
    handling: Literal["reported", "acknowledged"] = "reported"
    restart_at_arrival: tuple[Literal["locate", "handling"], ...] = ()
    locate_metric: LocateMetric = LocateMetric.LOCATED

    def starts(self) -> dict[Clock, ClockStart]:
        """From when each clock is counted."""
        named = {
            Clock.RESPONSE: self.response,
            Clock.ARRIVAL: self.arrival,
            Clock.LOCATE: self.locate,
            Clock.HANDLING: self.handling,
        }
        return {clock: ClockStart(start) for clock, start in named.items()}


class VisitsTable(Table):
    """What the bureau may say about visits.

    `waiver` names whose word (免到场) makes a visit needless; an arrival limit that had passed before stays passed.
    With an empty list nobody can.
    """

    waiver: tuple[Role, ...] = (Role.SUPERVISING_OFFICER,)


class PausesTable(Table):
    """Who agrees to a pause, for which reasons, and which clocks it stops.

    `reasons` are offered as buttons when 挂起 is pressed, and nothing else is a reason, unless `other` (own words) is
    among them; with an empty list every reason is given in words. Causes that stop no clock are simply not named.
    """

    consent: tuple[Role, ...] = ()
    reasons: tuple[str, ...] = ()
    clocks: tuple[Holdable, ...] = _HOLDABLE

    @field_validator("reasons")
    @classmethod
    def _known(cls, reasons: tuple[str, ...]) -> tuple[str, ...]:
        return known(reasons, holds.REASONS, "挂起原因")


class TransmissionTable(Table):
    """Whether a declared transmission-network fault stops clocks, and which."""

    allowed: bool = True
    clocks: tuple[Holdable, ...] = _HOLDABLE


class LevelChangeTable(Table):
    """Whose word is enough to lower a level; anybody else of the contract asks for it."""

    consent: tuple[Role, ...] = (Role.REPORTER, Role.SUPERVISING_OFFICER)
