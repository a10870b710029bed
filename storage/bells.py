"""LISTEN and NOTIFY: what one replica commits wakes the others. A hint only: whatever it says stands in the tables.

The names are rung after the commit and not inside of it: PostgreSQL lets only one transaction with a notification
commit at a time, and a report must not wait for that. What a replica did not live to ring is found by the next look.
"""

from collections.abc import AsyncGenerator, Iterable
from contextlib import aclosing

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from storage import errors

_CHANNEL = "hotline"
_RING = text("SELECT pg_notify(:channel, :message)")


async def ring(engine: AsyncEngine, sender: str, names: Iterable[str]) -> None:
    """Tell every replica that listens, this one too, that there is something new under these names."""
    async with engine.connect() as connection:
        at_once = await connection.execution_options(isolation_level="AUTOCOMMIT")
        await at_once.execute(_RING, {"channel": _CHANNEL, "message": f"{sender} {' '.join(sorted(names))}"})


async def heard(engine: AsyncEngine) -> AsyncGenerator[tuple[str, frozenset[str]], None]:
    """Who rang and for what, on a connection of its own, until that breaks; the first is our own, once we listen."""
    import psycopg  # whoever uses SQLite need not have it

    _, arguments = engine.dialect.create_connect_args(engine.url)
    try:
        connection = await psycopg.AsyncConnection.connect(**{**arguments, "autocommit": True, "connect_timeout": 5})
        async with connection:
            await connection.execute(f"LISTEN {_CHANNEL}")
            yield "", frozenset()
            async with aclosing(connection.notifies()) as notes:
                async for note in notes:
                    sender, *names = note.payload.split(" ")
                    yield sender, frozenset(names)
    except (psycopg.Error, OSError) as error:
        raise errors.Unavailable(errors.LOST) from error
