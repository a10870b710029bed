"""The PostgreSQL that the other tests stand on."""

import psycopg
import pytest

pytest_plugins = ["pytester"]


def test_it_is_a_real_server(postgres_url: str) -> None:
    """The URL leads to PostgreSQL 13 or newer, in UTF-8 and UTC."""
    with psycopg.connect(postgres_url) as connection:
        assert connection.info.server_version >= 130000
        assert connection.execute("SELECT '维保热线'").fetchone() == ("维保热线",)
        assert connection.execute("SHOW server_encoding").fetchone() == ("UTF8",)


@pytest.mark.parametrize("turn", ["first", "second"])
def test_every_test_finds_an_empty_database(postgres_url: str, turn: str) -> None:
    """A table of one test is not there in the next."""
    with psycopg.connect(postgres_url) as connection:
        connection.execute("CREATE TABLE ticket (turn text)")
        connection.execute("INSERT INTO ticket VALUES (%s)", (turn,))


def test_a_forgotten_connection_does_not_hold_the_database(
    postgres_server: str, postgres_url: str, request: pytest.FixtureRequest
) -> None:
    """The database goes even when a test, or a crashed child of it, is still connected."""
    forgotten = psycopg.connect(postgres_url)
    request.addfinalizer(forgotten.close)


async def test_it_takes_asyncio_connections(postgres_url: str) -> None:
    """The asynchronous driver, which the program uses, connects by the same URL."""
    async with await psycopg.AsyncConnection.connect(postgres_url) as connection:
        cursor = await connection.execute("SELECT pg_notify('hotline', 'wake')")
        assert await cursor.fetchone() == ("",)
