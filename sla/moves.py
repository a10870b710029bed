"""Which move is allowed in which state, and what it makes of the ticket; replaying uses the same functions."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import assert_never

from sla import cover, events, holds, ladders, paths, record, reporting, visits
from sla.illegal import IllegalMove, require
from sla.paths import Step
from sla.terms import Clock, Terms
from sla.ticket import WORKING, Ask, AskKind, Rung, Stage, Ticket
from sla.visits import ON_THE_WAY

_BEFORE_TEST = WORKING | {Stage.REPORTED}
_RECLASSIFIABLE = _BEFORE_TEST | {Stage.UNDER_TEST}


def opened(fact: events.Reported) -> Ticket:
    """The first state of a ticket."""
    return Ticket(
        id=fact.ticket,
        contract=fact.contract,
        number=fact.number,
        terms=fact.terms,
        kind=fact.kind,
        level=fact.level,
        stage=Stage.REPORTED,
        version=1,
        round_began=1,
        text=fact.text,
        reporter=fact.by,
        channel=fact.channel,
        reported_at=fact.at,
        received_at=fact.received_at,
        why=fact.why,
        unsure=fact.unsure,
    )


def apply(ticket: Ticket | None, fact: events.Fact, terms: Terms) -> Ticket:
    """The ticket after the fact; `IllegalMove` if its state does not allow it."""
    if isinstance(fact, events.Reported):
        if ticket is not None:
            raise IllegalMove(ticket, fact)
        return opened(fact)
    if ticket is None:
        raise IllegalMove(None, fact)
    return replace(_moved(ticket, fact, terms), version=ticket.version + 1)


def is_stale(ticket: Ticket, pressed: int, ask: AskKind | None = None) -> bool:
    """Whether a button was drawn before the present round of the ticket (or before the question that it answers)."""
    asked = ticket.ask(ask) if ask else None
    return pressed < (asked.version if asked else ticket.round_began)


def _moved(ticket: Ticket, fact: events.Fact, terms: Terms) -> Ticket:
    match fact:
        case events.Reported():
            raise IllegalMove(ticket, fact)
        case events.Supplemented() | events.Amended() | events.Noted():
            return _worded(ticket, fact)
        case events.Acknowledged():
            return _acknowledged(ticket, fact)
        case events.OnSiteRequested():
            return visits.request(ticket, fact, terms)
        case events.VisitWaived():
            return visits.waive(ticket, fact, terms)
        case events.SetOut() | events.Arrived() | events.Located():
            return _joined(_worked(ticket, fact, terms), fact.by)
        case events.FixedRemotely() | events.Repaired() | events.MeetingSupported():
            return _joined(_done(ticket, fact, terms), fact.by)
        case events.RecoveryConfirmed():
            return _cleared(ticket, fact, terms)
        case events.RecoveryRejected():
            require(ticket.stage is Stage.UNDER_TEST, ticket, fact)
            return _sent_back(ticket, fact)
        case events.Reclassified() | events.ReclassificationAsked() | events.ReclassificationRefused():
            return _reclassified(ticket, fact, terms)
        case events.PauseAsked():
            return holds.ask_pause(ticket, fact, terms)
        case events.PauseRefused():
            return holds.refuse_pause(ticket, fact)
        case events.Paused():
            return holds.pause(ticket, fact, terms)
        case events.Resumed():
            return holds.resume(ticket, fact)
        case events.TransmissionDeclared():
            return holds.declare_transmission(ticket, fact, terms)
        case events.TransmissionConfirmed():
            return holds.confirm_transmission(ticket, fact)
        case events.TransmissionRefused():
            return holds.refuse_transmission(ticket, fact)
        case events.TransmissionReturned():
            return holds.return_transmission(ticket, fact)
        case events.HandedOver():
            require(ticket.stage in _BEFORE_TEST and fact.to != ticket.handler, ticket, fact)
            return replace(ticket, offered_to=fact.to)
        case events.Merged() | events.Absorbed() | events.Voided():
            return _folded(ticket, fact, terms)
        case events.Answered():
            return _answered(ticket, fact, terms)
        case events.RecordFilled():
            return _recorded(ticket, fact, terms)
        case events.FollowedUp():
            require(ticket.stage is Stage.CLOSED and ticket.satisfied is None, ticket, fact)
            return replace(ticket, satisfied=fact.satisfied)
        case events.DeviceChosen(device=device):
            require(ticket.is_open and device != ticket.device, ticket, fact)
            return replace(ticket, device=device)
        case events.CoverJudged():
            return cover.judged(ticket, fact)
        case events.Suggested(level=level):
            undecided = ticket.stage in _BEFORE_TEST and ticket.levelled_by is None
            require(undecided and level in terms.levels, ticket, fact)
            return replace(ticket, suggested=level)
        case events.CalledUp():
            return ladders.called_up(ticket, fact, terms)
        case events.CallTaken():
            return ladders.taken(ticket, fact, terms)
        case events.Warned() | events.Breached() | events.CalledAgain():
            return ladders.climbed(ticket, fact)
        case events.Prompted():
            require(reporting.next_at(ticket, terms) is not None, ticket, fact)
            return replace(ticket, progress_at=reporting.counted_from(ticket, fact.at))
        case _:
            assert_never(fact)


def _works(ticket: Ticket, stages: frozenset[Stage]) -> bool:
    return ticket.stage in stages and ticket.hold is None


def _joined(ticket: Ticket, person: str) -> Ticket:
    """The ticket with the person among those who handled it."""
    handlers = ticket.handlers if person in ticket.handlers else (*ticket.handlers, person)
    return replace(ticket, handlers=handlers)


def _new_round(ticket: Ticket) -> Ticket:
    """Buttons drawn before this moment mean something else now."""
    return replace(ticket, round_began=ticket.version + 1)


def _worded(ticket: Ticket, fact: events.Supplemented | events.Amended | events.Noted) -> Ticket:
    require(ticket.stage is not Stage.VOID, ticket, fact)
    if isinstance(fact, events.Amended) and fact.first:
        return replace(ticket, text=fact.text, suggested=None)  # it was about other words
    if isinstance(fact, events.Supplemented):
        return replace(ticket, text=ticket.text or fact.text, added=ticket.added + 1)
    if isinstance(fact, events.Noted):
        return replace(ticket, progress_at=reporting.counted_from(ticket, fact.at))
    return ticket


def _acknowledged(ticket: Ticket, fact: events.Acknowledged) -> Ticket:
    if ticket.stage is Stage.REPORTED:
        progress_at = reporting.counted_from(ticket, fact.at)
        taken = replace(ticket, stage=Stage.ACKNOWLEDGED, acknowledged_at=fact.at, progress_at=progress_at)
    else:
        require(ticket.stage in WORKING and ticket.offered_to is not None and fact.by != ticket.handler, ticket, fact)
        taken = ticket
    return _joined(ladders.helped(replace(taken, handler=fact.by, offered_to=None), fact.by), fact.by)


def _worked(ticket: Ticket, fact: events.SetOut | events.Arrived | events.Located, terms: Terms) -> Ticket:
    """A step on the way to the repair."""
    visits_ = paths.has(ticket.kind, Step.VISIT)
    match fact:
        case events.SetOut():
            require(visits_ and _works(ticket, ON_THE_WAY - {Stage.EN_ROUTE}), ticket, fact)
            return replace(ticket, stage=Stage.EN_ROUTE)
        case events.Arrived():
            require(visits_ and _works(ticket, ON_THE_WAY), ticket, fact)
            return visits.arrive(ticket, fact, terms)
        case events.Located():
            unknown = paths.has(ticket.kind, Step.REPAIR) and ticket.located_at is None
            require(unknown and _works(ticket, WORKING), ticket, fact)
            stage = Stage.LOCATED if ticket.stage is Stage.ON_SITE else ticket.stage
            return replace(ticket, stage=stage, located_at=fact.at)


_Done = events.FixedRemotely | events.Repaired | events.MeetingSupported


def _done(ticket: Ticket, fact: _Done, terms: Terms) -> Ticket:
    """What was asked for is done: the bureau is asked to test or to confirm it."""
    match fact:
        case events.FixedRemotely():
            require(paths.has(ticket.kind, Step.REPAIR) and _works(ticket, ON_THE_WAY), ticket, fact)
            if ticket.visit_waived_by is None:
                waived_at = None if ticket.arrived_at else ticket.visit_waived_at or fact.at
                ticket = replace(ticket, visit_waived_at=waived_at)
        case events.Repaired():
            ready = paths.has(ticket.kind, Step.DONE) and not visits.is_needed(ticket, terms)
            require(ready and _works(ticket, WORKING), ticket, fact)
        case events.MeetingSupported(interrupted=interrupted):
            require(paths.has(ticket.kind, Step.MEETING) and _works(ticket, WORKING), ticket, fact)
            ticket = replace(ticket, interrupted=interrupted)
    return _under_test(ticket, fact)


def _under_test(ticket: Ticket, fact: _Done) -> Ticket:
    """Whoever repaired it has it: the bureau's answer and the record go to that person."""
    rungs: dict[Clock, Rung] = {clock: rung for clock, rung in ticket.rungs.items() if clock is not Clock.HELP}
    done = replace(ticket, stage=Stage.UNDER_TEST, repaired_at=fact.at, handler=fact.by, rungs=rungs)
    done = replace(done, offered_to=None, asks=(), suggested=None)
    return _new_round(done)


def _sent_back(ticket: Ticket, fact: events.RecoveryRejected) -> Ticket:
    """Not recovered: the clocks of the repair, and of a visit that it made needless, count through from the report.

    The bureau's own word that it needs no visit stands.
    """
    again = replace(
        ticket,
        stage=Stage.REOPENED,
        repaired_at=None,
        visit_waived_at=ticket.visit_waived_at if ticket.visit_waived_by else None,
        reopened=ticket.reopened + 1,
        progress_at=reporting.counted_from(ticket, fact.at),
    )
    return _new_round(again)


def _cleared(ticket: Ticket, fact: events.RecoveryConfirmed, terms: Terms) -> Ticket:
    require(ticket.stage is Stage.UNDER_TEST, ticket, fact)
    cleared = replace(ticket, stage=Stage.CLEARED, cleared_at=fact.at, cleared_by=fact.by)
    return _closed_if_complete(cleared, fact.at, terms)


def _closed_if_complete(ticket: Ticket, at: datetime, terms: Terms) -> Ticket:
    if ticket.stage is not Stage.CLEARED or record.missing(ticket, terms):
        return ticket
    return replace(ticket, stage=Stage.CLOSED, closed_at=at)


_Reclassifying = events.Reclassified | events.ReclassificationAsked | events.ReclassificationRefused


def _reclassified(ticket: Ticket, fact: _Reclassifying, terms: Terms) -> Ticket:
    require(ticket.stage in _RECLASSIFIABLE, ticket, fact)
    asks = tuple(ask for ask in ticket.asks if ask.kind is not AskKind.LOWER_LEVEL)
    if isinstance(fact, events.ReclassificationRefused):
        require(ticket.ask(AskKind.LOWER_LEVEL) is not None, ticket, fact)
        return replace(ticket, asks=asks, suggested=None, levelled_by=fact.by)
    doubted = ticket.unsure or ticket.suggested not in (None, ticket.level)
    if isinstance(fact, events.Reclassified) and fact.level == ticket.level and doubted:
        # The doubt is settled: it stays as it was taken.
        return replace(ticket, unsure=(), suggested=None, levelled_by=fact.by)
    require(fact.level in terms.levels and fact.level != ticket.level, ticket, fact)
    kind = terms.levels[fact.level].kind
    require(kind is ticket.kind or ticket.stage is not Stage.UNDER_TEST, ticket, fact)
    if isinstance(fact, events.ReclassificationAsked):
        require(terms.is_graver(ticket.level, than=fact.level), ticket, fact)
        ask = Ask(kind=AskKind.LOWER_LEVEL, by=fact.by, at=fact.at, version=ticket.version + 1, value=fact.level)
        return replace(ticket, asks=(*asks, ask))
    return _relevelled(replace(ticket, asks=asks), fact.level, fact, terms)


def _relevelled(ticket: Ticket, level: str, fact: events.Reclassified | events.Absorbed, terms: Terms) -> Ticket:
    """Another level by somebody's decision: nothing that was only proposed or suggested outlasts it."""
    kind = terms.levels[level].kind
    settled = replace(ticket, level=level, kind=kind, why="", unsure=(), suggested=None, levelled_by=fact.by)
    return ladders.recounted(settled, terms, fact.at)


def _folded(ticket: Ticket, fact: events.Merged | events.Absorbed | events.Voided, terms: Terms) -> Ticket:
    """Two reports that become one, or a report that becomes none."""
    require(ticket.is_open and ticket.stage is not Stage.CLEARED, ticket, fact)
    match fact:
        case events.Voided():
            return replace(ticket, stage=Stage.VOID, closed_at=fact.at)
        case events.Merged(into=into):
            return replace(ticket, stage=Stage.VOID, closed_at=fact.at, merged_into=into)
        case events.Absorbed(number=number, level=level):
            told = dict.fromkeys((*ticket.also_reported_by, fact.reporter, *fact.also_reported_by))
            known = tuple(key for key in told if key and key != ticket.reporter)
            joined = replace(ticket, absorbed=(*ticket.absorbed, number), also_reported_by=known)
            graver = level in terms.levels and terms.is_graver(level, than=ticket.level)
            if not graver or ticket.stage is Stage.UNDER_TEST:
                return joined
            return _relevelled(joined, level, fact, terms)


def _answered(ticket: Ticket, fact: events.Answered, terms: Terms) -> Ticket:
    """The answer is the response too, and closes the consultation once its record is complete."""
    require(paths.has(ticket.kind, Step.ANSWER) and _works(ticket, _BEFORE_TEST), ticket, fact)
    answered = replace(
        ticket,
        stage=Stage.CLEARED,
        acknowledged_at=ticket.acknowledged_at or fact.at,
        visit_waived_at=None if ticket.arrived_at else ticket.visit_waived_at or fact.at,
        answered_at=fact.at,
        handler=fact.by,
        offered_to=None,
        record=_with(ticket.record, "answer", fact.text),
    )
    return _closed_if_complete(_joined(answered, fact.by), fact.at, terms)


def _recorded(ticket: Ticket, fact: events.RecordFilled, terms: Terms) -> Ticket:
    fillable = ticket.is_open and ticket.stage is not Stage.REPORTED
    require(fillable and fact.field in record.typed(ticket, terms), ticket, fact)
    filled = replace(ticket, record=_with(ticket.record, fact.field, fact.value))
    return _closed_if_complete(filled, fact.at, terms)


def _with(record_: Mapping[str, str], field: str, value: str) -> Mapping[str, str]:
    return {**record_, field: value}
