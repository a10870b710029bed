"""The one error of the core."""

from sla.events import Deed
from sla.ticket import Stage, Ticket


class IllegalMove(Exception):
    """The ticket's present state does not allow this move."""

    def __init__(self, ticket: Ticket | None, event: Deed) -> None:
        self.ticket = ticket
        self.event = event
        self.state: Stage | None = ticket.state if ticket else None
        super().__init__(f"{type(event).__name__} in state {self.state}")


def require(allowed: bool, ticket: Ticket, event: Deed) -> None:
    """Raise `IllegalMove` unless the move is allowed."""
    if not allowed:
        raise IllegalMove(ticket, event)
