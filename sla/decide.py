"""The core: ticket, event, terms and the time in; everything that follows out."""

from dataclasses import dataclass
from datetime import datetime

from sla import escalation, events, moves, notices
from sla.escalation import Alarm
from sla.notices import Notice
from sla.terms import Terms
from sla.ticket import Ticket


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One fact for the ledger, with the instant at which it became known here."""

    fact: events.Fact
    noted_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What has to be saved, in one transaction: `alarms` replace all alarms that the ticket had."""

    ticket: Ticket
    entries: tuple[Entry, ...] = ()
    alarms: tuple[Alarm, ...] = ()
    notices: tuple[Notice, ...] = ()


def decide(ticket: Ticket | None, event: events.Event, terms: Terms, now: datetime) -> Outcome:
    """What the event makes of the ticket; raises `IllegalMove` if its state forbids it."""
    if not isinstance(event, events.AlarmDue):
        return _outcome(ticket, event, terms, now)
    if ticket is None:
        raise ValueError("an alarm belongs to a ticket")
    spoken = escalation.speak(ticket, terms, event.clock, now)
    if spoken is None:
        return Outcome(ticket=ticket, alarms=escalation.alarms(ticket, terms))
    return _outcome(ticket, spoken, terms, now)


def _outcome(ticket: Ticket | None, fact: events.Fact, terms: Terms, now: datetime) -> Outcome:
    moved = moves.apply(ticket, fact, terms)
    return Outcome(
        ticket=moved,
        entries=(Entry(fact=fact, noted_at=now),),
        alarms=escalation.alarms(moved, terms),
        notices=notices.after(ticket, moved, fact, terms),
    )
