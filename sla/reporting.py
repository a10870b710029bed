"""Progress reports: when whoever works on a ticket has to be asked for the next one."""

from datetime import datetime

from sla import promises
from sla.terms import Terms
from sla.ticket import WORKING, Ticket


def next_at(ticket: Ticket, terms: Terms) -> datetime | None:
    """When the next progress note will be missed; nothing while clocks stand still, and after the repair."""
    every = terms.levels[ticket.level].reporting.every
    if every is None or ticket.progress_at is None or ticket.stage not in WORKING or ticket.hold is not None:
        return None
    stood = tuple(hold for hold in ticket.holds if not hold.refused)
    return promises.moment_later(ticket.progress_at, every, stood)


def counted_from(ticket: Ticket, at: datetime) -> datetime:
    """From when the next interval is counted, after something at this instant that counts as news or asks for it."""
    return at if ticket.progress_at is None else max(at, ticket.progress_at)
