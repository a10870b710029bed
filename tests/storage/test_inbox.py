"""The inbox: what was accepted is there, once, until somebody has settled it."""

import asyncio
import contextlib
from functools import partial

import pytest

from storage import inbox
from storage.inbox import State, Update
from storage.store import Store, TakenOver, Transaction
from tests.storage.samples import BIG, NOW, minutes


async def test_updates_are_kept_once(store: Store) -> None:
    """An update that is delivered twice is kept once; only new ones wake the handling."""
    heard: list[frozenset[str]] = []
    store.on_commit(heard.append)
    assert await store.write(lambda tx: inbox.add(tx, 7, [(1, "{}", "10"), (2, "{}", "11")], NOW)) == 2
    assert await store.write(lambda tx: inbox.add(tx, 7, [(2, "{}", "11"), (3, "{}", "10")], NOW)) == 1
    assert await store.write(lambda tx: inbox.add(tx, 7, [(2, "{}", "11")], NOW)) == 0
    assert await store.write(lambda tx: inbox.add(tx, 7, [], NOW)) == 0
    assert heard == [frozenset({"inbox"})] * 2
    assert [one.update_id for one in await store.read(lambda tx: inbox.waiting(tx, 7))] == [1, 2, 3]


async def test_each_bot_has_its_own(store: Store) -> None:
    """Two bots count their updates each for itself, also beyond 32 bits."""
    await store.write(lambda tx: inbox.add(tx, BIG, [(1, '{"text": "😀"}', "-100")], NOW))
    await store.write(lambda tx: inbox.add(tx, 7, [(1, "{}", "10")], NOW))
    assert await store.read(lambda tx: inbox.waiting(tx, BIG)) == [
        Update(bot=BIG, update_id=1, body='{"text": "😀"}', chat="-100", received_at=NOW, attempts=0)
    ]


async def test_order_is_that_of_arrival(store: Store) -> None:
    """Updates are handled as they came, whatever their numbers."""
    await store.write(lambda tx: inbox.add(tx, 7, [(9, "{}", "10"), (4, "{}", "10")], NOW))
    await store.write(lambda tx: inbox.add(tx, 7, [(1, "{}", "10")], minutes(1)))
    assert [one.update_id for one in await store.read(lambda tx: inbox.waiting(tx, 7))] == [9, 4, 1]
    assert [one.update_id for one in await store.read(lambda tx: inbox.waiting(tx, 7, limit=1))] == [9]


async def test_settled_updates_wait_no_longer(store: Store) -> None:
    """Done, refused and poison updates are not handed out again, nor taken in again."""
    await store.write(lambda tx: inbox.add(tx, 7, [(1, "{}", "1"), (2, "{}", "1"), (3, "{}", "1")], NOW))
    assert await store.write(lambda tx: inbox.count_attempt(tx, 7, 2)) == 1
    assert await store.write(lambda tx: inbox.count_attempt(tx, 7, 2)) == 2
    assert [one.attempts for one in await store.read(lambda tx: inbox.waiting(tx, 7))] == [0, 2, 0]
    await store.write(lambda tx: inbox.settle(tx, 7, 1, State.DONE, NOW))
    await store.write(lambda tx: inbox.settle(tx, 7, 2, State.POISON, NOW, "KeyError"))
    await store.write(lambda tx: inbox.settle(tx, 7, 3, State.REFUSED, NOW))
    assert await store.read(lambda tx: inbox.waiting(tx, 7)) == []
    assert await store.write(lambda tx: inbox.add(tx, 7, [(1, "{}", "1")], NOW)) == 0


async def test_only_what_is_done_is_forgotten(store: Store) -> None:
    """Old done updates go; poison stays for a person to see, and so does what nobody has handled."""
    await store.write(lambda tx: inbox.add(tx, 7, [(1, "{}", "1"), (2, "{}", "1"), (3, "{}", "1")], NOW))
    await store.write(lambda tx: inbox.settle(tx, 7, 1, State.DONE, NOW))
    await store.write(lambda tx: inbox.settle(tx, 7, 2, State.POISON, NOW))
    assert await store.write(lambda tx: inbox.purge(tx, NOW)) == 0
    assert await store.write(lambda tx: inbox.purge(tx, minutes(1))) == 1
    assert [one.update_id for one in await store.read(lambda tx: inbox.waiting(tx, 7))] == [3]


async def test_what_is_settled_is_not_settled_again(store: Store) -> None:
    """Whoever comes second is told that somebody else has it, and leaves nothing behind."""
    await store.write(lambda tx: inbox.add(tx, 7, [(1, "{}", "1")], NOW))
    await store.write(lambda tx: inbox.settle(tx, 7, 1, State.DONE, NOW))
    with pytest.raises(TakenOver):
        await store.write(lambda tx: inbox.settle(tx, 7, 1, State.REFUSED, NOW))
    with pytest.raises(TakenOver):
        await store.write(lambda tx: inbox.count_attempt(tx, 7, 1))


async def test_a_chat_is_handled_in_order(store: Store) -> None:
    """A later update of a chat is nobody's while an earlier one waits; other chats do not wait for it."""
    await store.write(lambda tx: inbox.add(tx, 7, [(1, "{}", "1"), (2, "{}", "1"), (3, "{}", "2")], NOW))
    with pytest.raises(TakenOver):
        await store.write(lambda tx: inbox.settle(tx, 7, 2, State.DONE, NOW))
    await store.write(lambda tx: inbox.settle(tx, 7, 3, State.DONE, NOW))
    await store.write(lambda tx: inbox.settle(tx, 7, 1, State.DONE, NOW))
    await store.write(lambda tx: inbox.settle(tx, 7, 2, State.DONE, NOW))


async def test_what_somebody_handles_is_passed_over(postgres_url: str) -> None:
    """While one replica handles an update, another neither waits for it nor begins with the next of the chat."""
    stores = [await Store.open(postgres_url) for _ in range(2)]
    await stores[0].migrate(NOW)
    await stores[0].write(lambda tx: inbox.add(tx, 7, [(1, "{}", "1"), (2, "{}", "1")], NOW))

    async def handle(tx: Transaction) -> None:
        await inbox.settle(tx, 7, 1, State.DONE, NOW)
        for update_id in (1, 2):
            with pytest.raises(TakenOver):
                await stores[1].write(partial(inbox.settle, bot=7, update_id=update_id, state=State.DONE, now=NOW))

    await stores[0].write(handle)
    await stores[1].write(lambda tx: inbox.settle(tx, 7, 2, State.DONE, NOW))
    for store in stores:
        await store.close()


async def test_many_replicas_handle_each_update_once_and_in_order(store: Store) -> None:
    """Four at once, each trying everything that it sees: every update once, and in each chat one after the other."""
    updates = [(number, "{}", str(number % 5)) for number in range(60)]
    await store.write(lambda tx: inbox.add(tx, 7, updates, NOW))
    handled: list[int] = []

    async def handle(tx: Transaction, update_id: int) -> None:
        await inbox.settle(tx, 7, update_id, State.DONE, NOW)
        handled.append(update_id)

    async def worker() -> None:
        while rows := await store.read(lambda tx: inbox.waiting(tx, 7)):
            for row in rows:
                with contextlib.suppress(TakenOver):
                    await store.write(partial(handle, update_id=row.update_id))

    async with asyncio.timeout(30):
        await asyncio.gather(*(worker() for _ in range(4)))
    assert sorted(handled) == list(range(60))
    for chat in range(5):
        assert [number for number in handled if number % 5 == chat] == list(range(chat, 60, 5))
