"""Cards: sent anew only when they look different, and never before what somebody waits for."""

from dataclasses import replace

from desk import delivery
from desk.access import Act
from sla import events
from storage import cards
from storage.cards import Card
from storage.letters import Lane, Letter, State
from tests.desk import scenes
from tests.desk.people import ACCOUNTS
from tests.desk.room import Room
from tests.desk.test_delivery import prepared


async def waiting_cards(room: Room, who: str = "reporter-1") -> list[Letter]:
    """Cards of the first ticket that wait for one person."""
    return [
        one
        for one in await room.letters()
        if one.method == "card" and one.chat_id == ACCOUNTS[who] and one.state is State.NEW
    ]


async def card_of(room: Room, who: str = "reporter-1") -> Card:
    """What is known of a person's card of the first ticket."""
    card = await room.work(lambda desk: cards.at(desk.tx, 1, ACCOUNTS[who]))
    assert card is not None
    return card


async def test_a_card_that_looks_the_same_is_not_sent_again(room: Room) -> None:
    """A fact that changes nothing on the card makes a new version of the ticket, but no edit."""
    await room.says("reporter-1", "大屏花屏")
    await room.does("engineer-1", Act.ACKNOWLEDGE)
    await room.said()
    before = await room.ticket()
    after = await room.meets(1, events.Noted(at=room.now, by="engineer-1", text="在路上"))
    assert after.version > before.version
    assert [await waiting_cards(room, who) for who in ("reporter-1", "engineer-1")] == [[], []]


async def test_many_levels_stand_in_two_rows(room: Room) -> None:
    """Six levels are too many for one row of a phone."""
    await room.says("reporter-1", "左边第三块屏有一条竖线，其他正常")
    [card] = await waiting_cards(room)
    rows = card.payload["buttons"]
    assert isinstance(rows, list)
    labels = [[button[0] for button in row] for row in rows]  # type: ignore[index, union-attr]
    assert ["重大故障", "一般故障", "技术咨询"] in labels and ["其他要求", "图像调取", "会议保障"] in labels


async def test_a_card_says_that_nothing_was_promised(room: Room) -> None:
    """A level without a limit says so in one line, also where messages tell as little as possible."""
    room.house = replace(room.house, minimal=True)
    await room.reported("meeting_guarantee")
    await room.does("reporter-1", Act.SHOW)
    assert any("本合同对“会议保障”未约定时限" in one.text for one in await room.told("reporter-1"))


async def test_a_card_that_looks_different_is_edited(room: Room) -> None:
    """As soon as a line or a button changes, the card is brought up to date once, as information."""
    await room.says("reporter-1", "大屏花屏")
    await room.said()
    await room.does("engineer-1", Act.ACKNOWLEDGE)
    [card] = await waiting_cards(room)
    assert card.lane is Lane.INFO and "已接单" in str(card.payload["html"])
    await room.does("engineer-1", Act.SET_OUT)
    [card] = await waiting_cards(room)
    assert "已出发" in str(card.payload["html"])


async def test_new_buttons_come_as_soon_as_old_ones_die(room: Room) -> None:
    """After a repair those who press next get their card like an answer; lookers-on get it as information."""
    await room.reported()
    await room.meets(1, *(step(room, "engineer-1") for step in scenes.TAKEN))
    await room.meets(1, events.Arrived(at=room.now, by="engineer-1"))
    await room.said()
    await room.meets(1, events.Repaired(at=room.now, by="engineer-1"))
    lanes = {who: (await waiting_cards(room, who))[0].lane for who in ("reporter-1", "engineer-1", "lead-1")}
    assert lanes == {"reporter-1": Lane.NORMAL, "engineer-1": Lane.NORMAL, "lead-1": Lane.INFO}


async def test_the_buttons_of_an_old_card_still_count(room: Room) -> None:
    """Because the card was not sent again, the buttons on it mean the same as before, several versions later."""
    await room.says("reporter-1", "大屏花屏")
    card = next(one for one in await room.told("engineer-1") if "接单" in one.buttons)
    for _ in range(3):
        await room.meets(1, events.Noted(at=room.now, by="lead-1", text="在查"))
    assert (await room.presses("engineer-1", card.buttons["接单"])).refusal == ""


async def test_whoever_asks_for_the_card_gets_it_though_it_looks_the_same(room: Room) -> None:
    """A card that somebody asks for comes anew at the end of the chat."""
    await room.says("reporter-1", "大屏花屏")
    await room.said()
    await room.does("reporter-1", Act.SHOW)
    [card] = await room.parcels()
    assert card.letter.method == "card" and card.edits is None and card.letter.lane is Lane.NORMAL


async def test_a_card_that_could_not_be_shown_is_drawn_at_the_next_occasion(room: Room) -> None:
    """What never arrived does not count as drawn: the next refresh writes it, though it looks the same."""
    await room.says("reporter-1", "大屏花屏")
    [letter] = await waiting_cards(room)
    parcel = await prepared(room, letter)
    await room.work(lambda desk: delivery.failed(desk, parcel, delivery.Failure.OTHER, "400"))
    assert (await card_of(room)).drawn == ""
    await room.meets(1, events.Noted(at=room.now, by="engineer-1", text="在查"))
    assert len(await waiting_cards(room)) == 1


async def test_the_answer_goes_before_the_card(room: Room) -> None:
    """In one chat the prompt that a person waits for is sent first; cards follow, though written before it."""
    await room.reported()
    await room.meets(1, *(step(room, "engineer-1") for step in scenes.TAKEN))
    await room.said()
    await room.meets(1, events.SetOut(at=room.now, by="engineer-1"))
    await room.does("engineer-1", Act.PAUSE)
    sent = [one.letter for one in await room.said() if one.chat == ACCOUNTS["engineer-1"]]
    assert [(one.purpose, one.lane) for one in sent] == [("prompt", Lane.NORMAL), ("card", Lane.INFO)]
    assert sent[0].id > sent[1].id


async def test_the_page_goes_before_everything(room: Room) -> None:
    """An urgent letter is sent before the answer and the card that were written before it."""
    await room.reported("general")
    await room.does("engineer-1", Act.ACKNOWLEDGE)
    await room.said()
    await room.meets(1, events.SetOut(at=room.now, by="engineer-1"))
    await room.does("engineer-1", Act.NOTE)
    await room.meets(1, events.Reclassified(at=room.now, by="reporter-1", level="major"))
    lanes = [one.letter.lane for one in await room.said() if one.chat == ACCOUNTS["engineer-1"]]
    assert lanes == sorted(lanes) and lanes[0] is Lane.GRAVE and lanes[-1] is Lane.INFO


async def test_a_doubt_is_asked_about_in_one_tap(room: Room) -> None:
    """The question and its two choices stand first; whoever confirms the level that holds ends the doubt too."""
    await room.says("reporter-1", "又断了")
    [card] = await waiting_cards(room)
    rows = card.payload["buttons"]
    assert isinstance(rows, list)
    assert [button[0] for button in rows[0]] == ["重大故障", "一般故障"]  # type: ignore[index, union-attr]
    assert "❓ 是重大故障还是一般故障？" in str(card.payload["html"])
    ticket = await room.ticket()
    await room.does("reporter-1", Act.LEVEL, value="0")
    settled = await room.ticket()
    assert (ticket.level, settled.level) == ("major", "major")
    assert (ticket.unsure, settled.unsure) == (("major", "general"), ())
    assert (settled.why, settled.asks) == (ticket.why, ticket.asks)
