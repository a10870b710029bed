"""The second opinion in the ticket: a word beside the level, until somebody decides."""

import pytest

from sla import events
from sla.illegal import IllegalMove
from tests.sla import contract
from tests.sla.contract import ENGINEER, OFFICER, Story

SECOND = events.SECOND_OPINION


def suggested(level: str = "general") -> Story:
    """A major fault of which the second opinion says something."""
    told = contract.story()
    told.does(events.Suggested, "09:00:02", by=SECOND, level=level)
    return told


def test_it_changes_no_level_no_clock_and_tells_nobody() -> None:
    """Level, deadlines, alarms and handlers are as before."""
    before = contract.story()
    outcome = contract.story().meets(events.Suggested(at=before.now, by=SECOND, level="general"))
    after = outcome.ticket
    assert (after.suggested, after.levelled_by, outcome.notices) == ("general", None, ())
    assert (after.level, after.stage, after.rungs, after.round_began) == ("major", before.it.stage, {}, 1)
    assert list(outcome.alarms) == list(before.alarms)


@pytest.mark.parametrize("level", ["major", "general"])
def test_whoever_decides_the_level_ends_it(level: str) -> None:
    """Taken up or turned down: what was suggested is gone, and no other suggestion is taken."""
    told = suggested()
    told.does(events.Reclassified, "09:01", by=OFFICER, level=level)
    assert (told.it.level, told.it.suggested, told.it.levelled_by) == (level, None, OFFICER)
    with pytest.raises(IllegalMove):
        told.does(events.Suggested, "09:02", by=SECOND, level="general")


def test_an_agreeing_word_leaves_nothing_to_confirm() -> None:
    """The level that holds cannot be chosen once more where nothing speaks against it."""
    told = suggested("major")
    assert told.it.suggested == "major"
    with pytest.raises(IllegalMove):
        told.does(events.Reclassified, "09:01", by=OFFICER, level="major")


def test_the_bureau_that_keeps_the_level_has_decided() -> None:
    """A lowering that was refused ends the suggestion; one that is only asked for does not."""
    told = suggested()
    told.does(events.ReclassificationAsked, "09:01", by=ENGINEER, level="general")
    asked = told.it
    told.does(events.ReclassificationRefused, "09:02", by=OFFICER)
    assert [(one.suggested, one.levelled_by) for one in (asked, told.it)] == [("general", None), (None, OFFICER)]


def test_a_graver_report_merged_in_ends_it() -> None:
    """The level that holds since is not the one of which it was said."""
    told = contract.story("general")
    told.does(events.Suggested, "09:01", by=SECOND, level="other")
    told.does(events.Absorbed, "09:02", by=OFFICER, level="major", number="SGC-20260512-002", text="全停")
    assert (told.it.level, told.it.suggested) == ("major", None)


def test_other_words_need_another_opinion() -> None:
    """An edit of the first message takes the suggestion away."""
    told = suggested()
    told.does(events.Amended, "09:01", by=OFFICER, text="只有一个会场", first=True)
    assert told.it.suggested is None


def test_what_is_repaired_is_judged() -> None:
    """Under test nothing is suggested, and after a failed test the old word does not come back."""
    told = contract.on_site()
    told.does(events.Suggested, "09:21", by=SECOND, level="general")
    told.does(events.Repaired, "09:30")
    told.does(events.RecoveryRejected, "09:31", by=OFFICER)
    assert told.it.suggested is None


def test_a_level_that_the_contract_does_not_have_is_refused() -> None:
    """Whatever an endpoint may have been taught."""
    with pytest.raises(IllegalMove):
        suggested("catastrophe")
