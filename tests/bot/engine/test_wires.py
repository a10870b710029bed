"""Calls at once go over connections of their own, no more than allowed, which are used again."""

import asyncio
import ssl

from telegram import Bot
from telegram.request import HTTPXRequest

from bot.clock import HandClock
from bot.demo import stage
from bot.engine.wires import Wires, trust
from sandbox.server import serving
from tests.bot.engine.bench import START


async def test_calls_at_once_have_connections_of_their_own() -> None:
    """Twenty calls at once over three wires: all answered; twenty in a row: one wire is enough."""
    made: list[HTTPXRequest] = []

    def make() -> HTTPXRequest:
        made.append(HTTPXRequest(connection_pool_size=1))
        return made[-1]

    async with serving(stage.world_at(HandClock(START))) as url:
        wires = Wires(3, make)
        async with Bot(stage.TOKEN, base_url=f"{url}/bot", request=wires) as bot:
            for _ in range(20):
                await bot.get_me()
            assert len(made) == 1
            answers = await asyncio.gather(*(bot.get_me() for _ in range(20)))
            assert {answer.id for answer in answers} == {bot.id}
            assert len(made) == 3


async def test_a_call_that_fails_gives_its_wire_back() -> None:
    """A call that is broken off or refused leaves the wire for the next one."""
    async with serving(stage.world_at(HandClock(START))) as url:
        wires = Wires(1, lambda: HTTPXRequest(connection_pool_size=1))
        async with Bot(stage.TOKEN, base_url=f"{url}/bot", request=wires) as bot:
            broken_off = asyncio.create_task(bot.get_me())
            await asyncio.sleep(0)
            broken_off.cancel()
            await asyncio.wait({broken_off})
            assert (await wires.do_request(f"{url}/nothing", "GET"))[0] == 404
            assert (await bot.get_me()).id == bot.id


def test_trust_is_read_once_and_only_where_it_is_needed() -> None:
    """All wires share the authorities of the system; without encryption there are none."""
    assert trust("http://127.0.0.1:8081") is False
    shared = trust("https://api.telegram.org")
    assert shared is True or (isinstance(shared, ssl.SSLContext) and shared.verify_mode is ssl.CERT_REQUIRED)
