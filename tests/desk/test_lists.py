"""What people ask to see: their tickets, the open ones, one in full, who is on duty."""

import pytest

from desk import lists
from sla import events
from storage import people
from tests.desk import payloads, scenes
from tests.desk.people import ACCOUNTS
from tests.desk.room import Room


@pytest.mark.parametrize(
    ("text", "number", "rest"),
    [
        ("SGC-20261121-001", "SGC-20261121-001", ""),
        ("接单 sgc-20261121-001", "sgc-20261121-001", "接单"),
        ("请看SGC-20261121-001谢谢", "SGC-20261121-001", "请看谢谢"),
        ("20261121-001", None, "20261121-001"),
        ("", None, ""),
    ],
)
def test_a_number_is_found_among_words(text: str, number: str | None, rest: str) -> None:
    """People write the number anywhere, in capitals or not, touching Chinese words or not."""
    assert (lists.number_in(text), lists.without_number(text)) == (number, rest)


async def test_my_tickets_are_those_reported_or_handled(room: Room) -> None:
    """The newest first, each with a button that brings its card; nobody else's."""
    await room.reported()
    room.passes(minutes=1)
    await room.reported("general")
    await room.meets(2, *(step(room, "engineer-1") for step in scenes.TAKEN))
    await room.said()
    for who, numbers in (("reporter-1", ["002", "001"]), ("engineer-1", ["002"]), ("reporter-2", [])):
        await room.says(who, "/my")
        [listed] = await room.told(who)
        assert [label[-3:] for label in listed.buttons] == numbers
    await room.says("engineer-1", "/my")
    [listed] = await room.told("engineer-1")
    await room.presses("engineer-1", next(iter(listed.buttons.values())))
    assert any("到场" in one.buttons for one in await room.told("engineer-1"))


async def test_open_tickets_come_oldest_first_with_their_nearest_clock(room: Room) -> None:
    """The list names the promise that is due next, and shouts if it is late; it counts all and shows ten."""
    for _ in range(12):
        await room.reported("general")
    await room.meets(2, events.Voided(at=room.now, by="x", reason="误报"))
    await room.said()
    room.passes(minutes=11)
    await room.says("officer-1", "/open")
    [listed] = await room.told("officer-1")
    assert "（11）" in listed.text and len(listed.buttons) == 10
    assert listed.text.count("🚨响应超时") == 10 and "SGC-20261121-002" not in listed.text


async def test_one_ticket_is_shown_in_full(room: Room) -> None:
    """The whole course: card, additions, record and events, each with time and person."""
    await room.reported()
    await room.meets(1, *(step(room, "engineer-1") for step in scenes.CLOSED))
    await room.meets(1, events.Supplemented(at=room.now, by="reporter-1", text="<b>谢谢</b> {x}"))
    await room.said()
    await room.says("reporter-1", "/ticket sgc-20261121-001")
    [full] = await room.told("reporter-1")
    for words in ("<b>谢谢</b> {x}", "〔engineer-1〕接单", "〔reporter-1〕确认恢复，销障", "故障原因分析：已填"):
        assert words in full.text
    assert list(full.buttons) == ["看卡片"]


@pytest.mark.parametrize("words", ["", "abc", "001"])
async def test_a_ticket_needs_its_number(room: Room, words: str) -> None:
    """Without a number the answer shows how to write it."""
    assert (await room.says("engineer-1", f"/ticket {words}".strip())).refusal == "refuse.which_ticket"


async def test_lists_asked_for_in_a_group_come_in_private(room: Room) -> None:
    """The group learns only that the answer was sent; whoever cannot be written to is told how to change that."""
    await room.bind_group()
    await room.reported()
    await room.said()
    await room.says("engineer-1", "/open", payloads.group())
    said = await room.said()
    assert {one.chat for one in said if "SGC" in one.text} == {ACCOUNTS["engineer-1"]}
    assert [one.text for one in said if one.chat == payloads.GROUP] == ["已发到您的私聊。"]
    await room.work(lambda desk: people.set_reachable(desk.tx, "engineer-1", False, room.now))
    assert (await room.says("engineer-1", "/open", payloads.group())).refusal == "refuse.private"


async def test_who_is_on_duty(room: Room) -> None:
    """Each contract of the asker, each role, and the telephone of the hotline; an empty shift says so."""
    await room.says("reporter-1", "/duty")
    [duty] = await room.told("reporter-1")
    assert "指挥调度系统维保" in duty.text and "政务云租用" in duty.text
    assert "值班工程师：无" in duty.text and "项目经理：〔manager-1〕" in duty.text and "热线一" in duty.text


async def test_a_very_long_life_is_still_shown(room: Room) -> None:
    """Words of 4096 characters, in markup and emoji, never make a card or a list that Telegram would refuse."""
    await room.says("reporter-1", ("<&>" * 1400)[:4096])
    for number in range(3):
        room.passes(minutes=2)
        await room.says("reporter-1", "😀" * 2048 + str(number))
    await room.says("reporter-1", "/my")
    await room.says("engineer-1", "/open")
    for one in await room.said():
        assert len(one.text.encode("utf-16-le")) // 2 <= 4096
