"""An edit corrects its own message, and nothing else."""

from datetime import timedelta
from typing import Any

import pytest

from desk.access import Act
from sla import events
from storage.letters import Lane
from tests.desk import payloads
from tests.desk.people import ACCOUNTS
from tests.desk.room import Room


async def written(room: Room, text: str, who: str = "reporter-1", **content: Any) -> dict[str, Any]:
    """A message that was taken in."""
    body = payloads.message(ACCOUNTS[who], room.now, text, **content)
    await room.hears(payloads.written(body))
    return body


async def amendments(room: Room) -> list[str]:
    """What was amended, as the ledger has it."""
    return [str(entry.data["text"]) for entry in await room.ledger() if entry.kind == "amended"]


async def test_an_edit_is_a_correction(room: Room) -> None:
    """The ticket shows the new words, the ledger keeps the first, and the promise is counted as before."""
    body = await written(room, "三楼大屏花屏")
    began = (await room.ticket()).reported_at
    room.passes(minutes=2)
    await room.hears(payloads.edited(body, room.now, text="四楼大屏花屏"))
    ticket = await room.ticket()
    assert (ticket.text, ticket.reported_at, len(await room.tickets())) == ("四楼大屏花屏", began, 1)
    assert [entry.data["text"] for entry in await room.ledger() if entry.kind == "reported"] == ["三楼大屏花屏"]
    assert await amendments(room) == ["四楼大屏花屏"]


async def test_an_edit_that_changes_no_words_changes_nothing(room: Room) -> None:
    """Telegram sends an edit for a preview or a live place as well."""
    body = await written(room, "三楼大屏花屏")
    await room.hears(payloads.edited(body, room.now))
    await room.hears(payloads.edited(body, room.now, text=""))
    assert await amendments(room) == []


@pytest.mark.parametrize("address", ["@weibao_bot {}", "/report {}", "{}@WEIBAO_BOT"])
async def test_the_address_is_not_part_of_the_words(room: Room, address: str) -> None:
    """An edit in a group is read like the message: without the mention or the command."""
    await room.bind_group()
    body = await written(room, address.format("三楼大屏花屏"), chat=payloads.group())
    await room.hears(payloads.edited(body, room.now))
    assert await amendments(room) == []
    await room.hears(payloads.edited(body, room.now, text=address.format("四楼大屏花屏")))
    assert (await room.ticket()).text == "四楼大屏花屏"


async def test_a_caption_is_corrected_too(room: Room) -> None:
    """The words under a picture are words like any others."""
    photo = [{"file_id": "f", "file_unique_id": "u", "width": 1, "height": 1}]
    body = await written(room, "", caption="三楼花屏", photo=photo)
    await room.hears(payloads.edited(body, room.now, caption="四楼花屏"))
    assert (await room.ticket()).text == "四楼花屏"


@pytest.mark.parametrize(("text", "graver"), [("指挥大厅全部中断", True), ("四楼大屏花屏", False), ("怎么换台", False)])
async def test_an_edit_in_graver_words_is_told_as_such(room: Room, text: str, graver: bool) -> None:
    """A correction that sounds graver than the ticket is urgent to those who have it; any other is an addition."""
    body = await written(room, "三楼大屏花屏")
    await room.does("engineer-1", Act.ACKNOWLEDGE)
    await room.said()
    await room.hears(payloads.edited(body, room.now, text=text))
    told = {one.letter.purpose: one for one in await room.told("engineer-1") if one.letter.purpose != "card"}
    assert set(told) == {"graver_words" if graver else "supplement"}
    [said] = told.values()
    assert text in said.text and ("重大故障" in said.text) is graver
    assert (said.letter.lane is Lane.URGENT) is graver
    assert (await room.ticket()).level == "general"


async def test_edits_of_what_is_nobody_s_business(room: Room) -> None:
    """An edit of an unknown message, by a stranger, by nobody or after the end is ignored without a word."""
    body = await written(room, "三楼大屏花屏")
    await room.said()
    await room.hears(payloads.edited(body | {"message_id": 999_999}, room.now, text="别的"))
    await room.hears(payloads.edited(body | {"from": payloads.user(5)}, room.now, text="别的"))
    await room.hears(payloads.edited(body | {"from": payloads.user(ACCOUNTS["engineer-1"])}, room.now, text="别的"))
    without = {name: value for name, value in body.items() if name != "from"}
    await room.hears(payloads.edited(without, room.now, text="别的"))
    await room.meets(1, events.Voided(at=room.now, by="reporter-1", reason="误报"))
    await room.hears(payloads.edited(body, room.now + timedelta(seconds=1), text="别的"))
    assert await amendments(room) == [] and len(await room.tickets()) == 1
