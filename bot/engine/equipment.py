"""The equipment lists at a start: read as they are now; one that cannot be read leaves the last one in force."""

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.config import devices_file
from bot.config.findings import SettingsError
from bot.config.settings import Settings
from bot.reader import Reader
from sla.devices import Device
from storage import devices
from storage.store import Store, Transaction

_log = logging.getLogger("hotline")

Lists = Mapping[str, Sequence[Device]]


def read(settings: Settings) -> Lists:
    """The rows of every list that can be read, by contract; a contract without a list has no rows."""
    found = {}
    for slug, profile in settings.contracts.items():
        path = settings.ledger_of(profile)
        try:
            found[slug] = devices_file.read(path, Reader(settings.language)) if path else ()
        except SettingsError as error:
            count = len(error.findings)  # what stands in the cells is no business of the log
            _log.error("%s: %s mistakes, the last list stays in force; hotline check names them", path, count)
    return found


async def put(tx: Transaction, settings: Settings, lists: Lists, now: datetime) -> None:
    """These are the lists from now on."""
    for slug, rows in lists.items():
        await devices.put(tx, slug, rows, now.astimezone(settings.contracts[slug].zone).date())


async def warm(store: Store, settings: Settings, now: datetime) -> None:
    """Make the lists ready for searching before the first report comes."""
    for slug, profile in settings.contracts.items():
        day = now.astimezone(profile.zone).date()
        await store.read(lambda tx, slug=slug, day=day: devices.index(tx, slug, day))  # type: ignore[misc]
