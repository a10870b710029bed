"""Transactions: all or nothing, for everybody, whatever happens in between."""

import asyncio
import contextlib
import logging
import random
import sqlite3
import threading
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import text

from storage import inbox, notes, tickets
from storage.store import Damaged, Refused, StaleTicket, Store, Transaction, Unavailable, WrongAddress
from tests.storage import samples
from tests.storage.samples import NOW


async def test_what_a_write_returns_is_kept(store: Store) -> None:
    """A transaction is committed when its work returns, and gives on what the work gave."""

    async def work(tx: Transaction) -> str:
        await notes.put(tx, "a", "1")
        return "done"

    assert await store.write(work) == "done"
    assert await store.read(lambda tx: notes.get(tx, "a")) == "1"


async def test_a_write_that_raises_leaves_nothing(store: Store) -> None:
    """An error in the work undoes all of it, and reaches the caller as it is."""

    async def work(tx: Transaction) -> None:
        await notes.put(tx, "a", "1")
        raise LookupError("no")

    with pytest.raises(LookupError):
        await store.write(work)
    assert await store.read(lambda tx: notes.get(tx, "a")) is None


async def test_a_reader_cannot_write(store: Store) -> None:
    """The database itself refuses a write inside a read."""
    with pytest.raises((Refused, Unavailable)):
        await store.read(lambda tx: notes.put(tx, "a", "1"))
    assert await store.read(lambda tx: notes.get(tx, "a")) is None


async def test_a_read_sees_one_instant(store: Store) -> None:
    """What is committed while a read goes on is not seen by it."""

    async def work(tx: Transaction) -> list[str | None]:
        before = await notes.get(tx, "a")
        await store.write(lambda other: notes.put(other, "a", "1"))
        return [before, await notes.get(tx, "a")]

    assert await store.read(work) == [None, None]


async def test_listeners_hear_names_after_the_commit(store: Store) -> None:
    """Whoever listens is told once what is new, and finds it there; an undone write wakes nobody."""
    heard: list[frozenset[str]] = []
    store.on_commit(heard.append)

    async def work(tx: Transaction) -> None:
        tx.wake("outbox")
        tx.wake("alarms")
        tx.wake("outbox")
        assert heard == []

    async def failing(tx: Transaction) -> None:
        tx.wake("inbox")
        raise LookupError

    await store.write(work)
    with pytest.raises(LookupError):
        await store.write(failing)
    await store.write(lambda tx: notes.put(tx, "a", "1"))
    assert heard == [frozenset({"outbox", "alarms"})]


async def test_many_writers_lose_nothing(store: Store) -> None:
    """Forty writers at once, each reading before it writes: none is lost, none fails."""

    async def add(tx: Transaction) -> None:
        await tickets.allocate(tx, "fire-line", "FL", NOW.date())

    await asyncio.gather(*(store.write(add) for _ in range(40)))
    assert await store.write(lambda tx: tickets.allocate(tx, "fire-line", "FL", NOW.date())) == (
        41,
        "FL-20261121-041",
    )


async def test_cancelled_writers_leave_the_database_free(store: Store, impatient: Store) -> None:
    """A cancel at any await of a write leaves no lock behind: the next one, and others, write at once."""
    chance = random.Random(7)

    async def work(tx: Transaction) -> None:
        for _ in range(3):
            await tickets.allocate(tx, "fire-line", "FL", NOW.date())  # INSERT .. RETURNING: the statement that leaked

    for _ in range(200):
        task = asyncio.create_task(impatient.write(work))
        for _ in range(chance.randrange(400)):
            await asyncio.sleep(0)
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
        await impatient.write(lambda tx: notes.put(tx, "free", "yes"))
    await store.write(lambda tx: notes.put(tx, "free", "still"))


async def test_rows_that_are_refused_at_the_end_leave_nothing_behind(store: Store) -> None:
    """Rows that wait for the end of a transaction and are refused there undo it, and the next one begins clean."""

    async def work(tx: Transaction) -> None:
        await notes.put(tx, "a", "1")
        for _ in range(2):  # the same ticket twice
            await tickets.insert(tx, samples.ticket(1))

    for _ in range(2):
        with pytest.raises(Refused):
            await store.write(work)
    assert await store.read(lambda tx: notes.get(tx, "a")) is None
    await store.write(lambda tx: notes.put(tx, "b", "2"))
    assert await store.read(lambda tx: notes.get(tx, "b")) == "2"


async def test_a_cancelled_caller_gets_its_cancellation_after_the_end(store: Store) -> None:
    """The transaction of a cancelled caller goes on to its end; only then the caller is cancelled."""
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def work(tx: Transaction) -> None:
        await notes.put(tx, "a", "1")
        begun.set()
        await go_on.wait()

    task = asyncio.create_task(store.write(work))
    await begun.wait()
    task.cancel()
    await asyncio.sleep(0)
    assert not task.done()
    go_on.set()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await store.read(lambda tx: notes.get(tx, "a")) == "1"


async def test_closing_waits_for_writes_under_way(address: str) -> None:
    """Close lets the transactions end that have begun: nothing accepted is lost at a stop."""
    store = await Store.open(address)
    await store.migrate(NOW)
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def work(tx: Transaction) -> None:
        begun.set()
        await go_on.wait()
        await notes.put(tx, "a", "1")

    writing = asyncio.create_task(store.write(work))
    await begun.wait()
    closing = asyncio.create_task(store.close())
    await asyncio.sleep(0)
    go_on.set()
    await asyncio.gather(writing, closing)
    again = await Store.open(address)
    assert await again.read(lambda tx: notes.get(tx, "a")) == "1"
    await again.close()


async def test_a_cancelled_close_closes_all_the_same(tmp_path: Path) -> None:
    """Whenever the one who closes is cancelled, every connection is closed: the last one clears SQLite's log away."""
    for steps in range(1, 40):
        store = await Store.open(f"sqlite:///{tmp_path}/hotline.db")
        await store.migrate(NOW)
        writing = asyncio.create_task(store.write(lambda tx: notes.put(tx, "a", "1")))
        await asyncio.sleep(0)
        closing = asyncio.create_task(store.close())
        for _ in range(steps):
            await asyncio.sleep(0)
        closing.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await closing
        assert not (tmp_path / "hotline.db-wal").exists()
        await writing


async def test_a_locked_database_says_so(store: Store, impatient: Store) -> None:
    """Who cannot get the lock in time is told that the database is locked, and may try again."""

    async def hold(tx: Transaction) -> None:
        await notes.put(tx, "a", "1")
        if tx.dialect == "postgresql":
            await tx.run(text("LOCK TABLE notes IN ACCESS EXCLUSIVE MODE"))
        with pytest.raises(Unavailable, match=r"数据库正被占用.*locked"):
            await impatient.write(lambda other: notes.put(other, "a", "2"))

    await store.write(hold)
    await impatient.write(lambda tx: notes.put(tx, "a", "3"))
    assert await store.read(lambda tx: notes.get(tx, "a")) == "3"


async def test_a_full_disk_says_so_and_keeps_nothing_by_half(tmp_path: Path) -> None:
    """On a full disk the whole transaction is undone, with a sentence; when there is room again, writing goes on."""
    store = await Store.open(f"sqlite:///{tmp_path}/hotline.db")
    await store.migrate(NOW)

    async def pages(tx: Transaction, most: int) -> None:
        await tx.connection.exec_driver_sql(f"PRAGMA max_page_count={most}")

    async def work(tx: Transaction) -> None:
        await tickets.insert(tx, samples.ticket(1))
        await notes.put(tx, "long", "很长" * 100_000)

    await store.write(lambda tx: pages(tx, 1))  # SQLite makes it the present size
    with pytest.raises(Unavailable, match=r"磁盘已满.*disk is full"):
        await store.write(work)
    assert await store.read(lambda tx: tickets.load(tx, 1)) is None
    await store.write(lambda tx: pages(tx, 1_000_000))
    await store.write(work)
    assert await store.read(lambda tx: tickets.load(tx, 1)) == samples.ticket(1)
    await store.close()


async def test_a_lost_connection_says_so_and_the_next_one_works(postgres_url: str) -> None:
    """When PostgreSQL ends our session in the middle, the write is undone with a sentence, and the store goes on."""
    store = await Store.open(postgres_url)
    await store.migrate(NOW)

    async def work(tx: Transaction) -> None:
        await notes.put(tx, "a", "1")
        session = (await tx.run(text("SELECT pg_backend_pid()"))).scalar_one()
        async with await psycopg.AsyncConnection.connect(postgres_url, autocommit=True) as other:
            await other.execute("SELECT pg_terminate_backend(%s)", (session,))
        await notes.put(tx, "a", "2")

    with pytest.raises(Unavailable, match="连接断开"):
        await store.write(work)
    assert await store.read(lambda tx: notes.get(tx, "a")) is None
    await store.close()


async def test_a_connection_that_is_lost_before_what_was_collected_is_written(postgres_url: str) -> None:
    """It makes no difference when the session ends: it is nobody's fault but the line's, and can be tried again."""
    store = await Store.open(postgres_url)
    await store.migrate(NOW)

    async def work(tx: Transaction) -> None:
        session = (await tx.run(text("SELECT pg_backend_pid()"))).scalar_one()
        async with await psycopg.AsyncConnection.connect(postgres_url, autocommit=True) as other:
            await other.execute("SELECT pg_terminate_backend(%s)", (session,))
        await inbox.settle(tx, 1, 1, inbox.State.DONE, NOW)  # is written at the end

    with pytest.raises(Unavailable, match="连接断开"):
        await store.write(work)
    await store.close()


async def test_a_deadlock_is_tried_again(store: Store) -> None:
    """Two writes that want the same rows crosswise are both kept: PostgreSQL stops one, and it is run anew."""
    await store.write(lambda tx: notes.put(tx, "a", ""))
    await store.write(lambda tx: notes.put(tx, "b", ""))
    met = {"a": asyncio.Event(), "b": asyncio.Event()}

    async def cross(tx: Transaction, first: str, second: str) -> None:
        await notes.put(tx, first, first)
        met[first].set()
        if tx.dialect == "postgresql":  # SQLite has one writer: they never meet
            await met[second].wait()
        await notes.put(tx, second, first)

    async with asyncio.timeout(20):
        await asyncio.gather(store.write(lambda tx: cross(tx, "a", "b")), store.write(lambda tx: cross(tx, "b", "a")))
    assert await store.read(lambda tx: notes.get(tx, "a")) == await store.read(lambda tx: notes.get(tx, "b"))


async def test_a_fault_of_the_program_is_no_outage(store: Store) -> None:
    """A statement that the database refuses comes as `Refused`, not as something to wait for; no words leak."""
    await store.write(lambda tx: tickets.insert(tx, samples.ticket(1, text="秘密")))
    with pytest.raises(Refused, match="程序的错误") as caught:
        await store.write(lambda tx: tickets.insert(tx, samples.ticket(1, text="秘密")))
    assert "秘密" not in str(caught.value)


async def test_a_stale_ticket_comes_through_as_itself(store: Store) -> None:
    """The errors of this house are not wrapped a second time."""
    with pytest.raises(StaleTicket):
        await store.write(lambda tx: tickets.save(tx, samples.ticket(1), 1))


@pytest.mark.parametrize("address", ["mysql://x/y", "sqlite://", "sqlite:///:memory:", "nonsense"])
async def test_a_wrong_address_is_refused(address: str) -> None:
    """Only a file or a PostgreSQL is a database: one in memory would be another for each connection."""
    with pytest.raises(WrongAddress, match="数据库地址不对"):
        await Store.open(address)


async def test_a_file_that_cannot_be_opened_says_so(tmp_path: Path) -> None:
    """A folder that is not there is reported when the store is opened."""
    with pytest.raises(Unavailable, match="打不开"):
        await Store.open(f"sqlite:///{tmp_path}/nowhere/hotline.db")


async def test_a_failed_open_leaves_no_thread(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """However slow the driver's thread is, it has ended when the error is told: the loop may be closed at once."""
    workers: set[threading.Thread] = set()
    told = threading.Event()

    def dawdle(_: logging.LogRecord) -> bool:
        workers.add(threading.current_thread())  # the driver logs, in its thread, before and after each operation
        told.wait(0.1)
        return True

    logger = logging.getLogger("aiosqlite")
    logger.addFilter(dawdle)
    try:
        with caplog.at_level(logging.DEBUG, logger.name), pytest.raises(Unavailable, match="打不开"):
            await Store.open(f"sqlite:///{tmp_path}/nowhere/hotline.db")
        alive = [worker for worker in workers if worker.is_alive()]
        told.set()
        for worker in workers:
            worker.join()
    finally:
        logger.removeFilter(dawdle)
    assert len(workers) == 1
    assert alive == []


async def test_a_server_that_is_not_there_says_so() -> None:
    """A PostgreSQL that does not answer is reported when the store is opened."""
    with pytest.raises(Unavailable, match="连接"):
        await Store.open("postgresql://nobody@127.0.0.1:1/hotline")


async def test_a_damaged_file_says_so(tmp_path: Path) -> None:
    """A file that is no database is called damaged, so that nobody waits for it to recover."""
    path = tmp_path / "hotline.db"
    path.write_bytes(b"this is no database, but it is long enough to be asked" * 100)
    with pytest.raises(Damaged, match="已损坏"):
        await Store.open(f"sqlite:///{path}")


async def test_sqlite_is_set_up_for_power_cuts(tmp_path: Path) -> None:
    """Commits are on the disk when they return; foreign keys hold; the schema is not trusted with functions."""
    store = await Store.open(f"sqlite:///{tmp_path}/hotline.db", patience=timedelta(seconds=5))
    wanted = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 5000, "trusted_schema": 0}

    async def ask(tx: Transaction) -> dict[str, object]:
        return {name: (await tx.connection.exec_driver_sql(f"PRAGMA {name}")).scalar_one() for name in wanted}

    assert await store.write(ask) == wanted
    await store.close()
    with sqlite3.connect(tmp_path / "hotline.db") as plain:
        assert plain.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    plain.close()
