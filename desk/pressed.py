"""A press as the desk judges it."""

from dataclasses import dataclass
from datetime import datetime

from desk.buttons import Press
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
