"""Reports to the bureau: at once, at intervals, and at the end."""

from typing import Any

import pytest

from sla import events, record, waiting
from sla.escalation import Alarm
from sla.notices import HANDLER, REPORTER, Say
from sla.terms import Clock
from sla.ticket import Stage
from tests.sla import contract
from tests.sla.contract import OFFICER, TYPED, Story, at, local


def told(reports: dict[str, Any] | None = None, level: str = "major") -> Story:
    """A fault of nine o'clock under a contract that wants a progress note every half an hour, taken at 09:05."""
    table = {"every": "30m"} if reports is None else reports
    story = contract.story(level, under=contract.terms(change=lambda file: file.update(reports={level: table})))
    story.does(events.Acknowledged, "09:05")
    return story


def prompts(story: Story) -> list[str]:
    """When the handler was asked for a report."""
    return [local(fact.at) for fact in story.facts if isinstance(fact, events.Prompted)]


def test_without_a_note_the_handler_is_asked_again_and_again() -> None:
    """Half an hour after taking it, and every half an hour from then on: never a breach, never a call."""
    story = told()
    assert story.next(Clock.REPORT) == "09:35:00"
    story.until("10:36")
    assert prompts(story) == ["09:35:00", "10:05:00", "10:35:00"]
    assert {notice.to for notice in story.heard(Say.PROGRESS_DUE)} == {(HANDLER,)}
    assert Clock.REPORT not in story.it.rungs


def test_a_note_puts_off_the_next_question() -> None:
    """Written at 09:30, the next one is due at 10:00."""
    story = told()
    story.does(events.Noted, "09:30", text="备件在路上")
    assert story.next(Clock.REPORT) == "10:00:00"
    story.until("09:59:59")
    assert prompts(story) == []


def test_nobody_is_asked_before_the_ticket_is_taken() -> None:
    """There is no handler yet, and the response clock calls already."""
    story = contract.story(under=contract.terms(change=lambda file: file.update(reports={"major": {"every": "30m"}})))
    story.until("10:30")
    assert prompts(story) == []


def test_nobody_is_asked_while_the_clocks_stand_still() -> None:
    """Paused after ten minutes for two hours, the question comes when twenty more have counted."""
    story = told()
    story.does(events.Paused, "09:15", by=OFFICER, reason="等待备件")
    assert story.next(Clock.REPORT) == "-"
    story.does(events.Resumed, "11:15")
    assert story.next(Clock.REPORT) == "11:35:00"


def test_nobody_is_asked_after_the_repair_and_anew_when_it_is_sent_back() -> None:
    """While the bureau tests there is nothing to report; sent back at 10:40, the next half an hour begins."""
    story = told()
    story.does(events.FixedRemotely, "09:30")
    assert story.next(Clock.REPORT) == "-"
    story.until("10:40")
    story.does(events.RecoveryRejected, "10:40", by=OFFICER)
    assert (prompts(story), story.next(Clock.REPORT)) == ([], "11:10:00")


def test_after_an_outage_the_question_comes_once() -> None:
    """What was missed while the program was down is asked at once, and then half an hour later."""
    story = told()
    story.sleeps("11:00")
    story.until("11:00")
    assert (prompts(story), story.next(Clock.REPORT)) == (["11:00:00"], "11:30:00")


def test_another_level_has_another_interval() -> None:
    """Lowered to a level that is asked every two hours, the same half an hour is not asked for."""
    reports = {"major": {"every": "30m"}, "general": {"every": "120m"}}
    story = contract.story(under=contract.terms(change=lambda file: file.update(reports=reports)))
    story.does(events.Acknowledged, "09:05")
    story.does(events.Reclassified, "09:10", by=OFFICER, level="general")
    assert story.next(Clock.REPORT) == "11:05:00"


def test_the_auditor_knows_the_question_as_something_that_rings() -> None:
    """A ticket whose question is missing from the kept alarms is found."""
    story = told()
    assert waiting.owes_an_alarm(story.it, story.terms)
    kept = [alarm for alarm in story.alarms if alarm.clock is not Clock.REPORT]
    assert waiting.unheard(story.it, story.terms, kept) == (Alarm(clock=Clock.REPORT, due_at=at("09:35")),)


@pytest.mark.parametrize(
    ("reports", "to"),
    [
        ({"every": "30m"}, (REPORTER, "supervising_officer")),
        ({"every": "30m", "to": ["project_manager"]}, (REPORTER, "project_manager")),
    ],
)
def test_a_note_goes_to_the_reporter_and_to_those_named(reports: dict[str, Any], to: tuple[str, ...]) -> None:
    """Named by `to`, or else those who were told at once."""
    story = told(reports)
    story.does(events.Noted, "09:30", text="备件在路上")
    assert [notice.to for notice in story.heard(Say.NOTE)] == [to]


def test_without_a_table_a_note_goes_to_the_reporter_alone() -> None:
    """What a contract does not order is as it was."""
    story = contract.on_site()
    story.does(events.Noted, "09:30", text="备件在路上")
    assert [notice.to for notice in story.heard(Say.NOTE)] == [(REPORTER,)]


def test_the_first_report_may_stand_with_the_others() -> None:
    """`first` tells the same people at once as `report_at_once` of the level would."""
    story = told({"first": ["project_manager"], "every": "1h"}, level="general")
    assert [notice.to for notice in story.heard(Say.REPORT_AT_ONCE)] == [("project_manager",)]
    story.does(events.Noted, "09:30", text="已到现场")
    assert story.heard(Say.NOTE)[0].to == (REPORTER, "project_manager")


def test_the_final_report_keeps_the_ticket_from_closing() -> None:
    """Signed off and recorded, it still lacks the summary with preventive measures; with them it closes and is told."""
    story = told({"final": True})
    story.does(events.FixedRemotely, "09:30")
    story.fills("09:40", *TYPED)
    story.does(events.RecoveryConfirmed, "09:45", by=OFFICER)
    assert (story.it.state, record.missing(story.it, story.terms)) == (Stage.CLEARED, record.FINAL)
    story.fills("09:50", "final_summary")
    assert story.it.state is Stage.CLEARED
    story.fills("09:55", "preventive_measures")
    assert story.it.stage is Stage.CLOSED
    (final,) = story.heard(Say.FINAL)
    assert (final.to, dict(final.words)) == (("supervising_officer",), dict.fromkeys(record.FINAL, "已填写"))


def test_another_level_of_the_same_contract_needs_no_final_report() -> None:
    """Only the level that the table names demands it."""
    under = contract.terms(change=lambda file: file.update(reports={"major": {"final": True}}))
    story = contract.story("general", under=under)
    story.does(events.Acknowledged, "09:05")
    assert record.FINAL[0] not in record.typed(story.it, story.terms)
