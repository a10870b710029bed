"""The relay on its own: gateways that hang, ways that are gone, a stop in the middle, and many people at once."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.config.ways import Way
from bot.engine.mishaps import Mishaps
from bot.engine.relay import PATIENCE, Relay
from desk.house import Desk
from desk.house import Way as Named
from sla.terms import WayKind
from storage import people, relays
from storage.relays import State
from storage.store import Transaction
from tests import gateways
from tests.bot.engine import bench as benches
from tests.bot.engine.bench import REPORTER, Bench
from tests.gateways import Gateway

SOON = timedelta(seconds=3)  # shorter than the library waits by itself
NUMBER = "10001"


@pytest.fixture
def gateway() -> Iterator[Gateway]:
    """A gateway for everything."""
    with gateways.opened() as opened:
        yield opened


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncIterator[Bench]:
    """A house whose engineer cannot be reached in Telegram."""
    async with benches.opened(tmp_path) as opened:
        await opened.store.write(lambda tx: people.set_reachable(tx, "engineer-1", False, opened.clock.now()))
        yield opened


def way(gateway: Gateway, key: str) -> Way:
    """One way to the engineer."""
    return Way(key=key, kind=WayKind(key), url=gateway.address(key).replace("{to}", NUMBER))


@asynccontextmanager
async def relaying(bench: Bench, ways: Sequence[Way], patience: timedelta = PATIENCE) -> AsyncIterator[Relay]:
    """A relay that runs, in a house that knows these ways to the engineer."""
    bench.house.ways.clear()  # type: ignore[attr-defined]
    bench.house.ways["engineer-1"] = [Named(key=one.key, kind=one.kind) for one in ways]  # type: ignore[index]

    def desk_at(tx: Transaction) -> Desk:
        return bench.desk(tx)

    relay = Relay(bench.store, bench.clock, desk_at, {"engineer-1": ways}, Mishaps(bench.store, desk_at), patience)
    bench.store.on_commit(lambda names: relay.wake() if "relays" in names else None)
    async with bench.running(relay):
        yield relay


async def reported(bench: Bench) -> None:
    """Somebody reports a fault; everybody but the engineer gets a card."""
    await bench.receives(benches.message(1, REPORTER, "三楼会议室没有声音"))
    async with bench.running(bench.worker, bench.courier):
        await bench.settles()


def rows(bench: Bench) -> list[tuple[Any, ...]]:
    """Way, state and mark of each text."""
    found = bench.rows("SELECT way, state, repeat FROM relays ORDER BY id")
    return [(row["way"], row["state"], bool(row["repeat"])) for row in found]


async def test_a_gateway_that_never_answers(bench: Bench, gateway: Gateway) -> None:
    """After its patience the relay goes on to the next way; what hangs may have arrived, and is called uncertain."""
    gateway.holds.add("sms")
    async with relaying(bench, [way(gateway, "sms"), way(gateway, "voice")], SOON):
        await reported(bench)
        await bench.until(lambda: gateway.by("voice"))
        await bench.until(lambda: ("voice", "sent", False) in rows(bench))
    assert rows(bench) == [("sms", "uncertain", False), ("voice", "sent", False)]
    kinds = [row["kind"] for row in bench.rows("SELECT kind FROM ledger WHERE data LIKE '%\"relay\"%' ORDER BY seq")]
    assert kinds == ["uncertain", "relayed"]


async def test_a_way_that_was_taken_out_of_the_file(bench: Bench, gateway: Gateway) -> None:
    """What waited for it goes by the next way that there still is."""
    async with relaying(bench, [way(gateway, "sms"), way(gateway, "voice")]):
        pass
    await reported(bench)
    async with relaying(bench, [way(gateway, "voice")]):
        await bench.until(lambda: gateway.by("voice"))
        await bench.until(lambda: ("voice", "sent", False) in rows(bench))
    assert rows(bench)[0][:2] == ("sms", "new")  # tried again in half a minute, in case it is back


async def test_stopped_in_the_middle(bench: Bench, gateway: Gateway) -> None:
    """What was on its way when the program stopped is said once more, and marked."""
    gateway.holds.add("sms")
    async with relaying(bench, [way(gateway, "sms")]):
        await reported(bench)
        await bench.until(lambda: gateway.asked)
    assert rows(bench) == [("sms", "sending", False)]
    gateway.holds.clear()
    gateway.held.set()
    async with relaying(bench, [way(gateway, "sms")]):
        await bench.until(lambda: ("sms", "sent", True) in rows(bench))
    assert rows(bench) == [("sms", "uncertain", False), ("sms", "sent", True)]
    assert [("（重发）" in one.text) for one in gateway.taken] == [False, True]


async def test_two_programs_on_one_database_leave_each_other_alone(bench: Bench, gateway: Gateway) -> None:
    """What somebody else has just taken is not taken for lost."""
    async with relaying(bench, [way(gateway, "sms")]):
        await reported(bench)
        await bench.until(lambda: ("sms", "sent", False) in rows(bench))
        [text] = await bench.store.read(lambda tx: relays.of_ticket(tx, 1))
        taken = replace(text, id=0, state=State.SENDING, taken_at=bench.clock.now())
        await bench.store.write(lambda tx: relays.put(tx, taken))
        await asyncio.sleep(0)
        bench.hand.move(bench.clock.now() + timedelta(seconds=30))
        await bench.store.write(lambda tx: relays.put(tx, replace(text, id=0, state=State.NEW, person="lead-1")))
        await bench.until(lambda: rows(bench)[2][1] != "new")
        assert rows(bench)[1][1] == "sending"
        bench.hand.move(bench.clock.now() + timedelta(seconds=30))
        await bench.until(lambda: rows(bench)[1][1] == "uncertain")
