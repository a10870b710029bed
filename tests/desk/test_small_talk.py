"""A bare "thank you" after a ticket is kept with it and wakes nobody."""

import pytest

from desk.access import Act
from sla import events
from tests.desk import payloads, scenes
from tests.desk.people import ACCOUNTS, OTHER
from tests.desk.room import Room
from tests.desk.test_merged_reporters import absorbed
from tests.desk.test_telling import readers

LARGE = {"file_id": "f", "file_unique_id": "u", "width": 1, "height": 1}


async def small_talk(room: Room, number: int = 1) -> list[tuple[str, str]]:
    """Who said what in passing, by the ledger."""
    return [(entry.by, entry.data["text"]) for entry in await room.ledger(number) if entry.kind == "small_talk"]


@pytest.mark.parametrize(
    "text", ["谢谢", "谢谢！", "好的。", " 收到 ", "OK", "👌", "收到，谢谢", "Thank you!", "好的 辛苦了"]
)
async def test_thanks_open_nothing_and_page_nobody(room: Room, text: str) -> None:
    """After a ticket the words are kept in the ledger, the sender reads where, and nobody else hears of it."""
    await room.says("reporter-1", "大屏花屏")
    await room.said()
    before = await room.ticket()
    await room.says("reporter-1", text)
    assert await room.tickets() == [before]
    assert await small_talk(room) == [("reporter-1", text.strip())]
    said = await room.said()
    assert readers(said) == {"reporter-1"} and len(said) == 1
    assert before.number in said[0].text and not said[0].buttons


@pytest.mark.parametrize("ended", [scenes.CLEARED, scenes.CLOSED], ids=["signed off", "closed"])
async def test_thanks_after_the_end_belong_to_the_ticket(room: Room, ended: tuple[scenes.Step, ...]) -> None:
    """Also after the sign-off and the end, within a day, thanks open nothing."""
    await room.reported()
    await room.meets(1, *(step(room, "engineer-1") for step in ended))
    await room.said()
    room.passes(hours=23)
    await room.says("reporter-1", "谢谢")
    assert len(await room.tickets()) == 1 and await small_talk(room) == [("reporter-1", "谢谢")]


async def test_a_day_later_it_is_a_report(room: Room) -> None:
    """Twenty-four hours after the end nobody can tell what is meant: the words are taken in like any others."""
    await room.reported()
    await room.meets(1, *(step(room, "engineer-1") for step in scenes.CLOSED))
    room.passes(hours=24)
    await room.says("reporter-1", "谢谢")
    assert len(await room.tickets()) == 2


async def test_without_a_ticket_it_is_a_report(room: Room) -> None:
    """Whoever never reported anything is answered with a ticket, not with silence."""
    await room.says("reporter-1", "收到")
    assert [ticket.text for ticket in await room.tickets()] == ["收到"]


@pytest.mark.parametrize("text", ["谢谢，但是大屏又黑了", "好的，二楼也坏了", "谢谢 UPS 报警", "收到没有？"])
async def test_thanks_with_more_words_are_a_report(room: Room, text: str) -> None:
    """As soon as anything else is said, nothing of it is passed over."""
    await room.reported()
    await room.meets(1, *(step(room, "engineer-1") for step in scenes.CLOSED))
    await room.said()
    await room.says("reporter-1", text)
    assert [ticket.text for ticket in await room.tickets()][1:] == [text]
    assert await small_talk(room) == []


async def test_thanks_under_a_picture_are_a_report(room: Room) -> None:
    """A picture says more than its caption."""
    await room.reported()
    await room.meets(1, *(step(room, "engineer-1") for step in scenes.CLOSED))
    await room.says("reporter-1", caption="谢谢", photo=[LARGE])
    assert len(await room.tickets()) == 2


async def test_a_command_is_never_small_talk(room: Room) -> None:
    """Whoever writes /report means it."""
    await room.says("reporter-1", "大屏花屏")
    await room.says("reporter-1", "/report 收到")
    assert len(await room.tickets()) == 2


async def test_thanks_of_the_engineer_do_not_pause_anything(room: Room) -> None:
    """Whoever handles the ticket may thank too: nothing changes, no question is asked."""
    await room.reported()
    await room.does("engineer-1", Act.ACKNOWLEDGE)
    await room.said()
    before = await room.ticket()
    await room.says("engineer-1", "收到")
    assert await room.ticket() == before and await small_talk(room) == [("engineer-1", "收到")]


async def test_an_open_question_is_answered_first(room: Room) -> None:
    """When the desk has asked for words, “收到” are those words."""
    await room.reported()
    await room.does("engineer-1", Act.ACKNOWLEDGE)
    await room.does("engineer-1", Act.NOTE)
    await room.says("engineer-1", "收到")
    assert await small_talk(room) == []
    assert [entry.data["text"] for entry in await room.ledger() if entry.kind == "noted"] == ["收到"]


async def test_thanks_under_another_contract_are_not_of_this_one(room: Room) -> None:
    """In a group, a ticket of another contract is neither thanked for nor named."""
    await room.reported()
    await room.meets(1, *(step(room, "engineer-1") for step in scenes.CLOSED))
    await room.bind_group("joint", OTHER)
    await room.said()
    await room.says("reporter-1", "@weibao_bot 谢谢", payloads.group())
    assert await small_talk(room) == []
    assert not any("SGC" in one.text for one in await room.said() if one.chat == payloads.GROUP)


async def test_thanks_of_a_merged_reporter(room: Room) -> None:
    """Whose report was merged thanks for the ticket that went on, also after its end."""
    await room.reported()
    room.passes(minutes=1)
    await room.reported(by="reporter-2")
    await room.meets(2, events.Merged(at=room.now, by="engineer-1", into="SGC-20261121-001"))
    await room.meets(1, absorbed(room, "reporter-2"))
    await room.meets(1, *(step(room, "engineer-1") for step in scenes.CLOSED))
    await room.says("reporter-2", "谢谢")
    assert len(await room.tickets()) == 2 and await small_talk(room) == [("reporter-2", "谢谢")]
    assert any("SGC-20261121-001" in one.text for one in await room.said() if one.chat == ACCOUNTS["reporter-2"])
