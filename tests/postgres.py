"""A real PostgreSQL for the tests: a throw-away server for each process, a fresh database for each test."""

import glob
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from psycopg import sql

MISSING = (
    "没有 PostgreSQL 服务程序：请安装 Debian 的 postgresql 软件包，或用环境变量 HOTLINE_TEST_POSTGRES "
    "给出一个可以建库的地址。(PostgreSQL is missing: install postgresql, or set HOTLINE_TEST_POSTGRES.)"
)

# The keeper stops the server and removes its folder when its input closes, so also when pytest was killed.
KEEPER = """
bin=$1 data=$2 port=$3
trap '' INT TERM
"$bin/pg_ctl" --pgdata="$data/db" --log="$data/log" --wait --timeout=60 --silent start \
    --options="-p $port -c listen_addresses=127.0.0.1 -c unix_socket_directories=$data -c fsync=off \
    -c synchronous_commit=off -c full_page_writes=off -c shared_buffers=32MB -c timezone=UTC" && echo ready
cat >/dev/null
"$bin/pg_ctl" --pgdata="$data/db" --mode=immediate --silent stop
rm -rf "$data"
"""


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The URL of a PostgreSQL server on which databases may be made and dropped."""
    with server() as url:
        if url is None:
            pytest.skip(MISSING)
        yield url


@pytest.fixture
def postgres_url(postgres_server: str) -> Iterator[str]:
    """The URL of an empty database that is dropped after the test, whoever is still connected to it."""
    with database(postgres_server) as url:
        yield url


@contextmanager
def server() -> Iterator[str | None]:
    """The URL of the server that is given, or of one that lasts as long as the block; nothing if there is none."""
    given = os.environ.get("HOTLINE_TEST_POSTGRES")
    programs = None if given else find_programs()
    if programs is None:
        yield given or None
        return
    data = Path(tempfile.mkdtemp(prefix="hotline-pg-"))
    try:
        make_cluster(programs, data)
        keeper, port = start(programs, data)
        yield f"postgresql://hotline@127.0.0.1:{port}/postgres"
        keeper.communicate(timeout=30)  # closes its input, and waits until the server has stopped
    finally:
        shutil.rmtree(data, ignore_errors=True)


@contextmanager
def database(on: str) -> Iterator[str]:
    """The URL of an empty database on this server, as long as the block lasts."""
    name = f"hotline_test_{uuid.uuid4().hex}"
    quoted = sql.Identifier(name)
    with psycopg.connect(on, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(quoted))
    yield urlunsplit(urlsplit(on)._replace(path=f"/{name}"))
    with psycopg.connect(on, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(quoted))


def find_programs() -> Path | None:
    """The folder with initdb, pg_ctl and postgres: Debian's newest, or the one on PATH."""
    debian = glob.glob("/usr/lib/postgresql/*/bin/initdb")
    newest = max(debian, key=lambda path: float(path.split("/")[4]), default=shutil.which("initdb"))
    return Path(newest).resolve().parent if newest else None


def make_cluster(programs: Path, data: Path) -> None:
    """Lays out the files of a server that trusts whoever connects."""
    owner = server_user()
    if owner:
        os.chown(data, owner.pw_uid, owner.pw_gid)
    initdb = [str(programs / "initdb"), f"--pgdata={data / 'db'}", "--no-sync"]
    done = subprocess.run(
        [*initdb, "--username=hotline", "--auth=trust", "--encoding=UTF8", "--locale=C"],
        cwd=data,
        capture_output=True,
        text=True,
        **run_as(owner),
    )
    if done.returncode:
        pytest.fail(f"initdb failed:\n{done.stdout}{done.stderr}")


def start(programs: Path, data: Path) -> tuple[subprocess.Popen[str], int]:
    """Starts the server on a free loopback port; tries again, because somebody may take that port first."""
    for _ in range(3):
        port = free_port()
        keeper = subprocess.Popen(
            ["sh", "-c", KEEPER, "keeper", programs, data, str(port)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
            cwd=data,
            **run_as(server_user()),
        )
        assert keeper.stdout is not None
        if keeper.stdout.readline() == "ready\n":
            return keeper, port
        log = (data / "log").read_text(encoding="utf-8", errors="replace")
        keeper.kill()
        keeper.communicate()
    pytest.fail(f"PostgreSQL did not start:\n{log}")


def server_user() -> pwd.struct_passwd | None:
    """Who runs the server in our place when we are root: PostgreSQL refuses root."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    return known.get("postgres") or known["nobody"]


def run_as(user: pwd.struct_passwd | None) -> dict[str, Any]:
    """The subprocess arguments that hand a command over to this user."""
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []} if user else {}


def free_port() -> int:
    """A loopback port that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
