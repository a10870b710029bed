"""What people make of a fresh proposal is collected; what happens later tells of the fault, not of its words."""

from datetime import UTC, datetime, timedelta

from sla import events
from sla.terms import Kind
from sla.understanding.corrections import FRESH, Correction, corrected
from tests.sla import contract

NOW = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
REPORT = events.Reported(
    at=NOW,
    by="reporter",
    ticket=7,
    contract="shaoguan-command",
    number="SGC-20261121-001",
    terms="x",
    kind=Kind.FAULT,
    level="general",
    text="大屏黑了",
    channel="chat",
    received_at=NOW,
)


def levelled(level: str, after: timedelta) -> events.Reclassified:
    """A correction some time after the report."""
    return events.Reclassified(at=NOW + after, by="officer", level=level)


def test_a_fresh_correction_is_collected() -> None:
    """The words, the proposal, and the last level that was said in time."""
    facts = [REPORT, levelled("other", timedelta(minutes=1)), levelled("major", timedelta(minutes=2))]
    expected = Correction(
        ticket=7, number=REPORT.number, contract=REPORT.contract, text="大屏黑了", proposed=1, corrected=0
    )
    assert corrected(facts, contract.terms()) == expected


def test_a_late_change_is_none() -> None:
    """A fault that grew worse over the day was not misunderstood."""
    assert corrected([REPORT, levelled("major", FRESH + timedelta(seconds=1))], contract.terms()) is None


def test_what_was_void_teaches_nothing() -> None:
    """A void ticket is no lesson, nor one that nobody corrected."""
    void = events.Voided(at=NOW, by="officer", reason="误报")
    assert corrected([REPORT, levelled("major", timedelta(0)), void], contract.terms()) is None
    assert corrected([REPORT], contract.terms()) is None


def test_a_level_that_is_gone_teaches_nothing() -> None:
    """The contract may have other levels now."""
    assert corrected([REPORT, levelled("no-such", timedelta(0))], contract.terms()) is None
