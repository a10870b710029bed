"""One transaction: what every table module takes as its first argument."""

from collections.abc import Awaitable, Callable, Hashable, Mapping, Sequence
from functools import cache, lru_cache
from typing import Any, TypeVar

from sqlalchemy import CursorResult, Executable, MetaData, Table, TextClause
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql import visitors
from sqlalchemy.sql.expression import ClauseElement

from storage import one_trip
from storage.dialects import Spelled
from storage.memory import Memory

T = TypeVar("T")
Values = Mapping[str, Any] | Sequence[Mapping[str, Any]] | None
Writer = Callable[["Transaction", list[Any]], Awaitable[None]]


class Transaction:
    """Statements that are kept together or not at all; it ends with the function that it was given to.

    Rows that nobody has to see at once are collected and written together: before a statement that names their table,
    and at the latest at the end.
    """

    __slots__ = ("_collected", "_gathers", "_is_writing", "_memory", "connection", "dialect", "names", "writable")

    def __init__(
        self, connection: AsyncConnection, dialect: str, *, writable: bool, memory: Memory | None = None
    ) -> None:
        self.connection = connection
        self.dialect = dialect
        self.writable = writable
        self.names: set[str] = set()
        self._memory = memory or Memory()
        self._collected: dict[tuple[Table, Writer], list[Any]] = {}
        self._is_writing = False
        self._gathers = False

    def wake(self, name: str) -> None:
        """Tell whoever listens, once this is committed, that there is something new under this name."""
        self.names.add(name)

    async def run(self, statement: Executable | Spelled, values: Values = None) -> CursorResult[Any]:
        """The result of one statement; a sequence of values writes a row for each."""
        chosen = statement[self.dialect] if isinstance(statement, Mapping) else statement
        if self._collected and not self._is_writing:
            await self._write_before(chosen)
        result: CursorResult[Any] = await self.connection.execute(chosen, values)
        return result

    async def count(self, statement: Executable, values: Values = None) -> int:
        """How many rows the statement has changed, over all values."""
        gathering, self._gathers = self._gathers, False
        self._gather()
        try:
            return (await self.run(statement, values)).rowcount
        finally:
            self._gathers = gathering
            self._gather()

    def collect(self, table: Table, write: Writer, row: Any) -> list[Any]:
        """Write this row with the others of its kind, later in this transaction; the rows that wait together."""
        waiting = self._collected.setdefault((table, write), [])
        waiting.append(row)
        return waiting

    def collected(self, table: Table, write: Writer) -> list[Any]:
        """The rows that wait together, to be looked at or changed."""
        return self._collected.get((table, write), [])

    async def write_collected(self) -> None:
        """Write everything that waits; the store does so before it commits."""
        await self._write(list(self._collected))

    async def recall(self, name: str, key: Hashable, load: Callable[[], Awaitable[T]]) -> T:
        """What was read before and holds until somebody wakes this name; read anew in a transaction that has."""
        if name in self.names:
            return await load()
        return await self._memory.recall(name, key, load)

    async def _write_before(self, statement: Any) -> None:
        """Write what the statement may look at or point to."""
        tables = _tables(statement)
        await self._write([kind for kind in self._collected if tables is None or kind[0] in tables])

    async def _write(self, kinds: list[tuple[Table, Writer]]) -> None:
        self._is_writing = True  # what is run now is no reason to write others before it
        self._gathers = True
        self._gather()
        try:
            for kind in sorted(kinds, key=_depth):
                await kind[1](self, self._collected.pop(kind))
        finally:
            self._is_writing = self._gathers = False
            self._gather()

    def _gather(self) -> None:
        if self.dialect == "sqlite" and self.connection.sync_connection is not None:
            driver = self.connection.sync_connection.connection.driver_connection
            if isinstance(driver, one_trip.Connection):
                driver.gathers = self._gathers


@lru_cache(maxsize=1024)
def _tables(statement: ClauseElement) -> frozenset[Table] | None:
    """The tables that a statement names, and those that they point to; nothing if it does not tell."""
    if isinstance(statement, TextClause):
        return None
    named = {found for found in visitors.iterate(statement) if isinstance(found, Table)}
    while further := {key.column.table for table in named for key in table.foreign_keys} - named:
        named |= further
    return frozenset(named)


def _depth(kind: tuple[Table, Writer]) -> int:
    """Rows are written after those to which they point."""
    return _places(kind[0].metadata)[kind[0]]


@cache
def _places(metadata: MetaData) -> dict[Table, int]:
    return {table: place for place, table in enumerate(metadata.sorted_tables)}
