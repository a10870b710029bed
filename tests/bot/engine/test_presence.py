"""Who is there, who polls, whose chat it is: seen by each replica for itself, without a common clock."""

import asyncio
import math
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.clock import HandClock
from bot.engine import arrivals
from bot.engine.bells import Bells
from bot.engine.guarded import Parts, rest
from bot.engine.presence import SILENT_SECONDS, Outdated, Presence, Term, Watch
from storage import replicas
from storage.replicas import WHOLE, Share
from storage.store import Store, TakenOver, Transaction
from tests.bot.engine.bench import START, message

CLOCK = HandClock(START)
NEVER = asyncio.Event


@pytest.fixture
async def stores(postgres_url: str) -> AsyncIterator[tuple[Store, Store]]:
    """The stores of two replicas."""
    made = (await Store.open(postgres_url), await Store.open(postgres_url))
    await made[0].migrate(START)
    yield made
    for store in made:
        await store.close()


@asynccontextmanager
async def present(store: Store) -> AsyncIterator[Presence]:
    """A replica that takes part within the block."""
    presence, parts = Presence(store, CLOCK), Parts()
    store.on_commit(lambda names: presence.look() if "replicas" in names else None)
    await presence.join()
    async with parts.running("presence", presence.run, presence.stop):
        yield presence
    await presence.leave()
    assert parts.error is None


async def until(condition: Callable[[], object]) -> None:
    """Wait until this is so."""
    async with asyncio.timeout(20):
        while not condition():
            await rest(timedelta(milliseconds=10), NEVER())


async def told(presence: Presence) -> Term:
    """The right to poll, as soon as this replica has it."""
    async with asyncio.timeout(20):
        term = await presence.may_poll(NEVER())
    assert term is not None
    return term


def test_only_who_stands_still_is_silent() -> None:
    """A count that moves is life; one that stood still for long enough while we looked is not."""
    watch, now = Watch(), 100.0
    while now < 100 + SILENT_SECONDS:
        watch.look({"a": int(now), "b": 7}, now)
        assert watch.silent(SILENT_SECONDS) == {}
        now += 2
    watch.look({"a": int(now), "b": 7}, now)
    assert watch.silent(SILENT_SECONDS) == {"b": 7}
    watch.look({"a": int(now), "b": 8}, now + 1)
    assert watch.silent(SILENT_SECONDS) == {}


def test_whoever_did_not_look_has_seen_nothing() -> None:
    """After an outage of the database, or a pause of our own, everybody gets the whole time again."""
    watch = Watch()
    for now in (100, 160, 162):
        watch.look({"a": 1}, now)
        assert watch.silent(3) == {}


async def test_on_sqlite_everything_is_ours(tmp_path: Path) -> None:
    """One process: always sure, all chats, the right to poll, and no row in the database."""
    store = await Store.open(f"sqlite:///{tmp_path}/a.db")
    await store.migrate(START)
    async with present(store) as presence:
        assert presence.is_sure and presence.share == WHOLE
        assert (await told(presence)).fence is None
        assert await presence.holds(presence.name, NEVER())
        assert await store.read(replicas.present) == {}
    await store.close()


async def test_chats_are_shared_and_one_polls(stores: tuple[Store, Store]) -> None:
    """Two replicas have halves of the chats; the second polls when the first has gone, under a higher number."""
    async with AsyncExitStack() as leaving, present(stores[1]) as second:
        first = await leaving.enter_async_context(present(stores[0]))
        assert (await told(first)).fence == 1
        await until(lambda: (first.share.of, second.share.of) == (2, 2))
        assert {first.share, second.share} == {Share(0, 2), Share(1, 2)}
        waiting = asyncio.create_task(told(second))
        await asyncio.wait({waiting}, timeout=0.1)
        assert not waiting.done()
        await leaving.aclose()
        assert (await waiting).fence == 2
        await until(lambda: second.share == WHOLE)


async def test_who_was_struck_off_comes_back_with_nothing_in_hand(stores: tuple[Store, Store]) -> None:
    """It learns of it with its next sign of life: its term is over, and what it held is not its own any more."""
    async with present(stores[0]) as presence:
        term, name = await told(presence), presence.name
        assert await presence.holds(name, NEVER())
        await stores[1].write(lambda tx: replicas.leave(tx, name))
        presence._sure_until = -math.inf  # as after a pause
        presence.look()
        assert not await presence.holds(name, NEVER())
        assert term.over.is_set() and presence.name != name
        assert await presence.holds(presence.name, NEVER())
        assert (await told(presence)).fence == 2


async def test_what_an_old_poller_brings_is_not_kept(stores: tuple[Store, Store]) -> None:
    """Whoever was paused and goes on with an old number keeps nothing, so it confirms nothing either."""
    async with present(stores[0]) as presence:
        fence = (await told(presence)).fence
        assert await arrivals.keep(stores[0], 1, [message(5, 2001, "一")], START, fence) == 5
        await stores[1].write(lambda tx: replicas.leave(tx, presence.name))
        async with present(stores[1]) as other:
            await told(other)
            with pytest.raises(TakenOver):
                await arrivals.keep(stores[0], 1, [message(6, 2001, "二")], START, fence)


async def test_a_newer_schema_ends_the_program(stores: tuple[Store, Store]) -> None:
    """The next sign of life after somebody has upgraded the database is the last."""
    presence = Presence(stores[0], CLOCK)
    await presence.join()
    await stores[1].write(lambda tx: tx.run(text("UPDATE alembic_version SET version_num = '9999'")))
    presence.look()
    with pytest.raises(Outdated, match="9999"):
        async with asyncio.timeout(20):
            await presence.run()


async def test_a_commit_wakes_the_other_replica(stores: tuple[Store, Store]) -> None:
    """What one writes the other hears at once, and does not ring again."""
    heard: list[set[str]] = [set(), set()]
    async with present(stores[0]) as first, present(stores[1]) as second:
        parts = Parts()
        bells = [Bells(store, one, CLOCK) for store, one in zip(stores, (first, second), strict=True)]
        for store, names, bell in zip(stores, heard, bells, strict=True):
            store.on_commit(names.update)
            store.on_own_commit(bell.woken)
        async with parts.running("a", bells[0].run, bells[0].stop), parts.running("b", bells[1].run, bells[1].stop):
            await until(lambda: not any(bell.is_deaf for bell in bells) and first.share.of == 2)
            await stores[0].write(_wakes)
            await until(lambda: "something" in heard[1])


async def test_the_deaf_look_again(stores: tuple[Store, Store]) -> None:
    """Where no notification comes through, every sign of life wakes everybody in the house."""
    heard: set[str] = set()
    async with present(stores[0]) as presence:
        bells = Bells(stores[0], presence, CLOCK)
        stores[0].on_commit(heard.update)
        stores[0].on_own_commit(bells.woken)
        presence.look()
        await until(lambda: heard >= {"inbox", "outbox", "alarms", "files", "people"})
        assert bells.is_deaf


async def _wakes(tx: Transaction) -> None:
    tx.wake("something")
