"""Updates that Telegram delivers: taken with the right word only, and kept before they are confirmed."""

import asyncio
import json

import pytest

from tests.flows import scenes
from tests.flows.conftest import Furnish
from tests.flows.house import House
from tests.postgres import free_port


@pytest.fixture
async def house(furnish: Furnish) -> House:
    """A house that is served by webhook."""
    return await furnish(webhook_port=free_port())


async def posted(house: House, body: bytes, secret: str | None, path: str = "/telegram") -> int:
    """Post to the webhook as anybody could; the status."""
    reader, writer = await asyncio.open_connection("127.0.0.1", house.plan.webhook_port)
    word = "" if secret is None else f"X-Telegram-Bot-Api-Secret-Token: {secret}\r\n"
    head = f"POST {path} HTTP/1.1\r\nHost: x\r\n{word}Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    writer.write(head.encode() + body)
    answer = await reader.read()
    writer.close()
    await writer.wait_closed()
    return int(answer.split()[1])


async def test_the_story_by_webhook(house: House) -> None:
    """From the report to the closed record, as with polling."""
    await scenes.closed(house)


async def test_a_webhook_survives_a_restart(house: House) -> None:
    """What is delivered while the hotline is down is delivered again."""
    await house.closes()
    house["reporter-1"].phone.says("三楼没有声音")
    await house.opens()
    await house["reporter-1"].phone.sees("待接单")
    await house.settles()
    house.have_cards("reporter-1", "engineer-1", "technical-lead")


@pytest.mark.parametrize("secret", [None, "", "wrong", "the-right-wor", "the-right-word2", "错"])
async def test_a_wrong_word(house: House, secret: str | None) -> None:
    """Whoever does not know the word is refused, and nothing is taken in."""
    message = {
        "message_id": 1,
        "date": int(house.clock.now().timestamp()),
        "chat": house["reporter-1"].phone.private.json(),
        "from": house["reporter-1"].phone.person.json(),
        "text": "三楼没有声音",
    }
    body = json.dumps({"update_id": 5, "message": message}).encode()
    assert await posted(house, body, secret) == 403
    await house.settles()
    assert not house.numbers(house["engineer-1"].phone.chat)


async def test_nonsense_by_webhook(house: House) -> None:
    """What is no update is taken off Telegram's hands with an error line; what is too large is refused."""
    house.excuses("not an update")
    house.excuses("without a usable update_id")
    for body in (b"", b"[]", b"nonsense", b"\xff\xfe", b'"x"', b"{}", b'{"update_id": "x"}', b'{"update_id": true}'):
        assert await posted(house, body, "the-right-word") == 200
    assert await posted(house, b"x" * 1_000_001, "the-right-word") == 413
    assert await posted(house, b"{}", "the-right-word", path="/elsewhere") == 404
    await scenes.reported(house)


async def test_the_same_update_twice_by_webhook(house: House) -> None:
    """Telegram repeats what it thinks was lost: once is enough."""
    number = await scenes.taken(house)
    before = await house.ticket(number)
    house.world.redelivers(5)
    await house.passes(seconds=1)
    assert await house.ticket(number) == before
