"""Whom a ticket waits for when none of its clocks will speak again by itself, and which clocks would not."""

from collections.abc import Collection

from sla import escalation
from sla.escalation import Alarm
from sla.terms import Terms
from sla.ticket import Stage, Ticket


def awaited(ticket: Ticket) -> tuple[str, ...]:
    """The keys of those whose turn it is; nobody in particular if empty."""
    match ticket.state:
        case Stage.CLOSED | Stage.VOID:
            return ()
        case Stage.UNDER_TEST:
            turn: tuple[str | None, ...] = ticket.reporters
        case Stage.TRANSFERRED:
            turn = (ticket.handler, *ticket.reporters)
        case _:
            turn = (ticket.handler, ticket.offered_to, *(rung.taken_by for rung in ticket.rungs.values()))
            if ticket.covered is False and not any(turn):  # outside of the contract it is the bureau's to end
                turn = (ticket.cover_judged_by, *ticket.reporters)
    return tuple(dict.fromkeys(key for key in turn if key))


def owes_an_alarm(ticket: Ticket, terms: Terms) -> bool:
    """Whether one of its clocks has to speak at some time: a ticket that owes one and has none would fall silent."""
    return bool(escalation.alarms(ticket, terms))


def unheard(ticket: Ticket, terms: Terms, kept: Collection[Alarm]) -> tuple[Alarm, ...]:
    """The alarms that the ticket needs, and that would ring too late, or never, with those that are kept."""
    needed = escalation.alarms(ticket, terms)
    return tuple(a for a in needed if not any(k.clock is a.clock and k.due_at <= a.due_at for k in kept))
