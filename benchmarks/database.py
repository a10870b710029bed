"""The hotline's database seen by somebody else, and what this disk can do."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from bot.clock import monotonic


@contextmanager
def looking(file: Path) -> Iterator[sqlite3.Connection]:
    """Read a database that somebody else writes."""
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True, timeout=10, isolation_level=None)) as connection:
        yield connection


def value(file: Path, statement: str, values: Sequence[Any] = ()) -> Any:
    """The one value that a statement gives."""
    with looking(file) as connection:
        return connection.execute(statement, values).fetchone()[0]


def commits_per_second(folder: Path, commits: int) -> float:
    """How many transactions of one row each this disk keeps in a second: WAL, every commit synced."""
    with closing(sqlite3.connect(folder / "raw.db", isolation_level=None)) as raw:
        raw.execute("PRAGMA journal_mode=WAL")
        raw.execute("PRAGMA synchronous=FULL")
        raw.execute("CREATE TABLE kept (id INTEGER PRIMARY KEY, body TEXT)")
        began = monotonic()
        for _ in range(commits):
            raw.execute("BEGIN IMMEDIATE")
            raw.execute("INSERT INTO kept (body) VALUES (?)", ("x" * 600,))
            raw.execute("COMMIT")
        return commits / (monotonic() - began)
