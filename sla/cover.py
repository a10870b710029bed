"""Whether the contract covers what was reported: outside of it nothing is promised, though work may go on."""

from dataclasses import replace

from sla import events
from sla.illegal import require
from sla.terms import Clock
from sla.ticket import Hold, HoldKind, Rung, Ticket


def judged(ticket: Ticket, fact: events.CoverJudged) -> Ticket:
    """From the judgement that it is not covered no promise binds, and nobody is called; a later one starts them again.

    The time between the two counts for no clock: nobody was bound.
    """
    require(ticket.is_open and fact.covered is not ticket.covered, ticket, fact)
    known = replace(ticket, covered=fact.covered, cover_judged_by=fact.by)
    if not fact.covered:
        span = Hold(kind=HoldKind.UNCOVERED, began_at=fact.at, confirmed=True)
        rungs: dict[Clock, Rung] = {clock: rung for clock, rung in ticket.rungs.items() if clock is not Clock.HELP}
        return replace(known, uncovered=(*ticket.uncovered, span), rungs=rungs)
    closed = tuple(replace(span, ended_at=span.ended_at or max(fact.at, span.began_at)) for span in ticket.uncovered)
    return replace(known, uncovered=closed)
