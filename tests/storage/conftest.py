"""Every test of this folder that asks for a store runs on SQLite and on PostgreSQL."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from storage.store import Store
from tests.storage.samples import NOW

IMPATIENT = timedelta(milliseconds=100)


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where an empty database is."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/hotline.db"
    url: str = request.getfixturevalue("postgres_url")
    return url


@pytest.fixture
async def store(address: str) -> AsyncIterator[Store]:
    """A database with the newest schema and nothing in it."""
    store = await Store.open(address)
    await store.migrate(NOW)
    yield store
    await store.close()


@pytest.fixture
async def impatient(store: Store, address: str) -> AsyncIterator[Store]:
    """The same database, opened by somebody who does not wait long for a lock."""
    other = await Store.open(address, patience=IMPATIENT)
    yield other
    await other.close()
