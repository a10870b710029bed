"""How far the ladder of each clock has been climbed, and what takes a person off it."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from sla import escalation, events, promises
from sla.illegal import require
from sla.terms import Clock, Terms
from sla.ticket import ENDED, Rung, Stage, Ticket


def climbed(ticket: Ticket, fact: events.Warned | events.Breached | events.CalledAgain) -> Ticket:
    """One step further up."""
    require(ticket.is_open, ticket, fact)
    rung = ticket.rungs.get(fact.clock, Rung(clock=fact.clock))
    match fact:
        case events.Warned(count=count):
            return _with_rung(ticket, replace(rung, warned=count))
        case events.Breached(due_at=due_at):
            called = Rung(clock=rung.clock, warned=rung.warned, breached_at=fact.at, due_at=due_at)
            return _with_rung(ticket, replace(called, calls=1, called_at=fact.at))
        case events.CalledAgain(count=count):
            return _with_rung(ticket, replace(rung, calls=count, called_at=fact.at))


def called_up(ticket: Ticket, fact: events.CalledUp, terms: Terms) -> Ticket:
    """A call by hand starts at the first step, or goes to the next one if a call is open already."""
    require(ticket.stage not in ENDED | {Stage.UNDER_TEST, Stage.CLEARED}, ticket, fact)
    rung = ticket.rungs.get(Clock.HELP, Rung(clock=Clock.HELP))
    calls = terms.ladder.repeats_before_then + 2 if escalation.open_calls(ticket, terms) else 1
    return _with_rung(ticket, replace(rung, breached_at=fact.at, calls=max(calls, 1), called_at=fact.at, taken_by=None))


def taken(ticket: Ticket, fact: events.CallTaken, terms: Terms) -> Ticket:
    """A person takes every open call of the ticket."""
    calls = escalation.open_calls(ticket, terms)
    require(ticket.is_open and bool(calls), ticket, fact)
    rungs = {rung.clock: replace(rung, taken_by=fact.by) for rung in calls}
    return replace(ticket, rungs={**ticket.rungs, **rungs})


def helped(ticket: Ticket, person: str) -> Ticket:
    """Whoever takes the ticket also answers the calls for the response and for help, but no other."""
    rungs = {
        clock: replace(rung, taken_by=rung.taken_by or person) if clock in (Clock.RESPONSE, Clock.HELP) else rung
        for clock, rung in ticket.rungs.items()
    }
    return replace(ticket, rungs=rungs)


def recounted(ticket: Ticket, terms: Terms, at: datetime) -> Ticket:
    """After a change of level: a breach under the old limit stays in the ledger, the ladder starts from the new one."""
    rungs: dict[Clock, Rung] = {clock: rung for clock, rung in ticket.rungs.items() if clock is Clock.HELP}
    for promise in promises.promises(ticket, terms):
        rung = ticket.rungs.get(promise.clock)
        late = promise.due_at is not None and promises.is_late(at, promise.due_at)
        if rung is not None and rung.breached_at is not None and late:
            rungs[promise.clock] = rung
        else:
            rungs[promise.clock] = Rung(clock=promise.clock, warned=escalation.warnings_due(promise, terms, at))
    return replace(ticket, rungs=rungs)


def begun_anew(ticket: Ticket, clocks: Collection[Clock]) -> Ticket:
    """These clocks start from the beginning: so do their ladders."""
    return replace(ticket, rungs={clock: rung for clock, rung in ticket.rungs.items() if clock not in clocks})


def _with_rung(ticket: Ticket, rung: Rung) -> Ticket:
    return replace(ticket, rungs={**ticket.rungs, rung.clock: rung})
