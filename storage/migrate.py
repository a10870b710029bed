"""The schema brought to its newest form, step by step, in one transaction."""

from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import AsyncEngine

from storage import errors, notes
from storage.engines import POSTGRESQL, SQLITE
from storage.transaction import Transaction

SCRIPTS = Path(__file__).parent / "migrations"
_ONE_AT_A_TIME = 0x686F746C696E65  # "hotline", as the number of an advisory lock


async def to_newest(engine: AsyncEngine, kind: str, now: datetime) -> None:
    """Run the steps that are missing; two programs that start together do so one after the other."""
    async with engine.begin() as connection:
        if kind == POSTGRESQL:
            await connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ONE_AT_A_TIME})
        revision = await connection.run_sync(_upgrade)
        if revision is None:
            return
        if kind == SQLITE:
            await connection.run_sync(check_children)
        transaction = Transaction(connection, kind, writable=True)
        await notes.put(transaction, f"schema:{revision}", now.isoformat())


def _upgrade(connection: Connection) -> str | None:
    # Alembic takes a while to import, and nothing else needs it.
    from alembic import command
    from alembic.config import Config
    from alembic.runtime.migration import MigrationContext
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    scripts = ScriptDirectory.from_config(config)
    present = MigrationContext.configure(connection).get_current_revision()
    if present is not None and present not in {script.revision for script in scripts.walk_revisions()}:
        raise errors.SchemaTooNew(present)
    newest = scripts.get_current_head()
    if present == newest:
        return None
    command.upgrade(config, "head")
    return newest


def check_children(connection: Connection) -> None:
    """Give up if a row points to one that is gone: foreign keys were off during the steps."""
    orphans = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
    if orphans:
        raise errors.Damaged(f"{errors.Damaged.__doc__} [{orphans[0]}]")
