"""A key period lies over the terms of a ticket while it runs, and leaves no trace in what a replay makes of it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from sla import escalation, events, key_periods, moves
from sla.decide import decide
from sla.key_periods import KeyPeriod
from sla.terms import Clock, Kind, Tightening
from tests.sla import contract
from tests.sla.contract import at

MINUTE = timedelta(minutes=1)
ASKED = Tightening(
    page_also=("project_manager", "technical_lead"), repeat_every=timedelta(minutes=2), breach_at_once=True
)


def period(start: str, end: str, people: int = 1, cancelled: bool = False) -> KeyPeriod:
    """A period of the bureau."""
    return KeyPeriod(
        contract="shaoguan-command",
        name="汛期",
        start=at(start),
        end=at(end),
        people=people,
        by="officer-1",
        at=at("2026-05-01 09:00"),
        cancelled_at=at("2026-05-02 09:00") if cancelled else None,
    )


@pytest.mark.parametrize(
    ("moment", "people"),
    [
        ("2026-05-11 23:59:59", None),
        ("2026-05-12 00:00:00", 1),
        ("2026-05-13 08:00:00", 3),
        ("2026-05-13 20:00:00", 1),
        ("2026-05-15 00:00:00", None),
    ],
)
def test_a_period_runs_from_its_start_to_its_end(moment: str, people: int | None) -> None:
    """Start inclusive, end exclusive; where two run, the one that asks for more people counts."""
    periods = [
        period("2026-05-12 00:00", "2026-05-15 00:00"),
        period("2026-05-13 08:00", "2026-05-13 20:00", people=3),
        period("2026-05-01 00:00", "2026-06-01 00:00", people=9, cancelled=True),
    ]
    found = key_periods.running(periods, at(moment))
    assert (found.people if found else None) == people


def test_the_ladder_is_tighter_while_it_runs() -> None:
    """More people are paged, calls come oftener, the breach step hears at once, each only once; limits stay."""
    plain = replace(contract.terms(contract.SHAOGUAN), in_key_period=ASKED)
    tight = key_periods.laid_over(plain)
    assert tight.ladder.page == ("on_duty:engineer", "technical_lead", "project_manager")
    assert tight.ladder.repeat_every == timedelta(minutes=2)
    assert tight.levels["major"].report_at_once == ("supervising_officer", "project_manager")
    assert tight.levels["consultation"].report_at_once == ()
    assert tight.levels["major"].limits == plain.levels["major"].limits


def test_a_period_never_makes_calls_rarer() -> None:
    """A longer interval than the contract's own changes nothing."""
    asked = replace(ASKED, repeat_every=timedelta(hours=1))
    plain = replace(contract.terms(contract.SHAOGUAN), in_key_period=asked)
    assert key_periods.laid_over(plain).ladder.repeat_every == plain.ladder.repeat_every


def test_a_contract_that_asks_for_nothing_keeps_its_terms() -> None:
    """Nothing in the profile, nothing changed."""
    plain = contract.terms(contract.SHAOGUAN)
    assert key_periods.laid_over(plain) == plain


def test_a_ticket_of_a_key_period_replays_without_it() -> None:
    """What was decided under the tighter terms folds to the same ticket under its own."""
    plain = replace(contract.terms(contract.SHAOGUAN), in_key_period=ASKED)
    tight = key_periods.laid_over(plain)
    now = at("2026-05-12 09:00:00")
    reported = events.Reported(
        at=now,
        by="reporter-1",
        ticket=1,
        contract="shaoguan-command",
        number="SGC-20260512-001",
        terms="digest",
        kind=Kind.FAULT,
        level="major",
        text="全市视频会议中断",
        channel="private",
        received_at=now,
    )
    outcome = decide(None, reported, tight, now)
    facts = [entry.fact for entry in outcome.entries]
    for _ in range(12):
        alarm = min((one for one in outcome.alarms if one.clock is Clock.RESPONSE), key=lambda one: one.due_at)
        outcome = decide(outcome.ticket, events.AlarmDue(clock=Clock.RESPONSE), tight, alarm.due_at)
        facts += [entry.fact for entry in outcome.entries]
    called = events.CalledUp(at=now + 40 * MINUTE, by="engineer-1")
    outcome = decide(outcome.ticket, called, tight, called.at)
    facts += [entry.fact for entry in outcome.entries]
    again = None
    for fact in facts:
        again = moves.apply(again, fact, plain)
    assert again == outcome.ticket
    assert outcome.ticket.rungs[Clock.RESPONSE].calls > 3


def test_an_alarm_set_under_a_period_that_ended_says_nothing_too_early() -> None:
    """The call after two minutes is put off to the contract's five when the period is over meanwhile."""
    plain = replace(contract.terms(contract.SHAOGUAN), in_key_period=ASKED)
    story = contract.terms(contract.SHAOGUAN)
    assert story.ladder.repeat_every == 5 * MINUTE
    now = at("2026-05-12 09:00:00")
    reported = events.Reported(
        at=now,
        by="reporter-1",
        ticket=1,
        contract="shaoguan-command",
        number="SGC-20260512-001",
        terms="digest",
        kind=Kind.FAULT,
        level="major",
        text="",
        channel="private",
        received_at=now,
    )
    ticket = decide(None, reported, plain, now).ticket
    for minutes in (5, 8):
        ticket = decide(ticket, events.AlarmDue(clock=Clock.RESPONSE), plain, now + minutes * MINUTE).ticket
    late = now + 10 * MINUTE + timedelta(seconds=1)
    breached = decide(ticket, events.AlarmDue(clock=Clock.RESPONSE), key_periods.laid_over(plain), late)
    early = [one.due_at for one in breached.alarms if one.clock is Clock.RESPONSE]
    assert early == [late + 2 * MINUTE]
    silent = decide(breached.ticket, events.AlarmDue(clock=Clock.RESPONSE), plain, early[0])
    assert silent.entries == ()
    assert [one.due_at for one in silent.alarms if one.clock is Clock.RESPONSE] == [late + 5 * MINUTE]
    assert escalation.alarms(breached.ticket, plain) == silent.alarms
