"""A room for each test; the schema is made once and copied."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from storage.store import Store
from tests.desk.people import house, people
from tests.desk.room import NOW, Room

__all__ = ["empty_database", "room"]


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database file with the newest schema, the people and nothing else."""
    path = tmp_path_factory.mktemp("schema") / "hotline.db"

    async def make() -> None:
        store = await Store.open(f"sqlite:///{path}")
        await store.migrate(NOW)
        await Room(store=store, house=house()).opens(people())
        await store.close()

    asyncio.run(make())
    return path


@pytest.fixture
async def room(empty_database: Path, tmp_path: Path) -> AsyncIterator[Room]:
    """A desk that knows its people; nothing has happened yet."""
    path = tmp_path / "hotline.db"
    shutil.copy(empty_database, path)
    store = await Store.open(f"sqlite:///{path}")
    yield Room(store=store, house=house())
    await store.close()
