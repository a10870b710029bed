"""Who asks for a visit, who needs none, and when a repair has to wait for one."""

import pytest

from sla import events, visits
from sla.illegal import IllegalMove
from sla.ticket import Stage
from tests.sla import contract
from tests.sla.contract import OFFICER, Story


def cloud() -> Story:
    """Taken, under a contract that counts the arrival from the client's notice."""
    told = contract.story("normal", under=contract.terms(contract.CLOUD))
    told.does(events.Acknowledged, "09:12")
    return told


def test_once_asked_for_the_visit_has_to_be_made() -> None:
    """After the notice a repair needs the arrival, or a repair from afar, or the officer's waiver."""
    told = cloud()
    told.does(events.OnSiteRequested, "09:25", by=OFFICER)
    with pytest.raises(IllegalMove):
        told.does(events.Repaired, "09:30")
    told.does(events.Arrived, "10:00")
    told.does(events.Repaired, "10:20")
    assert told.it.stage is Stage.UNDER_TEST


@pytest.mark.parametrize("how", [events.VisitWaived, events.FixedRemotely])
def test_a_visit_that_was_asked_for_may_turn_out_needless(how: type[events.Deed]) -> None:
    """Waived by the officer or repaired from afar: nobody has to come."""
    told = cloud()
    told.does(events.OnSiteRequested, "09:25", by=OFFICER)
    told.meets(contract.example(how, told.now, by=OFFICER))
    assert not visits.is_needed(told.it, told.terms)


def test_a_visit_is_asked_for_once() -> None:
    """A second notice would start the clock anew; so would one after the arrival: both are refused."""
    told = cloud()
    told.does(events.OnSiteRequested, "09:25", by=OFFICER)
    with pytest.raises(IllegalMove):
        told.does(events.OnSiteRequested, "09:26", by=OFFICER)
    arrived = cloud()
    arrived.does(events.Arrived, "09:20")
    with pytest.raises(IllegalMove):
        arrived.does(events.OnSiteRequested, "09:26", by=OFFICER)


def test_where_the_arrival_is_counted_from_the_report_no_notice_is_needed() -> None:
    """The visit is promised already."""
    told = contract.story()
    with pytest.raises(IllegalMove):
        told.does(events.OnSiteRequested, "09:05", by=OFFICER)


def test_there_is_nothing_to_waive_before_the_notice_and_after_the_arrival() -> None:
    """A waiver ends a promise that is owed."""
    told = cloud()
    with pytest.raises(IllegalMove):
        told.does(events.VisitWaived, "09:20", by=OFFICER)
    with pytest.raises(IllegalMove):
        contract.on_site().does(events.VisitWaived, "09:30", by=OFFICER)


def test_after_a_waiver_the_engineer_may_repair_at_once() -> None:
    """Neither 到场 nor 远程解决 is needed before 修复."""
    told = contract.story()
    told.does(events.Acknowledged, "09:05")
    with pytest.raises(IllegalMove):
        told.does(events.Repaired, "09:06")
    told.does(events.VisitWaived, "09:10", by=OFFICER)
    told.does(events.Repaired, "09:20")
    assert (told.it.visit_waived_by, told.it.stage) == (OFFICER, Stage.UNDER_TEST)
