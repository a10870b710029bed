"""`hotline backup` and `hotline restore`: the database as one file, also while the bot runs."""

import shlex
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from bot.config.settings import Settings
from bot.reader import Reader, Stop
from storage import backup


def save(settings: Settings, file: Path, reader: Reader) -> list[str]:
    """Keep a checked copy of the database; lines to say."""
    database = backup.file_of(settings.storage_url)
    if database is None:
        where = shlex.quote(without_password(settings.storage_url))
        raise Stop(
            reader.say("cli.pg_dump", command=f"pg_dump --format=custom --file={shlex.quote(str(file))} {where}")
        )
    backup.save(database, file)
    return [reader.say("cli.saved", file=file), reader.say("cli.files_too", folder=settings.files)]


def put_back(settings: Settings, file: Path, reader: Reader) -> list[str]:
    """Put a copy where no database is yet; lines to say."""
    database = backup.file_of(settings.storage_url)
    if database is None:
        where = shlex.quote(without_password(settings.storage_url))
        raise Stop(reader.say("cli.pg_restore", command=f"pg_restore --dbname={where} {shlex.quote(str(file))}"))
    backup.put_back(file, database)
    return [reader.say("cli.restored", file=database), reader.say("cli.verify_next")]


def without_password(url: str) -> str:
    """The address of a database without what only its owner may know."""
    parts = urlsplit(url)
    user, at, host = parts.netloc.rpartition("@")
    return urlunsplit(parts._replace(netloc=f"{user.partition(':')[0]}{at}{host}", query=""))
