"""A shared place is kept with the ticket, and proves the arrival that is pressed next."""

import pytest

from desk.access import Act
from sla import events
from tests.desk import scenes
from tests.desk.room import Room

PLACE = {"latitude": 24.81, "longitude": 113.59}
SAID = "📍 24.81000, 113.59000"


async def taken(room: Room) -> None:
    """The engineer has the ticket."""
    await room.reported()
    await room.meets(1, *(step(room, "engineer-1") for step in scenes.TAKEN))
    await room.said()


async def proof(room: Room) -> str:
    """The place that stands with the arrival in the ledger."""
    [arrived] = [entry for entry in await room.ledger() if entry.kind == "arrived"]
    return str(arrived.data["place"])


async def test_a_place_is_thanked_with_the_next_button(room: Room) -> None:
    """The answer names the ticket and carries “on site”; nobody is asked whether it is a new fault."""
    await taken(room)
    await room.says("engineer-1", location=PLACE)
    [thanks] = [one for one in await room.told("engineer-1") if one.letter.purpose != "card"]
    assert "位置已记入 SGC-20261121-001" in thanks.text and list(thanks.buttons) == ["到场"]
    assert (await room.presses("engineer-1", thanks.buttons["到场"])).text == "已记录到场"
    assert await proof(room) == SAID


@pytest.mark.parametrize(("minutes", "seconds", "kept"), [(0, 0, SAID), (30, 0, SAID), (30, 1, "")])
async def test_a_place_proves_the_arrival_for_half_an_hour(room: Room, minutes: int, seconds: int, kept: str) -> None:
    """A place that is older than thirty minutes says nothing of where somebody is now."""
    await taken(room)
    await room.says("engineer-1", location=PLACE)
    room.passes(minutes=minutes, seconds=seconds)
    assert (await room.does("engineer-1", Act.ARRIVE)).refusal == ""
    assert await proof(room) == kept


async def test_the_last_place_counts(room: Room) -> None:
    """Of several places the newest proves the arrival."""
    await taken(room)
    await room.says("engineer-1", location={"latitude": 1.0, "longitude": 2.0})
    room.passes(minutes=2)
    await room.says("engineer-1", location=PLACE)
    room.passes(minutes=2)
    await room.says("engineer-1", "到场")
    assert await proof(room) == SAID


async def test_nobody_arrives_by_another_one_s_place(room: Room) -> None:
    """The reporter's place and a colleague's prove nothing; an arrival without a place counts all the same."""
    await taken(room)
    await room.says("reporter-1", location=PLACE)
    assert (await room.does("engineer-1", Act.ARRIVE)).refusal == ""
    assert await proof(room) == "" and (await room.ticket()).arrived_at is not None


async def test_whoever_cannot_arrive_is_not_told_to_press(room: Room) -> None:
    """A reporter's place is kept, and the answer does not name a button that is not the reporter's."""
    await taken(room)
    await room.says("reporter-1", location=PLACE)
    [thanks] = [one for one in await room.told("reporter-1") if one.letter.purpose != "card"]
    assert (thanks.text, thanks.buttons) == ("已记入 SGC-20261121-001。", {})
    assert (await room.ticket()).added == 1


async def test_a_venue_is_a_place_too(room: Room) -> None:
    """A place with a name proves the arrival under its name."""
    await taken(room)
    await room.says("engineer-1", venue={"location": PLACE, "title": "指挥中心", "address": "三楼"}, location=PLACE)
    await room.meets(1, events.SetOut(at=room.now, by="engineer-1"))
    await room.does("engineer-1", Act.ARRIVE)
    assert await proof(room) == "📍 指挥中心 三楼 24.81000, 113.59000"
