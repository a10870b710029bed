"""Whether the equipment lists can be read, and what is missing in them."""

from collections import Counter
from collections.abc import Iterator

from bot.checks.remarks import Remark, remark
from bot.config import devices_file
from bot.config.findings import SettingsError
from bot.config.settings import Settings
from bot.reader import Reader
from sla.devices import spelling


def remarks(settings: Settings, reader: Reader) -> Iterator[Remark]:
    """Lists that cannot be read, equipment that nobody has counted, and names that stand twice in one section."""
    for slug, profile in settings.contracts.items():
        path = settings.ledger_of(profile)
        if path is None:
            continue
        try:
            rows = devices_file.read(path, reader)
        except SettingsError as error:
            yield from (remark("list", finding=finding) for finding in error.findings)
            continue
        uncounted = [row for row in rows if row.is_counted and row.quantity is None]
        if uncounted:
            yield remark("uncounted", contract=slug, count=len(uncounted), name=uncounted[0].name)
        named = Counter((row.section, spelling.plain(row.name), spelling.plain(row.model)) for row in rows)
        for row in rows:
            key = row.section, spelling.plain(row.name), spelling.plain(row.model)
            if named.pop(key, 0) > 1:
                yield remark("same_name", contract=slug, section=row.section, name=row.name)
