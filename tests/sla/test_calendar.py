"""Periods of days: what is counted, what is passed over, and what is only known for the time being."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sla.calendar import Calendar, Reckoned, deemed_from

# The notices of these years, written down as they were published; tests/bot/test_calendar_settings.py compares the
# library that the house reads them from.
_REST = """
2022-01-03 2022-01-31 2022-02-01 2022-02-02 2022-02-03 2022-02-04 2022-04-04 2022-04-05 2022-05-02 2022-05-03
2022-05-04 2022-06-03 2022-09-12 2022-10-03 2022-10-04 2022-10-05 2022-10-06 2022-10-07
2023-01-02 2023-01-23 2023-01-24 2023-01-25 2023-01-26 2023-01-27 2023-04-05 2023-05-01 2023-05-02 2023-05-03
2023-06-22 2023-06-23 2023-09-29 2023-10-02 2023-10-03 2023-10-04 2023-10-05 2023-10-06
2025-01-01 2025-01-28 2025-01-29 2025-01-30 2025-01-31 2025-02-03 2025-02-04
2026-01-01 2026-01-02 2026-02-16 2026-02-17 2026-02-18 2026-02-19 2026-02-20 2026-02-23 2026-04-06 2026-05-01
2026-05-04 2026-05-05 2026-06-19 2026-09-25 2026-10-01 2026-10-02 2026-10-05 2026-10-06 2026-10-07
"""
_WORK = """
2022-01-29 2022-01-30 2022-04-02 2022-04-24 2022-05-07 2022-10-08 2022-10-09
2023-01-28 2023-01-29 2023-04-23 2023-05-06 2023-06-25 2023-10-07 2023-10-08
2025-01-26 2025-02-08
2026-01-04 2026-02-14 2026-02-28 2026-05-09 2026-09-20 2026-10-10
"""
KNOWN = Calendar(
    years=frozenset({2022, 2023, 2025, 2026}),
    rest=frozenset(map(date.fromisoformat, _REST.split())),
    work=frozenset(map(date.fromisoformat, _WORK.split())),
)
UNKNOWN = Calendar()
SHANGHAI = ZoneInfo("Asia/Shanghai")
on = date.fromisoformat
days = st.dates(date(2022, 1, 1), date(2023, 10, 31)) | st.dates(date(2026, 1, 1), date(2027, 12, 31))


def plain(start: date, count: int) -> date:
    """Weekdays only: what somebody would get who knows no holidays."""
    step = timedelta(days=1 if count > 0 else -1)
    left, day = abs(count), start
    while left:
        day += step
        left -= day.weekday() < 5
    return day


@pytest.mark.parametrize(
    ("start", "count", "due", "weekdays", "provisional"),
    [
        ("2022-06-15", 10, "2022-06-29", "2022-06-29", False),
        ("2022-07-06", 10, "2022-07-20", "2022-07-20", False),
        ("2023-01-10", 30, "2023-02-24", "2023-02-21", False),
        ("2026-07-01", -10, "2026-06-16", "2026-06-17", False),
        ("2026-09-10", 20, "2026-10-14", "2026-10-08", False),
        ("2026-10-12", -5, "2026-09-29", "2026-10-05", False),
        ("2027-07-05", 15, "2027-07-26", "2027-07-26", True),
        ("2027-07-26", 15, "2027-08-16", "2027-08-16", True),
    ],
)
def test_working_days_are_counted_without_the_day_of_the_start(
    start: str, count: int, due: str, weekdays: str, provisional: bool
) -> None:
    """Over holidays and make-up days, forwards and backwards; a year that nobody knows yet is marked."""
    reckoned = KNOWN.working_days_after(on(start), count)
    assert (reckoned.day, reckoned.provisional) == (on(due), provisional)
    assert len(reckoned.counted) == abs(count)
    assert plain(on(start), count) == on(weekdays)


def test_a_window_of_working_days_ends_on_the_last_of_them_before_its_start() -> None:
    """Ten working days before the first of July: the first of the window and the last."""
    window = KNOWN.working_days_after(on("2026-07-01"), -10)
    assert (min(window.counted), max(window.counted)) == (on("2026-06-16"), on("2026-06-30"))
    assert on("2026-06-19") in window.passed


@pytest.mark.parametrize(
    ("start", "tenth", "last", "deemed"),
    [
        ("2022-09-15", "2022-09-25", "2022-09-26", "2022-09-27"),
        ("2022-09-20", "2022-09-30", "2022-09-30", "2022-10-01"),
        ("2022-10-08", "2022-10-18", "2022-10-18", "2022-10-19"),
    ],
)
def test_silence_for_ten_days_counts_from_the_midnight_after(start: str, tenth: str, last: str, deemed: str) -> None:
    """Calendar days; a last day of rest gives way to the next working day."""
    assert KNOWN.calendar_days_after(on(start), 10, roll=False).day == on(tenth)
    reckoned = KNOWN.calendar_days_after(on(start), 10)
    assert (reckoned.day, reckoned.provisional) == (on(last), False)
    assert deemed_from(reckoned, SHANGHAI) == datetime.combine(on(deemed), datetime.min.time(), tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("start", "quarters"),
    [
        ("2022-07-06", ["2022-10-08", "2023-01-06", "2023-04-06", "2023-07-06"]),
        ("2022-06-15", ["2022-09-15", "2022-12-15", "2023-03-15", "2023-06-15"]),
    ],
)
def test_a_period_of_months_ends_on_the_same_day_of_the_month(start: str, quarters: list[str]) -> None:
    """Every quarter from the start itself, so that one that was rolled shifts no other."""
    found = [KNOWN.months_after(on(start), count) for count in (3, 6, 9, 12)]
    assert [one.day for one in found] == list(map(on, quarters))
    assert not any(one.provisional for one in found)


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        ("2023-01-31", 1, "2023-02-28"),
        ("2024-01-31", 1, "2024-02-29"),
        ("2024-02-29", 12, "2025-02-28"),
        ("2023-08-31", -2, "2023-06-30"),
        ("2023-01-15", -1, "2022-12-15"),
    ],
)
def test_a_shorter_month_ends_a_period_of_months_on_its_last_day(start: str, months: int, end: str) -> None:
    """There is no 31st of February."""
    assert KNOWN.months_after(on(start), months, roll=False).day == on(end)


@pytest.mark.parametrize(
    ("start", "count", "last", "passed"),
    [("2026-09-20", 15, "2026-10-08", 3), ("2026-01-31", 30, "2026-03-02", 0)],
)
def test_calendar_days_count_days_of_rest_too(start: str, count: int, last: str, passed: int) -> None:
    """Fifteen days for a correction over the National Day, thirty days for a password."""
    reckoned = KNOWN.calendar_days_after(on(start), count)
    assert (reckoned.day, len(reckoned.passed)) == (on(last), passed)


@pytest.mark.parametrize(
    ("month", "last"),
    [
        ("2026-01", "2026-01-30"),
        ("2026-05", "2026-05-29"),
        ("2026-10", "2026-10-30"),
        ("2026-12", "2026-12-31"),
        ("2025-01", "2025-01-27"),
        ("2022-01", "2022-01-30"),
        ("2023-09", "2023-09-28"),
    ],
)
def test_the_last_working_day_of_a_month(month: str, last: str) -> None:
    """Before a holiday at its end, and on a Sunday on which people work."""
    year, number = map(int, month.split("-"))
    assert KNOWN.last_workday(year, number).day == on(last)


@pytest.mark.parametrize(
    ("reckon", "provisional"),
    [
        (lambda calendar: calendar.working_days_after(on("2026-12-30"), 1), False),
        (lambda calendar: calendar.working_days_after(on("2026-12-30"), 2), True),
        (lambda calendar: calendar.working_days_after(on("2027-01-04"), -1), True),
        (lambda calendar: calendar.calendar_days_after(on("2027-06-30"), -300), False),
        (lambda calendar: calendar.calendar_days_after(on("2026-12-31"), 1), True),
        (lambda calendar: calendar.calendar_days_after(on("2026-12-31"), 1, roll=False), False),
        (lambda calendar: calendar.months_after(on("2026-12-05"), 1), True),
        (lambda calendar: calendar.last_workday(2027, 2), True),
    ],
)
def test_a_result_is_provisional_when_an_unknown_year_was_looked_at(
    reckon: Callable[[Calendar], Reckoned], provisional: bool
) -> None:
    """Only what hangs on the days of that year: a date that is only added up hangs on none."""
    assert reckon(KNOWN).provisional is provisional


@pytest.mark.parametrize("day", ["2027-01-01", "2027-05-01", "2028-05-02", "2027-10-01", "2029-10-02", "2029-10-03"])
def test_holidays_of_fixed_date_are_known_for_every_year(day: str) -> None:
    """Whatever a notice will say, these are days of rest."""
    assert not KNOWN.is_workday(on(day))


def test_no_working_day_after_is_the_day_itself() -> None:
    """Nothing is counted, nothing is rolled."""
    assert KNOWN.working_days_after(on("2026-10-03"), 0).day == on("2026-10-03")


@given(start=days, count=st.integers(1, 60))
def test_as_many_working_days_back_lead_home(start: date, count: int) -> None:
    """From a working day forwards and then back is where one came from, and the other way round."""
    home = KNOWN.rolled(start).day
    assert KNOWN.working_days_after(KNOWN.working_days_after(home, count).day, -count).day == home
    assert KNOWN.working_days_after(KNOWN.working_days_after(home, -count).day, count).day == home


@given(start=days, first=st.integers(0, 40), more=st.integers(0, 40))
def test_periods_of_working_days_add_up(start: date, first: int, more: int) -> None:
    """Two periods one after the other end where the one period of both ends."""
    middle = KNOWN.working_days_after(start, first).day
    assert KNOWN.working_days_after(middle, more).day == KNOWN.working_days_after(start, first + more).day


@given(start=days, count=st.integers(-60, 60))
def test_every_day_between_is_counted_or_passed(start: date, count: int) -> None:
    """The days of work and the days of rest together are all days from the start, without it, to the end."""
    reckoned = KNOWN.working_days_after(start, count)
    between = {start + timedelta(days=step) * (1 if count > 0 else -1) for step in range(1, 200)}
    looked_at = {day for day in between if abs(day - start) <= abs(reckoned.day - start)} if count else set()
    assert {*reckoned.counted, *reckoned.passed} == looked_at
    assert all(map(KNOWN.is_workday, reckoned.counted))
    assert not any(map(KNOWN.is_workday, reckoned.passed))


@given(start=days, count=st.integers(-400, 400))
def test_a_rolled_day_is_the_first_working_day_from_there(start: date, count: int) -> None:
    """Never earlier than the day itself, always a working day, and none between."""
    day = start + timedelta(days=count)
    reckoned = KNOWN.calendar_days_after(start, count)
    assert reckoned.day >= day
    assert KNOWN.is_workday(reckoned.day)
    assert list(reckoned.passed) == [day + timedelta(days=step) for step in range((reckoned.day - day).days)]


def test_without_any_year_everything_is_provisional() -> None:
    """Weekdays and the fixed holidays are all that such a calendar has."""
    assert UNKNOWN.is_workday(on("2026-02-16"))
    assert not UNKNOWN.is_workday(on("2026-02-14"))
    assert UNKNOWN.working_days_after(on("2026-02-16"), 0).provisional
