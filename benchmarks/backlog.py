"""A database with a hundred thousand open tickets: one real ticket, as the hotline wrote it, many times over.

The copies are whole (alarms, entries, letters, cards, links to messages), so that nothing is lighter than it would
be; only the chain of the ledger is not computed anew, which nobody looks at while the hotline runs.
"""

import json
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Table

from benchmarks import database, post, reports
from benchmarks.bench import Bench
from benchmarks.figures import NotMeasured
from benchmarks.furniture import LONG, Furniture, Plan, furnish
from benchmarks.processes import until
from storage.columns import instant, microseconds
from storage.schema import ALARMS, LEDGER, LEDGER_HEADS, METADATA, TICKETS

CLOCK = "response"  # the clock that comes first
_LETTERS = 3  # two pages and the reporter's card
_FIRST_CLOCK = (
    "SELECT t.reported_at, t.body, a.due_at FROM tickets t JOIN alarms a ON a.ticket_id = t.id "
    "WHERE t.id = ? AND a.clock = ?"
)
_UNSENT = "SELECT count(*) FROM outbox WHERE state IN ('new', 'sending')"
_ALONE = 1  # the ticket that the others are copies of
_STEP = timedelta(seconds=1)


@dataclass(slots=True)
class Backlog:
    """Two databases for the same configuration: with one open ticket, and with very many."""

    furniture: Furniture
    count: int

    @property
    def small(self) -> Path:
        """With one open ticket."""
        return self.furniture.database

    @property
    def large(self) -> Path:
        """With all."""
        return self.furniture.folder / "large.db"

    def laid_out(self, folder: Path, api_url: str, *, large: bool) -> Furniture:
        """The same hotline elsewhere, on a copy of one of the two."""
        furniture = furnish(folder, api_url, self.furniture.plan)
        shutil.copyfile(self.large if large else self.small, furniture.database)
        return furniture


_made: dict[Path, Backlog] = {}


async def backlog(bench: Bench) -> Backlog:
    """Made once for all rows of a session."""
    if bench.folder not in _made:
        count = bench.size(100_000, 10_000)
        bench.say(f"  making a database with {count} open tickets")
        _made[bench.folder] = await build(bench, count)
    return _made[bench.folder]


def fall_due(file: Path, dues: list[datetime]) -> None:
    """Let the first clock of as many tickets fall due at these instants; each was reported as long ago as it needs."""
    with closing(sqlite3.connect(file)) as connection:
        for ticket, at in enumerate(dues, start=_ALONE):
            reported, body, due = connection.execute(_FIRST_CLOCK, (ticket, CLOCK)).fetchone()
            since = reported + microseconds(at) - due
            told = instant(since).isoformat()
            row = json.loads(body) | {"reported_at": told, "received_at": told}
            values = (since, json.dumps(row, ensure_ascii=False), ticket)
            connection.execute("UPDATE tickets SET reported_at = ?, body = ? WHERE id = ?", values)
            connection.execute("UPDATE alarms SET due_at = due_at + ? WHERE ticket_id = ?", (since - reported, ticket))
        connection.commit()


async def build(bench: Bench, count: int) -> Backlog:
    """Let a hotline open one ticket and say all about it, and copy that."""
    async with post.serving() as server:
        furniture = furnish(bench.room("backlog") / "model", server.url, Plan(limits=LONG))
        async with bench.hotline(furniture) as bot:
            await server.is_polled(bot)
            await server.inject([(furniture.reporter(0), reports.general(0), 0.0)])

            async def all_said() -> bool:
                sent = (await server.counts())["sent"]
                return sent >= _LETTERS and not database.value(furniture.database, _UNSENT)

            await until(all_said, 60, bot, what="the first ticket is not opened")
    made = Backlog(furniture, count)
    _settle(made.small)
    shutil.copyfile(made.small, made.large)
    _multiply(made.large, count)
    return made


def _settle(file: Path) -> None:
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _multiply(file: Path, count: int) -> None:
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.row_factory = sqlite3.Row
        for pragma in ("journal_mode=OFF", "synchronous=OFF", "cache_size=-500000"):
            connection.execute(f"PRAGMA {pragma}")
        connection.execute("BEGIN")
        for table in METADATA.sorted_tables:
            if "ticket_id" in table.c or table is TICKETS:
                _copy(connection, table, count)
        connection.execute(f"UPDATE {LEDGER_HEADS} SET seq = (SELECT max(seq) FROM {LEDGER})")  # noqa: S608
        connection.execute("UPDATE counters SET n = n + ?", (count,))
        connection.execute("COMMIT")
        connection.execute("PRAGMA journal_mode=WAL")
        held = connection.execute("SELECT count(*) FROM tickets").fetchone()[0]
    if held != count:
        raise NotMeasured(f"{held} tickets in the database instead of {count}")


def _copy(connection: sqlite3.Connection, table: Table, count: int) -> None:
    which = "id" if table is TICKETS else "ticket_id"
    models = [dict(row) for row in connection.execute(f"SELECT * FROM {table} WHERE {which} = ?", (_ALONE,))]  # noqa: S608
    if not models:
        return
    # A number that the database gives itself is left to it.
    given = {"id"} if table is not TICKETS and [column.name for column in table.primary_key] == ["id"] else set()
    names = [name for name in models[0] if name not in given]
    marks = ", ".join(f":{name}" for name in names)
    running = [name for name in ("seq", "message_id") if name in table.primary_key.columns]
    insert = f"INSERT INTO {table} ({', '.join(names)}) VALUES ({marks})"  # noqa: S608
    connection.executemany(insert, _copies(table, models, running, count))


def _copies(table: Table, models: list[dict[str, Any]], running: list[str], count: int) -> Iterator[dict[str, Any]]:
    last = {name: max(model[name] for model in models) for name in running}
    for number in range(1, count):
        ticket, later = _ALONE + number, number * (_STEP // timedelta(microseconds=1))
        for place, model in enumerate(models, start=1):
            row = dict(model)
            for name in running:
                row[name] = last[name] + (number - 1) * len(models) + place
            if table is TICKETS:
                row |= _ticket(model, ticket, later)
            else:
                row["ticket_id"] = ticket
            if table is ALARMS:
                row["due_at"] += later
            yield row


def _ticket(model: dict[str, Any], id_: int, later: int) -> dict[str, Any]:
    number, since = f"BA-20260101-{id_:06d}", instant(model["reported_at"] + later)
    body = json.loads(model["body"]) | {"id": id_, "number": number}
    body |= {"reported_at": since.isoformat(), "received_at": since.isoformat()}
    return {
        "id": id_,
        "number": number,
        "reported_at": microseconds(since),
        "body": json.dumps(body, ensure_ascii=False, separators=(",", ":"), sort_keys=True),
    }
