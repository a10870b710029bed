"""Who is told what: by the roster of the moment, once in each chat, and never into the void."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from desk.access import Act
from sla import events
from sla.roster import Hours, Roster, Rotation
from storage import people
from storage.ledger import LedgerEntry
from tests.desk import payloads, scenes
from tests.desk.people import ACCOUNTS, COMMAND_HALL, MINE, contract, house
from tests.desk.people import people as everybody
from tests.desk.room import NOW, Room, Said

CHINA = ZoneInfo("Asia/Shanghai")
TURNS_AT_EIGHT = datetime(2026, 1, 5, 8, tzinfo=CHINA)


async def on_duty(room: Room, *keys: str, hours: Hours = Hours.ALWAYS) -> None:
    """These take turns of a day each."""
    rotation = Rotation.of(TURNS_AT_EIGHT, timedelta(days=1), keys)
    roster = Roster(contract=MINE, role="engineer", hours=hours, rotation=rotation)
    await room.work(lambda desk: people.put_rosters(desk.tx, [roster]))


async def cannot_reach(room: Room, *keys: str) -> None:
    """These have blocked the bot, or never pressed Start."""
    for key in keys:
        await room.work(lambda desk, key=key: people.set_reachable(desk.tx, key, False, room.now))  # type: ignore[misc]


async def rings(room: Room, **span: float) -> list[Said]:
    """Time passes, every alarm that is due by then rings, and what it says arrives."""
    room.passes(**span)
    while await room.rings():
        pass
    return await room.said()


def readers(said: list[Said]) -> set[str]:
    """Who was told."""
    names = {account: key for key, account in ACCOUNTS.items()}
    return {names.get(one.chat, str(one.chat)) for one in said}


async def entries(room: Room, kind: str) -> list[LedgerEntry]:
    """The ledger's entries of one kind about the first ticket."""
    return [entry for entry in await room.ledger() if entry.kind == kind]


@pytest.mark.parametrize(
    ("when", "first", "second"),
    [
        (datetime(2026, 11, 21, 7, 59, 59, tzinfo=CHINA), "engineer-1", "engineer-2"),
        (datetime(2026, 11, 21, 8, 0, 0, tzinfo=CHINA), "engineer-2", "engineer-1"),
    ],
)
async def test_the_page_goes_to_whoever_is_on_duty_at_that_second(
    room: Room, when: datetime, first: str, second: str
) -> None:
    """The turn changes at eight sharp: a second earlier the one is paged, from that second on the other."""
    turns = ["engineer-1", "engineer-2"]
    days = (datetime(2026, 11, 20, 8, tzinfo=CHINA) - TURNS_AT_EIGHT).days
    await on_duty(room, *(turns if days % 2 == 0 else turns[::-1]))
    room.now = when
    await room.says("reporter-1", "指挥大厅瘫痪")
    paged = readers(await room.said())
    assert first in paged and second not in paged
    assert {"lead-1", "officer-1"} <= paged


async def test_nobody_on_the_roster_means_everybody_of_the_role(room: Room) -> None:
    """Outside the hours of the roster the page goes to all engineers instead of to nobody."""
    await on_duty(room, "engineer-1", hours=Hours.BUSINESS_HOURS)
    await room.says("reporter-1", "大屏花屏")
    assert {"engineer-1", "engineer-2", "both-1"} <= readers(await room.said())


async def test_somebody_who_left_is_not_paged(room: Room) -> None:
    """A roster that still names a person who left leads on to the next step at once, not into the void."""
    await on_duty(room, "left-1")
    await cannot_reach(room, "lead-1")
    await room.says("reporter-1", "大屏花屏")
    said = await room.said()
    assert "left-1" not in readers(said)
    assert any("呼叫不到" in one.text for one in said if one.chat == ACCOUNTS["manager-1"])


async def test_one_person_gets_one_message_about_one_thing(room: Room) -> None:
    """Whoever is meant by two notices of one event is told once, by the first."""
    await room.work(lambda desk: people.put_rosters(desk.tx, []))
    await room.says("reporter-1", "大屏瘫痪")  # both-1 is an engineer to page and an officer to report to
    said = await room.said()
    assert [one.chat for one in said].count(ACCOUNTS["both-1"]) == 1
    told = [entry.data for entry in await entries(room, "told")]
    assert sum("both-1" in entry["to"] for entry in told) == 1


async def test_the_doer_is_not_told_of_the_own_deed(room: Room) -> None:
    """A reporter who adds something, pauses or is answered by the card does not get a notice of it as well."""
    await room.reported()
    await room.meets(1, *(step(room, "engineer-1") for step in scenes.TAKEN))
    await room.said()
    await room.meets(1, events.Noted(at=room.now, by="reporter-1", text="进展"))
    assert "reporter-1" not in readers(await room.said())
    await room.meets(1, events.Noted(at=room.now, by="engineer-1", text="进展"))
    assert "reporter-1" in readers(await room.said())


async def test_an_unreachable_step_is_skipped_at_once(room: Room) -> None:
    """If nobody of the page can be reached, the manager is told in the same moment, with buttons, and the admin too."""
    await cannot_reach(room, "engineer-1", "engineer-2", "both-1", "lead-1")
    await room.says("reporter-1", "大屏花屏")
    said = await room.said()
    manager = next(one for one in said if one.chat == ACCOUNTS["manager-1"])
    assert "呼叫不到" in manager.text and "接单" in manager.buttons
    assert any("联系不上" in one.text for one in said if one.chat == ACCOUNTS["admin-1"])
    [entry] = await entries(room, "next_step")
    assert entry.data["to"] == ["project_manager"]
    assert set((await entries(room, "told"))[0].data["unreached"]) >= {"engineer-1", "lead-1"}


async def test_one_unreachable_person_of_several_is_reported_to_the_admin(room: Room) -> None:
    """The page goes to those who can be reached; who cannot is named to the admin, and the manager sleeps on."""
    await cannot_reach(room, "engineer-1")
    await room.says("reporter-1", "大屏花屏")
    said = await room.said()
    assert "engineer-2" in readers(said) and "manager-1" not in readers(said)
    assert any("〔engineer-1〕" in one.text for one in said if one.chat == ACCOUNTS["admin-1"])


async def test_an_empty_step_is_skipped_and_reported(room: Room) -> None:
    """A contract whose next step has nobody tells the step after it, and says so in words that can be read."""
    escalation = {"page": ["expert"], "on_breach": ["project_manager"], "repeat_every": "5m"}
    room.house = house({MINE: contract(COMMAND_HALL, escalation=escalation)})
    await room.work(lambda desk: people.upsert(desk.tx, [one for one in everybody() if one.key != "expert-1"]))
    await room.says("reporter-1", "大屏花屏")
    said = await room.said()
    assert "manager-1" in readers(said)
    for one in said:
        if one.chat in (ACCOUNTS["manager-1"], ACCOUNTS["admin-1"]):
            assert "值班人员" in one.text, one.text


async def test_an_unanswered_report_climbs_to_the_officer_who_can_take_it(room: Room) -> None:
    """Nobody answers: the manager is called, again every five minutes, then the officer too, who can stop the calls."""
    await room.reported("general")
    await room.said()
    await rings(room, minutes=9)
    said = await rings(room, minutes=1, seconds=1)
    assert {"manager-1"} <= readers([one for one in said if "请接手" in one.text])
    manager = next(one for one in said if one.chat == ACCOUNTS["manager-1"] and "请接手" in one.text)
    assert list(manager.buttons) == ["接单"]
    for count in (2, 3):
        said = await rings(room, minutes=5)
        assert readers([one for one in said if f"第 {count} 次呼叫" in one.text]) == {"manager-1"}
    said = await rings(room, minutes=5)
    officer = next(one for one in said if one.chat == ACCOUNTS["officer-1"] and "第 4 次呼叫" in one.text)
    assert list(officer.buttons) == ["接手督办"]
    assert (await room.presses("officer-1", officer.buttons["接手督办"])).refusal == ""
    assert not any("次呼叫" in one.text for one in await rings(room, minutes=30))


async def test_those_who_were_called_hear_that_it_is_over(room: Room) -> None:
    """When the call has been answered, everybody it was made to is told who answered; the one who did is not."""
    await room.reported("general")
    await rings(room, minutes=11)
    await room.does("engineer-1", Act.ACKNOWLEDGE)
    said = await room.said()
    assert any("呼叫停止" in one.text for one in said if one.chat == ACCOUNTS["manager-1"])


async def test_a_group_s_report_is_answered_in_the_group(room: Room) -> None:
    """What came from a group is answered where it was asked, on one card for all."""
    await room.bind_group("bureau")
    await room.says("reporter-1", "/report 大屏花屏", payloads.group())
    await room.said()
    await room.does("engineer-1", Act.ACKNOWLEDGE)
    said = await room.said()
    assert any("已由〔engineer-1〕接单" in one.text for one in said if one.chat == payloads.GROUP)
    assert "reporter-1" not in readers(said)


async def test_an_answered_consultation_can_be_rated(room: Room) -> None:
    """The answer reaches the asker once, with the buttons of the follow-up under it."""
    await room.reported("consultation")
    await room.said()
    await room.meets(1, events.Answered(at=room.now, by="expert-1", text="按右键"))
    answers = [one for one in await room.told("reporter-1") if "按右键" in one.text and one.letter.purpose != "card"]
    assert len(answers) == 1
    assert set(answers[0].buttons) == {"满意", "不满意"}


async def test_minimal_messages_say_nothing_of_what_was_said(room: Room) -> None:
    """With minimal detail no text of a person leaves the house: number, level and deadlines only."""
    room.house = house(minimal=True)
    await room.says("reporter-1", "三楼会商室大屏花屏")
    await room.does("engineer-1", Act.ACKNOWLEDGE)
    await room.meets(1, events.Supplemented(at=room.now, by="reporter-1", text="还有二号屏"))
    await room.meets(1, events.PauseAsked(at=room.now, by="engineer-1", reason="等二号屏备件"))
    said = [one for one in await room.said() if one.letter.purpose != "commands"]
    assert said and not any("会商室" in one.text or "二号屏" in one.text for one in said)


async def test_a_reader_is_told_in_their_own_language(room: Room) -> None:
    """Two people read the same notice in two languages."""
    await room.work(lambda desk: people.set_language(desk.tx, "lead-1", "en"))
    await room.says("reporter-1", "大屏花屏")
    said = await room.said()
    assert any(
        "General fault" in one.text and "Acknowledge" in one.buttons for one in said if one.chat == ACCOUNTS["lead-1"]
    )
    assert any("一般故障" in one.text for one in said if one.chat == ACCOUNTS["engineer-1"])


async def test_a_contract_that_is_not_served_holds_up_nobody(room: Room) -> None:
    """A ticket whose contract is no longer served does not keep the clocks of other tickets from ringing."""
    await room.reported("general")
    room.passes(minutes=1)
    served = await room.reported("normal", "gov-cloud")
    await room.said()
    room.house = type(room.house)(
        contracts={"gov-cloud": room.house.contracts["gov-cloud"]}, words=room.house.words, language="zh-CN"
    )
    room.now = NOW + timedelta(hours=1)
    while await room.rings():
        pass
    assert any(entry.kind == "breached" for entry in await room.ledger(served.id))
