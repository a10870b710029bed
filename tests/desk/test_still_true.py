"""What waits is looked at again before it goes: only what is still so is said."""

from datetime import timedelta
from typing import Any

import pytest

from desk import delivery
from desk.access import Act
from desk.telling import still_true
from sla import events, moves
from sla.notices import Say
from sla.terms import Clock
from sla.ticket import Ticket
from storage.letters import Letter, State
from tests.desk import payloads, scenes
from tests.desk.people import ACCOUNTS, COMMAND_HALL, MINE, contract, house
from tests.desk.room import NOW, Room
from tests.desk.test_delivery import breached, prepared, waiting
from tests.desk.test_telling import cannot_reach, rings
from tests.storage import samples


def letter(say: Say, ticket: Ticket, clock: Clock | None = None) -> Letter:
    """A notice as it was written when the ticket stood so."""
    return samples.letter(purpose=say.value, clock=clock.value if clock else None, version=ticket.version)


async def test_a_warning_is_true_until_the_limit(room: Room) -> None:
    """“Ten minutes left” is said up to the last second of the promise, and never after it."""
    ticket = await room.reported("general")
    warning, due = letter(Say.WARNING, ticket, Clock.RESPONSE), NOW + timedelta(minutes=10)
    assert still_true(warning, ticket, room.terms(), due)
    assert not still_true(warning, ticket, room.terms(), due + timedelta(seconds=1))


async def test_a_breach_is_true_only_after_the_limit(room: Room) -> None:
    """If the level was lowered meanwhile and the promise moved, the old breach is not told."""
    ticket = await room.reported("major")
    ticket = await room.meets(1, *(step(room, "engineer-1") for step in scenes.TAKEN))
    breach = letter(Say.BREACH, ticket, Clock.ARRIVAL)
    late = NOW + timedelta(hours=1, seconds=1)
    assert still_true(breach, ticket, room.terms(), late)
    lowered = await room.meets(1, events.Reclassified(at=room.now, by="officer-1", level="general"))
    assert not still_true(breach, lowered, room.terms(), late)


async def test_a_breach_of_a_kept_promise_is_not_told(room: Room) -> None:
    """Once somebody has arrived, nobody reads that nobody has."""
    ticket = await room.reported("major")
    await room.meets(1, *(step(room, "engineer-1") for step in scenes.TAKEN))
    room.passes(minutes=61)
    arrived = await room.meets(1, events.Arrived(at=room.now, by="engineer-1"))
    for say in (Say.BREACH, Say.WARNING):
        assert not still_true(letter(say, ticket, Clock.ARRIVAL), arrived, room.terms(), room.now)


async def test_a_visit_that_was_made_or_waived_is_not_asked_for(room: Room) -> None:
    """The page for support on site waits no longer once somebody is there, or nobody has to come."""
    room.house = house({MINE: contract(COMMAND_HALL, clocks={"arrival": "client_notice"})})
    await room.reported("major")
    await room.meets(1, *(step(room, "engineer-1") for step in scenes.TAKEN))
    asked = await room.meets(1, events.OnSiteRequested(at=room.now, by="reporter-1"))
    page = letter(Say.ONSITE, asked, Clock.ARRIVAL)
    assert still_true(page, asked, room.terms(), room.now)
    for make in (events.Arrived, events.VisitWaived, events.FixedRemotely, events.Voided):
        more = {"reason": "误报"} if make is events.Voided else {}
        moved = moves.apply(asked, make(at=room.now, by="officer-1", **more), room.terms())
        assert not still_true(page, moved, room.terms(), room.now)


async def test_a_question_for_progress_is_put_away_when_a_note_was_written(room: Room) -> None:
    """While it waits behind other letters, a note, a pause or the repair answers it."""
    room.house = house({MINE: contract(COMMAND_HALL, reports={"major": {"every": "30m"}})})
    await room.reported("major")
    await room.meets(1, *(step(room, "engineer-1") for step in scenes.TAKEN))
    room.passes(minutes=30)
    assert await room.rings()
    while await room.rings():
        pass
    [question] = [one for one in await room.letters() if one.purpose == Say.PROGRESS_DUE.value]
    ticket = await room.ticket()
    assert still_true(question, ticket, room.terms(), room.now)
    later = room.now + timedelta(minutes=1)
    for fact in (
        events.Noted(at=later, by="engineer-1", text="在路上"),
        events.Paused(at=later, by="officer-1", reason="等备件"),
        events.FixedRemotely(at=later, by="engineer-1"),
    ):
        assert not still_true(question, moves.apply(ticket, fact, room.terms()), room.terms(), later)


async def test_a_call_that_was_taken_is_not_made(room: Room) -> None:
    """A call that waits while somebody takes it is put away, though the promise is still owed."""
    await room.reported("major")
    await room.meets(1, *(step(room, "engineer-1") for step in scenes.CALLED))
    assert (await room.does("manager-1", Act.TAKE_CALL)).refusal == ""
    assert not any("请求支援" in one.text for one in await room.told("manager-1"))
    assert {one.state for one in await room.letters() if one.purpose == "call"} == {State.SUPERSEDED}


@pytest.mark.parametrize(
    ("level", "steps", "purpose", "who", "settled"),
    [
        ("major", scenes.LOWER_ASKED, "ask_lower", "officer-1", events.ReclassificationRefused),
        ("major", scenes.PAUSE_ASKED, "ask_pause", "officer-1", events.PauseRefused),
        ("major", scenes.DECLARED, "ask_transmission", "officer-1", events.TransmissionRefused),
        ("major", scenes.UNDER_TEST, "test", "officer-1", events.RecoveryConfirmed),
        ("major", scenes.CLOSED, "follow_up", "reporter-1", events.FollowedUp),
    ],
    ids=["lower", "pause", "transmission", "test", "follow-up"],
)
async def test_a_question_that_was_settled_is_not_asked(
    room: Room, level: str, steps: tuple[scenes.Step, ...], purpose: str, who: str, settled: Any
) -> None:
    """Somebody else of the bureau has answered while the question waited: it is put away."""
    await room.reported(level)
    await room.meets(1, *(step(room, "engineer-1") for step in steps))
    question = await waiting(room, purpose, who)
    assert still_true(question, await room.ticket(), room.terms(), room.now)
    words = {"satisfied": True} if settled is events.FollowedUp else {}
    await room.meets(1, settled(at=room.now, by="reporter-1", **words))
    assert await room.work(lambda desk: delivery.prepare(desk, question)) is None
    assert (await waiting(room, purpose, who)).state is State.SUPERSEDED


async def test_an_offer_that_was_taken_is_not_made(room: Room) -> None:
    """If the ticket was taken while the offer waited, nobody is asked to take it."""
    await room.reported()
    await room.meets(1, *(step(room, "engineer-1") for step in scenes.TAKEN))
    await room.meets(1, events.HandedOver(at=room.now, by="engineer-1", to="engineer-2"))
    offer = await waiting(room, "offered", "engineer-2")
    await room.meets(1, events.Acknowledged(at=room.now, by="engineer-2"))
    assert await room.work(lambda desk: delivery.prepare(desk, offer)) is None


async def test_a_record_that_was_filled_is_not_asked_for(room: Room) -> None:
    """The record was completed early while the reminder waited behind another form."""
    await room.reported()
    await room.meets(1, *(step(room, "engineer-1") for step in scenes.TAKEN))
    await room.does("engineer-1", Act.NOTE)
    arrived, repaired = scenes.UNDER_TEST[1:]
    await room.meets(1, arrived(room, "engineer-1"), repaired(room, "engineer-1"))
    await room.meets(1, events.RecoveryConfirmed(at=room.now, by="reporter-1"))
    reminder = await waiting(room, "record", "engineer-1")
    assert still_true(reminder, await room.ticket(), room.terms(), room.now)
    await room.meets(1, *(step(room, "engineer-1") for step in scenes.CLOSED[len(scenes.CLEARED) :]))
    assert not still_true(reminder, await room.ticket(), room.terms(), room.now)


async def test_a_question_of_an_earlier_round_is_settled(room: Room) -> None:
    """After a rejected test and a second repair only the second test is asked for: the first one's buttons are old."""
    await room.reported()
    await room.meets(1, *(step(room, "engineer-1") for step in scenes.UNDER_TEST))
    await room.meets(1, events.RecoveryRejected(at=room.now, by="reporter-1"))
    await room.meets(1, events.Repaired(at=room.now, by="engineer-1"))
    asked = [one for one in await room.told("officer-1") if one.letter.purpose == "test"]
    assert len(asked) == 1
    assert (await room.presses("officer-1", asked[0].buttons["已恢复，销障"])).refusal == ""


async def test_of_several_calls_that_wait_only_the_newest_is_made(room: Room) -> None:
    """After an outage the manager reads the last call, not every one of the last quarter of an hour."""
    await breached(room)
    for _ in range(2):
        room.passes(minutes=5)
        while await room.rings():
            pass
    calls = [one for one in await room.told("manager-1") if one.letter.purpose in ("call", "call_again")]
    assert ["第 3 次呼叫" in one.text for one in calls] == [True]


async def test_calls_of_two_clocks_are_two_calls(room: Room) -> None:
    """A newer call overtakes only its like: another clock's call to the same person is made as well."""
    await room.reported("general")
    room.passes(hours=2, seconds=1)
    while await room.rings():
        pass
    clocks = {one.letter.clock for one in await room.told("manager-1") if one.letter.purpose in ("call", "call_again")}
    assert clocks == {Clock.RESPONSE.value, Clock.ARRIVAL.value}


@pytest.mark.parametrize(("seconds", "marked"), [(60, False), (61, True)])
async def test_what_was_held_up_says_when_it_was_meant(room: Room, seconds: int, marked: bool) -> None:
    """An urgent notice that waited for more than a minute names its own time, and what is kept is what is sent."""
    await breached(room)
    meant = "（本应 10:41:00 送达，因网络中断迟到）"
    room.passes(seconds=seconds)
    call = next(one for one in await room.told("manager-1") if one.letter.purpose == "call")
    assert (meant in call.text) is marked
    kept = await waiting(room, "call", "manager-1")
    assert (meant in str(kept.payload["html"])) is marked


async def test_the_repeat_of_what_was_held_up_keeps_its_time(room: Room) -> None:
    """A held-up call that may not have arrived is repeated with both marks, each of them once."""
    await breached(room)
    room.passes(minutes=2)
    parcel = await prepared(room, await waiting(room, "call", "manager-1"))
    room.passes(minutes=2)
    await room.work(lambda desk: delivery.uncertain(desk, parcel, "ReadTimeout"))
    room.passes(minutes=2)
    [call] = [one for one in await room.told("manager-1") if one.letter.purpose == "call"]
    assert call.text.startswith("（重发）") and call.text.count("本应 10:41:00 送达") == 1


async def test_information_that_was_held_up_is_said_as_it_is(room: Room) -> None:
    """Only what is urgent names its time; a card and a notice for information do not."""
    await room.says("reporter-1", "大屏花屏")
    await room.does("engineer-1", Act.ACKNOWLEDGE)
    room.passes(minutes=5)
    assert not any("本应" in one.text for one in await room.told("reporter-1"))


async def test_several_who_cannot_be_reached_make_one_message(room: Room) -> None:
    """Within a minute the next step reads once that people cannot be reached; the admin reads who each of them is."""
    await room.reported()
    pages = {who: await prepared(room, await waiting(room, "card", who)) for who in ("engineer-1", "engineer-2")}
    for parcel in pages.values():
        await room.work(lambda desk, parcel=parcel: delivery.failed(desk, parcel, delivery.Failure.UNREACHABLE, "403"))  # type: ignore[misc]
        room.passes(seconds=20)
    said = await room.said()
    assert sum("呼叫不到" in one.text for one in said if one.chat == ACCOUNTS["manager-1"]) == 1
    admin = "".join(one.text for one in said if one.chat == ACCOUNTS["admin-1"])
    assert all(f"〔{who}〕" in admin for who in pages)
    assert [entry.kind for entry in await room.ledger()].count("next_step") == 1


async def test_a_minute_later_the_next_step_is_told_again(room: Room) -> None:
    """Somebody who turns out unreachable later is a reason of its own."""
    await room.reported()
    for who in ("engineer-1", "engineer-2"):
        parcel = await prepared(room, await waiting(room, "card", who))
        await room.work(lambda desk, parcel=parcel: delivery.failed(desk, parcel, delivery.Failure.UNREACHABLE, "403"))  # type: ignore[misc]
        room.passes(minutes=1)
    assert [entry.kind for entry in await room.ledger()].count("next_step") == 2


async def test_the_bureau_is_asked_to_telephone(room: Room) -> None:
    """An officer who is told that nobody of the vendor can be reached has no button, and reads what to do."""
    await cannot_reach(room, "engineer-1", "engineer-2", "both-1", "lead-1", "manager-1")
    await room.says("reporter-1", "大屏花屏")
    [told] = [one for one in await room.told("officer-1") if "呼叫不到" in one.text]
    assert "呼叫不到维保方的" in told.text and "请您电话联系维保方" in told.text and not told.buttons


async def test_nobody_is_called_for_a_ticket_that_ended(room: Room) -> None:
    """“Cannot be reached” is no news any more once the ticket is void."""
    await room.reported()
    parcel = await prepared(room, await waiting(room, "card", "engineer-1"))
    await room.work(lambda desk: delivery.failed(desk, parcel, delivery.Failure.UNREACHABLE, "403"))
    await room.meets(1, events.Voided(at=room.now, by="reporter-1", reason="误报"))
    assert not any("呼叫不到" in one.text for one in await room.told("manager-1"))


async def test_a_group_is_told_like_a_person(room: Room) -> None:
    """What a group waits for is looked at again as well: a settled test is not asked for there."""
    await room.bind_group("bureau")
    await room.says("reporter-1", "/report 大屏瘫痪", payloads.group())
    await room.meets(1, *(step(room, "engineer-1") for step in scenes.UNDER_TEST))
    await room.meets(1, events.RecoveryConfirmed(at=room.now, by="officer-1"))
    assert not any("请做恢复测试" in one.text for one in await rings(room))
