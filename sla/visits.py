"""Visits: who asks for one, who needs none, and whether a repair has to wait for it."""

from dataclasses import replace

from sla import events, ladders, paths, promises
from sla.illegal import require
from sla.paths import Step
from sla.terms import Clock, ClockStart, Terms
from sla.ticket import WORKING, Stage, Ticket

ON_THE_WAY = frozenset({Stage.ACKNOWLEDGED, Stage.EN_ROUTE, Stage.REOPENED})
_BEFORE_TEST = WORKING | {Stage.REPORTED}


def can_be_requested(ticket: Ticket, terms: Terms) -> bool:
    """Whether the bureau's notice would start an arrival clock: once, where the contract counts from it."""
    counted = terms.clock_start.get(Clock.ARRIVAL) is ClockStart.CLIENT_NOTICE
    promised = Clock.ARRIVAL in terms.levels[ticket.level].limits and paths.has(ticket.kind, Step.REPAIR)
    asked = ticket.onsite_requested_at is not None or ticket.arrived_at is not None
    return counted and promised and not asked and ticket.stage in _BEFORE_TEST


def can_be_waived(ticket: Ticket, terms: Terms) -> bool:
    """Whether there is a visit that is still owed."""
    promise = promises.find(ticket, terms, Clock.ARRIVAL)
    owed = promise is not None and promise.ended_at is None
    return owed and paths.has(ticket.kind, Step.REPAIR) and ticket.stage in _BEFORE_TEST


def is_needed(ticket: Ticket, terms: Terms) -> bool:
    """Whether the fault cannot count as repaired on site yet: an arrival is promised and has not been made."""
    visited = ticket.arrived_at is not None or ticket.visit_waived_at is not None
    promised = promises.find(ticket, terms, Clock.ARRIVAL) is not None
    return paths.has(ticket.kind, Step.REPAIR) and promised and not visited


def request(ticket: Ticket, fact: events.OnSiteRequested, terms: Terms) -> Ticket:
    """The arrival clock starts."""
    require(can_be_requested(ticket, terms), ticket, fact)
    return replace(ticket, onsite_requested_at=fact.at)


def waive(ticket: Ticket, fact: events.VisitWaived, terms: Terms) -> Ticket:
    """The arrival promise ends here, in time or late."""
    require(can_be_waived(ticket, terms), ticket, fact)
    return replace(ticket, visit_waived_at=fact.at, visit_waived_by=fact.by)


def arrive(ticket: Ticket, fact: events.Arrived, terms: Terms) -> Ticket:
    """On site; the ladder of a clock that starts anew with the arrival starts anew, too."""
    before = {promise.clock: promise.started_at for promise in promises.promises(ticket, terms)}
    arrived = replace(ticket, stage=Stage.ON_SITE, arrived_at=ticket.arrived_at or fact.at)
    after = promises.promises(arrived, terms)
    anew = {promise.clock for promise in after if promise.started_at != before.get(promise.clock)}
    return ladders.begun_anew(arrived, anew)
