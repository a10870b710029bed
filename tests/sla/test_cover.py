"""What the bureau judges: outside of the contract nothing is promised, from the judgement on."""

import pytest

from sla import escalation, events, waiting
from sla.devices import Chosen, Scope
from sla.illegal import IllegalMove
from sla.notices import Say
from sla.promises import Standing
from sla.replay import replay
from sla.terms import Clock
from sla.ticket import Stage
from tests.sla import contract
from tests.sla.contract import ENGINEER, OFFICER, REPORTER, Story

SCREEN = Chosen(scope=Scope.LISTED, section="（二）大屏", seq="1", name="拼接屏", quantity=12, unit="台")
OTHER = Chosen(scope=Scope.LISTED, section="（二）大屏", seq="5", name="拼接处理终端", quantity=28, unit="台")


def judged(told: Story, when: str, *, covered: bool) -> Story:
    """The officer judges."""
    told.does(events.CoverJudged, when, by=OFFICER, covered=covered)
    return told


def test_nothing_is_promised_outside_of_the_contract() -> None:
    """Every limit that was still owed is void, and no clock speaks any more, however long it takes."""
    told = judged(contract.story(), "09:03", covered=False)
    assert told.alarms == ()
    assert {told.standing(clock) for clock in (Clock.RESPONSE, Clock.ARRIVAL, Clock.HANDLING)} == {Standing.VOID}
    told.until("23:00")
    assert told.spoken() == []
    assert [notice.to for notice in told.heard(Say.NOT_COVERED)] == [
        ("reporter_of_ticket", "on_duty:engineer", "technical_lead")
    ]


def test_what_was_kept_or_missed_before_stays_so() -> None:
    """The judgement counts from its own instant: an answer in time remains one, and so does one that came late."""
    told = contract.story()
    told.does(events.Acknowledged, "09:12")
    judged(told, "09:20", covered=False)
    assert told.standing(Clock.RESPONSE) is Standing.KEPT_LATE
    told.does(events.Arrived, "15:00")
    assert told.standing(Clock.ARRIVAL) is Standing.VOID


def test_whoever_was_called_is_let_go() -> None:
    """A breach that is being called about, and a call for help, end with the judgement."""
    told = contract.story().until("09:16")
    told.does(events.CalledUp, "09:17")
    judged(told, "09:20", covered=False)
    assert not escalation.open_calls(told.it, told.terms)
    assert told.alarms == ()
    assert [notice.to for notice in told.heard(Say.CALL_ENDED)] != []


def test_it_can_still_be_worked_and_closed() -> None:
    """Outside of the contract the way of a ticket is the same."""
    told = judged(contract.story(), "09:03", covered=False)
    for fact, by in ((events.Acknowledged, ENGINEER), (events.Arrived, ENGINEER), (events.Repaired, ENGINEER)):
        told.does(fact, "09:30", by=by)
    told.does(events.RecoveryConfirmed, "09:40", by=REPORTER)
    told.fills("09:50", *contract.TYPED)
    assert told.it.stage is Stage.CLOSED
    assert replay(told.facts, told.terms) == told.it


def test_a_judgement_may_be_made_anew() -> None:
    """Covered after all: the clocks go on where they stood, the time between counts for none of them."""
    told = contract.on_site()  # taken at 09:00, on site at 09:20
    judged(told, "10:00", covered=False)
    judged(told, "15:00", covered=True)
    assert told.due(Clock.HANDLING) == "18:00:00"
    assert told.standing(Clock.HANDLING) is Standing.RUNNING
    assert told.next(Clock.HANDLING) != "-"
    assert (told.it.covered, told.it.cover_judged_by) == (True, OFFICER)
    told.until("18:00:01")
    assert told.spoken(Clock.HANDLING)[-1] == "18:00:01 handling breached"


def test_the_same_judgement_twice_is_refused() -> None:
    """Nothing is recorded that changes nothing."""
    told = judged(contract.story(), "09:03", covered=True)
    assert told.due(Clock.RESPONSE) == "09:10:00"
    with pytest.raises(IllegalMove):
        judged(told, "09:04", covered=True)


def test_a_pause_and_a_judgement_may_overlap() -> None:
    """No minute stands still twice."""
    told = contract.on_site()
    told.does(events.Paused, "09:30", by=OFFICER, reason="等备件")
    judged(told, "09:40", covered=False)
    told.does(events.Resumed, "10:00")
    judged(told, "10:10", covered=True)
    assert told.due(Clock.HANDLING) == "13:40:00"


def test_an_untaken_ticket_outside_of_the_contract_is_the_bureaus() -> None:
    """Nobody is called any more, so whoever judged and whoever reported are the ones who can end it."""
    told = judged(contract.story(), "09:03", covered=False)
    assert waiting.awaited(told.it) == (OFFICER, REPORTER)
    told.does(events.Acknowledged, "09:30")
    assert waiting.awaited(told.it) == (ENGINEER,)


def test_a_device_is_picked_and_corrected() -> None:
    """Each pick is an entry, the last one holds, and picking what is picked already is refused."""
    told = contract.story()
    told.does(events.DeviceChosen, "09:02", device=SCREEN)
    told.does(events.DeviceChosen, "09:03", device=OTHER)
    assert told.it.device == OTHER
    assert replay(told.facts, told.terms) == told.it
    with pytest.raises(IllegalMove):
        told.does(events.DeviceChosen, "09:04", device=OTHER)
