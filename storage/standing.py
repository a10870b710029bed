"""How a database stands to this program: empty, older, of today, or newer."""

from enum import StrEnum

from sqlalchemy import Connection

from storage.migrate import SCRIPTS
from storage.transaction import Transaction


class Standing(StrEnum):
    """How the schema compares with the one that this program makes."""

    EMPTY = "empty"
    OLDER = "older"
    NEWEST = "newest"
    NEWER = "newer"


async def standing(tx: Transaction) -> Standing:
    """How the schema of this database stands; nothing is changed."""
    return await tx.connection.run_sync(_standing)


def compared(revision: str | None) -> Standing:
    """How a revision stands to those that this program knows."""
    # Alembic takes a while to import, and only these two need it.
    from alembic.script import ScriptDirectory

    scripts = ScriptDirectory(str(SCRIPTS))
    if revision is None:
        return Standing.EMPTY
    if revision == scripts.get_current_head():
        return Standing.NEWEST
    known = revision in {script.revision for script in scripts.walk_revisions()}
    return Standing.OLDER if known else Standing.NEWER


def _standing(connection: Connection) -> Standing:
    from alembic.runtime.migration import MigrationContext

    return compared(MigrationContext.configure(connection).get_current_revision())
