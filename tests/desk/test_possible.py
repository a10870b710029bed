"""Buttons and rules agree: what a card offers, the rules allow; what it hides, they forbid."""

from collections.abc import Callable, Mapping
from functools import cache
from itertools import chain

import pytest

from desk import access, buttons
from desk.access import Act
from sla import events, moves
from sla.events import Fact
from sla.illegal import IllegalMove
from sla.terms import Kind, Terms
from sla.ticket import AskKind, Ticket
from tests.desk.people import COMMAND_HALL, MINE, contract, house
from tests.desk.people import people as everybody
from tests.desk.room import NOW
from tests.storage import samples

TERMS = contract(COMMAND_HALL).terms
# The other way to count: the arrival from the bureau's notice, a final report, records of every kind.
NOTICED = contract(
    COMMAND_HALL,
    slug="notice",
    clocks={"arrival": "client_notice", "restart_at_arrival": ["handling"], "locate_metric": "repaired"},
    reports={"major": {"every": "30m", "final": True}},
    record={"other": ["result"], "consultation": ["result"]},
).terms
UNDER = {"report": TERMS, "notice": NOTICED}
HANDLER, COLLEAGUE, REPORTER = "engineer-1", "engineer-2", "reporter-1"
DEPTH = 5
Make = Callable[[Ticket], Fact | None]


def _deed(kind: Callable[..., Fact], by: str, **words: object) -> Make:
    return lambda _: kind(at=NOW, by=by, **words)


def _other_level(by: str, *, asked: bool) -> Make:
    def make(ticket: Ticket) -> Fact | None:
        kind = TERMS.levels[ticket.level].kind
        others = [key for key, one in TERMS.levels.items() if key != ticket.level and one.kind is kind]
        graver = [key for key in others if TERMS.is_graver(ticket.level, than=key)]
        if asked:
            return events.ReclassificationAsked(at=NOW, by=by, level=graver[0]) if graver else None
        return events.Reclassified(at=NOW, by=by, level=others[0]) if others else None

    return make


def _agreed(kind: AskKind, make: Callable[[str], Fact]) -> Make:
    def agreed(ticket: Ticket) -> Fact | None:
        ask = ticket.ask(kind)
        return make(ask.value) if ask else None

    return agreed


# What each button makes of a ticket. Buttons that only open a choice or show something make nothing.
MOVES: Mapping[Act, Make] = {
    Act.ACKNOWLEDGE: lambda ticket: events.Acknowledged(at=NOW, by=COLLEAGUE if ticket.handler == HANDLER else HANDLER),
    Act.TAKE_CALL: _deed(events.CallTaken, "manager-1"),
    Act.SET_OUT: _deed(events.SetOut, HANDLER),
    Act.ARRIVE: _deed(events.Arrived, HANDLER),
    Act.FIX_REMOTELY: _deed(events.FixedRemotely, HANDLER),
    Act.LOCATE: _deed(events.Located, HANDLER),
    Act.REQUEST_VISIT: _deed(events.OnSiteRequested, REPORTER),
    Act.WAIVE_VISIT: _deed(events.VisitWaived, "officer-1"),
    Act.REPAIR: _deed(events.Repaired, HANDLER),
    Act.MEETING_WENT_WELL: _deed(events.MeetingSupported, HANDLER, interrupted=False),
    Act.MEETING_INTERRUPTED: _deed(events.MeetingSupported, HANDLER, interrupted=True),
    Act.CONFIRM: _deed(events.RecoveryConfirmed, REPORTER),
    Act.REJECT: _deed(events.RecoveryRejected, REPORTER),
    Act.LEVEL: _other_level(REPORTER, asked=False),
    Act.AGREE_LOWER: _agreed(AskKind.LOWER_LEVEL, lambda level: events.Reclassified(at=NOW, by=REPORTER, level=level)),
    Act.REFUSE_LOWER: _deed(events.ReclassificationRefused, REPORTER),
    Act.PAUSE: _deed(events.PauseAsked, HANDLER, reason="等备件"),
    Act.AGREE_PAUSE: _agreed(AskKind.PAUSE, lambda reason: events.Paused(at=NOW, by="officer-1", reason=reason)),
    Act.REFUSE_PAUSE: _deed(events.PauseRefused, "officer-1"),
    Act.RESUME: _deed(events.Resumed, HANDLER),
    Act.TRANSMISSION: _deed(events.TransmissionDeclared, HANDLER, reason="专线中断"),
    Act.CONFIRM_TRANSMISSION: _deed(events.TransmissionConfirmed, REPORTER),
    Act.REFUSE_TRANSMISSION: _deed(events.TransmissionRefused, REPORTER),
    Act.RETURN_TRANSMISSION: _deed(events.TransmissionReturned, HANDLER),
    Act.HAND_OVER: lambda ticket: events.HandedOver(
        at=NOW, by=HANDLER, to=HANDLER if ticket.handler == COLLEAGUE else COLLEAGUE
    ),
    Act.CALL_UP: _deed(events.CalledUp, HANDLER),
    Act.MERGE: _deed(events.Merged, HANDLER, into="SGC-20261121-000"),
    Act.VOID: _deed(events.Voided, REPORTER, reason="误报"),
    Act.MOVE: _deed(events.Voided, REPORTER, reason="改合同"),
    Act.ANSWER: _deed(events.Answered, HANDLER, text="按右键"),
    Act.NOTE: _deed(events.Noted, HANDLER, text="备件在路上"),
    Act.RECORD: lambda ticket: events.RecordFilled(
        at=NOW, by=HANDLER, field="cause_analysis" if ticket.kind is Kind.FAULT else "result", value="老化"
    ),
    Act.SATISFIED: _deed(events.FollowedUp, REPORTER, satisfied=True),
    Act.DISSATISFIED: _deed(events.FollowedUp, REPORTER, satisfied=False),
}
# Not buttons, but on the way to states that buttons see.
BESIDE: tuple[Make, ...] = (
    _other_level(HANDLER, asked=True),
    *(_deed(events.RecordFilled, HANDLER, field=field, value="已填") for field in sorted(("fault_type",))),
)
# What the rules allow although no card offers it: harmless after the end, and asked for only where it helps.
ALLOWED_UNOFFERED = frozenset({Act.NOTE, Act.PAUSE})


def shape(ticket: Ticket) -> object:
    """What buttons can tell two tickets apart by."""
    holds = tuple((hold.kind, hold.ended_at is None, hold.confirmed, hold.refused) for hold in ticket.holds[-2:])
    visited = ticket.arrived_at is not None, ticket.visit_waived_at is not None, ticket.located_at is not None
    calls = tuple((clock, rung.calls > 0, rung.taken_by is None) for clock, rung in ticket.rungs.items())
    asks = frozenset(ask.kind for ask in ticket.asks)
    ended = ticket.satisfied, ticket.merged_into is None, ticket.offered_to, ticket.handler
    asked = ticket.onsite_requested_at is not None, ticket.visit_waived_by, ticket.interrupted, len(ticket.record) > 1
    return ticket.kind, ticket.level, ticket.stage, holds, visited, calls, asks, ended, asked


@cache
def reachable(level: str, under: str = "report") -> tuple[Ticket, ...]:
    """Every kind of state into which a ticket comes within some moves."""
    terms = UNDER[under]
    kind = terms.levels[level].kind
    first = samples.ticket(level=level, kind=kind, contract=MINE, reported_at=NOW, received_at=NOW)
    seen: dict[object, Ticket] = {shape(first): first}
    edge = [first]
    for _ in range(DEPTH):
        after = []
        for ticket in edge:
            for make in chain(MOVES.values(), BESIDE):
                moved = attempt(make, ticket, terms)
                if moved is not None and shape(moved) not in seen:
                    seen[shape(moved)] = moved
                    after.append(moved)
        edge = after
    return tuple(seen.values())


def attempt(make: Make, ticket: Ticket, terms: Terms) -> Ticket | None:
    """The ticket after the move, if the rules allow it."""
    fact = make(ticket)
    try:
        return None if fact is None else moves.apply(ticket, fact, terms)
    except IllegalMove:
        return None


@pytest.mark.parametrize("under", UNDER)
@pytest.mark.parametrize("level", TERMS.levels)
def test_a_button_is_offered_exactly_when_its_move_is_allowed(level: str, under: str) -> None:
    """In every state that a ticket reaches, an offered button succeeds, and a hidden one would be refused."""
    wrong: set[tuple[str, Act, str]] = set()
    terms = UNDER[under]
    for ticket in reachable(level, under):
        for act, make in MOVES.items():
            offered, allowed = buttons.is_possible(act, ticket, terms), attempt(make, ticket, terms) is not None
            if act is Act.LEVEL and make(ticket) is None:
                continue
            if offered and not allowed:
                wrong.add(("offered but forbidden", act, ticket.state))
            if allowed and not offered and act not in ALLOWED_UNOFFERED:
                wrong.add(("allowed but hidden", act, ticket.state))
    assert wrong == set()


def test_whoever_acts_on_an_open_ticket_finds_a_button() -> None:
    """Nobody is stuck: in every open state there is somebody with a button that moves the ticket on."""
    movers = [one for one in everybody() if one.active]
    for ticket, terms in (
        (one, UNDER[under]) for under in UNDER for level in TERMS.levels for one in reachable(level, under)
    ):
        if not ticket.is_open:
            continue
        moving = [
            act
            for act in MOVES
            if act not in (Act.NOTE, Act.VOID, Act.MERGE, Act.MOVE)
            and buttons.is_possible(act, ticket, terms)
            and any(access.may_do(one, act, ticket, terms) for one in movers)
        ]
        assert moving, (ticket.kind, ticket.state)


def test_a_card_carries_only_what_its_reader_may_do() -> None:
    """Every button on anybody's card is possible now and theirs to press; a group's card has its audience's."""
    words = house().words
    for ticket in reachable("major")[::9]:
        for one in everybody():
            rows = buttons.of_card(ticket, TERMS, words, "zh-CN", one, "")
            drawn = [buttons.read(button.data) for row in rows for button in row]
            for press in drawn:
                assert press is not None and access.may_do(one, press.act, ticket, TERMS)
                assert buttons.is_possible(press.act, ticket, TERMS)
            assert sum(len(row) for row in rows) <= 100 and all(len(row) <= 8 for row in rows)
        for audience, hidden in (("vendor", Act.CONFIRM), ("bureau", Act.REPAIR)):
            rows = buttons.of_card(ticket, TERMS, words, "zh-CN", None, audience)
            acts = {press.act for row in rows for button in row if (press := buttons.read(button.data))}
            assert hidden not in acts
