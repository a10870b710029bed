"""A press as the desk judges it."""

from dataclasses import dataclass
from datetime import datetime

from desk import buttons
from desk.buttons import Press
from sla.events import Deed
from sla.illegal import IllegalMove
from sla.terms import Terms
from sla.ticket import Ticket
from storage.people import Person


@dataclass(frozen=True, slots=True, kw_only=True)
class Pressed:
    """One press: who, on which ticket as it is now, in which chat, and when it counts."""

    person: Person
    ticket: Ticket
    terms: Terms
    press: Press
    chat_id: int
    at: datetime

    def require_possible(self) -> None:
        """Raise `IllegalMove` if the ticket's state gives the button no meaning."""
        if not buttons.is_possible(self.press.act, self.ticket, self.terms):
            raise IllegalMove(self.ticket, Deed(at=self.at, by=self.person.key))
