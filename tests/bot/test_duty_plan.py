"""`hotline duty` prints the plan: the duty file, what was changed in the chat, gaps, and key periods."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot import cli
from bot.reader import Reader, Stop
from bot.terminal import duty
from sla.duty import Override
from sla.key_periods import KeyPeriod
from storage import key_periods, overrides
from storage.store import Store
from tests.bot.written import Folder, good
from tests.flows import furniture

NOW = datetime(2026, 6, 1, 2, 0, tzinfo=UTC)  # a Monday, 10:00 in Shaoguan
SLUG = "shaoguan-command"
CHINESE = Reader()
POSTS = """
[[posts]]
post = "video"
name = "视频"
role = "engineer"

[[posts]]
post = "av"
name = "音视频"
role = "engineer"
hours = "business_hours"
"""
STAFF = """
[[people]]
key = "engineer-2"
name = "值班工程师乙"
roles = [{ contract = "shaoguan-command", role = "engineer", post = "video" }]

[[rosters]]
contract = "shaoguan-command"
role = "engineer"
post = "video"
rotation = { start = 2026-01-05T08:00:00+08:00, every = "12h", people = ["engineer-1", "engineer-2"] }

[[rosters]]
contract = "shaoguan-command"
role = "engineer"
post = "av"
hours = "business_hours"
weekly = { start = 2026-01-05T08:00:00+08:00, mon = ["engineer-1"], wed = ["engineer-2"] }
"""


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """Two posts: one in turns of twelve hours, one by the day of the week."""
    folder = good(tmp_path)
    contract = furniture.CONTRACT.format(slug=SLUG, name="韶关指挥调度维保", prefix="SGC")
    folder.write(f"contracts/{SLUG}.toml", contract + POSTS)
    people = (folder.path / "people.toml").read_text(encoding="utf-8")
    plain = people.index("[[rosters]]")
    return folder.write("people.toml", people[:plain] + STAFF)


async def plan(folder: Folder, days: int = 2) -> list[str]:
    """What is printed."""
    return await duty.listed(folder.load(), SLUG, days, NOW, CHINESE)


async def test_the_plan_of_the_duty_file(folder: Folder) -> None:
    """Post by post, span by span, in the contract's own time; what is missing stands at the end."""
    assert await plan(folder) == [
        "韶关指挥调度维保（shaoguan-command）06-01 00:00–06-02 24:00",
        "视频",
        "  05-31 20:00–06-01 08:00  值班工程师乙",
        "  06-01 08:00–20:00  值班工程师甲",
        "  06-01 20:00–06-02 08:00  值班工程师乙",
        "  06-02 08:00–20:00  值班工程师甲",
        "  06-02 20:00–06-03 08:00  值班工程师乙",
        "音视频",
        "  06-01 09:00–18:00  值班工程师甲",
        "缺人 06-02 09:00–18:00 音视频：只有 0 人，应有 1 人",
    ]


async def test_changes_of_the_chat_stand_in_the_plan(folder: Folder) -> None:
    """Who stands in for whom, and the key periods that are still to come or running."""
    store = await Store.open(folder.load().storage_url)
    await store.migrate(NOW)
    start = datetime(2026, 6, 1, 0, 0, tzinfo=UTC)
    override = Override(
        contract=SLUG,
        role="engineer",
        post="video",
        start=start,
        end=start + timedelta(hours=4),
        absent="engineer-1",
        person="engineer-2",
        by="manager-1",
        at=NOW,
    )
    period = KeyPeriod(
        contract=SLUG, name="汛期", start=start, end=start + timedelta(days=3), people=2, by="officer-1", at=NOW
    )
    await store.write(lambda tx: overrides.add(tx, override))
    made = await store.write(lambda tx: key_periods.add(tx, period))
    await store.write(lambda tx: key_periods.name(tx, made.id, "engineer-1", "manager-1", NOW))
    await store.close()
    lines = await plan(folder, 1)
    assert "  06-01 08:00–12:00  值班工程师乙（替值班工程师甲）" in lines
    assert "  06-01 12:00–20:00  值班工程师甲" in lines
    assert "重保“汛期”06-01 08:00–06-04 08:00，现场 1/2 人：值班工程师甲" in lines


async def test_a_contract_that_is_not_there(folder: Folder) -> None:
    """The nearest one is named."""
    with pytest.raises(Stop, match="是不是想写 shaoguan-command"):
        await duty.listed(folder.load(), "shaoguan-comand", 7, NOW, CHINESE)


def test_the_command_prints_the_plan(folder: Folder, capsys: pytest.CaptureFixture[str]) -> None:
    """Through the command line, with a number of days that makes sense."""
    assert cli.main(["duty", "--contract", SLUG, "--days", "3", "--config", str(folder.config)]) == 0
    assert "韶关指挥调度维保（shaoguan-command）" in capsys.readouterr().out
    assert cli.main(["duty", "--contract", SLUG, "--days", "0", "--config", str(folder.config)]) == 2
    assert "1 至 62" in capsys.readouterr().err
    asyncio.set_event_loop(None)
