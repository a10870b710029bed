"""The webhook: kept before it is answered, and nothing but the Bot API's own updates."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from bot.config.settings import Webhook
from bot.engine import serving, webhook
from tests.bot.engine.bench import REPORTER, Bench, message

SECRET = "a-secret"


@dataclass
class Door:
    """Where the Bot API posts to."""

    port: int

    async def gets(self, body: bytes, secret: str = SECRET, path: str = "/hook", method: str = "POST") -> int:
        """Post something; the status of the answer."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        head = f"{method} {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: {len(body)}\r\n"
        writer.write(f"{head}X-Telegram-Bot-Api-Secret-Token: {secret}\r\n\r\n".encode() + body)
        status = await reader.readline()
        writer.close()
        await writer.wait_closed()
        return int(status.split()[1])


@pytest.fixture
async def door(bench: Bench) -> AsyncIterator[Door]:
    """The webhook, open."""
    hook = Webhook(listen_host="127.0.0.1", listen_port=0, url="https://example.test/hook", secret=SECRET)
    app = webhook.application(bench.store, hook, bench.line.me.id, bench.clock, bench.line.cannot_keep)
    async with serving.serving(app, "127.0.0.1", 0, bench.parts, part="webhook", key="listen") as port:
        yield Door(port)
    assert bench.parts.error is None


def posted(update_id: object, text: str = "三楼会议室没有声音") -> bytes:
    """An update as it is posted."""
    return json.dumps(message(update_id, REPORTER, text)).encode()


async def test_an_update_is_kept_before_it_is_answered(bench: Bench, door: Door) -> None:
    """When the 200 is there the row is there, and the same update again changes nothing."""
    assert await door.gets(posted(1)) == 200
    assert bench.states() == {1: "new"}
    assert await door.gets(posted(1, "anders")) == 200
    assert await door.gets(posted(2)) == 200
    assert bench.states() == {1: "new", 2: "new"}


@pytest.mark.parametrize("secret", ["", "wrong", "a-secre", "a-secret1", "密"])
async def test_a_wrong_secret_is_turned_away(bench: Bench, door: Door, secret: str) -> None:
    """Whoever does not know the secret cannot report."""
    assert await door.gets(posted(1), secret) == 403
    assert bench.states() == {}


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b"7", b"\xff\xfe", b"{}", b'{"update_id":"7"}', b"[" * 200_000, posted(2**63), posted(None)],
)
async def test_nonsense_is_taken_once_and_not_kept(bench: Bench, door: Door, body: bytes) -> None:
    """Posted again it would be no better: it is answered with 200, and the log says so."""
    assert await door.gets(body) == 200
    assert await door.gets(posted(9)) == 200
    assert bench.states() == {9: "new"}


async def test_what_is_no_update_is_refused(bench: Bench, door: Door) -> None:
    """Too large, another path, another method."""
    assert await door.gets(b"x" * 1_000_001) == 413
    assert await door.gets(posted(1), path="/") == 404
    assert await door.gets(b"", method="GET") == 405
    assert bench.states() == {}


async def test_a_database_that_takes_nothing_is_no_200(bench: Bench, door: Door) -> None:
    """The Bot API has to post it again; the sender is told meanwhile."""
    async with bench.locked():
        assert await door.gets(posted(1)) == 503
        await bench.phones["reporter-1"].sees("暂时无法登记")
    assert bench.states() == {}
    assert await door.gets(posted(1)) == 200
    assert bench.states() == {1: "new"}
