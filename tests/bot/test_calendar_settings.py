"""Which days are worked, as config.toml and the library have them."""

from datetime import date, timedelta
from pathlib import Path

import chinese_calendar
import pytest

from bot.config.calendar import library
from bot.config.settings import SettingsError
from tests.bot.written import CALENDAR, Folder, good
from tests.sla.test_calendar import KNOWN

on = date.fromisoformat
TABLE = "\n[calendar.2027]\nholidays = [2027-01-01, 2027-02-08, 2027-02-09]\nworkdays = [2027-02-13]\n"


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """Files in which all is well, but nobody has written a notice down."""
    return good(tmp_path).change("config.toml", CALENDAR, "")


def every_day(first: int, last: int) -> list[date]:
    """All days of these years."""
    start = date(first, 1, 1)
    return [start + timedelta(days=step) for step in range((date(last, 12, 31) - start).days + 1)]


def test_the_calendar_says_what_the_library_says_about_every_day() -> None:
    """Nine years, day by day; and not one of them is provisional."""
    calendar = library()
    days = every_day(2018, 2026)
    assert len(days) == 3287
    assert [day for day in days if calendar.is_workday(day) is not chinese_calendar.is_workday(day)] == []
    assert not any(map(calendar.is_provisional, days))


def test_the_library_agrees_with_the_notices_that_the_rules_are_tested_with() -> None:
    """Where the notices of whole years are written down by hand: 2022, 2023 without its end, and 2026."""
    days = [*every_day(2022, 2023), *every_day(2026, 2026), *(on("2025-01-01") + timedelta(n) for n in range(40))]
    calendar = library()
    assert [day for day in days if calendar.is_workday(day) is not KNOWN.is_workday(day)] == []


def test_a_year_that_the_library_does_not_know_is_no_error() -> None:
    """The library itself raises; the house goes on, and says that it is not sure."""
    with pytest.raises(NotImplementedError):
        chinese_calendar.is_workday(on("2027-02-08"))
    reckoned = library().working_days_after(on("2027-02-05"), 1)
    assert (reckoned.day, reckoned.provisional) == (on("2027-02-08"), True)


def test_a_table_makes_a_year_known(folder: Folder) -> None:
    """Its days of rest and of work count, what it forgets of the fixed holidays is a holiday all the same."""
    calendar = folder.add("config.toml", TABLE).load().calendar
    reckoned = calendar.working_days_after(on("2027-02-05"), 1)
    assert (reckoned.day, reckoned.provisional) == (on("2027-02-10"), False)
    assert calendar.is_workday(on("2027-02-13"))
    assert not calendar.is_workday(on("2027-10-01"))
    assert calendar.is_provisional(on("2028-01-03"))


def test_a_table_wins_over_the_library_day_by_day(folder: Folder) -> None:
    """A day that was changed by a later notice is changed; every other day of the year stays."""
    lines = "\n[calendar.2026]\nholidays = [2026-10-08, 2026-10-10]\nworkdays = [2026-10-07]\n"
    calendar = folder.add("config.toml", lines).load().calendar
    changed = [on("2026-10-07") + timedelta(days=step) for step in range(4)]
    assert [day.day for day in changed if calendar.is_workday(day)] == [7, 9]
    assert not calendar.is_workday(on("2026-02-17"))


@pytest.mark.parametrize(
    ("lines", "key", "reason"),
    [
        ("[calendar.2027]\nholidays = [2026-02-05]", "calendar.2027.holidays#1", "2026-02-05 不在 2027 年"),
        ("[calendar.2027]\nworkdays = [2027-02-06, 2028-02-05]", "calendar.2027.workdays#2", "不在 2027 年"),
        (
            "[calendar.2027]\nholidays = [2027-02-05]\nworkdays = [2027-02-05]",
            "calendar.2027.workdays#1",
            "同时写在 holidays 和 workdays",
        ),
        ('[calendar.2027]\nholidays = ["2027-02-05"]', "calendar.2027.holidays#1", "不加引号的日期"),
        ("[calendar.2027]\nholidays = [2027-02-05T00:00:00]", "calendar.2027.holidays#1", "不加引号的日期"),
        ("[calendar.2027]\nholidays = 2027-02-05", "calendar.2027.holidays", "列表"),
        ("[calendar.2027]\nholiday = [2027-02-05]", "calendar.2027.holiday", "是不是想写 holidays"),
        ("[calendar.2027]", "calendar.2027", "没有写任何日子"),
        ("[calendar.27]\nholidays = [2027-02-05]", "calendar.27", "应为年份"),
    ],
)
def test_a_table_is_refused_in_one_sentence(folder: Folder, lines: str, key: str, reason: str) -> None:
    """With file, key and reason."""
    with pytest.raises(SettingsError) as refused:
        folder.add("config.toml", f"\n{lines}\n").load()
    [finding] = refused.value.findings
    assert finding.file == str(folder.config)
    assert finding.key == key
    assert reason in finding.reason
