"""The ladder: when a clock has to speak next, and what it says then."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction

from sla import promises, reporting
from sla.events import CLOCK, Breached, CalledAgain, Prompted, Warned
from sla.terms import Clock, Terms
from sla.ticket import ENDED, Rung, Ticket


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """One clock of a ticket has to be looked at from `due_at` on; the database holds one row for each."""

    clock: Clock
    due_at: datetime


Spoken = Warned | Breached | CalledAgain | Prompted


def alarms(ticket: Ticket, terms: Terms) -> tuple[Alarm, ...]:
    """Every alarm that the ticket needs now: they replace all earlier ones."""
    if ticket.stage in ENDED:
        return ()
    promised = [_next_alarm(ticket, terms, promise) for promise in promises.promises(ticket, terms)]
    help_ = ticket.rungs.get(Clock.HELP)
    called = None if help_ is None else _next_call(help_, terms)
    missed_at = reporting.next_at(ticket, terms)
    prompt = None if missed_at is None else Alarm(clock=Clock.REPORT, due_at=missed_at)
    return tuple(alarm for alarm in (*promised, called, prompt) if alarm is not None)


def speak(ticket: Ticket, terms: Terms, clock: Clock, now: datetime) -> Spoken | None:
    """What this clock has to say at `now`; nothing if the promise was kept, moved or taken meanwhile."""
    alarm = next((alarm for alarm in alarms(ticket, terms) if alarm.clock is clock), None)
    if alarm is None or alarm.due_at > now:
        return None
    if clock is Clock.REPORT:
        return Prompted(at=now, by=CLOCK)
    promise = promises.find(ticket, terms, clock)
    rung = _rung(ticket, clock, promise)
    if rung.breached_at is not None:
        return CalledAgain(at=now, by=CLOCK, clock=clock, count=rung.calls + 1)
    if promise is None or promise.due_at is None:
        return None
    if promises.is_late(now, promise.due_at):
        return Breached(at=now, by=CLOCK, clock=clock, due_at=promise.due_at)
    return Warned(at=now, by=CLOCK, clock=clock, count=warnings_due(promise, terms, now), due_at=promise.due_at)


def open_calls(ticket: Ticket, terms: Terms) -> Sequence[Rung]:
    """Calls that nobody has taken yet, and whose promise is still owed; a ticket that ended owes none."""
    if not ticket.is_open:
        return []
    owed = [promise for promise in promises.promises(ticket, terms) if promise.ended_at is None]
    rungs = [_rung(ticket, promise.clock, promise) for promise in owed]
    rungs += [rung for clock, rung in ticket.rungs.items() if clock is Clock.HELP]
    return [rung for rung in rungs if rung.calls and rung.taken_by is None]


def reached_next_step(rung: Rung, terms: Terms) -> bool:
    """Whether the call has gone unanswered often enough for the next step of the ladder."""
    return rung.calls > terms.ladder.repeats_before_then + 1


def warnings_due(promise: promises.Promise, terms: Terms, now: datetime) -> int:
    """How many warnings of this promise have come due at `now`."""
    moments = (promises.moment_after(promise, _share(promise, share)) for share in terms.ladder.warn_at)
    return sum(1 for moment in moments if moment is not None and moment <= now)


def _next_alarm(ticket: Ticket, terms: Terms, promise: promises.Promise) -> Alarm | None:
    if promise.ended_at is not None or promise.void:
        return None
    rung = _rung(ticket, promise.clock, promise)
    if rung.breached_at is not None:
        return _next_call(rung, terms)
    if promise.due_at is None:  # held: a warning that was missed before the hold waits until the clock runs again
        return None
    for share in terms.ladder.warn_at[rung.warned :]:
        moment = promises.moment_after(promise, _share(promise, share))
        return None if moment is None else Alarm(clock=promise.clock, due_at=moment)
    return Alarm(clock=promise.clock, due_at=promise.due_at + promises.SECOND)


def _rung(ticket: Ticket, clock: Clock, promise: promises.Promise | None) -> Rung:
    """The ladder as it counts now: a breach whose promise has since moved beyond it is a breach no longer."""
    rung = ticket.rungs.get(clock, Rung(clock=clock))
    if rung.breached_at is None or promise is None:
        return rung
    if promise.due_at is not None and promises.is_late(rung.breached_at, promise.due_at):
        return rung
    return Rung(clock=clock, warned=rung.warned)


def _next_call(rung: Rung, terms: Terms) -> Alarm | None:
    if rung.taken_by is not None or rung.called_at is None:
        return None
    return Alarm(clock=rung.clock, due_at=rung.called_at + terms.ladder.repeat_every)


def _share(promise: promises.Promise, share: Fraction) -> timedelta:
    seconds = share * int(promise.limit.total_seconds())
    return timedelta(seconds=seconds.numerator // seconds.denominator)
