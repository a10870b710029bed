"""`hotline calendar` and `hotline check`: a clerk checks a deadline, and hears when a year is not known."""

from argparse import Namespace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from bot.checks import check
from bot.checks.account import Account
from bot.checks.check import Facts
from bot.checks.database import Found
from bot.reader import Reader, Stop
from bot.terminal import workdays
from tests.bot.written import CALENDAR, Folder, good

CHINESE, ENGLISH = Reader(), Reader("en")
TABLE = "\n[calendar.2027]\nholidays = [2027-02-08]\n"


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """Files in which all is well, but nobody has written a notice down."""
    return good(tmp_path).change("config.toml", CALENDAR, "")


def counted(
    folder: Folder, start: str, reader: Reader = CHINESE, contract: str | None = None, **count: int
) -> list[str]:
    """What the command says."""
    args = Namespace(
        start=date.fromisoformat(start), workdays=count.get("workdays"), days=count.get("days"), contract=contract
    )
    return workdays.counted(folder.load(), args, reader)


def test_working_days_are_shown_with_those_that_were_counted(folder: Folder) -> None:
    """Over a make-up Sunday and the National Day, in runs that fit on a line."""
    result, work, rest = counted(folder, "2026-09-24", workdays=4)
    assert result == "2026-09-24（周四）起 4 个工作日（当天不计）：2026-10-08（周四）"
    assert work == "计入 4 个工作日：2026-09-28（周一）至 2026-09-30（周三）、2026-10-08（周四）"
    assert rest == "跳过 10 个休息日：2026-09-25（周五）至 2026-09-27（周日）、2026-10-01（周四）至 2026-10-07（周三）"


def test_days_may_be_counted_back(folder: Folder) -> None:
    """The last day on which a notice is in time."""
    assert (
        counted(folder, "2026-10-12", workdays=-5)[0]
        == "2026-10-12（周一）前 5 个工作日（当天不计）：2026-09-29（周二）"
    )


def test_calendar_days_end_on_a_working_day_and_then_count_as_agreed(folder: Folder) -> None:
    """Fifteen days over the National Day, and the midnight after."""
    result, rest, deemed = counted(folder, "2026-09-20", days=15)
    assert result.endswith("2026-10-08（周四）")
    assert rest == "跳过 3 个休息日：2026-10-05（周一）至 2026-10-07（周三）"
    assert deemed == "期满未提出异议，自 2026-10-09（周五）00:00 起视为同意。"


def test_a_contract_may_not_roll(folder: Folder) -> None:
    """Where its profile says so the last day stays where it is; a contract that is not there is named."""
    slug = "shaoguan-command"
    assert counted(folder, "2026-09-20", contract=slug, days=15)[0].endswith("2026-10-08（周四）")
    folder.change(f"contracts/{slug}.toml", "calendar_day_roll = true", "calendar_day_roll = false")
    assert counted(folder, "2026-09-20", contract=slug, days=15)[0].endswith("2026-10-05（周一）")
    with pytest.raises(Stop, match=slug):
        counted(folder, "2026-09-20", contract="shaoguan", days=15)


def test_a_result_in_an_unknown_year_says_so(folder: Folder) -> None:
    """Until the notice is written into the configuration."""
    assert "（暂定：2027 年的放假安排还没有公布）" in counted(folder, "2027-02-05", workdays=1)[0]
    assert "provisional" in counted(folder, "2026-12-30", ENGLISH, workdays=3)[0]
    assert "provisional" not in counted(folder, "2026-12-30", ENGLISH, workdays=1)[0]
    folder.add("config.toml", TABLE)
    assert counted(folder, "2027-02-05", workdays=1)[0].endswith("2027-02-09（周二）")


@pytest.mark.parametrize(
    ("now", "years"),
    [
        ("2026-11-16T15:59:59", []),
        ("2026-11-16T16:00:00", ["2027"]),
        ("2026-12-31T15:59:59", ["2027"]),
        ("2027-01-01T00:00:00", ["2027"]),
        ("2027-11-30T00:00:00", ["2027", "2028"]),
    ],
)
def test_check_warns_of_a_year_that_is_not_known(folder: Folder, now: str, years: list[str]) -> None:
    """From 45 days before it begins in the contract's zone, and as long as it is not known."""
    facts = Facts(found=Found(), account=Account(username="weibao_bot"))
    found = check.remarks(folder.load(), facts, datetime.fromisoformat(now).replace(tzinfo=UTC))
    lines = [remark.worded(CHINESE) for remark in found if remark.key == "calendar_uncovered"]
    assert [line[:4] for line in lines] == years
    assert all("[calendar.2" in line for line in lines)


def test_check_is_content_with_a_table(folder: Folder) -> None:
    """Whoever wrote the notice down hears no more of it."""
    folder.add("config.toml", TABLE)
    facts = Facts(found=Found(), account=Account(username="weibao_bot"))
    found = check.remarks(folder.load(), facts, datetime(2026, 12, 20, tzinfo=UTC))
    assert [remark for remark in found if remark.key == "calendar_uncovered"] == []
