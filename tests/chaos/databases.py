"""What can happen to a database while the hotline uses it; each lasts as long as its block."""

import asyncio
import contextlib
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import psycopg

from tests.chaos.house import House

_TABLES = ("inbox", "outbox", "ledger", "tickets")
_HELD, _FREE = 0.3, 0.1
_SPOILED = """
CREATE FUNCTION spoil() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {what}; RETURN NULL; END $$
"""
_SLOW = "PERFORM pg_sleep(0.2)"
_FULL = "RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = '53100'"


@asynccontextmanager
async def locked(house: House) -> AsyncIterator[None]:
    """Another program holds everything."""
    if _is_sqlite(house):
        connection = await asyncio.to_thread(_hold, house)
        try:
            yield
        finally:
            await asyncio.to_thread(connection.close)
        return
    async with await psycopg.AsyncConnection.connect(house.address) as other:
        await other.execute(f"LOCK TABLE {', '.join(_TABLES)} IN ACCESS EXCLUSIVE MODE")
        yield


@asynccontextmanager
async def slow(house: House) -> AsyncIterator[None]:
    """Every write waits."""
    if _is_sqlite(house):
        task = asyncio.create_task(_hold_now_and_then(house))
        try:
            yield
        finally:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
        return
    async with _triggered(house, _SLOW):
        yield


@asynccontextmanager
async def full(house: House) -> AsyncIterator[None]:
    """There is no room for anything new."""
    if _is_sqlite(house):
        house.levers.fills_disk(full=True)
        try:
            yield
        finally:
            house.levers.fills_disk(full=False)
        return
    async with _triggered(house, _FULL):
        yield


async def cut_off(house: House) -> None:
    """Every session of the PostgreSQL server is ended from outside."""
    async with await psycopg.AsyncConnection.connect(house.address, autocommit=True) as other:
        await other.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


def _is_sqlite(house: House) -> bool:
    return house.address.startswith("sqlite")


def _hold(house: House) -> sqlite3.Connection:
    path = Path(house.address.removeprefix("sqlite:///"))
    connection = sqlite3.connect(path, timeout=30, isolation_level=None, check_same_thread=False)
    connection.execute("BEGIN EXCLUSIVE")
    return connection


async def _hold_now_and_then(house: House) -> None:
    while True:
        connection = await asyncio.to_thread(_hold, house)
        try:
            await asyncio.sleep(_HELD)
        finally:
            connection.close()
        await asyncio.sleep(_FREE)


@asynccontextmanager
async def _triggered(house: House, what: str) -> AsyncIterator[None]:
    async with await psycopg.AsyncConnection.connect(house.address, autocommit=True) as other:
        await other.execute(_SPOILED.format(what=what))
        for table in _TABLES:
            await other.execute(f"CREATE TRIGGER spoiled BEFORE INSERT OR UPDATE ON {table} EXECUTE FUNCTION spoil()")
        try:
            yield
        finally:
            await other.execute("DROP FUNCTION spoil() CASCADE")
