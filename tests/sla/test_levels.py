"""What a change of level takes along, and what cannot be asked while the bureau tests."""

from dataclasses import replace

import pytest

from sla import events, moves
from sla.illegal import IllegalMove
from sla.ticket import AskKind, Stage
from tests.sla import contract
from tests.sla.contract import OFFICER, Story, at

WHY = "“中断” -> 重大故障"


def proposed(level: str = "major") -> Story:
    """A ticket whose level was proposed for a reason."""
    told = Story(terms=contract.terms())
    told.meets(replace(contract.reported(at("09:00"), told.terms, level=level), why=WHY))
    return told


@pytest.mark.parametrize("fact", [events.Reclassified, events.Absorbed])
def test_the_reason_of_a_level_goes_with_it(fact: type[events.Deed]) -> None:
    """As soon as the level changes, by hand or by a merge, the words that had proposed the old one say nothing more."""
    told = proposed("general")
    assert told.it.why == WHY
    told.meets(contract.example(fact, told.now, by=OFFICER, level="major"))
    assert (told.it.level, told.it.why) == ("major", "")


@pytest.mark.parametrize(
    "fact", [events.Absorbed, events.ReclassificationAsked, events.Supplemented, events.Amended, events.Noted]
)
def test_the_reason_stays_while_the_level_stays(fact: type[events.Deed]) -> None:
    """Nothing but a change of level takes the reason away, not even the question for one."""
    told = proposed("major")
    told.meets(contract.example(fact, told.now))
    assert (told.it.level, told.it.why) == ("major", WHY)


@pytest.mark.parametrize("fact", [events.Reclassified, events.ReclassificationAsked])
@pytest.mark.parametrize(("level", "may"), [("general", True), ("consultation", False), ("other", False)])
def test_what_is_tested_stays_of_its_kind(fact: type[events.Deed], level: str, may: bool) -> None:
    """Under test the bureau can be asked for a lower level, but not to make a request of a fault that was repaired."""
    told = contract.on_site()
    told.does(events.Repaired, "10:00")
    assert told.it.stage is Stage.UNDER_TEST
    asked = contract.example(fact, told.now, level=level)
    if not may:
        with pytest.raises(IllegalMove):
            moves.apply(told.it, asked, told.terms)
        return
    moved = moves.apply(told.it, asked, told.terms)
    assert (moved.level == level) is (fact is events.Reclassified)
    assert (moved.ask(AskKind.LOWER_LEVEL) is not None) is (fact is events.ReclassificationAsked)


def test_before_the_test_any_kind_can_be_asked_for() -> None:
    """An engineer who sees that it is a request and no fault asks the bureau."""
    told = contract.on_site()
    told.does(events.ReclassificationAsked, "09:30", level="other")
    told.does(events.Reclassified, "09:31", by=OFFICER, level="other")
    assert (told.it.level, told.it.asks) == ("other", ())
