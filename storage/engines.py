"""The engines behind a database address: one writer and its readers, each set up for durability."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import URL, Connection, event, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

from storage import errors, one_trip

SQLITE = "sqlite"
POSTGRESQL = "postgresql"
_JOURNAL_BYTES = 64 * 1024 * 1024
_READERS = 4
_CONNECTIONS = 10
_ASIDE = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Engines:
    """Where to write, where to read, and where to write without standing in line, or to change the schema."""

    kind: str
    writer: AsyncEngine
    reader: AsyncEngine
    mover: AsyncEngine

    async def dispose(self) -> None:
        """Close every connection."""
        for engine in (self.writer, self.reader, self.mover):
            await engine.dispose()


def engines(
    address: str, patience: timedelta, longest_pause: timedelta | None = None, label: str = "hotline"
) -> Engines:
    """Engines for the address; `WrongAddress` if nothing can be made of it."""
    try:
        url = make_url(address)
    except ArgumentError as error:
        raise errors.WrongAddress from error
    if url.get_backend_name() == SQLITE and url.database not in (None, "", ":memory:"):
        return _sqlite(url.set(drivername="sqlite+aiosqlite"), patience)
    if url.get_backend_name() == POSTGRESQL:
        return _postgresql(url.set(drivername="postgresql+psycopg"), patience, longest_pause, label)
    raise errors.WrongAddress


def _sqlite(url: URL, patience: timedelta) -> Engines:
    writer = create_async_engine(url, pool_size=1, max_overflow=0, pool_reset_on_return=None)
    reader = create_async_engine(url, pool_size=_READERS, max_overflow=0, pool_reset_on_return=None)
    # Batch migrations drop and rebuild tables: with foreign keys on, the children would go with them.
    mover = create_async_engine(url, poolclass=NullPool)
    _prepare(writer, patience, "BEGIN IMMEDIATE", "PRAGMA foreign_keys=ON")
    _prepare(reader, patience, "BEGIN", "PRAGMA query_only=ON")
    _prepare(mover, patience, "BEGIN IMMEDIATE", "PRAGMA foreign_keys=OFF")
    return Engines(kind=SQLITE, writer=writer, reader=reader, mover=mover)


def _prepare(engine: AsyncEngine, patience: timedelta, begin: str, *pragmas: str) -> None:
    statements = (
        f"PRAGMA busy_timeout={patience // timedelta(milliseconds=1)}",
        "PRAGMA journal_mode=WAL",
        f"PRAGMA journal_size_limit={_JOURNAL_BYTES}",
        "PRAGMA synchronous=FULL",
        "PRAGMA trusted_schema=OFF",
        *pragmas,
    )

    def connecting(_dialect: Any, _record: Any, _arguments: Any, options: dict[str, Any]) -> None:
        options["async_creator_fn"] = one_trip.connect

    # The driver would begin on its own, and only before some statements; we say when, and for writing at once:
    # a transaction that begins reading and then writes fails without waiting.
    def connected(connection: Any, _: Any) -> None:
        connection.isolation_level = None
        _run_all(connection, statements)

    def begun(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    event.listen(engine.sync_engine, "do_connect", connecting)
    event.listen(engine.sync_engine, "connect", connected)
    event.listen(engine.sync_engine, "begin", begun)


def _postgresql(url: URL, patience: timedelta, longest_pause: timedelta | None, label: str) -> Engines:
    # Without prepared statements: a PgBouncer in between hands a session from one client to the next.
    arguments = {"prepare_threshold": None, "connect_timeout": 10, "application_name": label}
    options: dict[str, Any] = {"max_overflow": 0, "pool_pre_ping": True, "connect_args": arguments}
    try:
        writer = create_async_engine(url, pool_size=_CONNECTIONS, **options)
    except ImportError as error:
        raise errors.WrongAddress("缺少 psycopg：请安装 hotline[postgres]。(psycopg is missing.)") from error
    # A sign of life does not stand in line behind transactions that wait for each other.
    mover = create_async_engine(url, pool_size=_ASIDE, **options)
    for engine in (writer, mover):
        event.listen(engine.sync_engine, "connect", _postgres_session(patience, longest_pause))
    # A reader sees one instant, like SQLite's.
    reader = writer.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    return Engines(kind=POSTGRESQL, writer=writer, reader=reader, mover=mover)


def _postgres_session(patience: timedelta, longest_pause: timedelta | None) -> Callable[[Any, Any], None]:
    settings = {"lock_timeout": patience}
    if longest_pause is not None:
        settings["idle_in_transaction_session_timeout"] = longest_pause
    statements = tuple(f"SET {name} = {span // timedelta(milliseconds=1)}" for name, span in settings.items())

    def connected(connection: Any, _: Any) -> None:
        _run_all(connection, statements)
        connection.commit()

    return connected


def _run_all(connection: Any, statements: tuple[str, ...]) -> None:
    cursor = connection.cursor()
    for statement in statements:
        cursor.execute(statement)
    cursor.close()
