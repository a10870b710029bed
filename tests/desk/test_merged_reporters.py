"""Whoever reported a fault that was merged into an earlier one stays a reporter of it, and stays told."""

import pytest

from desk.access import Act
from sla import events
from sla.ticket import Stage
from tests.desk import payloads, scenes
from tests.desk.people import ACCOUNTS, OTHER
from tests.desk.room import Room
from tests.desk.test_telling import readers


def absorbed(room: Room, reporter: str) -> events.Absorbed:
    """The second ticket is merged into the first."""
    number = "SGC-20261121-002"
    return events.Absorbed(at=room.now, by="engineer-1", number=number, text="", level="general", reporter=reporter)


async def merged(room: Room, second: str = "reporter-2") -> None:
    """The second report is the same fault as the first, which goes on for both."""
    await room.reported("general")
    room.passes(minutes=1)
    await room.reported("general", by=second)
    await room.does("engineer-1", Act.MERGE, 2)
    [menu] = [one for one in await room.told("engineer-1") if "同一故障" in one.text]
    assert (await room.presses("engineer-1", next(iter(menu.buttons.values())))).refusal == ""
    await room.said()


async def test_both_are_reporters(room: Room) -> None:
    """The earlier ticket knows both; the one who reported it first stays its reporter."""
    await merged(room)
    ticket = await room.ticket()
    assert (ticket.reporter, ticket.also_reported_by) == ("reporter-1", ("reporter-2",))
    assert ticket.reporters == ("reporter-1", "reporter-2")


async def test_one_person_twice_is_one_reporter(room: Room) -> None:
    """Whoever reported the same fault twice is told once."""
    await merged(room, "reporter-1")
    assert (await room.ticket()).reporters == ("reporter-1",)


async def test_both_stay_told(room: Room) -> None:
    """Who took it and who arrived is said to both reporters, each in their own chat."""
    await merged(room)
    await room.does("engineer-1", Act.ACKNOWLEDGE)
    await room.does("engineer-1", Act.ARRIVE)
    said = await room.said()
    for words in ("接单", "到场"):
        told = [one for one in said if words in one.text and one.letter.purpose in ("taken", "arrived")]
        assert {"reporter-1", "reporter-2"} <= readers(told), words


async def test_the_later_reporter_may_do_the_recovery_test(room: Room) -> None:
    """Both are asked for the test with its buttons; the later one signs off, and both may rate."""
    await merged(room)
    await room.meets(1, *(step(room, "engineer-1") for step in scenes.UNDER_TEST))
    [asked] = [one for one in await room.told("reporter-2") if one.letter.purpose == "test"]
    assert (await room.presses("reporter-2", asked.buttons["已恢复，销障"])).refusal == ""
    assert (await room.ticket()).cleared_by == "reporter-2"
    await room.meets(1, *(step(room, "engineer-1") for step in scenes.CLOSED[len(scenes.CLEARED) :]))
    assert (await room.does("reporter-2", Act.SATISFIED)).refusal == ""


async def test_the_later_reporter_may_look(room: Room) -> None:
    """/ticket shows the earlier ticket and its card to the later reporter, and still to no other one."""
    await merged(room)
    number = (await room.ticket()).number
    assert (await room.says("reporter-2", f"/ticket {number}")).refusal == ""
    [full] = [one for one in await room.told("reporter-2") if number in one.text]
    assert (await room.presses("reporter-2", full.buttons["看卡片"])).refusal == ""
    await room.reported("general")
    assert (await room.says("reporter-2", "/ticket SGC-20261121-003")).refusal == "refuse.absent"


async def test_the_later_reporter_is_asked_whether_it_is_the_same(room: Room) -> None:
    """What the later reporter writes next is kept with the earlier ticket, and asked about like anybody's words."""
    await merged(room)
    room.passes(minutes=5)
    await room.says("reporter-2", "现在声音也没有了")
    [question] = [one for one in await room.told("reporter-2") if "这是：" in one.text]
    assert list(question.buttons) == ["同一故障 SGC-20261121-001", "新的故障"]
    assert (await room.ticket()).added == 1 and len(await room.tickets()) == 2


async def test_a_merged_report_means_nothing_under_another_contract(room: Room) -> None:
    """In the group of another contract the later reporter's words open a ticket there, without any question."""
    await room.reported("general", by="reporter-2")
    room.passes(minutes=1)
    await room.reported("general")
    await room.meets(2, events.Merged(at=room.now, by="engineer-1", into="SGC-20261121-001"))
    await room.meets(1, absorbed(room, "reporter-1"))
    await room.bind_group("joint", OTHER)
    await room.says("reporter-1", "@weibao_bot 云主机连不上", payloads.group())
    assert [ticket.contract for ticket in await room.tickets()][2:] == [OTHER]


@pytest.mark.parametrize("ended", [scenes.CLEARED, scenes.CLOSED], ids=["signed off", "closed"])
async def test_after_the_end_the_later_reporter_opens_a_new_ticket(room: Room, ended: tuple[scenes.Step, ...]) -> None:
    """A fault that was signed off is over for both of its reporters."""
    await merged(room)
    await room.meets(1, *(step(room, "engineer-1") for step in ended))
    await room.said()
    await room.says("reporter-2", "大屏又黑屏了")
    assert len(await room.tickets()) == 3


async def test_a_chain_of_merges_loses_nobody(room: Room) -> None:
    """A ticket that had taken in another one is merged itself: the reporters of all three stay told."""
    await room.reported("general")
    room.passes(minutes=1)
    await room.reported("general", by="reporter-2")
    room.passes(minutes=1)
    await room.reported("general", by="desk-1")
    for late, early in ((3, 2), (2, 1)):
        await room.does("engineer-1", Act.MERGE, late)
        menu = [one for one in await room.told("engineer-1") if "与哪一单是同一故障" in one.text][-1]
        data = next(data for label, data in menu.buttons.items() if f"-00{early}" in label)
        assert (await room.presses("engineer-1", data)).refusal == ""
    assert (await room.ticket()).reporters == ("reporter-1", "reporter-2", "desk-1")
    room.passes(minutes=5)
    await room.says("desk-1", "还是黑的")
    assert (await room.ticket()).added == 1


async def test_in_a_group_the_later_reporter_is_told_in_private(room: Room) -> None:
    """The group that asked is answered in the group; whoever reported the same in private is answered there."""
    await room.bind_group("bureau")
    await room.says("reporter-1", "/report 大屏花屏", payloads.group())
    room.passes(minutes=1)
    await room.says("reporter-2", "大屏花屏")
    await room.meets(1, absorbed(room, "reporter-2"))
    await room.said()
    await room.does("engineer-1", Act.ACKNOWLEDGE)
    told = {one.chat for one in await room.said() if one.letter.purpose == "taken"}
    assert told == {payloads.GROUP, ACCOUNTS["reporter-2"]}
    assert (await room.ticket()).stage is Stage.ACKNOWLEDGED
