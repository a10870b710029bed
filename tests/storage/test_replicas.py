"""Several processes on one database: who is there, and what only one of them may do."""

import asyncio
from functools import partial

import pytest

from storage import leases, notes, replicas
from storage.replicas import Share
from storage.store import Store, TakenOver, Transaction, Unavailable
from tests.storage.samples import NOW


async def joined(store: Store, *names: str) -> None:
    """These take part."""
    for name in names:
        await store.write(partial(replicas.join, name=name))


async def take(store: Store, name: str) -> int | None:
    """The number under which this one may poll, if it may."""
    return await store.write(lambda tx: leases.take(tx, leases.POLLING, name))


async def test_signs_of_life_are_counted(store: Store) -> None:
    """Each replica counts up its own row, and the others hear of whoever comes and goes."""
    heard: list[frozenset[str]] = []
    store.on_commit(heard.append)
    await joined(store, "a", "b")
    assert await store.write(lambda tx: replicas.beat(tx, "a"))
    assert await store.read(replicas.present) == {"a": 1, "b": 0}
    await store.write(lambda tx: replicas.leave(tx, "b"))
    assert await store.read(replicas.present) == {"a": 1}
    assert heard == [frozenset({"replicas"})] * 3


async def test_only_the_silent_are_buried(store: Store) -> None:
    """Whoever shows a sign of life at the last moment stays; whoever was buried learns of it."""
    await joined(store, "a", "b")
    await store.write(lambda tx: replicas.beat(tx, "a"))
    await store.write(lambda tx: replicas.bury(tx, {"a": 0, "b": 0}))
    assert await store.read(replicas.present) == {"a": 1}
    assert not await store.write(lambda tx: replicas.beat(tx, "b"))


async def test_the_sessions_of_the_buried_end(postgres_url: str) -> None:
    """Whoever stands still in the middle of a statement holds locks that no timeout frees; its burial does."""
    stores = [await Store.open(postgres_url) for _ in range(2)]
    await stores[0].migrate(NOW)
    await stores[0].write(lambda tx: notes.put(tx, "a", "1"))
    name = replicas.named(stores[0].label, 1)
    await joined(stores[0], name, "b")

    async def stand_still(tx: Transaction) -> None:
        await notes.put(tx, "a", "2")
        await stores[1].write(lambda other: replicas.bury(other, {name: 0, "b": 0}))
        await stores[1].write(lambda other: notes.put(other, "a", "3"))
        await notes.put(tx, "a", "4")

    with pytest.raises(Unavailable):
        await stores[0].write(stand_still)
    for store in stores:
        assert await store.read(lambda tx: notes.get(tx, "a")) == "3"
        await store.close()


async def test_the_server_knows_who_is_dead(postgres_url: str) -> None:
    """Of those who are silent, one still has a session; the process of the other is gone."""
    stores = [await Store.open(postgres_url) for _ in range(2)]
    await stores[0].migrate(NOW)
    names = [replicas.named(store.label, 1) for store in stores]
    silent = dict.fromkeys(names, 5)
    assert await stores[0].read(lambda tx: replicas.gone(tx, silent)) == {}
    await stores[1].close()
    gone: dict[str, int] = {}
    while not gone:  # a session that was closed is seen by the others for a moment longer
        gone = await stores[0].read(lambda tx: replicas.gone(tx, silent))
    assert gone == {names[1]: 5}
    await stores[0].close()


async def test_a_lease_has_one_holder(store: Store) -> None:
    """It stays where it is as long as its holder is there, and the number goes up when it changes hands."""
    await joined(store, "a", "b")
    assert await take(store, "a") == 1
    assert await take(store, "b") is None
    assert await take(store, "a") == 1
    await store.write(lambda tx: replicas.leave(tx, "a"))
    assert await take(store, "b") == 2
    assert await take(store, "a") is None


async def test_of_many_who_want_a_lease_one_gets_it(store: Store) -> None:
    """Eight at once: one."""
    names = [f"replica-{number}" for number in range(8)]
    await joined(store, *names)
    given = await asyncio.gather(*(take(store, name) for name in names))
    assert [fence for fence in given if fence is not None] == [1]


async def test_an_old_number_keeps_nothing(store: Store) -> None:
    """What is written under a lease that has changed hands is undone."""
    await joined(store, "a", "b")
    await take(store, "a")
    await store.write(lambda tx: leases.guard(tx, leases.POLLING, 1))
    await store.write(lambda tx: replicas.leave(tx, "a"))
    await take(store, "b")

    async def late(tx: Transaction) -> None:
        await replicas.join(tx, "late")
        await leases.guard(tx, leases.POLLING, 1)

    with pytest.raises(TakenOver):
        await store.write(late)
    assert await store.read(replicas.present) == {"b": 0}


async def test_a_lease_does_not_change_hands_under_a_write(postgres_url: str) -> None:
    """Whoever takes a lease over waits for what is being kept under it."""
    stores = [await Store.open(postgres_url) for _ in range(2)]
    await stores[0].migrate(NOW)
    await joined(stores[0], "a", "b")
    await take(stores[0], "a")
    order: list[str] = []

    async def takeover() -> None:
        await stores[1].write(lambda tx: replicas.leave(tx, "a"))
        assert await take(stores[1], "b") == 2
        order.append("taken")

    async def keep(tx: Transaction) -> asyncio.Task[None]:
        await leases.guard(tx, leases.POLLING, 1)
        task = asyncio.create_task(takeover())
        await asyncio.wait({task}, timeout=0.2)
        order.append("kept")
        return task

    await (await stores[0].write(keep))
    assert order == ["kept", "taken"]
    for store in stores:
        await store.close()


def test_every_chat_has_one_replica() -> None:
    """The shares of several replicas leave no chat out and share none, groups included."""
    for of in (1, 2, 3, 5):
        shares = [Share(rank, of) for rank in range(of)]
        assert all(sum(share.has(chat) for share in shares) == 1 for chat in range(-1_000_000_050, -1_000_000_000))
