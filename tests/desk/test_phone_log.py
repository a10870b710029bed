"""/log: a telephone call is entered with its own time, and the promise is counted from there."""

from datetime import UTC, datetime, timedelta

import pytest

from storage import people
from storage.people import Person, RoleHeld
from tests.desk import payloads
from tests.desk.people import ACCOUNTS, MINE, OTHER
from tests.desk.people import people as everybody
from tests.desk.room import NOW, Room

YESTERDAY_0215 = datetime(2026, 11, 19, 18, 15, tzinfo=UTC)
YESTERDAY_2330 = datetime(2026, 11, 20, 15, 30, tzinfo=UTC)
TODAY_0215 = datetime(2026, 11, 20, 18, 15, tzinfo=UTC)  # 02:15 of the 21st in the contract's zone


@pytest.mark.parametrize(
    ("words", "at", "text"),
    [
        ("02:15 三楼大屏花屏", TODAY_0215, "三楼大屏花屏"),
        ("2:15 三楼大屏花屏", TODAY_0215, "三楼大屏花屏"),
        ("02：15 三楼大屏花屏", TODAY_0215, "三楼大屏花屏"),
        ("02:15三楼大屏花屏", TODAY_0215, "三楼大屏花屏"),
        ("02:15，三楼大屏花屏", TODAY_0215, "，三楼大屏花屏"),
        ("23:30 三楼大屏花屏", YESTERDAY_2330, "三楼大屏花屏"),
        ("2026-11-20 23:30 三楼大屏花屏", YESTERDAY_2330, "三楼大屏花屏"),
        ("2026-11-20T23:30三楼大屏花屏", YESTERDAY_2330, "三楼大屏花屏"),
        ("10:30 刚来电", NOW, "刚来电"),
        ("昨天02:15 三楼大屏花屏", YESTERDAY_0215, "三楼大屏花屏"),
        ("昨天 02:15三楼大屏花屏", YESTERDAY_0215, "三楼大屏花屏"),
        ("昨日23：30，三楼大屏花屏", YESTERDAY_2330, "，三楼大屏花屏"),
        ("今天02:15三楼大屏花屏", TODAY_0215, "三楼大屏花屏"),
        ("yesterday 23:30 wall is dark", YESTERDAY_2330, "wall is dark"),
        ("刚刚 三楼大屏花屏", NOW, "三楼大屏花屏"),
        ("刚刚，三楼大屏花屏", NOW, "三楼大屏花屏"),
        ("现在三楼大屏花屏", NOW, "三楼大屏花屏"),
        ("now: wall is dark", NOW, "wall is dark"),
        ("nowhere is sound", NOW, "nowhere is sound"),
        ("三楼刚刚黑屏", NOW, "三楼刚刚黑屏"),
        ("三楼大屏花屏", NOW, "三楼大屏花屏"),
        ("三楼大屏 02:15 起黑屏", NOW, "三楼大屏 02:15 起黑屏"),
    ],
)
async def test_a_call_in_one_line(room: Room, words: str, at: datetime, text: str) -> None:
    """Time and words in one line open a ticket at once; without a day it is the last time the clock showed that."""
    assert (await room.says("desk-1", f"/log {words}")).refusal == ""
    [ticket] = await room.tickets()
    assert (ticket.reported_at, ticket.text, ticket.channel) == (at, text, "phone")
    assert (ticket.reporter, ticket.received_at) == ("desk-1", NOW)


@pytest.mark.parametrize(
    ("words", "refusal"),
    [
        ("25:99 三楼大屏花屏", "log.not_a_time"),
        ("24:00 三楼大屏花屏", "log.not_a_time"),
        ("2026-02-30 10:00 三楼大屏花屏", "log.not_a_time"),
        ("2026-11-21 10:31 三楼大屏花屏", "log.future"),
        ("2027-01-01 00:00 三楼大屏花屏", "log.future"),
        ("今天23:30 三楼大屏花屏", "log.future"),
        ("昨天24:00 三楼大屏花屏", "log.not_a_time"),
        ("2026-10-21 10:29 三楼大屏花屏", "log.too_old"),
        ("0001-01-01 00:00 三楼大屏花屏", "log.too_old"),
    ],
)
async def test_a_time_that_cannot_be_is_refused(room: Room, words: str, refusal: str) -> None:
    """A time that no clock shows, one to come, and one too long ago each get their own sentence, and open nothing."""
    assert (await room.says("desk-1", f"/log {words}")).refusal == refusal
    assert await room.tickets() == []


async def test_31_days_are_just_not_too_old(room: Room) -> None:
    """The oldest call that can be entered is 31 days old to the minute."""
    await room.says("desk-1", "/log 2026-10-21 10:30 大屏花屏")
    assert (await room.ticket()).reported_at == NOW - timedelta(days=31)


@pytest.mark.parametrize(
    ("answer", "at"), [("02:15", TODAY_0215), ("昨天02:15", YESTERDAY_0215), ("刚刚", NOW), ("now", NOW)]
)
async def test_a_call_in_two_steps(room: Room, answer: str, at: datetime) -> None:
    """Without words the desk is asked for the time, then for the words; a slip is asked again, nothing is lost."""
    await room.says("desk-1", "/log")
    assert "来电时间" in (await room.told("desk-1"))[0].text
    assert (await room.says("desk-1", "不知道")).refusal == "log.not_a_time"
    assert (await room.says("desk-1", "25:99")).refusal == "log.not_a_time"
    assert (await room.says("desk-1", answer)).refusal == ""
    room.passes(minutes=2)
    await room.says("desk-1", "应急局来电：大屏花屏")
    [ticket] = await room.tickets()
    assert (ticket.reported_at, ticket.text, ticket.received_at) == (at, "应急局来电：大屏花屏", room.now)


@pytest.mark.parametrize(("words", "at"), [("刚刚", NOW), ("now", NOW), ("昨天02:15", YESTERDAY_0215)])
async def test_a_time_alone_is_followed_by_the_question_for_the_words(room: Room, words: str, at: datetime) -> None:
    """“/log 刚刚” opens nothing yet: the time is kept, and the desk is asked what was said."""
    await room.says("desk-1", f"/log {words}")
    assert await room.tickets() == [] and "来电说了什么" in (await room.told("desk-1"))[0].text
    room.passes(minutes=3)
    await room.says("desk-1", "大屏花屏")
    [ticket] = await room.tickets()
    assert (ticket.reported_at, ticket.text) == (at, "大屏花屏")


async def test_in_a_group_the_questions_come_in_private(room: Room) -> None:
    """Plain answers in a group are not heard: the desk asks in private, and the call is of the group's contract."""
    await room.bind_group("joint")
    await room.says("desk-1", "/log", payloads.group())
    said = await room.said()
    assert [one.chat for one in said if "来电时间" in one.text] == [ACCOUNTS["desk-1"]]
    assert not any(one.chat == payloads.GROUP for one in said)
    await room.says("desk-1", "02:15")
    await room.says("desk-1", "大屏花屏")
    [ticket] = await room.tickets()
    assert (ticket.contract, ticket.reported_at, ticket.channel) == (MINE, TODAY_0215, "phone")


async def test_a_desk_that_cannot_be_written_to_is_told_in_the_group(room: Room) -> None:
    """Nothing is asked into the void; a call in one line is entered all the same."""
    await room.bind_group("joint")
    await room.work(lambda desk: people.set_reachable(desk.tx, "desk-1", False, room.now))
    assert (await room.says("desk-1", "/log", payloads.group())).refusal == "refuse.private"
    assert (await room.says("desk-1", "/log 02:15 大屏花屏", payloads.group())).refusal == ""
    assert len(await room.tickets()) == 1


async def test_a_call_can_be_put_away(room: Room) -> None:
    """After /cancel the next words are an ordinary report of now."""
    await room.says("desk-1", "/log 02:15")
    await room.says("desk-1", "/cancel")
    await room.says("desk-1", "大屏花屏")
    [ticket] = await room.tickets()
    assert (ticket.reported_at, ticket.channel) == (NOW, "private")


async def test_a_question_that_nobody_answered_is_forgotten(room: Room) -> None:
    """Half an hour after the question, what is typed is a report of its own."""
    await room.says("desk-1", "/log 02:15")
    room.passes(minutes=30, seconds=1)
    await room.says("desk-1", "大屏花屏")
    assert (await room.ticket()).channel == "private"


async def test_an_old_call_is_born_late(room: Room) -> None:
    """The response promise of a call of 02:15 ran out at 02:25, however late it is entered."""
    await room.says("desk-1", "/log 02:15 大屏花屏")
    card = next(one for one in await room.told("desk-1") if "SGC" in one.text)
    assert "响应：应于 02:25:00 前，已超时" in card.text
    assert "报障：〔desk-1〕，02:15:00（电话）" in card.text


async def test_a_call_is_entered_where_the_person_is_the_desk(room: Room) -> None:
    """Whoever is the service desk of one contract and a reporter of another enters calls for the first."""
    twofold = Person(
        key="desk-2",
        name="服务台",
        telegram_id=42,
        roles=(RoleHeld(contract=OTHER, role="reporter"), RoleHeld(contract=MINE, role="service_desk")),
    )
    await room.work(lambda desk: people.upsert(desk.tx, [*everybody(), twofold]))
    await room.hears(payloads.written(payloads.message(42, NOW, "/log 02:15 大屏花屏")))
    [ticket] = await room.tickets()
    assert ticket.contract == MINE


async def test_calls_are_entered_in_the_group_of_the_own_contract_only(room: Room) -> None:
    """The service desk of another contract opens nothing in this contract's group."""
    await room.bind_group("joint")
    answer = await room.says("cloud-1", "/log 02:15 大屏花屏", payloads.group())
    assert answer.refusal and await room.tickets() == []


async def test_whoever_entered_a_call_can_move_it_to_another_contract(room: Room) -> None:
    """The card of an entered call carries a move button only for contracts of the desk, and it works."""
    twofold = Person(
        key="desk-2",
        name="服务台",
        telegram_id=42,
        roles=(RoleHeld(contract=MINE, role="service_desk"), RoleHeld(contract=OTHER, role="service_desk")),
    )
    await room.work(lambda desk: people.upsert(desk.tx, [*everybody(), twofold]))
    await room.hears(payloads.written(payloads.message(42, NOW, "/log 02:15 大屏花屏")))
    card = next(one for one in await room.said() if one.chat == 42 and "SGC" in one.text)
    [label] = [label for label in card.buttons if label.startswith("改到")]
    assert (await room.hears(payloads.pressed(42, card.buttons[label], NOW))).refusal == ""
    assert [ticket.contract for ticket in await room.tickets()] == [MINE, OTHER]
    moved = await room.ticket(2)
    assert moved.reported_at == TODAY_0215 and not (await room.ticket(1)).is_open
