"""How the bot takes updates by polling."""

from __future__ import annotations

import asyncio

import pytest
import telegram
from telegram.error import Conflict

from sandbox import server
from sandbox.phones import Phone
from sandbox.world import World
from tests.sandbox import raw
from tests.sandbox.conftest import TOKEN, HandClock


def texts(updates: tuple[telegram.Update, ...]) -> list[str | None]:
    """The words of messages."""
    return [update.message.text for update in updates if update.message]


async def test_updates_stay_until_they_are_confirmed(bot: telegram.Bot, engineer: Phone) -> None:
    """Only an offset above an update's id makes the server forget it; ids follow one another."""
    for word in "甲乙丙":
        engineer.says(word)
    first = await bot.get_updates(limit=2)
    assert texts(first) == ["甲", "乙"]
    assert texts(await bot.get_updates()) == ["甲", "乙", "丙"]
    rest = await bot.get_updates(offset=first[1].update_id + 1)
    assert texts(rest) == ["丙"] and rest[0].update_id == first[0].update_id + 2


async def test_a_negative_offset_counts_from_the_end(bot: telegram.Bot, engineer: Phone) -> None:
    """The last so many updates remain, all before them are forgotten."""
    for word in "甲乙丙":
        engineer.says(word)
    assert texts(await bot.get_updates(offset=-2)) == ["乙", "丙"]
    assert texts(await bot.get_updates()) == ["乙", "丙"]
    assert texts(await bot.get_updates(offset=-100)) == ["乙", "丙"]


async def test_a_long_poll_answers_as_soon_as_something_happens(
    bot: telegram.Bot, world: World, engineer: Phone
) -> None:
    """An open poll ends with the first update, and with nothing when its time is over."""
    waiting = asyncio.create_task(bot.get_updates(timeout=20))
    await world.polls.opened()
    engineer.says("北江")
    assert texts(await waiting) == ["北江"]
    assert await bot.get_updates(offset=2**40, timeout=1) == ()


async def test_a_second_poll_ends_the_first(bot: telegram.Bot, url: str, world: World) -> None:
    """Two instances: the older poll is told so with 409."""
    waiting = asyncio.create_task(bot.get_updates(timeout=20))
    await world.polls.opened()
    assert (await raw.request(f"{url}/bot{TOKEN}/getUpdates")).json == {"ok": True, "result": []}
    with pytest.raises(Conflict, match="terminated by other getUpdates request; make sure that only one bot"):
        await waiting


async def test_a_webhook_forbids_polling(bot: telegram.Bot, world: World) -> None:
    """Setting a webhook ends the open poll, and later polls are refused until it is deleted."""
    waiting = asyncio.create_task(bot.get_updates(timeout=20))
    await world.polls.opened()
    await bot.set_webhook("http://127.0.0.1:9/hook")
    with pytest.raises(Conflict, match="terminated by setWebhook request"):
        await waiting
    with pytest.raises(Conflict, match="can't use getUpdates method while webhook is active; use deleteWebhook"):
        await bot.get_updates()
    await bot.delete_webhook()
    assert await bot.get_updates() == ()


async def test_the_server_stops_at_once_with_a_poll_open(world: World) -> None:
    """Stopping does not wait for long polls."""
    async with server.serving(world) as url:
        waiting = asyncio.create_task(raw.request(f"{url}/bot{TOKEN}/getUpdates?timeout=50"))
        await world.polls.opened()
        async with asyncio.timeout(2):
            world.stop()
            assert (await waiting).json == {"ok": True, "result": []}


async def test_a_stopped_world_can_be_served_again(world: World, engineer: Phone) -> None:
    """What was not confirmed is still there after a restart."""
    async with server.serving(world):
        engineer.says("断网前")
    async with server.serving(world) as url:
        answer = await raw.request(f"{url}/bot{TOKEN}/getUpdates")
        assert [one["message"]["text"] for one in answer.json["result"]] == ["断网前"]


async def test_the_wish_for_kinds_is_kept(bot: telegram.Bot, engineer: Phone) -> None:
    """allowed_updates holds for later updates until another wish; an empty one means the ordinary kinds."""
    engineer.says("甲")
    assert len(await bot.get_updates(allowed_updates=["callback_query"])) == 1
    engineer.says("乙")
    assert texts(await bot.get_updates()) == ["甲"]
    await bot.get_updates(allowed_updates=[])
    engineer.says("丙")
    assert texts(await bot.get_updates()) == ["甲", "丙"]


async def test_messages_live_a_day_and_presses_150_seconds(
    bot: telegram.Bot, engineer: Phone, clock: HandClock
) -> None:
    """By the clock of the world, a press is lost after 150 s and a message after 24 h."""
    markup = telegram.InlineKeyboardMarkup([[telegram.InlineKeyboardButton("接单", callback_data="a")]])
    await bot.send_message(2001, "卡片", reply_markup=markup)
    engineer.presses("接单")
    engineer.says("无图像")
    clock.passes(seconds=149)
    assert len(await bot.get_updates()) == 2
    clock.passes(seconds=1)
    assert texts(await bot.get_updates()) == ["无图像"]
    clock.passes(hours=23, minutes=57, seconds=29)
    assert len(await bot.get_updates()) == 1
    clock.passes(seconds=1)
    assert await bot.get_updates() == ()


async def test_an_edit_lives_a_day_from_the_edit(bot: telegram.Bot, engineer: Phone, clock: HandClock) -> None:
    """The life of an edit counts from when it was made."""
    said = engineer.says("甲")
    clock.passes(hours=23)
    engineer.edits(said, "乙")
    clock.passes(hours=2)
    (update,) = await bot.get_updates()
    assert update.edited_message is not None and update.edited_message.text == "乙"


async def test_raw_updates_arrive_as_they_are(url: str, world: World) -> None:
    """A malformed update is delivered unchanged, with an id in the row."""
    number = world.injects({"message": {"nonsense": True}})
    world.injects({"update_id": number + 10, "message": 5})
    answer = await raw.request(f"{url}/bot{TOKEN}/getUpdates")
    assert answer.json["result"] == [
        {"update_id": number, "message": {"nonsense": True}},
        {"update_id": number + 10, "message": 5},
    ]


async def test_an_update_can_come_twice(bot: telegram.Bot, world: World, engineer: Phone) -> None:
    """A redelivered update comes once more with its old id, although it was confirmed."""
    engineer.says("甲")
    (update,) = await bot.get_updates()
    assert await bot.get_updates(offset=update.update_id + 1) == ()
    world.redelivers()
    (again,) = await bot.get_updates(offset=update.update_id + 1)
    assert again.update_id == update.update_id
    assert await bot.get_updates(offset=update.update_id + 1) == ()
