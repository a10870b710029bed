"""A second message while a ticket is open: kept at once, settled in one tap."""

import pytest

from sla import events
from tests.desk import payloads, scenes
from tests.desk.people import ACCOUNTS
from tests.desk.room import NOW, Room, Said


async def asked(room: Room, text: str = "二楼打印机也坏了") -> Said:
    """The question that a second message raises."""
    room.passes(minutes=5)
    await room.says("reporter-1", text)
    return next(one for one in await room.told("reporter-1") if "这是：" in one.text)


async def test_the_second_message_is_kept_and_asked_about(room: Room) -> None:
    """It belongs to the open ticket at once; one question offers that ticket, and a new one."""
    await room.says("reporter-1", "大屏花屏")
    await room.said()
    question = await asked(room)
    assert list(question.buttons) == ["同一故障 SGC-20261121-001", "新的故障"]
    assert len(await room.tickets()) == 1 and (await room.ticket()).added == 1


async def test_same_leaves_it_where_it_is(room: Room) -> None:
    """“Same fault” changes nothing but the doubt."""
    await room.says("reporter-1", "大屏花屏")
    await room.said()
    question, before = await asked(room), await room.ticket()
    answer = await room.presses("reporter-1", question.buttons["同一故障 SGC-20261121-001"])
    assert "SGC-20261121-001" in answer.text and await room.ticket() == before


async def test_new_opens_a_ticket_from_the_message_s_own_date(room: Room) -> None:
    """“New fault” opens a ticket whose promise began when the message was sent, not when the button was pressed."""
    await room.says("reporter-1", "大屏花屏")
    await room.said()
    question = await asked(room)
    sent = room.now
    room.passes(minutes=7)
    await room.presses("reporter-1", question.buttons["新的故障"])
    new = await room.ticket(2)
    assert (new.text, new.reported_at, new.received_at) == ("二楼打印机也坏了", sent, room.now)
    assert (await room.presses("reporter-1", question.buttons["新的故障"])).refusal == "refuse.settled"
    assert len(await room.tickets()) == 2


async def test_several_messages_in_a_row_raise_one_question(room: Room) -> None:
    """Within a minute only the first is asked about, and all of them go where it goes."""
    await room.says("reporter-1", "大屏花屏")
    await room.said()
    question = await asked(room, "二楼打印机坏了")
    await room.says("reporter-1", "卡纸")
    assert not any("这是：" in one.text for one in await room.told("reporter-1"))
    await room.presses("reporter-1", question.buttons["新的故障"])
    assert (await room.ticket(2)).added == 1


@pytest.mark.parametrize(
    "ended",
    [
        events.Voided(at=NOW, by="reporter-1", reason="误报"),
        events.Merged(at=NOW, by="engineer-1", into="SGC-20261121-000"),
    ],
    ids=["voided", "merged"],
)
async def test_the_ticket_may_have_ended_meanwhile(room: Room, ended: events.Fact) -> None:
    """If the first ticket was voided or merged before the tap, “new fault” still opens the new ticket."""
    await room.says("reporter-1", "大屏花屏")
    await room.said()
    question = await asked(room)
    await room.meets(1, ended)
    answer = await room.presses("reporter-1", question.buttons["新的故障"])
    assert (answer.refusal, (await room.ticket(2)).text) == ("", "二楼打印机也坏了")


async def test_a_choice_that_has_ended_is_settled(room: Room) -> None:
    """“Same fault” for a ticket that is void by now is answered in a sentence, and the message stays where it is."""
    await room.says("reporter-1", "大屏花屏")
    room.passes(minutes=1)
    await room.says("reporter-1", "/report 音响无声")
    await room.said()
    question = await asked(room, "还是坏的")
    await room.meets(1, events.Voided(at=room.now, by="reporter-1", reason="误报"))
    answer = await room.presses("reporter-1", question.buttons["同一故障 SGC-20261121-001"])
    assert answer.refusal == "refuse.settled"
    assert (await room.ticket(2)).added == 1


async def test_the_question_is_the_asked_person_s(room: Room) -> None:
    """Nobody else's tap settles it, not even with the data copied."""
    await room.says("reporter-1", "大屏花屏")
    await room.said()
    question = await asked(room)
    for who in ("engineer-1", "reporter-2", "cloud-1"):
        chat = payloads.private(ACCOUNTS["reporter-1"])
        answer = await room.presses(who, question.buttons["新的故障"], chat)
        assert answer.refusal == "refuse.button"
    assert len(await room.tickets()) == 1


async def test_a_reply_needs_no_question(room: Room) -> None:
    """A reply to the ticket's card belongs to that ticket."""
    await room.says("reporter-1", "大屏花屏")
    card = next(one for one in await room.told("reporter-1"))
    assert card.letter.ticket_id == 1
    replied = payloads.message(payloads.BOT_ID, room.now, "卡片", payloads.private(ACCOUNTS["reporter-1"]))
    replied |= {"message_id": room.last_message}
    for number in range(room.last_message - 10, room.last_message + 1):
        await room.says("reporter-1", "补充", reply_to_message=replied | {"message_id": number})
    assert len(await room.tickets()) == 1


async def test_a_closed_ticket_takes_no_more_reports(room: Room) -> None:
    """After the end the next words open a new ticket without any question."""
    await room.reported()
    await room.meets(1, *(step(room, "engineer-1") for step in scenes.CLOSED))
    await room.said()
    await room.says("reporter-1", "大屏又黑屏了")
    assert len(await room.tickets()) == 2


async def test_an_engineer_s_word_about_the_own_work_is_asked_about_too(room: Room) -> None:
    """Whoever handles one ticket and writes is asked, and is offered that ticket."""
    await room.reported()
    await room.meets(1, *(step(room, "engineer-1") for step in scenes.TAKEN))
    await room.said()
    await room.says("engineer-1", "机房温度过高")
    assert any("同一故障 SGC-20261121-001" in one.buttons for one in await room.told("engineer-1"))
