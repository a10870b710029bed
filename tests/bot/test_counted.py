"""`hotline services`, and what `hotline check` has to say about what a contract counts."""

import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from bot.checks import check
from bot.checks.account import Account
from bot.checks.check import Facts
from bot.checks.database import Found
from bot.reader import Reader, Stop
from bot.terminal import counted
from sla.services import Record, Verdict
from storage import services
from storage.store import Store
from tests.bot.written import BEGUN, CALENDAR, Folder, good

CHINESE, ENGLISH = Reader(), Reader("en")
SLUG = "shaoguan-command"
NOW = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
TRAINING = """
[[services]]
key = "training"
name = "培训"
unit = "次"
kind = "training"
count = 4
even = true
"""
DATED = f"{TRAINING}starts = 2026-02-10\nends = 2027-02-09\n"


@pytest.fixture
async def folder(tmp_path: Path) -> Folder:
    """Files in which all is well, a contract that counts nothing, and an empty database."""
    folder = good(tmp_path).change(f"contracts/{SLUG}.toml", BEGUN, "\nmonths = 12\n")
    text = (tmp_path / f"contracts/{SLUG}.toml").read_text(encoding="utf-8")
    folder.write(f"contracts/{SLUG}.toml", re.sub(r"\n\[\[services\]\][^\[]*", "\n", text))
    store = await Store.open(folder.load().storage_url)
    await store.migrate(NOW)
    await store.close()
    return folder


def remarks(folder: Folder, now: datetime = NOW) -> list[str]:
    """What `hotline check` says about services."""
    facts = Facts(found=Found(), account=Account(username="weibao_bot"))
    found = check.remarks(folder.load(), facts, now)
    return [remark.worded(CHINESE) for remark in found if remark.key.startswith("service_")]


async def test_services_are_listed_with_their_records(folder: Folder) -> None:
    """How each stands today in the contract's zone, and what was entered, refused records too."""
    settings = folder.add(f"contracts/{SLUG}.toml", DATED).load()
    done = Record(
        contract=SLUG, service="training", day=date(2026, 3, 1), amount=1, by="x", at=NOW, verdict=Verdict.CONFIRMED
    )
    store = await Store.open(settings.storage_url)
    await store.write(lambda tx: services.add(tx, done))
    await store.close()
    head, entered = await counted.listed(settings, SLUG, NOW, CHINESE)
    assert head == "培训：2026-02-10 至 2027-02-09 共 4 次，用了 1，剩余 3；到今天应完成 3；⚠ 逾期 2"
    assert entered == "  #1 培训 1 次，2026-03-01（局方已确认）"
    assert (await counted.listed(settings, SLUG, NOW, ENGLISH))[1].endswith("(confirmed by the bureau)")


@pytest.mark.parametrize(
    ("rows", "slug", "sentence"),
    [("", SLUG, "没有按次数计的服务"), (TRAINING, SLUG, "不知道从哪天起计"), (DATED, "shaoguan", SLUG)],
)
async def test_what_cannot_be_listed_is_said(folder: Folder, rows: str, slug: str, sentence: str) -> None:
    """No such contract, nothing that is counted, nobody who knows since when."""
    folder.add(f"contracts/{SLUG}.toml", rows)
    with pytest.raises(Stop, match=sentence):
        await counted.listed(folder.load(), slug, NOW, CHINESE)


def test_check_misses_the_first_day(folder: Folder) -> None:
    """A row that nobody can count is no row that is kept in silence."""
    folder.add(f"contracts/{SLUG}.toml", TRAINING)
    [line] = remarks(folder)
    assert "培训" in line and "service_start" in line
    folder.change(f"contracts/{SLUG}.toml", TRAINING, DATED)
    assert remarks(folder) == []


def test_check_says_which_reminders_hang_on_an_unknown_year(folder: Folder) -> None:
    """When the days before the next due day lie in a year that is not announced."""
    folder.add(f"contracts/{SLUG}.toml", DATED).change("config.toml", CALENDAR, "")
    assert remarks(folder, datetime(2026, 11, 21, tzinfo=UTC)) == []
    [line] = remarks(folder, datetime(2026, 12, 20, tzinfo=UTC))
    assert "培训" in line and "暂定" in line
