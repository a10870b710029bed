"""The database as a command finds it: opened for one piece of work, or judged without being changed."""

import os
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from bot.config.settings import Settings
from bot.reader import Reader, Stop
from sla.duty import Override
from sla.key_periods import KeyPeriod, Watch
from storage import key_periods, overrides, people
from storage.backup import file_of
from storage.people import Person
from storage.standing import Standing, standing
from storage.store import StorageError, Store, Transaction

_EVER = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What was changed in the chat for one contract: overrides, and key periods with those who keep watch."""

    overrides: tuple[Override, ...] = ()
    periods: tuple[KeyPeriod, ...] = ()
    watches: Mapping[int, Sequence[Watch]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """How the database stands and who is in it; or the sentence that says why nobody can tell."""

    trouble: str = ""
    standing: Standing = Standing.EMPTY
    people: tuple[Person, ...] = ()
    duty: Mapping[str, Changes] = field(default_factory=dict)


@asynccontextmanager
async def opened(settings: Settings, reader: Reader) -> AsyncIterator[Store]:
    """The database of a hotline that has run before; it is neither made nor changed by opening."""
    file = file_of(settings.storage_url)
    if file is not None and not file.is_file():
        raise Stop(reader.say("cli.no_database", file=file))
    store = await Store.open(settings.storage_url)
    try:
        match await store.read(standing):
            case Standing.NEWER:
                raise Stop(reader.say("cli.schema_newer"))
            case Standing.EMPTY | Standing.OLDER:
                raise Stop(reader.say("cli.schema_older"))
            case Standing.NEWEST:
                yield store
    finally:
        await store.close()


async def look(settings: Settings, reader: Reader) -> Found:
    """The database as `hotline check` finds it; one that is not there yet is judged by its folder."""
    file = file_of(settings.storage_url)
    if file is not None and not file.exists():
        there = file.parent.is_dir() and is_writable(file)  # the database makes its file, not the folder for it
        return Found(trouble="" if there else reader.say("check.folder_unwritable", folder=file.parent))
    try:
        store = await Store.open(settings.storage_url)
        try:
            await store.write(_nothing)
            found = await store.read(standing)
            known = await store.read(people.all_active) if found is Standing.NEWEST else []
            duty = await store.read(partial(changes, settings)) if found is Standing.NEWEST else {}
        finally:
            await store.close()
    except StorageError as error:
        return Found(trouble=str(error))
    return Found(standing=found, people=tuple(known), duty=duty)


async def changes(settings: Settings, tx: Transaction) -> dict[str, Changes]:
    """What was changed in the chat, of every contract; what the duty file changes is in the settings."""
    found = {}
    for slug in settings.contracts:
        laid = await overrides.valid(tx, slug, _EVER)
        periods = await key_periods.valid(tx, slug, _EVER)
        watches = {period.id: await key_periods.watches(tx, period.id) for period in periods}
        chat = tuple(one for one in laid if one.by != overrides.FILE)
        found[slug] = Changes(overrides=chat, periods=tuple(periods), watches=watches)
    return found


def is_writable(path: Path) -> bool:
    """Whether a file or folder can be made here, or written if it is there."""
    present = next((one for one in (path, *path.parents) if one.exists()), path)
    return (present == path or present.is_dir()) and os.access(present, os.W_OK)


async def _nothing(tx: Transaction) -> None:
    """A transaction for writing that writes nothing: it only asks for the right to."""
