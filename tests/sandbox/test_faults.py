"""Failures on demand."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
import telegram
from telegram.error import BadRequest, Forbidden, NetworkError, RetryAfter, TelegramError, TimedOut

from sandbox.phones import Phone
from sandbox.world import World
from tests.sandbox.conftest import HandClock


def seconds_of(refusal: RetryAfter) -> float:
    """How long the bot was told to wait."""
    wait = refusal.retry_after
    return wait.total_seconds() if isinstance(wait, timedelta) else wait


async def test_faults_strike_as_often_as_arranged(bot: telegram.Bot, world: World, engineer: Phone) -> None:
    """429 and 403 are answered for the next calls of one method to one chat, then all is well."""
    other = world.phone(2002, "值班工程师乙", started=True)
    fault = world.faults.too_many(7, method="sendmessage", chat=2001, times=2)
    await bot.send_message(other.id, "不受影响")
    await bot.send_chat_action(2001, "typing")
    for _ in range(2):
        with pytest.raises(RetryAfter) as caught:
            await bot.send_message(2001, "甲")
        assert seconds_of(caught.value) == 7
    await bot.send_message(2001, "乙")
    assert ([one.text for one in engineer.chat], fault.hits) == (["乙"], 2)
    world.faults.forbids("bot was blocked by the user", chat=2001)
    with pytest.raises(Forbidden, match="bot was blocked by the user"):
        await bot.send_message(2001, "丙")


async def test_server_errors_last_until_they_are_cleared(bot: telegram.Bot, world: World, engineer: Phone) -> None:
    """500 and a proxy's 502 page can go on for as long as a test likes."""
    world.faults.server_error(times=None)
    for _ in range(3):
        with pytest.raises(NetworkError, match="Internal Server Error"):
            await bot.send_message(2001, "甲")
    world.faults.clear()
    fault = world.faults.bad_gateway(times=None)
    with pytest.raises(NetworkError, match="Bad Gateway"):
        await bot.get_updates()
    fault.cancel()
    await bot.send_message(2001, "乙")
    world.faults.answers(200, "", body="<html>portal</html>")
    with pytest.raises(TelegramError, match="Invalid server response"):
        await bot.send_message(2001, "丙")
    assert [one.text for one in engineer.chat] == ["乙"]


async def test_a_connection_can_break_before_anything_happens(bot: telegram.Bot, world: World, engineer: Phone) -> None:
    """The client sees a broken connection and nothing was sent."""
    world.faults.drops_before(method="sendMessage")
    with pytest.raises(NetworkError) as caught:
        await bot.send_message(2001, "甲")
    assert type(caught.value.__cause__).__name__ in ("RemoteProtocolError", "ReadError")
    assert engineer.chat == []


async def test_a_connection_can_break_after_the_message_went_out(
    bot: telegram.Bot, world: World, engineer: Phone
) -> None:
    """The client sees the same broken connection, but the phone shows the message."""
    world.faults.drops_after(method="sendMessage")
    with pytest.raises(NetworkError):
        await bot.send_message(2001, "甲")
    assert [one.text for one in engineer.chat] == ["甲"]
    await bot.send_message(2001, "乙")


async def test_an_answer_can_come_too_late(bot: telegram.Bot, world: World, engineer: Phone) -> None:
    """The client gives up, the message is there."""
    world.faults.delays(30, method="sendMessage")
    with pytest.raises(TimedOut):
        await bot.send_message(2001, "甲", read_timeout=0.05)
    assert [one.text for one in engineer.chat] == ["甲"]


async def test_limits_of_telegram_can_be_enforced(bot: telegram.Bot, world: World, clock: HandClock) -> None:
    """A short burst to a person, 20 a minute to a group, 30 a second overall; then 429."""
    people = [world.phone(3000 + number, f"值班员{number}", started=True) for number in range(20)]
    group = world.group(-1001, "联合保障群", members=people)
    for number in range(6):
        await bot.send_message(3000, f"未限制{number}")
    world.limits.enforced = True
    for number in range(4):
        await bot.send_message(3000, f"{number}")
    with pytest.raises(RetryAfter) as caught:
        await bot.send_message(3000, "太快")
    clock.passes(seconds=seconds_of(caught.value))
    await bot.send_message(3000, "可以")
    for number in range(20):
        await bot.send_message(group.id, f"{number}")
    with pytest.raises(RetryAfter) as caught:
        await bot.send_message(group.id, "太多")
    assert seconds_of(caught.value) == 60
    clock.passes(seconds=60)
    outcomes = await asyncio.gather(
        *(bot.send_message(person.id, text) for person in people for text in "甲乙"), return_exceptions=True
    )
    assert sum(isinstance(one, RetryAfter) for one in outcomes) == 10


async def test_a_refused_call_is_no_send(bot: telegram.Bot, world: World, engineer: Phone) -> None:
    """What is refused for another reason does not count against the limits."""
    world.limits.enforced = True
    for _ in range(9):
        with pytest.raises(BadRequest):
            await bot.send_message(2001, "")
    await bot.send_message(2001, "甲")


async def test_telegram_can_go_dark(bot: telegram.Bot, world: World, engineer: Phone) -> None:
    """In an outage open polls break and every call fails; afterwards nothing that people sent is lost."""
    polling = asyncio.create_task(bot.get_updates(timeout=20))
    await world.polls.opened()
    darkness = world.goes_dark()
    with pytest.raises(NetworkError):
        await polling
    engineer.says("无图像")
    with pytest.raises(NetworkError):
        await bot.send_message(2001, "甲")
    darkness.cancel()
    (update,) = await bot.get_updates()
    assert update.message is not None and update.message.text == "无图像"
    assert [one.text for one in engineer.chat] == ["无图像"]


async def test_downloads_fail_too(bot: telegram.Bot, world: World, engineer: Phone) -> None:
    """A file can be kept back like any answer."""
    engineer.sends_document("巡检.txt", b"x")
    (update,) = await bot.get_updates()
    assert update.message is not None and update.message.document is not None
    file = await update.message.document.get_file()
    world.faults.drops_before(method="download")
    with pytest.raises(NetworkError):
        await file.download_as_bytearray()
    assert bytes(await file.download_as_bytearray()) == b"x"
