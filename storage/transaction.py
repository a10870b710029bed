"""One transaction: what every table module takes as its first argument."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import CursorResult, Executable
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.dialects import Spelled

Values = Mapping[str, Any] | Sequence[Mapping[str, Any]] | None


class Transaction:
    """Statements that are kept together or not at all; it ends with the function that it was given to."""

    __slots__ = ("connection", "dialect", "names", "writable")

    def __init__(self, connection: AsyncConnection, dialect: str, *, writable: bool) -> None:
        self.connection = connection
        self.dialect = dialect
        self.writable = writable
        self.names: set[str] = set()

    def wake(self, name: str) -> None:
        """Tell whoever listens, once this is committed, that there is something new under this name."""
        self.names.add(name)

    async def run(self, statement: Executable | Spelled, values: Values = None) -> CursorResult[Any]:
        """The result of one statement; a sequence of values writes a row for each."""
        chosen = statement[self.dialect] if isinstance(statement, Mapping) else statement
        result: CursorResult[Any] = await self.connection.execute(chosen, values)
        return result
