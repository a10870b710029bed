"""The running clocks of a ticket: when each is due, whether it was kept. Only timestamps count, never alarms."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from sla.terms import Clock, ClockStart, LocateMetric, Terms
from sla.ticket import Hold, HoldKind, Stage, Ticket

SECOND = timedelta(seconds=1)


class Standing(StrEnum):
    """How a promise stands at one moment."""

    RUNNING = "running"
    KEPT = "kept"
    KEPT_LATE = "kept_late"
    OVERDUE = "overdue"
    WAIVED = "waived"
    WAIVED_LATE = "waived_late"
    HELD = "held"
    VOID = "void"


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """One limit of one ticket. `due_at` is absent only while a hold is open and the limit was not passed before.

    `first_due_at` is when it was due before it started anew with the arrival on site.
    """

    clock: Clock
    limit: timedelta
    started_at: datetime
    due_at: datetime | None
    ended_at: datetime | None
    waived: bool
    holds: tuple[Hold, ...]
    void: bool
    first_due_at: datetime | None = None

    @property
    def breached(self) -> bool:
        """Whether the promise ended late; a promise that has not ended is judged by `standing`."""
        return self.ended_at is not None and self.due_at is not None and is_late(self.ended_at, self.due_at)


def is_late(at: datetime, due_at: datetime) -> bool:
    """Limits are inclusive to the second: late means more than the limit, counted in whole seconds."""
    return at - due_at >= SECOND


def promises(ticket: Ticket, terms: Terms) -> tuple[Promise, ...]:
    """Every limit that the ticket's level carries and whose clock has started, in the order of the clocks."""
    limits = terms.levels[ticket.level].limits
    found = (_promise(ticket, terms, clock, limits[clock]) for clock in Clock if clock in limits)
    return tuple(promise for promise in found if promise is not None)


def find(ticket: Ticket, terms: Terms, clock: Clock) -> Promise | None:
    """The promise of one clock, if the level has it."""
    return next((promise for promise in promises(ticket, terms) if promise.clock is clock), None)


def standing(promise: Promise, now: datetime) -> Standing:
    """How the promise stands at `now`."""
    if promise.void:
        return Standing.VOID
    if promise.ended_at is not None:
        if promise.waived:
            return Standing.WAIVED_LATE if promise.breached else Standing.WAIVED
        return Standing.KEPT_LATE if promise.breached else Standing.KEPT
    if promise.due_at is None:
        return Standing.HELD
    return Standing.OVERDUE if is_late(now, promise.due_at) else Standing.RUNNING


def moment_after(promise: Promise, span: timedelta) -> datetime | None:
    """When `span` of counted time is used up, or nothing while a hold stands in the way."""
    return moment_later(promise.started_at, span, promise.holds)


def counted(promise: Promise, until: datetime) -> timedelta:
    """The time that counts against the limit up to `until`: what passed, less what stood still."""
    stood = sum(
        (_overlap(began, ended or until, promise.started_at, until) for began, ended in _spans(promise.holds)),
        timedelta(),
    )
    return max(until - promise.started_at, timedelta()) - stood


def moment_later(started_at: datetime, span: timedelta, holds: tuple[Hold, ...]) -> datetime | None:
    """When `span` has passed since then, less what stood still; nothing while a hold stands in the way."""
    left, cursor = span, started_at
    for began, ended in _spans(holds):
        run = max(began - cursor, timedelta())
        if run > left:
            break
        left -= run
        if ended is None:
            return None
        cursor = max(cursor, began, ended)
    return cursor + left


def _promise(ticket: Ticket, terms: Terms, clock: Clock, limit: timedelta) -> Promise | None:
    started_at = _started_at(ticket, terms, clock)
    if started_at is None:
        return None
    holds = tuple(hold for hold in ticket.holds if not hold.refused and clock in _held_clocks(terms, hold))
    ended_at, waived = _ended_at(ticket, terms, clock)
    promise = Promise(
        clock=clock,
        limit=limit,
        started_at=started_at,
        due_at=moment_later(started_at, limit, holds),
        ended_at=ended_at,
        waived=waived,
        holds=holds,
        void=ticket.stage is Stage.VOID,
    )
    return _restarted(promise, ticket, terms) if clock in terms.restart_at_arrival else promise


def _restarted(promise: Promise, ticket: Ticket, terms: Terms) -> Promise:
    """Where the work on site has a limit of its own, it runs from the arrival.

    What was late before there was anything to do on site stays late, and what was done before the arrival is done.
    """
    by_notice = terms.clock_start.get(Clock.ARRIVAL) is ClockStart.CLIENT_NOTICE
    arrived_at, on_site_since = ticket.arrived_at, ticket.onsite_requested_at if by_notice else ticket.arrived_at
    if arrived_at is None or on_site_since is None or arrived_at <= promise.started_at:
        return promise
    if promise.ended_at is not None and promise.ended_at <= arrived_at:
        return promise
    if promise.due_at is not None and is_late(on_site_since, promise.due_at):
        return promise
    due_at = moment_later(arrived_at, promise.limit, promise.holds)
    return replace(promise, started_at=arrived_at, due_at=due_at, first_due_at=promise.due_at)


def _started_at(ticket: Ticket, terms: Terms, clock: Clock) -> datetime | None:
    """A clock that starts with the acknowledgement starts at the end of the response limit at the latest."""
    start = terms.clock_start.get(clock)
    if start is ClockStart.CLIENT_NOTICE:
        return ticket.onsite_requested_at
    if start is not ClockStart.ACKNOWLEDGED:
        return ticket.reported_at
    response = terms.levels[ticket.level].limits.get(Clock.RESPONSE)
    if response is None:
        return ticket.acknowledged_at or ticket.reported_at
    latest = ticket.reported_at + response
    return min(ticket.acknowledged_at or latest, latest)


def _held_clocks(terms: Terms, hold: Hold) -> frozenset[Clock]:
    return terms.pauses.clocks if hold.kind is HoldKind.PAUSE else terms.pauses.transmission_clocks


def _ended_at(ticket: Ticket, terms: Terms, clock: Clock) -> tuple[datetime | None, bool]:
    """When the promise was fulfilled, and whether it was waived instead."""
    done_at = ticket.repaired_at or ticket.answered_at
    match clock:
        case Clock.RESPONSE:
            return ticket.acknowledged_at, False
        case Clock.ARRIVAL:
            return _visited_at(ticket, done_at)
        case Clock.LOCATE if terms.locate_metric is LocateMetric.LOCATED:
            return ticket.located_at or done_at, False
        case _:
            return done_at, False


def _visited_at(ticket: Ticket, done_at: datetime | None) -> tuple[datetime | None, bool]:
    """Whoever comes although the bureau has waived the visit does not come late."""
    arrived_at, waived_at = ticket.arrived_at, ticket.visit_waived_at
    agreed = waived_at is not None and ticket.visit_waived_by is not None
    if arrived_at is None or (agreed and waived_at is not None and waived_at < arrived_at):
        return waived_at or done_at, True
    return arrived_at, False


def _spans(holds: tuple[Hold, ...]) -> list[tuple[datetime, datetime | None]]:
    """Holds in order, those that touch or overlap joined: no minute stands still twice."""
    joined: list[tuple[datetime, datetime | None]] = []
    for hold in sorted(holds, key=lambda hold: hold.began_at):
        if joined and (joined[-1][1] is None or joined[-1][1] >= hold.began_at):
            began, ended = joined[-1]
            joined[-1] = (began, None if ended is None or hold.ended_at is None else max(ended, hold.ended_at))
        else:
            joined.append((hold.began_at, hold.ended_at))
    return joined


def _overlap(began: datetime, ended: datetime, start: datetime, until: datetime) -> timedelta:
    return max(min(ended, until) - max(began, start), timedelta())
