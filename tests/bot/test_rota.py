"""`hotline calendar import` and `export`: a rota from a phone's calendar, and the same way back."""

import io
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from icalendar import Calendar

from bot import ics
from bot.engine import lock
from bot.engine.lock import AlreadyRunning
from bot.reader import Reader, Stop
from bot.terminal import rota, sheet
from bot.terminal.inside import house_of
from desk.house import Desk
from storage import ledger, overrides, people
from storage.store import Store, Transaction
from tests.bot.written import Folder, good

CHINESE = Reader()
SLUG, ROLE = "shaoguan-command", "engineer"
NOW = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
MORE = """
[[people]]
key = "engineer-2"
name = "值班工程师乙"
telegram_id = 2012
roles = [{ contract = "shaoguan-command", role = "engineer" }]
"""
HEAD = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//somebody//ZH\r\n"
Taken = Callable[..., Any]


def event(title: str, start: str, end: str, *more: str) -> str:
    """One entry."""
    lines = ["BEGIN:VEVENT", f"UID:{abs(hash((title, start)))}", "DTSTAMP:20261101T000000Z", f"SUMMARY:{title}"]
    return "\r\n".join([*lines, f"DTSTART{start}", f"DTEND{end}", *more, "END:VEVENT", ""])


@pytest.fixture(params=["sqlite", "postgresql"])
async def folder(tmp_path: Path, request: pytest.FixtureRequest) -> Folder:
    """Files with two engineers of whom one is always on duty, and a database that the hotline has opened before."""
    folder = good(tmp_path).add("people.toml", MORE)
    if request.param == "postgresql":
        folder.add("config.toml", f'\n[storage]\nurl = "{request.getfixturevalue("postgres_url")}"\n')
    settings = folder.load()
    store = await Store.open(settings.storage_url)
    await store.migrate(NOW)

    async def begin(tx: Transaction) -> None:
        await people.upsert(tx, settings.people)
        await people.put_rosters(tx, settings.rosters)

    await store.write(begin)
    await store.close()
    return folder


@pytest.fixture
def taken(folder: Folder) -> Taken:
    """Take in a calendar of these entries."""

    async def take(*events: str, apply: bool = False, role: str = ROLE) -> list[str]:
        file = folder.path / "rota.ics"
        file.write_bytes(f"{HEAD}{''.join(events)}END:VCALENDAR\r\n".encode())
        return await rota.taken(folder.load(), file, SLUG, role, "", NOW, CHINESE, apply=apply)

    return take


async def on_duty(folder: Folder, moment: str) -> list[str]:
    """Who is on duty at a moment of the contract's time."""
    settings = folder.load()
    now = datetime.fromisoformat(f"{moment}+08:00")
    store = await Store.open(settings.storage_url)

    async def work(tx: Transaction) -> list[str]:
        return list(await Desk(tx=tx, house=house_of(settings), now=now).on_duty(SLUG, ROLE))

    try:
        return await store.read(work)
    finally:
        await store.close()


SWAP = event("值班 值班工程师乙", ";TZID=Asia/Shanghai:20261125T080000", ";TZID=Asia/Shanghai:20261126T080000")


async def test_a_rota_is_shown_before_it_is_made(folder: Folder, taken: Taken) -> None:
    """Without --apply nothing changes; with it the roster does, the ledger says so, and a second time is idle."""
    shown = await taken(SWAP)
    assert shown == [
        "2026-11-25 08:00 至 2026-11-26 08:00：值班工程师乙代值班工程师甲",
        "共 1 处改动，还没有写入。确认无误后加 --apply 写入。",
    ]
    assert await on_duty(folder, "2026-11-25T12:00") == ["engineer-1"]
    assert (await taken(SWAP, apply=True))[-1] == "已写入 1 处改动，并记入台账。"
    assert await on_duty(folder, "2026-11-25T07:59") == ["engineer-1"]
    assert await on_duty(folder, "2026-11-25T08:00") == ["engineer-2"]
    assert await on_duty(folder, "2026-11-26T08:00") == ["engineer-1"]
    assert await taken(SWAP, apply=True) == ["与值班表一致，没有改动。"]
    store = await Store.open(folder.load().storage_url)

    async def entries(tx: Transaction) -> list[Any]:
        return [(one.kind, one.data["changes"][0]["person"]) async for one in ledger.walk(tx, SLUG)]

    assert await store.read(entries) == [("roster_imported", "engineer-2")]
    [kept] = await store.read(lambda tx: overrides.valid(tx, SLUG, NOW))
    assert (kept.by, kept.why) == ("ics", "rota.ics")
    await store.close()


async def test_a_rule_is_expanded_with_its_exceptions(taken: Taken) -> None:
    """Every week but one, and one of them moved; in the contract's time, also where a time names no zone."""
    rule = ("RRULE:FREQ=WEEKLY;COUNT=4", "EXDATE:20261130T090000")
    weekly = event("engineer-2", ":20261123T090000", ":20261123T180000", *rule)
    begins = [line[:16] for line in (await taken(weekly))[:-1]]
    assert begins == ["2026-11-23 09:00", "2026-12-07 09:00", "2026-12-14 09:00"]


async def test_a_whole_day_is_the_contracts_day(taken: Taken) -> None:
    """From midnight to midnight of its own zone, and leave leaves the place to the reserve."""
    leave = event("请假：值班工程师甲", ";VALUE=DATE:20261201", ";VALUE=DATE:20261203")
    assert (await taken(leave))[0] == "2026-12-01 00:00 至 2026-12-03 00:00：值班工程师甲请假，由后备顶上"


async def test_an_attendee_may_name_the_person(taken: Taken) -> None:
    """By the name on the invitation, or by an address that begins with the key."""
    for who in ("ATTENDEE;CN=值班工程师乙:mailto:somebody@example.org", "ATTENDEE:MAILTO:engineer-2@example.org"):
        lines = await taken(event("夜班", ":20261125T000000Z", ":20261125T080000Z", who))
        assert "值班工程师乙代值班工程师甲" in lines[0]


async def test_what_is_over_changes_nothing(taken: Taken) -> None:
    """An entry of last week is history; one that runs counts from now on."""
    past = event("engineer-2", ":20261110T000000Z", ":20261111T000000Z")
    running = event("engineer-2", ":20261120T000000Z", ":20261122T000000Z")
    cancelled = event("engineer-2", ":20261225T000000Z", ":20261226T000000Z", "STATUS:CANCELLED")
    [line] = (await taken(past, running, cancelled))[:-1]
    assert line == "2026-11-21 10:00 至 2026-11-22 08:00：值班工程师乙代值班工程师甲"


@pytest.mark.parametrize(
    ("title", "sentence"),
    [
        ("值班工程师丙", "“值班工程师丙”里没有这个角色的人员（应写名称或 key）；是不是想写 值班工程师"),
        ("值班 enginer-2", "是不是想写 engineer-2？"),
        ("技术负责人", "没有这个角色的人员"),
        ("元旦", "没有这个角色的人员"),
    ],
)
async def test_somebody_unknown_is_refused_with_the_nearest_name(
    folder: Folder, taken: Taken, title: str, sentence: str
) -> None:
    """And nothing of the calendar is taken, not even what is right."""
    with pytest.raises(Stop) as refused:
        await taken(SWAP, event(title, ":20261128T000000Z", ":20261129T000000Z"), apply=True)
    assert sentence in str(refused.value)
    assert await on_duty(folder, "2026-11-25T12:00") == ["engineer-1"]


async def test_a_post_that_nobody_serves_is_refused(folder: Folder, taken: Taken) -> None:
    """A slip of the pen makes no new line of duty."""
    with pytest.raises(Stop, match="没有岗位 “video”"):
        await rota.taken(folder.load(), folder.path / "x.ics", SLUG, ROLE, "video", NOW, CHINESE, apply=False)
    with pytest.raises(Stop, match="expert 没有岗位"):
        await taken(SWAP, role="expert")


@pytest.mark.parametrize("often", ["SECONDLY", "MINUTELY", "HOURLY"])
async def test_what_would_never_end_is_refused(taken: Taken, often: str) -> None:
    """A calendar cannot keep the command busy for hours."""
    with pytest.raises(Stop, match="重复得太密"):
        await taken(event("engineer-2", ":20261125T000000Z", ":20261125T000001Z", f"RRULE:FREQ={often}"))


@pytest.mark.parametrize("content", [b"", b"not a calendar", b"BEGIN:VEVENT\r\nEND:VEVENT\r\n", b"\xff\xfe\x00"])
async def test_what_is_no_calendar_is_refused(folder: Folder, content: bytes) -> None:
    """With a sentence."""
    file = folder.path / "x.ics"
    file.write_bytes(content)
    with pytest.raises(Stop, match="不是日历文件"):
        await rota.taken(folder.load(), file, SLUG, ROLE, "", NOW, CHINESE, apply=False)
    with pytest.raises(Stop, match="无法读取"):
        await rota.taken(folder.load(), folder.path / "absent.ics", SLUG, ROLE, "", NOW, CHINESE, apply=False)
    file.write_bytes(b"x" * 1_000_001)
    with pytest.raises(Stop, match="太大"):
        await rota.taken(folder.load(), file, SLUG, ROLE, "", NOW, CHINESE, apply=False)


@pytest.mark.parametrize("folder", ["sqlite"], indirect=True)
async def test_nothing_is_written_behind_the_back_of_a_running_hotline(folder: Folder, taken: Taken) -> None:
    """It would go on with what it remembers; looking is allowed at any time."""
    database = folder.path / "hotline.db.lock"
    with lock.held(database):
        assert len(await taken(SWAP)) == 2
        with pytest.raises(AlreadyRunning):
            await taken(SWAP, apply=True)
    assert await on_duty(folder, "2026-11-25T12:00") == ["engineer-1"]


async def test_what_is_exported_can_be_taken_in(folder: Folder, taken: Taken) -> None:
    """The calendar of a contract names whoever serves, and taken in again it changes nothing."""
    await taken(SWAP, apply=True)
    exported = await sheet.drawn(folder.load(), SLUG, None, NOW, CHINESE)
    assert any(one.title.startswith("值班 SGC ") and one.title.endswith(" 值班工程师乙") for one in exported.happenings)
    file = folder.path / "back.ics"
    shifts = Calendar.from_ical(ics.written(exported))
    shifts.subcomponents = [one for one in shifts.subcomponents if str(one["SUMMARY"]).startswith("值班")]
    file.write_bytes(shifts.to_ical())
    lines = await rota.taken(folder.load(), file, SLUG, ROLE, "", NOW, CHINESE, apply=False)
    assert lines == ["与值班表一致，没有改动。"]


@pytest.mark.parametrize("folder", ["sqlite"], indirect=True)
def test_a_calendar_is_written_to_a_file_or_to_standard_output(folder: Folder) -> None:
    """Of a person or a contract; whoever is not there is named with the nearest who is."""
    file, out = folder.path / "duty.ics", io.BytesIO()
    said = sheet.written(folder.load(), None, "engineer-1", NOW, file, out, CHINESE)
    assert said[0].startswith("已写入 ") and out.getvalue() == b""
    found: Any = Calendar.from_ical(file.read_bytes())
    assert str(found["NAME"]) == "值班 值班工程师甲" and found.walk("VEVENT")
    assert sheet.written(folder.load(), None, "engineer-1", NOW, None, out, CHINESE) == []
    assert out.getvalue() == file.read_bytes()
    with pytest.raises(Stop, match="是不是想写 engineer-1"):
        sheet.written(folder.load(), None, "enginer-1", NOW, None, out, CHINESE)
    with pytest.raises(Stop, match=SLUG):
        sheet.written(folder.load(), "shaoguan", None, NOW, None, out, CHINESE)
    with pytest.raises(Stop, match="写不进去"):
        sheet.written(folder.load(), SLUG, None, NOW, folder.path / "no" / "such.ics", out, CHINESE)
