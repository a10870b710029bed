"""A wave of reports is told in few messages; the gravest fault never waits in one."""

from desk import delivery, outgoing
from desk.access import Act
from desk.delivery import Failure, Parcel
from sla import events
from storage import outbox
from storage.letters import ANY_ROOM, Lane, State
from tests.desk.people import ACCOUNTS
from tests.desk.room import Room

ENGINEER = ACCOUNTS["engineer-1"]


async def wave(room: Room, many: int, level: str = "general") -> None:
    """So many reports, before the courier comes round."""
    for _ in range(many):
        await room.reported(level)


async def taken(room: Room) -> list[Parcel]:
    """What the courier takes on one round to the engineer."""
    loads = await room.work(lambda desk: outgoing.take(desk, ANY_ROOM))
    return [parcel for _, parcel in loads.loads if parcel is not None and parcel.letter.chat_id == ENGINEER]


def acts(parcel: Parcel) -> dict[str, str]:
    """The buttons of a message."""
    return {label: data for row in parcel.buttons for label, data in row}


async def test_a_few_reports_are_told_each_for_itself(room: Room) -> None:
    """Three pages are three cards."""
    await wave(room, 3)
    (first,) = await taken(room)
    assert first.letter.method == "card"
    assert len(await room.ledger()) > 0


async def test_a_wave_is_told_in_one_message_with_a_button_for_each(room: Room) -> None:
    """Six pages that wait for one person: one message names every ticket, with its deadline and its button."""
    await wave(room, 6)
    (bundle,) = await taken(room)
    numbers = [ticket.number for ticket in await room.tickets()]
    assert all(number in bundle.html for number in numbers)
    assert "新工单 6 张" in bundle.html and "10:40:00 前响应" in bundle.html
    assert list(acts(bundle)) == [f"接单 {number[-3:]}" for number in numbers]
    assert bundle.letter.is_urgent and not bundle.silent
    await room.work(lambda desk: delivery.sent(desk, bundle, 900))
    assert await taken(room) == []
    for number in range(1, 7):
        entries = [entry for entry in await room.ledger(number) if entry.kind == "delivered"]
        assert [entry.data["to"] for entry in entries] == ["engineer-1"]
    await room.presses("engineer-1", acts(bundle)["接单 004"])
    assert (await room.ticket(4)).handler == "engineer-1"
    (card,) = [said for said in await room.told("engineer-1") if numbers[3] in said.text]
    assert card.letter.method == "card" and "已接单" in card.text


async def test_what_was_taken_meanwhile_is_named_without_a_button(room: Room) -> None:
    """A ticket that a colleague has taken is still told of, but is not there to be taken."""
    await wave(room, 5)
    await room.does("lead-1", Act.ACKNOWLEDGE, 2)
    (bundle,) = await taken(room)
    assert "已接单" in bundle.html
    assert "接单 002" not in acts(bundle) and len(acts(bundle)) == 4


async def test_the_gravest_fault_goes_first_and_alone(room: Room) -> None:
    """In the middle of a wave a major fault is its own card, before the others that were there earlier."""
    await wave(room, 5)
    await room.reported("major")
    await wave(room, 5)
    (first,) = await taken(room)
    assert first.letter.lane is Lane.GRAVE and first.letter.method == "card"
    assert (await room.ticket(6)).number in first.html
    await room.work(lambda desk: delivery.sent(desk, first, 900))
    (bundle,) = await taken(room)
    assert (await room.ticket(6)).number not in bundle.html and "新工单 10 张" in bundle.html


async def test_a_bundle_that_may_have_arrived_is_repeated_once_and_marked(room: Room) -> None:
    """Nobody knows whether it went out: the same bundle once more, marked; every ticket's record says so."""
    await wave(room, 4)
    (bundle,) = await taken(room)
    await room.work(lambda desk: delivery.uncertain(desk, bundle, "TimedOut"))
    (again,) = await taken(room)
    assert again.html == f"（重发）{bundle.html}" and acts(again) == acts(bundle)
    await room.work(lambda desk: delivery.uncertain(desk, again, "TimedOut"))
    assert await taken(room) == []
    assert sum(entry.kind == "uncertain" for entry in await room.ledger(3)) == 2


async def test_a_bundle_that_cannot_arrive_goes_to_the_next_person_for_each_ticket(room: Room) -> None:
    """The engineer has blocked the bot: for every ticket of the bundle the next step is told."""
    await wave(room, 4)
    (bundle,) = await taken(room)
    await room.work(lambda desk: delivery.failed(desk, bundle, Failure.UNREACHABLE, "403"))
    for number in range(1, 5):
        assert {"undelivered", "next_step"} <= {entry.kind for entry in await room.ledger(number)}


async def test_news_without_buttons_is_told_together(room: Room) -> None:
    """Five pieces of news for the reporter are one quiet message; what is kept is what is sent."""
    await wave(room, 5)
    await room.said()
    for number in range(1, 6):
        await room.does("engineer-1", Act.ACKNOWLEDGE, number)
    reporter = ACCOUNTS["reporter-1"]
    loads = await room.work(lambda desk: outgoing.take(desk, ANY_ROOM))
    news = [parcel for _, parcel in loads.loads if parcel and parcel.letter.chat_id == reporter]
    while not any("工单进展" in parcel.html for parcel in news):
        for parcel in news:
            await room.work(lambda desk, parcel=parcel: delivery.sent(desk, parcel, 901))  # type: ignore[misc]
        loads = await room.work(lambda desk: outgoing.take(desk, ANY_ROOM))
        news = [parcel for _, parcel in loads.loads if parcel and parcel.letter.chat_id == reporter]
        assert news
    (bundle,) = news
    assert "工单进展 5 条" in bundle.html and bundle.silent
    kept = [letter for letter in await room.store.read(outbox.left_sending) if letter.chat_id == reporter]
    assert [letter.payload["html"] for letter in kept] == [bundle.html]
    states = {
        letter.state for number in range(1, 6) for letter in await room.letters(number) if letter.purpose == "taken"
    }
    assert states == {State.SUPERSEDED}


async def test_a_wave_of_warnings_is_one_message_with_the_buttons_of_each(room: Room) -> None:
    """Five warnings that wait for one person are told together; one that was settled meanwhile is not among them."""
    await wave(room, 5)
    await room.said()
    room.passes(minutes=5)
    while await room.rings():
        pass
    await room.meets(2, events.Acknowledged(at=room.now, by="engineer-1"))
    (bundle,) = await taken(room)
    numbers = [ticket.number for ticket in await room.tickets()]
    assert "4 条紧急通知" in bundle.html and numbers[1] not in bundle.html
    assert list(acts(bundle)) == [f"接单 {number[-3:]}" for number in numbers if number != numbers[1]]
    assert bundle.letter.is_urgent and not bundle.silent
    await room.work(lambda desk: delivery.failed(desk, bundle, Failure.UNREACHABLE, "403"))
    undelivered = [entry.data for entry in await room.ledger(4) if entry.kind == "undelivered"]
    assert [(data["say"], data["to"]) for data in undelivered] == [("warning", "engineer-1")]
