"""The schema: the same by steps as at once, and never at the cost of a row."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import Connection, Text, inspect, text

from storage import alarms, cards, messages, migrate, notes, tickets
from storage.cards import Card
from storage.engines import engines
from storage.schema import METADATA
from storage.store import PATIENCE, Damaged, SchemaTooNew, Store, Transaction
from tests.storage import samples
from tests.storage.samples import NOW, minutes


def shape(connection: Connection) -> dict[str, Any]:
    """All that the database itself says of our tables."""
    inspector = inspect(connection)
    return {
        table: {
            "columns": [
                (column["name"], str(column["type"]), column["nullable"], column["default"] is not None)
                for column in inspector.get_columns(table)
            ],
            "key": inspector.get_pk_constraint(table),
            "indexes": sorted(inspector.get_indexes(table), key=str),
            "unique": sorted(inspector.get_unique_constraints(table), key=str),
            "foreign": inspector.get_foreign_keys(table),
            "checks": inspector.get_check_constraints(table),
        }
        for table in inspector.get_table_names()
        if table != "alembic_version"
    }


async def test_fresh_equals_migrated(address: str) -> None:
    """All steps from the first give the very tables that the code describes."""
    made = engines(address, PATIENCE)
    async with made.mover.connect() as connection:
        await connection.run_sync(METADATA.create_all)
        fresh = await connection.run_sync(shape)
        await connection.rollback()
    await made.dispose()
    store = await Store.open(address)
    await store.migrate(NOW)

    async def compare(tx: Transaction) -> tuple[dict[str, Any], list[Any]]:
        differences = await tx.connection.run_sync(
            lambda connection: compare_metadata(MigrationContext.configure(connection), METADATA)
        )
        return await tx.connection.run_sync(shape), differences

    migrated, differences = await store.read(compare)
    await store.close()
    assert migrated == fresh
    assert differences == []


async def test_migrating_again_changes_nothing(store: Store) -> None:
    """A start with the newest schema does nothing; the first one is noted with its time."""
    await store.migrate(minutes(5))
    assert await store.read(lambda tx: notes.get(tx, "schema:0001")) == NOW.isoformat()


async def test_two_programs_may_start_together(address: str) -> None:
    """Two that migrate the same empty database at once both find it migrated."""
    stores = [await Store.open(address) for _ in range(2)]
    await asyncio.gather(*(store.migrate(NOW) for store in stores))
    assert await stores[0].read(lambda tx: tickets.count_open(tx, ["fire-line"])) == 0
    for store in stores:
        await store.close()


async def test_a_newer_schema_is_refused(store: Store) -> None:
    """A program older than its database stops with a sentence instead of writing into it."""
    await store.write(lambda tx: tx.run(text("UPDATE alembic_version SET version_num = '9999'")))
    with pytest.raises(SchemaTooNew, match=r"请先升级程序.*9999") as caught:
        await store.migrate(NOW)
    assert caught.value.revision == "9999"


async def seed(tx: Transaction) -> None:
    """A ticket with children in other tables."""
    outcome = await samples.happen(tx, samples.reported(), NOW)
    await cards.keep(tx, Card(ticket_id=outcome.ticket.id, chat_id=10, person="reporter-1"))
    await messages.link(tx, 10, 5, outcome.ticket.id, at=NOW)


async def test_rebuilding_a_table_keeps_its_children(store: Store, address: str) -> None:
    """A step that rebuilds `tickets`, as SQLite needs it, takes no alarm, card or message away."""
    await store.write(seed)
    made = engines(address, PATIENCE)

    def rebuild(connection: Connection) -> None:
        operations = Operations(MigrationContext.configure(connection, opts={"render_as_batch": True}))
        with operations.batch_alter_table("tickets", recreate="auto") as batch:
            batch.alter_column("level", existing_type=Text(), nullable=True)

    async with made.mover.begin() as connection:
        await connection.run_sync(rebuild)
        if made.kind == "sqlite":
            await connection.run_sync(migrate.check_children)
    await made.dispose()
    assert await store.read(lambda tx: tickets.load(tx, 1)) == samples.ticket()
    assert len(await store.read(lambda tx: alarms.of_ticket(tx, 1))) == 3
    assert len(await store.read(lambda tx: cards.of_ticket(tx, 1))) == 1
    assert await store.read(lambda tx: messages.at(tx, 10, 5)) is not None


async def test_orphans_are_found_after_a_step(tmp_path: Path) -> None:
    """If a step did take a parent away, the migration is given up."""
    store = await Store.open(f"sqlite:///{tmp_path}/hotline.db")
    await store.migrate(NOW)
    await store.write(seed)
    await store.close()
    made = engines(f"sqlite:///{tmp_path}/hotline.db", PATIENCE)
    with pytest.raises(Damaged):
        async with made.mover.begin() as connection:
            await connection.exec_driver_sql("DELETE FROM tickets")
            await connection.run_sync(migrate.check_children)
    await made.dispose()


def test_no_row_goes_with_another() -> None:
    """No table is emptied because another is: no foreign key cascades."""
    cascading = [key for table in METADATA.tables.values() for key in table.foreign_keys if key.ondelete]
    assert cascading == []
