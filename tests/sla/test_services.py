"""Services that a contract counts: what is used, left, owed by now, and of what somebody has to be reminded."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sla import services
from sla.services import Per, Record, Reminder, Service, ServiceKind, Step, Verdict
from tests.sla.test_calendar import KNOWN, UNKNOWN

on = date.fromisoformat
AT = datetime(2026, 1, 1, tzinfo=UTC)

SCANS = Service(
    key="scan",
    name="漏洞扫描",
    unit="次",
    kind=ServiceKind.SCAN,
    count=46,
    per=Per.TERM,
    starts=on("2026-07-01"),
    ends=on("2027-06-30"),
    before_key_periods=True,
    full_round=23,
    remind_before=(10, 5),
)
TRAININGS = Service(
    key="training",
    name="培训",
    unit="次",
    kind=ServiceKind.TRAINING,
    count=4,
    per=Per.YEAR,
    starts=on("2022-07-06"),
    ends=on("2023-07-05"),
    even=True,
    remind_before=(10, 5),
)
QUARTERLY = replace(
    TRAININGS, key="drill", name="安全演练", kind=ServiceKind.DRILL, count=1, per=Per.QUARTER, even=False
)
DRILLS = replace(
    QUARTERLY,
    count=2,
    per=Per.YEAR,
    at_least_people=2,
    plan_by=Fraction(1, 2),
    starts=on("2026-01-01"),
    ends=on("2026-12-31"),
)
MONTHLY = replace(
    DRILLS,
    key="joint_test",
    name="全省联调",
    kind=ServiceKind.JOINT_TEST,
    count=1,
    per=Per.MONTH,
    plan_by=None,
    starts=on("2026-01-15"),
    ends=on("2027-01-14"),
)


def done(service: Service, *days: str, amount: int = 1, verdict: Verdict | None = Verdict.CONFIRMED) -> list[Record]:
    """So much was done on each of these days."""
    return [
        Record(
            contract="c",
            service=service.key,
            day=on(day),
            amount=amount,
            by="engineer-1",
            at=AT,
            id=number,
            verdict=verdict,
        )
        for number, day in enumerate(days, 1)
    ]


def stands(service: Service, records: Iterable[Record], day: str) -> services.Standing:
    """How it stands on a day of its term."""
    found = services.standing(service, records, on(day))
    assert found is not None
    return found


def said(service: Service, records: Iterable[Record], day: str) -> list[tuple[str, int, int]]:
    """The reminders of a day: step, number, working days before."""
    return [(one.step.value, one.number, one.before) for one in services.reminders(service, records, on(day), KNOWN)]


@pytest.mark.parametrize(
    ("service", "day", "begin", "end"),
    [
        (SCANS, "2026-07-01", "2026-07-01", "2027-07-01"),
        (SCANS, "2027-06-30", "2026-07-01", "2027-07-01"),
        (TRAININGS, "2023-07-05", "2022-07-06", "2023-07-06"),
        (QUARTERLY, "2022-10-05", "2022-07-06", "2022-10-06"),
        (QUARTERLY, "2022-10-06", "2022-10-06", "2023-01-06"),
        (QUARTERLY, "2023-07-05", "2023-04-06", "2023-07-06"),
        (MONTHLY, "2026-01-15", "2026-01-15", "2026-02-01"),
        (MONTHLY, "2026-02-28", "2026-02-01", "2026-03-01"),
        (MONTHLY, "2027-01-14", "2027-01-01", "2027-01-15"),
        (replace(TRAININGS, ends=on("2024-01-05")), "2023-12-01", "2023-07-06", "2024-01-06"),
    ],
)
def test_every_day_belongs_to_one_period(service: Service, day: str, begin: str, end: str) -> None:
    """Years and quarters begin with the contract, months with the calendar; the term cuts both ends."""
    period = services.period_of(service, on(day))
    assert period is not None
    assert (period.begin, period.end) == (on(begin), on(end))
    assert on(day) in period


@pytest.mark.parametrize("day", ["2026-06-30", "2027-07-01"])
def test_outside_the_term_nothing_is_counted(day: str) -> None:
    """The day before it and the day after."""
    assert services.standing(SCANS, [], on(day)) is None


def test_a_quota_is_used_up_in_amounts() -> None:
    """Two full rounds are all: what waits for the bureau counts as used and is shown apart."""
    records = done(SCANS, "2026-09-20", amount=23) + [
        replace(one, id=2, verdict=None) for one in done(SCANS, "2027-02-20", amount=20)
    ]
    found = stands(SCANS, records, "2027-02-21")
    assert (found.confirmed, found.waiting, found.used, found.left) == (23, 20, 43, 3)
    assert (found.due_now, found.overdue, found.next_due) == (0, 0, on("2027-06-30"))


def test_what_is_not_spread_is_owed_at_the_end() -> None:
    """On the last day all of it is due, on the day after it would be too late."""
    assert stands(SCANS, [], "2027-06-29").due_now == 0
    last = stands(SCANS, [], "2027-06-30")
    assert (last.due_now, last.overdue, last.next_due) == (46, 0, on("2027-06-30"))


@pytest.mark.parametrize(
    ("day", "due_now", "overdue"),
    [
        ("2022-10-04", 0, 0),
        ("2022-10-05", 1, 0),
        ("2022-10-06", 1, 1),
        ("2023-01-04", 2, 1),
        ("2023-01-05", 2, 2),
        ("2023-04-06", 3, 3),
        ("2023-07-05", 4, 3),
    ],
)
def test_what_is_spread_evenly_is_owed_part_by_part(day: str, due_now: int, overdue: int) -> None:
    """Four trainings of a year: one in each quarter of its 365 days."""
    found = stands(TRAININGS, [], day)
    assert (found.due_now, found.overdue) == (due_now, overdue)


def test_the_next_due_day_follows_what_is_done() -> None:
    """Done early moves it on; with all of them done there is none."""
    assert stands(TRAININGS, [], "2022-08-01").next_due == on("2022-10-05")
    assert stands(TRAININGS, done(TRAININGS, "2022-08-01", "2022-08-02"), "2022-08-03").next_due == on("2023-04-05")
    assert stands(TRAININGS, done(TRAININGS, "2022-08-01", amount=4), "2022-08-03").next_due is None


def test_a_record_of_another_period_or_service_does_not_count() -> None:
    """At both bounds of a quarter."""
    records = done(QUARTERLY, "2022-10-05", "2022-10-06")
    assert stands(QUARTERLY, records, "2022-10-05").used == 1
    assert stands(QUARTERLY, records, "2023-01-05").used == 1
    assert stands(QUARTERLY, records, "2023-01-06").used == 0
    assert stands(TRAININGS, records, "2022-10-05").used == 0


def test_a_refused_record_counts_for_nothing() -> None:
    """The bureau did not see it done."""
    assert stands(TRAININGS, done(TRAININGS, "2022-08-01", verdict=Verdict.REFUSED), "2022-08-03").used == 0


@pytest.mark.parametrize(
    ("old", "new", "used"),
    [
        (None, None, 2),
        (None, Verdict.CONFIRMED, 2),
        (None, Verdict.REFUSED, 1),
        (Verdict.CONFIRMED, None, 1),
        (Verdict.CONFIRMED, Verdict.CONFIRMED, 2),
        (Verdict.CONFIRMED, Verdict.REFUSED, 1),
    ],
)
def test_a_correction_takes_the_place_of_a_record(old: Verdict | None, new: Verdict | None, used: int) -> None:
    """At once while nobody has confirmed that one; else when the correction itself is confirmed."""
    [first] = done(TRAININGS, "2022-08-01", verdict=old)
    correction = replace(first, id=2, amount=2, corrects=1, verdict=new)
    assert stands(TRAININGS, [correction, first], "2022-08-03").used == used


def test_a_correction_can_be_corrected_and_withdraw_all() -> None:
    """An amount of nothing takes a record back; the chain is followed to its end."""
    [first] = done(TRAININGS, "2022-08-01", verdict=None)
    second = replace(first, id=2, amount=3, corrects=1)
    third = replace(first, id=3, amount=0, corrects=2)
    assert stands(TRAININGS, [first, second], "2022-08-03").used == 3
    assert stands(TRAININGS, [first, second, third], "2022-08-03").used == 0
    assert stands(TRAININGS, [first, second, replace(second, id=4, amount=9)], "2022-08-03").used == 3


def test_what_is_planned_is_not_done() -> None:
    """A plan counts until its day has passed, and only as a plan."""
    [plan] = [replace(one, planned=True, verdict=None) for one in done(DRILLS, "2026-06-20")]
    assert (stands(DRILLS, [plan], "2026-06-20").planned, stands(DRILLS, [plan], "2026-06-20").used) == (1, 0)
    assert stands(DRILLS, [plan], "2026-06-21").planned == 0


@pytest.mark.parametrize(
    ("day", "reminders"),
    [
        ("2022-09-20", []),
        ("2022-09-21", [("ahead", 1, 7)]),
        ("2022-09-30", [("due", 1, 0)]),
        ("2022-10-05", [("due", 1, 0)]),
        ("2022-10-08", [("missed", 1, 0)]),
        ("2023-01-09", [("missed", 2, 0)]),
    ],
)
def test_reminders_come_on_working_days_before_at_and_after(day: str, reminders: list[tuple[str, int, int]]) -> None:
    """Where the due day is one of rest, the reminder comes on the last working day before the National Day."""
    assert said(replace(TRAININGS, remind_before=(7,)), [], day) == reminders


def test_the_nearest_reminder_ahead_is_the_one() -> None:
    """Whoever was away for a week hears the later one, not both."""
    assert said(TRAININGS, [], "2022-09-16") == [("ahead", 1, 10)]
    assert said(TRAININGS, [], "2022-09-26") == [("ahead", 1, 5)]


def test_nobody_is_reminded_of_what_is_done() -> None:
    """Not of this part, nor of the next as long as it is far."""
    assert said(TRAININGS, done(TRAININGS, "2022-09-01"), "2022-09-30") == []
    assert said(TRAININGS, done(TRAININGS, "2022-09-01"), "2022-10-08") == []


def test_a_period_that_was_missed_is_said_in_the_next() -> None:
    """The month before is looked at again when it is over, also after the end of the term."""
    assert ("missed", 1, 0) in said(MONTHLY, [], "2026-02-02")
    assert said(MONTHLY, done(MONTHLY, "2026-01-20"), "2026-02-02") == []
    assert said(MONTHLY, [], "2027-01-15") == [("missed", 1, 0)]
    assert said(MONTHLY, [], "2027-02-14") == [("missed", 1, 0)]
    assert said(MONTHLY, [], "2027-02-15") == []


def test_reminders_of_one_step_have_one_mark() -> None:
    """On the next day it is the same reminder; of the next part, step or period it is another."""

    def marks(service: Service, *days: str) -> set[str]:
        return {one.mark for day in days for one in services.reminders(service, [], on(day), KNOWN)}

    assert len(marks(TRAININGS, "2022-09-16", "2022-09-19")) == 1
    assert len(marks(TRAININGS, "2022-09-16", "2022-09-26", "2022-09-30", "2022-10-08", "2023-01-09")) == 5
    assert len(marks(MONTHLY, "2026-02-02", "2026-03-02")) == 2


def test_a_quota_that_is_not_spread_is_reminded_of_as_a_whole() -> None:
    """Whatever is done in between, it is one reminder and no more."""
    found = [
        services.reminders(SCANS, done(SCANS, "2026-09-20", amount=amount), on("2027-06-25"), KNOWN)
        for amount in (1, 23, 45)
    ]
    assert len({one.mark for each in found for one in each}) == 1
    assert all(one.provisional for each in found for one in each)


@pytest.mark.parametrize(
    ("day", "planned", "reminded"),
    [("2026-07-01", 0, False), ("2026-07-02", 0, True), ("2026-07-02", 1, True), ("2026-07-02", 2, False)],
)
def test_drills_have_to_be_planned_by_the_middle_of_the_year(day: str, planned: int, reminded: bool) -> None:
    """Two a year: planned or done, but not fewer."""
    plans = [replace(one, planned=True) for one in done(DRILLS, *["2026-11-10"] * planned, verdict=None)]
    found = [one for one in services.reminders(DRILLS, plans, on(day), KNOWN) if one.step is Step.PLAN]
    assert bool(found) is reminded
    half = done(DRILLS, "2026-05-10") + [replace(one, id=9) for one in plans]
    if day == "2026-07-02":
        kept = [one for one in services.reminders(DRILLS, half, on(day), KNOWN) if one.step is Step.PLAN]
        assert bool(kept) is (planned == 0)


def test_what_was_done_before_a_special_period_is_found() -> None:
    """From its announcement to its first day."""
    records = done(SCANS, "2026-09-01", "2026-09-20", "2026-10-01", amount=5)
    assert services.done_before(SCANS, records, on("2026-09-10"), on("2026-10-01")) == 10


@given(
    count=st.integers(1, 60),
    per=st.sampled_from(Per),
    even=st.booleans(),
    offset=st.integers(0, 400),
    starts=st.dates(on("2022-01-01"), on("2023-12-31")),
)
def test_parts_and_due_days_agree(count: int, per: Per, even: bool, offset: int, starts: date) -> None:
    """By its due day a number is owed, not before; the due days never fall, and the last is the period's last."""
    ends = starts + timedelta(days=700)
    service = replace(TRAININGS, count=count, per=per, even=even, starts=starts, ends=ends)
    period = services.period_of(service, starts + timedelta(days=offset))
    assert period is not None
    due = [services.due_day(service, period, number) for number in range(1, count + 1)]
    assert due == sorted(due) and due[-1] == period.last
    for number, day in enumerate(due, 1):
        assert services.due_until(service, period, day) >= number
        assert services.due_until(service, period, day - timedelta(days=1)) < number


@given(
    amounts=st.lists(st.tuples(st.integers(0, 400), st.integers(0, 9), st.sampled_from([None, *Verdict])), max_size=9),
    day=st.integers(0, 364),
)
def test_used_and_left_make_the_count(amounts: list[tuple[int, int, Verdict | None]], day: int) -> None:
    """Nothing is counted twice or below nothing, and a reminder only speaks of what is not done."""
    records = [
        replace(
            done(TRAININGS, "2022-07-06")[0],
            id=number,
            day=TRAININGS.starts + timedelta(offset),
            amount=amount,
            verdict=said,
        )
        for number, (offset, amount, said) in enumerate(amounts, 1)
    ]
    today = TRAININGS.starts + timedelta(days=day)
    found = services.standing(TRAININGS, records, today)
    assert found is not None
    assert found.left == max(found.count - found.used, 0)
    reminders: list[Reminder] = services.reminders(TRAININGS, records, today, UNKNOWN)
    assert all(one.number > found.used for one in reminders)
    assert len({one.step for one in reminders if one.period == found.period}) == len(reminders)
