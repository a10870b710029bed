"""Presses: judged by ticket and version, whatever message they came from."""

import asyncio

import pytest

from desk import buttons
from desk.access import Act
from sla import events
from sla.ticket import Stage
from tests.desk import payloads, scenes
from tests.desk.people import ACCOUNTS, OTHER
from tests.desk.room import Room


async def test_an_inaccessible_message_still_counts(room: Room) -> None:
    """Telegram may not show the message of an old card: its chat is enough."""
    ticket = await room.reported()
    gone = {"message_id": 7, "date": 0, "chat": payloads.private(ACCOUNTS["engineer-1"])}
    data = buttons.data_of(ticket, Act.ACKNOWLEDGE)
    answer = await room.hears(payloads.pressed(ACCOUNTS["engineer-1"], data, room.now, message=gone))
    assert answer.text == "已接单：SGC-20261121-001" and not (answer.toast and answer.toast.alert)
    assert (await room.ticket()).stage is Stage.ACKNOWLEDGED


async def test_two_press_at_once(room: Room) -> None:
    """One of two engineers gets the ticket; the other one reads who has it, and nothing else happens."""
    ticket = await room.reported()
    data = buttons.data_of(ticket, Act.ACKNOWLEDGE)
    answers = await asyncio.gather(*(room.presses(who, data) for who in ("engineer-1", "engineer-2")))
    winner = (await room.ticket()).handler
    assert sorted(answer.refusal for answer in answers) == ["", "illegal.taken"]
    assert next(answer.text for answer in answers if answer.refusal) == f"{ticket.number} 已由〔{winner}〕接单。"
    assert [entry.kind for entry in await room.ledger()].count("acknowledged") == 1


async def test_the_same_press_twice(room: Room) -> None:
    """A second tap of the winner says that it is theirs already."""
    ticket = await room.reported()
    data = buttons.data_of(ticket, Act.ACKNOWLEDGE)
    await room.presses("engineer-1", data)
    assert (await room.presses("engineer-1", data)).text == f"{ticket.number} 您已接单。"


async def test_a_button_of_an_earlier_round_is_answered_with_a_new_card(room: Room) -> None:
    """“Recovered” pressed on the card of the first repair does not sign off the second: the newest card comes."""
    await room.reported()
    ticket = await room.meets(1, *(step(room, "engineer-1") for step in scenes.UNDER_TEST))
    old = buttons.data_of(ticket, Act.CONFIRM)
    await room.meets(1, events.RecoveryRejected(at=room.now, by="reporter-1"))
    await room.meets(1, events.Repaired(at=room.now, by="engineer-1"))
    await room.said()
    answer = await room.presses("reporter-1", old)
    assert "已有变化" in answer.text and (await room.ticket()).stage is Stage.UNDER_TEST
    [card] = await room.told("reporter-1")
    await room.presses("reporter-1", card.buttons["已恢复，销障"])
    assert (await room.ticket()).stage is Stage.CLEARED


async def test_a_press_in_a_group_s_card(room: Room) -> None:
    """Everybody of the contract may press on the group's card; what is not theirs is said to them alone."""
    await room.bind_group()
    await room.says("reporter-1", "/report 大屏花屏", payloads.group())
    card = next(one for one in await room.said() if one.chat == payloads.GROUP)
    answer = await room.presses("reporter-2", card.buttons["接单"], payloads.group())
    assert answer.refusal == "refuse.may_not_ack" and answer.toast is not None and answer.toast.alert
    assert (await room.presses("cloud-1", card.buttons["接单"], payloads.group())).refusal == "refuse.absent"
    assert (await room.presses("stranger", card.buttons["接单"], payloads.group())).refusal == "refuse.stranger"
    assert (await room.presses("engineer-2", card.buttons["接单"], payloads.group())).refusal == ""


@pytest.mark.parametrize("bound", [None, OTHER], ids=["unbound", "another contract's"])
@pytest.mark.parametrize("stale", [False, True])
async def test_a_press_in_a_foreign_group_posts_no_card_there(room: Room, bound: str | None, stale: bool) -> None:
    """A message forwarded into a group that is not the contract's still has its buttons: the card comes in private."""
    if bound is not None:
        await room.bind_group("joint", bound)
    await room.reported()
    ticket = await room.meets(1, *(step(room, "engineer-1") for step in scenes.UNDER_TEST))
    await room.said()
    data = buttons.data_of(ticket, Act.CONFIRM if stale else Act.SHOW)
    await room.meets(1, events.RecoveryRejected(at=room.now, by="officer-1"))
    await room.said()
    answer = await room.presses("officer-1", data, payloads.group())
    assert ("已有变化" in answer.text) is stale and not answer.refusal
    said = await room.said()
    assert ACCOUNTS["officer-1"] in {one.chat for one in said} and payloads.GROUP not in {one.chat for one in said}
    assert not any(one.chat_id == payloads.GROUP for one in await room.letters())


async def test_a_press_in_the_own_group_brings_the_card_there(room: Room) -> None:
    """In the contract's group the card comes anew for everybody, as its audience sees it."""
    await room.bind_group("bureau")
    ticket = await room.reported()
    await room.said()
    await room.presses("officer-1", buttons.data_of(ticket, Act.SHOW), payloads.group())
    assert {one.chat for one in await room.said()} == {payloads.GROUP}


async def test_a_press_does_not_count_from_the_message_s_date(room: Room) -> None:
    """A press has no date of its own: it counts from its receipt, in whole seconds."""
    ticket = await room.reported()
    room.passes(minutes=4, microseconds=123)
    await room.presses("engineer-1", buttons.data_of(ticket, Act.ACKNOWLEDGE))
    assert (await room.ticket()).acknowledged_at == room.now.replace(microsecond=0)


async def test_a_lower_level_needs_consent(room: Room) -> None:
    """The engineer's tap asks, the reporter's tap agrees; a level that does not exist is no button."""
    ticket = await room.reported("major")
    await room.does("engineer-1", Act.LEVEL, value="1")
    assert (await room.ticket()).level == "major"
    ask = next(one for one in await room.told("reporter-1") if "同意降级" in one.buttons and "请求" in one.text)
    await room.presses("reporter-1", ask.buttons["同意降级"])
    assert (await room.ticket()).level == "general"
    assert (await room.presses("reporter-1", ask.buttons["同意降级"])).refusal
    assert (await room.presses("engineer-1", f"t:{ticket.id}:lvl:1:7")).refusal == "refuse.button"


async def test_tickets_are_merged_into_the_earlier(room: Room) -> None:
    """The earlier report goes on, the later one ends, and both reporters are told; the pressed card does not matter."""
    await room.reported("general")
    room.passes(minutes=1)
    await room.reported("major", by="reporter-2")
    await room.does("engineer-1", Act.MERGE, 1)
    [menu] = [one for one in await room.told("engineer-1") if "同一故障" in one.text]
    await room.presses("engineer-1", next(iter(menu.buttons.values())))
    first, second = await room.tickets()
    assert (first.absorbed, first.level, second.merged_into) == ((second.number,), "major", first.number)
    assert not second.is_open


async def test_a_ticket_is_handed_over_only_when_taken(room: Room) -> None:
    """It is offered to somebody of the contract, and stays with the handler until that person takes it."""
    await room.reported()
    await room.meets(1, *(step(room, "engineer-1") for step in scenes.TAKEN))
    await room.said()
    await room.does("engineer-1", Act.HAND_OVER)
    [menu] = [one for one in await room.told("engineer-1") if "转派给谁" in one.text]
    assert not any("cloud" in label or "left" in label or "engineer-1" in label for label in menu.buttons)
    answer = await room.presses("engineer-1", menu.buttons["〔engineer-2〕"])
    assert "接单前仍由您负责" in answer.text and (await room.ticket()).handler == "engineer-1"
    [offer] = [one for one in await room.told("engineer-2") if "转派给您" in one.text]
    await room.presses("engineer-2", offer.buttons["接单"])
    assert (await room.ticket()).handler == "engineer-2"
