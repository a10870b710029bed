"""Carrying out a decision: ticket, alarms, entries and letters of one event, in the one transaction that is open."""

from desk import cards, telling
from desk.house import Desk
from sla.decide import decide
from sla.events import CLOCK, AlarmDue, CalledAgain, Event, Prompted, Warned
from sla.ticket import Ticket
from storage import alarms, ledger, tickets

_UNSEEN = (Warned, CalledAgain, Prompted)  # nothing on a card changes by these


async def carry_out(desk: Desk, ticket: Ticket | None, event: Event) -> Ticket:
    """Decide, save, tell. `IllegalMove` leaves everything as it was."""
    slug = ticket.contract if ticket else getattr(event, "contract", "")
    terms = await desk.terms(ticket) if ticket else await desk.terms_now(slug)
    outcome = decide(ticket, event, terms, desk.now)
    moved = outcome.ticket
    if ticket is None:
        await tickets.insert(desk.tx, moved)
        cards.opened(desk, moved)
    elif outcome.entries:
        await tickets.save(desk.tx, moved, ticket.version)
    await alarms.replace(desk.tx, moved, outcome.alarms, first=ticket is None)
    if not outcome.entries:
        return moved
    await ledger.append_facts(desk.tx, moved, outcome.entries)
    if not all(isinstance(entry.fact, _UNSEEN) for entry in outcome.entries):
        await cards.refresh(desk, moved, terms)
    doer = CLOCK if isinstance(event, AlarmDue) else event.by
    await telling.tell(desk, moved, terms, outcome.notices, doer)
    return moved
