"""A SQLite connection on whose thread a statement needs one trip: run, fetched and closed before it answers.

The driver makes four trips of it (cursor, execute, fetch, close), and each costs more than the statement itself. It
also leaves nothing half read behind: a statement that nobody fetched would keep SQLite's lock.
"""

import asyncio
import sqlite3
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Self

import aiosqlite

_Answer = tuple[Any, int, int | None, list[Any]]


class Cursor:
    """What SQLAlchemy asks of a driver's cursor; all is there after the one trip."""

    arraysize = 1

    def __init__(self, connection: "Connection") -> None:
        self._connection = connection
        self._rows: list[Any] = []
        self.description: Any = None
        self.rowcount = -1
        self.lastrowid: int | None = None

    async def __aenter__(self) -> "Cursor":
        return self

    async def execute(self, operation: str, parameters: Sequence[Any] = ()) -> "Cursor":
        """Run one statement and fetch what it answers."""
        return self._keep(await self._connection.on_its_thread(_run, operation, parameters))

    async def executemany(self, operation: str, parameters: Sequence[Sequence[Any]]) -> "Cursor":
        """Run one statement for each row of values."""
        return self._keep(await self._connection.on_its_thread(_run_many, operation, parameters))

    async def fetchall(self) -> list[Any]:
        """What the statement answered; once only."""
        rows, self._rows = self._rows, []
        return rows

    async def close(self) -> None:
        """It is closed already."""

    def _keep(self, answer: _Answer) -> "Cursor":
        self.description, self.rowcount, self.lastrowid, self._rows = answer
        return self


class Connection(aiosqlite.Connection):
    """A connection that hands out such cursors."""

    def cursor(self) -> Cursor:  # type: ignore[override]
        """A cursor, without a trip of its own."""
        return Cursor(self)

    async def on_its_thread(self, run: Callable[..., _Answer], *arguments: Any) -> _Answer:
        """What this function of SQLite's connection answers."""
        answer: _Answer = await self._execute(run, self._conn, *arguments)  # type: ignore[no-untyped-call]
        return answer

    async def opened(self) -> Self:
        """Open it; or an error after which nothing of it is left."""
        try:
            return await super().__aenter__()  # type: ignore[return-value]  # it answers itself
        except BaseException:
            # The driver has told its thread to stop, but does not wait: it would report to a loop that may be closed.
            await asyncio.to_thread(self._thread.join)
            raise


async def connect(database: str, **options: Any) -> Connection:
    """A connection whose thread does not keep the program from ending."""
    connection = Connection(partial(sqlite3.connect, database, **options), iter_chunk_size=64)
    connection._thread.daemon = True
    return await connection.opened()


def _run(connection: sqlite3.Connection, operation: str, parameters: Sequence[Any]) -> _Answer:
    cursor = connection.execute(operation, parameters)
    rows = cursor.fetchall() if cursor.description else []
    answer = cursor.description, cursor.rowcount, cursor.lastrowid, rows
    cursor.close()
    return answer


def _run_many(connection: sqlite3.Connection, operation: str, parameters: Sequence[Sequence[Any]]) -> _Answer:
    cursor = connection.executemany(operation, parameters)
    answer: _Answer = cursor.description, cursor.rowcount, cursor.lastrowid, []
    cursor.close()
    return answer
