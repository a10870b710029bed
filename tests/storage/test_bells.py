"""What one replica commits wakes the others."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing
from datetime import timedelta

import psycopg
import pytest
from sqlalchemy import text

from storage import notes
from storage.store import Store, Transaction, Unavailable
from tests.storage.samples import NOW


@pytest.fixture
async def pair(postgres_url: str) -> AsyncIterator[tuple[Store, Store]]:
    """Two processes' stores on one database."""
    stores = (await Store.open(postgres_url), await Store.open(postgres_url))
    await stores[0].migrate(NOW)
    yield stores
    for store in stores:
        await store.close()


async def test_a_ring_is_heard_by_everybody(pair: tuple[Store, Store]) -> None:
    """Whoever listens hears the names and who rang; the first thing heard is that one listens."""
    async with aclosing(pair[1].heard()) as heard:
        assert await anext(heard) == ("", frozenset())
        await pair[0].ring("a", {"outbox", "inbox"})
        async with asyncio.timeout(10):
            assert await anext(heard) == ("a", frozenset({"inbox", "outbox"}))


async def test_a_broken_line_is_said(pair: tuple[Store, Store], postgres_url: str) -> None:
    """A listener whose connection dies learns of it, and can listen anew."""
    heard = pair[0].heard()
    await anext(heard)
    with psycopg.connect(postgres_url, autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%'")
    with pytest.raises(Unavailable):
        async with asyncio.timeout(10):
            await anext(heard)
    async with aclosing(pair[0].heard()) as again:
        assert await anext(again) == ("", frozenset())


async def test_what_others_woke_is_told_here_and_not_rung_again(store: Store) -> None:
    """Listeners hear of every commit; what is passed on is not passed back."""
    heard: list[frozenset[str]] = []
    rung: list[frozenset[str]] = []
    store.on_commit(heard.append)
    store.on_own_commit(rung.append)

    async def work(tx: Transaction) -> None:
        tx.wake("inbox")

    await store.write(work)
    store.tell({"outbox"})
    await store.read(lambda tx: notes.get(tx, "a"))
    assert heard == [frozenset({"inbox"}), frozenset({"outbox"})]
    assert rung == [frozenset({"inbox"})]


async def test_a_process_that_stands_still_frees_what_it_locked(postgres_url: str) -> None:
    """A transaction in which nothing happens any more is ended by the server; nobody waits for it for ever."""
    frozen = await Store.open(postgres_url, longest_pause=timedelta(milliseconds=200))
    await frozen.migrate(NOW)
    other = await Store.open(postgres_url)
    await other.write(lambda tx: notes.put(tx, "a", "1"))

    async def stand_still(tx: Transaction) -> None:
        await notes.put(tx, "a", "2")
        await other.write(lambda tx: notes.put(tx, "a", "3"))
        await tx.run(text("SELECT 1"))

    with pytest.raises(Unavailable):
        await frozen.write(stand_still)
    assert await other.read(lambda tx: notes.get(tx, "a")) == "3"
    assert await frozen.read(lambda tx: notes.get(tx, "a")) == "3"
    for store in (frozen, other):
        await store.close()
