"""A ticket rebuilt from its ledger entries alone."""

from collections.abc import Iterable

from sla import events, moves
from sla.terms import Terms
from sla.ticket import Ticket


def replay(facts: Iterable[events.Fact], terms: Terms) -> Ticket | None:
    """Fold the facts in the order in which they were recorded."""
    ticket: Ticket | None = None
    for fact in facts:
        ticket = moves.apply(ticket, fact, terms)
    return ticket
