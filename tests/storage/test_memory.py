"""What is remembered between transactions is never older than what is written."""

import asyncio

from storage import groups, people
from storage.groups import Group
from storage.memory import Memory
from storage.people import Person
from storage.store import Store, Transaction
from tests.storage.samples import NOW

PEOPLE = (Person(key="engineer-1", name="值班工程师甲", telegram_id=1), Person(key="lead", name="技术负责人"))


async def reachable(tx: Transaction) -> bool | None:
    """Whether the engineer can be reached."""
    person = await people.by_key(tx, "engineer-1")
    return person.reachable if person else None


async def test_a_change_is_seen_by_the_next_transaction(store: Store) -> None:
    """People are remembered; whoever asks after a change hears of it."""
    await store.write(lambda tx: people.upsert(tx, PEOPLE))
    assert await store.read(reachable) is True
    await store.write(lambda tx: people.set_reachable(tx, "engineer-1", False, NOW))
    assert await store.read(reachable) is False
    await store.write(lambda tx: people.bind(tx, "lead", 77, NOW))
    found = await store.read(lambda tx: people.by_telegram(tx, 77))
    assert found is not None and found.key == "lead"


async def test_a_change_is_seen_in_its_own_transaction(store: Store) -> None:
    """Whoever changes people sees the change before it is kept; undone, nobody ever saw it."""
    await store.write(lambda tx: people.upsert(tx, PEOPLE))
    assert await store.read(reachable) is True

    async def work(tx: Transaction) -> None:
        await people.set_reachable(tx, "engineer-1", False, NOW)
        assert await reachable(tx) is False
        raise LookupError

    try:
        await store.write(work)
    except LookupError:
        pass
    assert await store.read(reachable) is True


async def test_a_group_that_moves_is_found_in_its_new_chat(store: Store) -> None:
    """The same holds for groups."""
    await store.write(lambda tx: groups.put(tx, [(-10, "fire-line", "vendor")]))
    assert await store.read(lambda tx: groups.by_chat(tx, -10)) is not None
    await store.write(lambda tx: groups.migrate(tx, -10, -20))
    assert await store.read(lambda tx: groups.by_chat(tx, -10)) is None
    assert await store.read(lambda tx: groups.of_contract(tx, "fire-line")) == [
        Group(chat_id=-20, contract="fire-line", audience="vendor")
    ]


async def test_what_was_forgotten_while_it_was_read_is_not_kept() -> None:
    """A value that may be old already is handed out once, and read anew by the next one."""
    memory, going_on = Memory(on=True), asyncio.Event()

    async def slow() -> str:
        await going_on.wait()
        return "old"

    async def fast() -> str:
        return "new"

    reading = asyncio.create_task(memory.recall("people", "all", slow))
    await asyncio.sleep(0)
    memory.forget(["people"])
    going_on.set()
    assert await reading == "old"
    assert await memory.recall("people", "all", fast) == "new"
    assert await memory.recall("people", "all", slow) == "new"


async def test_a_memory_that_is_off_keeps_nothing() -> None:
    """Where others may write unheard, every transaction reads for itself."""
    memory = Memory()
    answers = iter(["first", "second"])

    async def read() -> str:
        return next(answers)

    assert [await memory.recall("people", "all", read) for _ in range(2)] == ["first", "second"]
