"""How the bot takes updates at its own address."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
import telegram
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from telegram.error import BadRequest

from sandbox.bell import Bell
from sandbox.phones import Phone
from sandbox.world import World
from tests.sandbox.conftest import HandClock


@dataclass
class Hook:
    """A bot's web address that keeps what it gets and answers as it is told."""

    url: str = ""
    got: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    refusals: dict[str, int] = field(default_factory=dict)
    bell: Bell = field(default_factory=Bell)

    async def take(self, request: Request) -> Response:
        """Keep one delivery; refuse a text as often as arranged."""
        secret = request.headers.get("X-Telegram-Bot-Api-Secret-Token", "")
        body = await request.json()
        self.got.append((secret, body))
        self.bell.ring()
        text = body["message"]["text"]
        self.refusals[text] = self.refusals.get(text, 0) - 1
        return Response(status_code=500 if self.refusals[text] >= 0 else 200)

    async def has(self, count: int) -> list[dict[str, Any]]:
        """Wait until so many deliveries have come."""
        async with asyncio.timeout(5):
            while len(self.got) < count:
                await self.bell.heard()
        return [body for _, body in self.got]


@asynccontextmanager
async def listening(hook: Hook) -> AsyncIterator[None]:
    """Serve the hook on a free port."""
    app = Starlette(routes=[Route("/hook", hook.take, methods=["POST"])])
    web = uvicorn.Server(uvicorn.Config(app, port=0, lifespan="off", log_config=None, ws="none"))
    web.config.load()
    web.lifespan = web.config.lifespan_class(web.config)
    await web.startup()
    port = web.servers[0].sockets[0].getsockname()[1]
    hook.url = f"http://127.0.0.1:{port}/hook"
    yield
    await web.shutdown()


@pytest.fixture
async def hook() -> AsyncIterator[Hook]:
    """A hook that listens."""
    one = Hook()
    async with listening(one):
        yield one


async def until(world: World, condition: Callable[[], bool]) -> None:
    """Wait until something holds."""
    async with asyncio.timeout(5):
        while not condition():
            await world.updates.bell.heard()


async def test_updates_are_posted_with_the_secret(bot: telegram.Bot, world: World, engineer: Phone, hook: Hook) -> None:
    """Waiting and new updates are delivered at once and in order, with the agreed secret."""
    engineer.says("甲")
    assert await bot.set_webhook(hook.url, secret_token="s_1-x", max_connections=7)
    await hook.has(1)
    engineer.says("乙")
    bodies = await hook.has(2)
    assert [body["message"]["text"] for body in bodies] == ["甲", "乙"]
    assert [secret for secret, _ in hook.got] == ["s_1-x", "s_1-x"]
    await until(world, lambda: not world.updates.waiting)
    info = await bot.get_webhook_info()
    assert (info.url, info.pending_update_count, info.max_connections) == (hook.url, 0, 7)


async def test_a_refused_update_is_tried_again_before_the_next(
    bot: telegram.Bot, world: World, engineer: Phone, hook: Hook
) -> None:
    """Until it gets 2xx an update blocks its own chat, not the others; the failure is reported."""
    other = world.phone(2002, "值班工程师乙", started=True)
    hook.refusals["甲"] = 2
    await bot.set_webhook(hook.url)
    engineer.says("甲")
    await hook.has(1)
    engineer.says("乙")
    other.says("丙")
    bodies = await hook.has(5)
    words = [body["message"]["text"] for body in bodies]
    assert [word for word in words if word != "丙"] == ["甲", "甲", "甲", "乙"]
    info = await bot.get_webhook_info()
    assert info.last_error_message == "Wrong response from the webhook: 500 Internal Server Error"
    assert info.last_error_date == world.now()


async def test_an_unreachable_webhook_keeps_updates_until_their_time_is_over(
    bot: telegram.Bot, world: World, engineer: Phone, clock: HandClock
) -> None:
    """Nothing is lost while the address is down; after 24 hours the update is."""
    await bot.set_webhook("http://127.0.0.1:9/hook")
    engineer.says("甲")
    async with asyncio.timeout(5):
        while not world.webhook.last_error:
            await world.changed.heard()
    info = await bot.get_webhook_info()
    assert (info.last_error_message, info.pending_update_count) == ("Connection refused", 1)
    clock.passes(hours=25)
    world.wake()
    assert (await bot.get_webhook_info()).pending_update_count == 0


async def test_an_update_can_be_posted_twice(bot: telegram.Bot, world: World, engineer: Phone, hook: Hook) -> None:
    """A redelivery posts the same update id once more."""
    await bot.set_webhook(hook.url)
    engineer.says("甲")
    await hook.has(1)
    await until(world, lambda: not world.updates.waiting)
    world.redelivers()
    first, second = await hook.has(2)
    assert first["update_id"] == second["update_id"]


async def test_pending_updates_can_be_dropped(bot: telegram.Bot, engineer: Phone) -> None:
    """Both setWebhook and deleteWebhook forget what waits when asked to."""
    engineer.says("甲")
    await bot.delete_webhook()
    assert (await bot.get_webhook_info()).pending_update_count == 1
    await bot.delete_webhook(drop_pending_updates=True)
    assert await bot.get_updates() == ()


async def test_a_bad_address_or_secret_is_refused(bot: telegram.Bot) -> None:
    """The address must be one, and a secret has up to 256 letters, digits, - and _."""
    with pytest.raises(BadRequest, match="Bad webhook"):
        await bot.set_webhook("nowhere")
    with pytest.raises(BadRequest, match="Secret token contains unallowed characters"):
        await bot.set_webhook("http://127.0.0.1:9/", secret_token="密")
    with pytest.raises(BadRequest, match="Secret token is too long"):
        await bot.set_webhook("http://127.0.0.1:9/", secret_token="a" * 257)
