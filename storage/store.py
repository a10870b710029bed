"""The database: opened once, written by one transaction at a time (SQLite) or many (PostgreSQL)."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Coroutine, Iterable
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime, timedelta
from secrets import token_hex
from typing import Any, Self, TypeVar

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from storage import bells, engines, errors, migrate
from storage.errors import (
    AccountTaken,
    Damaged,
    Refused,
    SchemaTooNew,
    StaleTicket,
    StorageError,
    TakenOver,
    Unavailable,
    WrongAddress,
)
from storage.memory import Memory
from storage.transaction import Transaction

__all__ = [
    "AccountTaken",
    "Damaged",
    "Refused",
    "SchemaTooNew",
    "StaleTicket",
    "StorageError",
    "Store",
    "TakenOver",
    "Transaction",
    "Unavailable",
    "WrongAddress",
]

T = TypeVar("T")
Work = Callable[[Transaction], Awaitable[T]]
Listener = Callable[[frozenset[str]], object]
Observer = Callable[[str], AbstractContextManager[object]]
PATIENCE = timedelta(seconds=5)
_TRIES = 3


class Store:
    """All that this process does with the database goes through `write` and `read`."""

    def __init__(self, made: engines.Engines, label: str) -> None:
        self._engines = made
        self.label = label
        self._listeners: list[Listener] = []
        # What another process writes is not heard here, so only a database of our own is remembered.
        self._memory = Memory(on=made.kind == engines.SQLITE)
        self._bells: list[Listener] = []
        self._running: set[asyncio.Task[Any]] = set()
        self._observer: Observer = nullcontext

    @classmethod
    async def open(cls, address: str, patience: timedelta = PATIENCE, longest_pause: timedelta | None = None) -> Self:
        """A store at ``sqlite:////path`` or ``postgresql://user@host/name``; waits for a lock as long as `patience`.

        A process that stands still within a transaction for longer than `longest_pause` loses it, with its locks.
        """
        label = f"hotline-{token_hex(8)}"  # by which the server knows the sessions of this process
        store = cls(engines.engines(address, patience, longest_pause, label), label)
        try:
            await store.read(_touch)
        except BaseException:
            await store.close()
            raise
        return store

    @property
    def url_kind(self) -> str:
        """``sqlite`` or ``postgresql``."""
        return self._engines.kind

    async def migrate(self, now: datetime) -> None:
        """Bring the schema to the newest form; `SchemaTooNew` if a newer program made it."""
        await self._finish(self._translated(migrate.to_newest(self._engines.mover, self.url_kind, now)))

    async def write(self, work: Work[T]) -> T:
        """Run the work in one transaction: kept when it returns, undone when it raises.

        A caller who is cancelled waits until the transaction has ended. On PostgreSQL the work may run again.
        """
        with self._observer("write"):
            return await self._finish(self._translated(self._attempts(work)))

    async def write_aside(self, work: Work[T]) -> T:
        """The same on a connection that no other work is waiting for; PostgreSQL only."""
        return await self._finish(self._translated(self._once(self._engines.mover, work, writable=True)))

    async def read(self, work: Work[T]) -> T:
        """Run the work on a snapshot that nobody changes."""
        with self._observer("read"):
            return await self._finish(self._translated(self._once(self._engines.reader, work, writable=False)))

    def on_commit(self, callback: Listener) -> None:
        """Call this, soon after each commit, with the names that the transaction woke, if any."""
        self._listeners.append(callback)

    def observed_by(self, observer: Observer) -> None:
        """Each transaction runs within ``observer("write")`` or ``observer("read")`` from now on."""
        self._observer = observer

    def on_own_commit(self, callback: Listener) -> None:
        """The same, but not for what `tell` passes on."""
        self._bells.append(callback)

    def tell(self, names: Iterable[str]) -> None:
        """Another process has woken these names: whoever listens is told as after a commit of ours."""
        self._memory.forget(names)
        self._tell(frozenset(names), self._listeners)

    def remember(self, *, on: bool) -> None:
        """Whether what others write is heard here, so that what was read may be remembered until then."""
        self._memory.turn(on=on)

    async def ring(self, sender: str, names: Iterable[str]) -> None:
        """Wake these names in every process that listens to this PostgreSQL database."""
        await self._translated(bells.ring(self._engines.mover, sender, names))

    def heard(self) -> AsyncGenerator[tuple[str, frozenset[str]], None]:
        """Who wakes which names of this PostgreSQL database; `Unavailable` when the line breaks."""
        return bells.heard(self._engines.mover)

    async def close(self) -> None:
        """Let transactions under way end, then close the connections; a caller who is cancelled waits for it too."""
        await _to_the_end(asyncio.create_task(self._dispose()))

    async def _dispose(self) -> None:
        while self._running:
            await asyncio.wait(self._running)
        await self._engines.dispose()

    async def _finish(self, transaction: Coroutine[Any, Any, T]) -> T:
        # A cancelled aiosqlite statement leaves its connection behind as a zombie that keeps SQLite's write lock.
        task = asyncio.create_task(transaction)
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return await _to_the_end(task)

    async def _translated(self, transaction: Coroutine[Any, Any, T]) -> T:
        try:
            return await transaction
        except SQLAlchemyError as error:
            raise errors.translated(error) from error

    async def _attempts(self, work: Work[T]) -> T:
        for _ in range(_TRIES):
            try:
                return await self._once(self._engines.writer, work, writable=True)
            except SQLAlchemyError as error:
                if not errors.wants_retry(error):
                    raise
        return await self._once(self._engines.writer, work, writable=True)

    async def _once(self, engine: AsyncEngine, work: Work[T], *, writable: bool) -> T:
        async with engine.connect() as connection:
            async with connection.begin():
                transaction = Transaction(connection, self.url_kind, writable=writable, memory=self._memory)
                done = await work(transaction)
                await transaction.write_collected()
            # Before the connection is free for the next one.
            self._memory.forget(transaction.names)
        self._tell(frozenset(transaction.names), [*self._listeners, *self._bells])
        return done

    def _tell(self, names: frozenset[str], listeners: Iterable[Listener]) -> None:
        if names:
            for listener in listeners:
                # Soon, not now: what is committed stays committed, whatever a listener does.
                asyncio.get_running_loop().call_soon(listener, names)


async def _to_the_end(task: asyncio.Task[T]) -> T:
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait({task})
        if not task.cancelled():
            task.exception()  # the caller goes with the cancellation; this error has been seen
        raise


async def _touch(tx: Transaction) -> None:
    await tx.run(text("SELECT 1"))
