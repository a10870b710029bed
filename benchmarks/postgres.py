"""A PostgreSQL for the rows with several replicas: the throw-away server of the tests, or one that is given."""

import os
import shutil
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

from benchmarks.figures import NotMeasured
from tests import postgres


@contextmanager
def server() -> Iterator[str]:
    """The address of a server; a throw-away one does not wait for the disk, which is right for what is CPU-bound."""
    given = os.environ.get("HOTLINE_TEST_POSTGRES")
    if given:
        yield given
        return
    programs = postgres.find_programs()
    if programs is None:
        raise NotMeasured(postgres.MISSING)
    data = Path(tempfile.mkdtemp(prefix="hotline-bench-pg-"))
    try:
        postgres.make_cluster(programs, data)
        keeper, port = postgres.start(programs, data)
        try:
            yield f"postgresql://hotline@127.0.0.1:{port}/postgres"
        finally:
            keeper.communicate(timeout=30)  # closes its input, and waits until the server has stopped
    finally:
        shutil.rmtree(data, ignore_errors=True)


@contextmanager
def database(address: str) -> Iterator[str]:
    """The address of an empty database that is dropped afterwards."""
    name = f"hotline_bench_{uuid.uuid4().hex}"
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(name)))
    try:
        yield urlunsplit(urlsplit(address)._replace(path=f"/{name}"))
    finally:
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def count(address: str, table: str) -> int:
    """How many rows a table of the hotline has."""
    with psycopg.connect(address, autocommit=True) as connection:
        row = connection.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table))).fetchone()
    return int(row[0]) if row else 0
