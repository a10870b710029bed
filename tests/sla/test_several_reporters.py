"""Several people report one fault: the first stays its reporter, the others are known, each once."""

from sla import events
from tests.sla import contract
from tests.sla.contract import REPORTER, Story


def absorbs(told: Story, reporter: str, *others: str) -> None:
    """A later report of the same fault is merged into this one."""
    details = {"number": "SGC-20260512-002", "text": "同一故障", "level": "general"}
    told.does(events.Absorbed, "09:05", reporter=reporter, also_reported_by=others, **details)


def test_a_merged_reporter_is_one_of_the_reporters() -> None:
    """In the order of the merges, after the first."""
    told = contract.story()
    absorbs(told, "reporter-2")
    absorbs(told, "reporter-3")
    assert told.it.reporters == (told.it.reporter, "reporter-2", "reporter-3")


def test_nobody_is_counted_twice() -> None:
    """The same person's further reports add nobody."""
    told = contract.story()
    for reporter in (REPORTER, "reporter-2", "reporter-2"):
        absorbs(told, reporter)
    assert told.it.reporters == (REPORTER, "reporter-2")


def test_those_whom_the_other_ticket_had_taken_in_come_along() -> None:
    """A ticket that others were merged into brings all of its reporters."""
    told = contract.story()
    absorbs(told, "reporter-2", "reporter-3", REPORTER)
    assert told.it.reporters == (REPORTER, "reporter-2", "reporter-3")


def test_an_entry_of_before_names_nobody() -> None:
    """A merge that was recorded without its reporter is read as it was."""
    told = contract.story()
    absorbs(told, "")
    assert told.it.reporters == (REPORTER,)
