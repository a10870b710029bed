"""Whom a ticket waits for when no clock of it speaks by itself."""

from datetime import timedelta

from hypothesis import given, settings

from sla import events, waiting
from sla.decide import Outcome
from sla.terms import Terms
from sla.ticket import Stage
from tests.sla.contract import COLLEAGUE, ENGINEER, MANAGER, REPORTER, Story, on_site, story
from tests.sla.test_any_order import CONTRACTS, STEPS, Step, run


@settings(max_examples=200)
@given(CONTRACTS, STEPS)
def test_an_open_ticket_is_never_forgotten(start: tuple[Terms, str], steps: list[Step]) -> None:
    """After every fact a clock will speak or somebody in particular has it; a report that no limit binds may wait."""

    def check(told: Story, outcome: Outcome, before: Story) -> None:
        unbound = told.it.stage is Stage.REPORTED and not told.terms.levels[told.it.level].limits
        if told.it.is_open and not unbound:
            assert waiting.owes_an_alarm(told.it, told.terms) or waiting.awaited(told.it)
        assert waiting.owes_an_alarm(told.it, told.terms) is bool(outcome.alarms)

    run(*start, steps, check)


def test_whose_turn_it_is() -> None:
    """Nobody's, then who was offered it, who has it, who tests it, who writes the record; nobody's in the end."""
    told = story()
    assert waiting.awaited(told.it) == ()
    told.does(events.HandedOver, "09:01", to=COLLEAGUE)
    assert waiting.awaited(told.it) == (COLLEAGUE,)
    told = on_site()
    assert waiting.awaited(told.it) == (ENGINEER,)
    told.does(events.Repaired, "09:40")
    assert waiting.awaited(told.it) == (REPORTER,)
    told.does(events.RecoveryConfirmed, "09:50", by=REPORTER)
    assert waiting.awaited(told.it) == (ENGINEER,)
    told.fills("10:00", "fault_type", "cause_analysis", "handling_summary", "responsibility_analysis")
    told.fills("10:00", "lessons_learned")
    assert told.it.stage is Stage.CLOSED
    assert waiting.awaited(told.it) == ()


def test_whoever_took_a_call_has_it() -> None:
    """Nobody took the ticket, but the manager took the call: the manager is awaited."""
    told = story(level="other")
    told.until(told.now + timedelta(minutes=11))
    told.meets(events.CallTaken(at=told.now, by=MANAGER))
    assert waiting.awaited(told.it) == (MANAGER,)
    assert not waiting.owes_an_alarm(told.it, told.terms)


def test_a_declared_transmission_fault_waits_for_both_sides() -> None:
    """The bureau has to answer, and the engineer has to hand it back."""
    told = on_site()
    told.does(events.TransmissionDeclared, "09:40", reason="专线中断")
    assert waiting.awaited(told.it) == (ENGINEER, REPORTER)
