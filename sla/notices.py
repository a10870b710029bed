"""Who has to be told what after a fact. A notice names roles and facts, never people or wording."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import assert_never

from sla import escalation, events, promises, record
from sla.terms import Clock, Role, Terms
from sla.ticket import AskKind, Stage, Ticket

HANDLER = "handler"
REPORTER = "reporter_of_ticket"
BUREAU = (REPORTER, Role.SUPERVISING_OFFICER.value)
CONTACTS = (Role.PROJECT_MANAGER.value, Role.SERVICE_MANAGER.value, Role.TECHNICAL_LEAD.value)


class Say(StrEnum):
    """What a notice says; the wording is found under this key in the catalogues."""

    PAGE = "page"
    REPORT_AT_ONCE = "report_at_once"
    RAISED = "raised"
    LOWERED = "lowered"
    SUPPLEMENT = "supplement"
    GRAVER_WORDS = "graver_words"
    TAKEN = "taken"
    ARRIVED = "arrived"
    ONSITE = "onsite"
    VISIT_WAIVED = "visit_waived"
    OFFERED = "offered"
    TEST = "test"
    SENT_BACK = "sent_back"
    RECORD = "record"
    FOLLOW_UP = "follow_up"
    ANSWER = "answer"
    DISSATISFIED = "dissatisfied"
    ASK_LOWER = "ask_lower"
    LOWER_REFUSED = "lower_refused"
    ASK_PAUSE = "ask_pause"
    PAUSE_REFUSED = "pause_refused"
    PAUSED = "paused"
    RESUMED = "resumed"
    ASK_TRANSMISSION = "ask_transmission"
    TRANSMISSION_CONFIRMED = "transmission_confirmed"
    TRANSMISSION_REFUSED = "transmission_refused"
    TRANSMISSION_RETURNED = "transmission_returned"
    WARNING = "warning"
    CALL = "call"
    CALL_AGAIN = "call_again"
    UNREACHABLE = "unreachable"
    BREACH = "breach"
    CALL_TAKEN = "call_taken"
    CALL_ENDED = "call_ended"
    NOTE = "note"
    PROGRESS_DUE = "progress_due"
    FINAL = "final"
    VOIDED = "voided"
    MERGED = "merged"
    NOT_COVERED = "not_covered"
    COVERED_AGAIN = "covered_again"


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """Something to be said. `to` holds selectors: a role, ``on_duty:role``, ``person:key``, `HANDLER`, `REPORTER`."""

    say: Say
    to: tuple[str, ...]
    urgent: bool = False
    clock: Clock | None = None
    due_at: datetime | None = None
    count: int = 0
    words: Mapping[str, str] = field(default_factory=dict)


def person(key: str) -> str:
    """The selector of one person."""
    return f"person:{key}"


def after(before: Ticket | None, ticket: Ticket, fact: events.Fact, terms: Terms) -> tuple[Notice, ...]:
    """Everybody who has to be told of the fact."""
    return (*_about(before, ticket, fact, terms), *_calls_ended(before, ticket, fact, terms))


def _about(before: Ticket | None, ticket: Ticket, fact: events.Fact, terms: Terms) -> tuple[Notice, ...]:
    match fact:
        case events.Reported():
            return _paged(ticket, terms)
        case events.Reclassified() | events.Absorbed():
            return _relevelled(before, ticket, fact, terms)
        case events.Warned() | events.Breached() | events.CalledAgain() | events.CalledUp() | events.CallTaken():
            return _climbed(before, ticket, fact, terms)
        case events.Acknowledged():
            return _taken(before, fact)
        case events.Supplemented() | events.Noted() | events.Amended():
            return _worded(ticket, fact, terms)
        case events.RecoveryConfirmed() | events.RecordFilled() | events.Answered() | events.FollowedUp():
            return _ending(before, ticket, fact, terms)
        case events.ReclassificationRefused() | events.PauseRefused():
            return _declined(before, fact)
        case events.SetOut() | events.Located() | events.DeviceChosen() | events.Suggested():
            return ()
        case events.Prompted():
            return (Notice(say=Say.PROGRESS_DUE, to=(HANDLER,), urgent=True),)
        case events.CoverJudged():
            return _judged(before, ticket, fact, terms)
        case events.Merged(into=into):
            return (Notice(say=Say.MERGED, to=(REPORTER, *bound(ticket, terms)), words={"into": into}),)
        case _:
            return _moved(ticket, fact, terms)


def bound(ticket: Ticket, terms: Terms) -> tuple[str, ...]:
    """Those who are bound by the clocks now: all who took part and whoever it is offered to, else everyone paged."""
    offered = () if ticket.offered_to is None else (person(ticket.offered_to),)
    taking_part = tuple(person(key) for key in ticket.handlers)
    return (*(taking_part or terms.ladder.page), *offered)


def _paged(ticket: Ticket, terms: Terms) -> tuple[Notice, ...]:
    page = Notice(say=Say.PAGE, to=terms.ladder.page, urgent=True)
    at_once = terms.levels[ticket.level].report_at_once
    if not at_once:
        return (page,)
    return (page, Notice(say=Say.REPORT_AT_ONCE, to=at_once, urgent=True))


def _relevelled(
    before: Ticket | None, ticket: Ticket, fact: events.Reclassified | events.Absorbed, terms: Terms
) -> tuple[Notice, ...]:
    if before is None or before.level == ticket.level:
        words = {"text": fact.text, "by": fact.by} if isinstance(fact, events.Absorbed) else {}
        return (Notice(say=Say.SUPPLEMENT, to=bound(ticket, terms), words=words),) if words else ()
    words = {"from": before.level, "to": ticket.level}
    if not terms.is_graver(ticket.level, than=before.level):
        return (Notice(say=Say.LOWERED, to=bound(ticket, terms), words=words),)
    to = tuple(dict.fromkeys((*bound(ticket, terms), *terms.ladder.page)))
    raised = Notice(say=Say.RAISED, to=to, urgent=True, words=words)
    at_once = terms.levels[ticket.level].report_at_once
    return (raised, Notice(say=Say.REPORT_AT_ONCE, to=at_once, urgent=True)) if at_once else (raised,)


_Climb = events.Warned | events.Breached | events.CalledAgain | events.CalledUp | events.CallTaken


def _climbed(before: Ticket | None, ticket: Ticket, fact: _Climb, terms: Terms) -> tuple[Notice, ...]:
    match fact:
        case events.Warned(clock=clock, due_at=due_at, count=count):
            return (
                Notice(say=Say.WARNING, to=bound(ticket, terms), urgent=True, clock=clock, due_at=due_at, count=count),
            )
        case events.Breached(clock=clock, due_at=due_at):
            told = Notice(say=Say.BREACH, to=bound(ticket, terms), urgent=True, clock=clock, due_at=due_at)
            return (Notice(say=Say.CALL, to=terms.ladder.on_breach, urgent=True, clock=clock, due_at=due_at), told)
        case events.CalledAgain(clock=clock, count=count):
            promise = promises.find(ticket, terms, clock)
            due = promise.due_at if promise else None
            to = called(ticket, clock, terms)
            return (Notice(say=Say.CALL_AGAIN, to=to, urgent=True, clock=clock, due_at=due, count=count),)
        case events.CalledUp():
            to = called(ticket, Clock.HELP, terms)
            return (Notice(say=Say.CALL, to=to, urgent=True, clock=Clock.HELP, words={"by": fact.by}),)
        case events.CallTaken():
            return (Notice(say=Say.CALL_TAKEN, to=bound(ticket, terms), words={"by": fact.by}),)


def called(ticket: Ticket, clock: Clock, terms: Terms) -> tuple[str, ...]:
    """Whom the ladder of this clock has reached."""
    rung = ticket.rungs[clock]
    if escalation.reached_next_step(rung, terms):
        return (*terms.ladder.on_breach, *terms.ladder.then)
    return terms.ladder.on_breach


def _calls_ended(before: Ticket | None, ticket: Ticket, fact: events.Fact, terms: Terms) -> tuple[Notice, ...]:
    """Those who were called hear that it is over, whatever ended it."""
    if before is None:
        return ()
    open_now = {rung.clock for rung in escalation.open_calls(ticket, terms)}
    over = [rung.clock for rung in escalation.open_calls(before, terms) if rung.clock not in open_now]
    to = tuple(dict.fromkeys(selector for clock in over for selector in called(before, clock, terms)))
    return (Notice(say=Say.CALL_ENDED, to=to, words={"by": fact.by}),) if to else ()


def _taken(before: Ticket | None, fact: events.Acknowledged) -> tuple[Notice, ...]:
    words = {"by": fact.by}
    told = Notice(say=Say.TAKEN, to=(REPORTER,), words=words)
    former = _former(before)
    return (told, Notice(say=Say.TAKEN, to=former, words=words)) if former else (told,)


def _former(ticket: Ticket | None) -> tuple[str, ...]:
    return (person(ticket.handler),) if ticket is not None and ticket.handler else ()


def _judged(before: Ticket | None, ticket: Ticket, fact: events.CoverJudged, terms: Terms) -> tuple[Notice, ...]:
    """Those who are bound hear that they are no longer, or are again; what was taken for granted is not said."""
    words = {"by": fact.by}
    if not fact.covered:
        return (Notice(say=Say.NOT_COVERED, to=(REPORTER, *bound(ticket, terms)), words=words),)
    if before is None or before.covered is None:
        return ()
    return (Notice(say=Say.COVERED_AGAIN, to=(*bound(ticket, terms), REPORTER), urgent=True, words=words),)


def _worded(
    ticket: Ticket, fact: events.Supplemented | events.Noted | events.Amended, terms: Terms
) -> tuple[Notice, ...]:
    words = {"text": fact.text, "by": fact.by}
    if isinstance(fact, events.Noted):
        return (Notice(say=Say.NOTE, to=(REPORTER, *terms.levels[ticket.level].reporting.to), words=words),)
    if _sounds_graver(fact.level, ticket, terms):
        said = {**words, "to": fact.level or ""}
        return (Notice(say=Say.GRAVER_WORDS, to=bound(ticket, terms), urgent=True, words=said),)
    return (Notice(say=Say.SUPPLEMENT, to=bound(ticket, terms), words=words),)


def _sounds_graver(level: str | None, ticket: Ticket, terms: Terms) -> bool:
    return level is not None and level in terms.levels and terms.is_graver(level, than=ticket.level)


_Ending = events.RecoveryConfirmed | events.RecordFilled | events.Answered | events.FollowedUp


def _ending(before: Ticket | None, ticket: Ticket, fact: _Ending, terms: Terms) -> tuple[Notice, ...]:
    told: list[Notice] = []
    if isinstance(fact, events.FollowedUp):
        return () if fact.satisfied else (Notice(say=Say.DISSATISFIED, to=CONTACTS, words={"text": fact.reason}),)
    if isinstance(fact, events.Answered):
        told.append(Notice(say=Say.ANSWER, to=(REPORTER,), words={"text": fact.text, "by": fact.by}))
    if ticket.stage is Stage.CLEARED and not isinstance(fact, events.RecordFilled):
        told.append(Notice(say=Say.RECORD, to=(HANDLER,), words={"by": fact.by}))
    if ticket.stage is Stage.CLOSED and (before is None or before.stage is not Stage.CLOSED):
        told += [Notice(say=Say.FOLLOW_UP, to=(REPORTER,)), *_final_report(ticket, terms)]
    return tuple(told)


def _final_report(ticket: Ticket, terms: Terms) -> tuple[Notice, ...]:
    """What the level demands at its end goes to all who were told of its progress."""
    reporting = terms.levels[ticket.level].reporting
    if not reporting.final or not reporting.to:
        return ()
    words = {field: ticket.record.get(field, "") for field in record.FINAL}
    return (Notice(say=Say.FINAL, to=reporting.to, words=words),)


_Moved = (
    events.Arrived
    | events.OnSiteRequested
    | events.VisitWaived
    | events.FixedRemotely
    | events.Repaired
    | events.MeetingSupported
    | events.RecoveryRejected
    | events.ReclassificationAsked
    | events.PauseAsked
    | events.Paused
    | events.Resumed
    | events.TransmissionDeclared
    | events.TransmissionConfirmed
    | events.TransmissionRefused
    | events.TransmissionReturned
    | events.HandedOver
    | events.Voided
)


def _moved(ticket: Ticket, fact: _Moved, terms: Terms) -> tuple[Notice, ...]:
    """Facts that tell one group one thing."""
    by = {"by": fact.by}
    match fact:
        case events.Arrived():
            return (Notice(say=Say.ARRIVED, to=(REPORTER,), words=by),)
        case events.OnSiteRequested():
            promise = promises.find(ticket, terms, Clock.ARRIVAL)
            due_at = promise.due_at if promise else None
            to = tuple(dict.fromkeys((*bound(ticket, terms), *terms.ladder.page)))
            return (Notice(say=Say.ONSITE, to=to, urgent=True, clock=Clock.ARRIVAL, due_at=due_at, words=by),)
        case events.VisitWaived():
            return (Notice(say=Say.VISIT_WAIVED, to=(REPORTER, *bound(ticket, terms)), words=by),)
        case events.FixedRemotely() | events.Repaired() | events.MeetingSupported():
            return (Notice(say=Say.TEST, to=BUREAU, urgent=True, words=by),)
        case events.RecoveryRejected(reason=reason):
            return (Notice(say=Say.SENT_BACK, to=(HANDLER,), urgent=True, words={**by, "text": reason}),)
        case events.ReclassificationAsked(level=level):
            return (Notice(say=Say.ASK_LOWER, to=BUREAU, urgent=True, words={**by, "to": level}),)
        case events.PauseAsked(reason=reason):
            return (Notice(say=Say.ASK_PAUSE, to=_consenting(terms), urgent=True, words={**by, "text": reason}),)
        case events.Paused(reason=reason):
            return (Notice(say=Say.PAUSED, to=(*BUREAU, HANDLER), words={**by, "text": reason}),)
        case events.Resumed():
            return (Notice(say=Say.RESUMED, to=(*BUREAU, HANDLER), words=by),)
        case events.TransmissionDeclared(reason=reason):
            return (Notice(say=Say.ASK_TRANSMISSION, to=BUREAU, urgent=True, words={**by, "text": reason}),)
        case events.TransmissionConfirmed():
            return (Notice(say=Say.TRANSMISSION_CONFIRMED, to=(HANDLER,), words=by),)
        case events.TransmissionRefused():
            return (Notice(say=Say.TRANSMISSION_REFUSED, to=(HANDLER, *CONTACTS), urgent=True, words=by),)
        case events.TransmissionReturned():
            return (Notice(say=Say.TRANSMISSION_RETURNED, to=(*BUREAU, HANDLER), urgent=True, words=by),)
        case events.HandedOver(to=to):
            return (Notice(say=Say.OFFERED, to=(person(to),), urgent=True, words=by),)
        case events.Voided(reason=reason):
            told = (REPORTER, *bound(ticket, terms))
            return (Notice(say=Say.VOIDED, to=told, words={**by, "text": reason}),)
        case _:
            assert_never(fact)


def _declined(before: Ticket | None, fact: events.ReclassificationRefused | events.PauseRefused) -> tuple[Notice, ...]:
    """A refusal goes to the handler and to whoever asked: a ticket that nobody took yet has no handler."""
    pause = isinstance(fact, events.PauseRefused)
    ask = before.ask(AskKind.PAUSE if pause else AskKind.LOWER_LEVEL) if before else None
    to = (HANDLER,) if ask is None else (HANDLER, person(ask.by))
    say = Say.PAUSE_REFUSED if pause else Say.LOWER_REFUSED
    return (Notice(say=say, to=to, urgent=pause, words={"by": fact.by}),)


def _consenting(terms: Terms) -> tuple[str, ...]:
    return tuple(role.value for role in terms.pauses.consent)
