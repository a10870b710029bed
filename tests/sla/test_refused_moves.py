"""Every fact in every state: what the contract's flow does not provide for is refused and changes nothing."""

from collections.abc import Callable
from copy import deepcopy

import pytest

from sla import events, moves
from sla.illegal import IllegalMove
from sla.terms import Clock
from sla.ticket import Stage, Ticket
from tests.sla import contract
from tests.sla.contract import ENGINEER, OFFICER, TYPED, Story, at

S = Stage


def _then(before: Callable[[], Story], make: type[events.Deed], when: str, by: str = ENGINEER) -> Callable[[], Story]:
    def told() -> Story:
        story = before()
        story.until(when)
        story.meets(contract.example(make, story.now, by=by))
        return story

    return told


def _recorded() -> Story:
    return STATES[S.CLEARED]().fills("10:20", *TYPED)


STATES: dict[Stage, Callable[[], Story]] = {S.REPORTED: contract.story}
STATES[S.ACKNOWLEDGED] = _then(contract.story, events.Acknowledged, "09:05")
STATES[S.EN_ROUTE] = _then(STATES[S.ACKNOWLEDGED], events.SetOut, "09:06")
STATES[S.ON_SITE] = _then(STATES[S.EN_ROUTE], events.Arrived, "09:20")
STATES[S.LOCATED] = _then(STATES[S.ON_SITE], events.Located, "09:25")
STATES[S.UNDER_TEST] = _then(STATES[S.ON_SITE], events.Repaired, "09:30")
STATES[S.REOPENED] = _then(STATES[S.UNDER_TEST], events.RecoveryRejected, "09:35", by=OFFICER)
STATES[S.CLEARED] = _then(STATES[S.UNDER_TEST], events.RecoveryConfirmed, "09:35", by=OFFICER)
STATES[S.CLOSED] = _recorded
STATES[S.VOID] = _then(STATES[S.ON_SITE], events.Voided, "09:30", by=OFFICER)
STATES[S.PAUSED] = _then(STATES[S.ON_SITE], events.Paused, "09:30", by=OFFICER)
STATES[S.TRANSFERRED] = _then(STATES[S.ON_SITE], events.TransmissionDeclared, "09:30")

EVERY = frozenset(Stage)
NONE: frozenset[Stage] = frozenset()
HELD = frozenset({S.PAUSED, S.TRANSFERRED})
WORKING = frozenset({S.ACKNOWLEDGED, S.EN_ROUTE, S.ON_SITE, S.LOCATED, S.REOPENED})
OPEN = EVERY - {S.CLOSED, S.VOID}
BEFORE_TEST = OPEN - {S.UNDER_TEST, S.CLEARED}

# For a major fault with nobody called, nothing asked and nothing offered.
ALLOWED: dict[type[events.Deed], frozenset[Stage]] = {
    events.Reported: NONE,
    events.Supplemented: EVERY - {S.VOID},
    events.Amended: EVERY - {S.VOID},
    events.Noted: EVERY - {S.VOID},
    events.Acknowledged: frozenset({S.REPORTED}),
    events.SetOut: frozenset({S.ACKNOWLEDGED, S.REOPENED}),
    events.Arrived: frozenset({S.ACKNOWLEDGED, S.EN_ROUTE, S.REOPENED}),
    events.OnSiteRequested: NONE,
    events.VisitWaived: frozenset({S.REPORTED, S.ACKNOWLEDGED, S.EN_ROUTE}),
    events.FixedRemotely: frozenset({S.ACKNOWLEDGED, S.EN_ROUTE, S.REOPENED}),
    events.Located: WORKING - {S.LOCATED},
    events.Repaired: frozenset({S.ON_SITE, S.LOCATED, S.REOPENED}),
    events.MeetingSupported: NONE,
    events.RecoveryConfirmed: frozenset({S.UNDER_TEST}),
    events.RecoveryRejected: frozenset({S.UNDER_TEST}),
    events.Reclassified: BEFORE_TEST | {S.UNDER_TEST},
    events.ReclassificationAsked: BEFORE_TEST | {S.UNDER_TEST},
    events.ReclassificationRefused: NONE,
    events.PauseAsked: WORKING,
    events.PauseRefused: NONE,
    events.Paused: WORKING,
    events.Resumed: frozenset({S.PAUSED}),
    events.TransmissionDeclared: WORKING,
    events.TransmissionConfirmed: frozenset({S.TRANSFERRED}),
    events.TransmissionRefused: frozenset({S.TRANSFERRED}),
    events.TransmissionReturned: frozenset({S.TRANSFERRED}),
    events.HandedOver: BEFORE_TEST,
    events.CalledUp: BEFORE_TEST,
    events.CallTaken: NONE,
    events.Merged: OPEN - {S.CLEARED},
    events.Absorbed: OPEN - {S.CLEARED},
    events.Voided: OPEN - {S.CLEARED},
    events.Answered: NONE,
    events.RecordFilled: OPEN - {S.REPORTED},
    events.FollowedUp: frozenset({S.CLOSED}),
    events.DeviceChosen: OPEN,
    events.CoverJudged: OPEN,
    events.Suggested: BEFORE_TEST,
    events.Warned: OPEN,
    events.Breached: OPEN,
    events.CalledAgain: OPEN,
    events.Prompted: NONE,
}


def test_the_table_is_complete() -> None:
    """Every fact and every state has its line, and every state is reached."""
    assert set(ALLOWED) == set(events.FACTS)
    assert {state: told().it.state for state, told in STATES.items()} == {state: state for state in Stage}


@pytest.mark.parametrize("state", Stage)
@pytest.mark.parametrize("fact", events.FACTS, ids=lambda fact: fact.__name__)
def test_a_fact_is_taken_or_refused_by_its_state(fact: type[events.Deed], state: Stage) -> None:
    """A refused fact raises with state and fact, records nothing, and leaves the ticket as it was."""
    told = STATES[state]()
    before, recorded = deepcopy(told.it), list(told.facts)
    happening = contract.example(fact, at("10:30"), by=OFFICER)
    if state in ALLOWED[fact]:
        assert moves.apply(told.it, happening, told.terms).version == before.version + 1
        assert told.it == before
        return
    with pytest.raises(IllegalMove) as refused:
        told.meets(happening)
    assert (refused.value.state, refused.value.event, refused.value.ticket) == (state, happening, before)
    assert str(refused.value) == f"{fact.__name__} in state {state}"
    assert (told.it, told.facts) == (before, recorded)


@pytest.mark.parametrize("fact", [fact for fact in events.FACTS if fact is not events.Reported])
def test_nothing_happens_to_a_ticket_before_its_report(fact: type[events.Deed]) -> None:
    """A story begins with a report."""
    told = Story(terms=contract.terms())
    with pytest.raises(IllegalMove) as refused:
        told.meets(contract.example(fact, at("09:00")))
    assert refused.value.state is None


def test_an_alarm_belongs_to_a_ticket() -> None:
    """An alarm without a ticket is a mistake of the program, not of a person."""
    with pytest.raises(ValueError, match="ticket"):
        Story(terms=contract.terms()).meets(events.AlarmDue(clock=Clock.RESPONSE))


def test_a_ticket_cannot_be_changed_in_place() -> None:
    """A ticket is a value."""
    ticket: Ticket = contract.story().it
    with pytest.raises(AttributeError):
        ticket.stage = Stage.CLOSED  # type: ignore[misc]  # that it is refused is the point
