"""The day that somebody typed: near days, weekdays, dates; what else was typed is left over."""

from datetime import date

import pytest

from desk.shifts import days

MONDAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("typed", "day", "rest"),
    [
        ("", None, ""),
        ("工程师乙", None, "工程师乙"),
        ("今天", date(2026, 11, 23), ""),
        ("明天 工程师乙", date(2026, 11, 24), "工程师乙"),
        ("大后天", date(2026, 11, 26), ""),
        ("后天", date(2026, 11, 25), ""),
        ("周六 工程师乙", date(2026, 11, 28), "工程师乙"),
        ("工程师乙 星期天", date(2026, 11, 29), "工程师乙"),
        ("周一", date(2026, 11, 23), ""),
        ("下周一", date(2026, 11, 30), ""),
        ("下周三", date(2026, 12, 2), ""),
        ("11-28 乙", date(2026, 11, 28), "乙"),
        ("11月28日 乙", date(2026, 11, 28), "乙"),
        ("2027-01-02", date(2027, 1, 2), ""),
        ("1月2日", date(2027, 1, 2), ""),
        ("28号", date(2026, 11, 28), ""),
        ("2号", date(2026, 12, 2), ""),
        ("31日", date(2026, 12, 31), ""),
        ("13-45", None, "13-45"),
        ("Sat engineer 2", date(2026, 11, 28), "engineer 2"),
        ("tomorrow", date(2026, 11, 24), ""),
        ("Thursday", date(2026, 11, 26), ""),
        ("saturn", None, "saturn"),
    ],
)
def test_a_day_is_read(typed: str, day: date | None, rest: str) -> None:
    """The next day of that name, today included; a day that does not exist is no day."""
    assert days.read(typed, MONDAY) == (day, rest)
