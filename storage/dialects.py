"""Statements that SQLAlchemy spells by the name of the database: the upserts."""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import Executable, Table
from sqlalchemy.dialects import postgresql, sqlite

Spelled = Mapping[str, Executable]


def upsert(
    table: Table,
    *keys: str,
    take: Callable[[Any], Mapping[str, Any]] | None = None,
    returning: tuple[str, ...] = (),
) -> Spelled:
    """An insert that keeps the row that is there, or takes from the new one what `take` says."""
    return {name: _spelled(insert(table), keys, take, returning) for name, insert in _INSERTS.items()}


def all_but(*kept: str) -> Callable[[Any], Mapping[str, Any]]:
    """For `take`: every column of the new row except these."""
    return lambda new: {column.name: column for column in new if column.name not in kept}


_INSERTS: Mapping[str, Callable[[Table], Any]] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


def _spelled(
    insert: Any,
    keys: tuple[str, ...],
    take: Callable[[Any], Mapping[str, Any]] | None,
    returning: tuple[str, ...],
) -> Executable:
    if take is None:
        statement = insert.on_conflict_do_nothing(index_elements=keys)
    else:
        statement = insert.on_conflict_do_update(index_elements=keys, set_=take(insert.excluded))
    columns = [insert.table.c[name] for name in returning]
    whole: Executable = statement.returning(*columns) if columns else statement
    return whole.execution_options(preserve_rowcount=True)  # psycopg's count of inserted rows is dropped otherwise
