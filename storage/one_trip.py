"""A SQLite connection on whose thread a statement needs one trip: run, fetched and closed before it answers.

The driver makes four trips of it (cursor, execute, fetch, close), and each costs more than the statement itself. It
also leaves nothing half read behind: a statement that nobody fetched would keep SQLite's lock.

While a connection `gathers`, statements that answer nothing wait, and make the next trip together, or the commit's;
to begin a transaction always waits for what it is begun for.
"""

import asyncio
import sqlite3
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Self

import aiosqlite

_Answer = tuple[Any, int, int | None, list[Any]]
_Call = tuple[Callable[..., Any], tuple[Any, ...]]
_NOTHING: _Answer = (None, -1, None, [])


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
        return self._keep(await self._connection.runs(operation, _run, parameters))

    async def executemany(self, operation: str, parameters: Sequence[Sequence[Any]]) -> "Cursor":
        """Run one statement for each row of values."""
        return self._keep(await self._connection.runs(operation, _run_many, parameters))

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

    gathers = False

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._thread.daemon = True  # no connection keeps the program from ending
        self._gathered: list[_Call] = []

    def cursor(self) -> Cursor:  # type: ignore[override]
        """A cursor, without a trip of its own."""
        return Cursor(self)

    async def runs(self, operation: str, run: Callable[..., _Answer], parameters: Any) -> _Answer:
        """What the statement answers; nothing yet, if it can wait for the next trip."""
        call = run, (self._conn, operation, parameters)
        if _begins(operation) or (self.gathers and not _answers(operation)):
            self._gathered.append(call)
            return _NOTHING
        answer: _Answer = await self._trip(call)
        return answer

    async def commit(self) -> None:
        """Run what waits, and commit, in one trip; whoever is told that it failed finds nothing of it left."""
        try:
            await self._trip((self._conn.commit, ()))
        except BaseException:
            await self.rollback()  # SQLAlchemy does not, after a commit
            raise

    async def rollback(self) -> None:
        """What waits was not run, and will not be."""
        self._gathered.clear()
        await super().rollback()

    async def opened(self) -> Self:
        """Open it; or an error after which nothing of it is left."""
        try:
            return await super().__aenter__()  # type: ignore[return-value]  # it answers itself
        except BaseException:
            # The driver has told its thread to stop, but does not wait: it would report to a loop that may be closed.
            await asyncio.to_thread(self._thread.join)
            raise

    async def _trip(self, last: _Call) -> Any:
        calls, self._gathered = [*self._gathered, last], []
        return await self._execute(_call_all, calls)  # type: ignore[no-untyped-call]


async def connect(database: str, **options: Any) -> Connection:
    """A connection that is open."""
    return await Connection(partial(sqlite3.connect, database, **options), iter_chunk_size=64).opened()


def _begins(operation: str) -> bool:
    return operation.startswith("BEGIN")


def _answers(operation: str) -> bool:
    return not operation.startswith(("INSERT", "UPDATE", "DELETE")) or " RETURNING " in operation


def _call_all(calls: list[_Call]) -> Any:
    """The answer of the last one."""
    answer = None
    for call, arguments in calls:
        answer = call(*arguments)
    return answer


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
