"""`hotline services`: what a contract counts, how it stands today, and every record of it."""

from datetime import datetime
from functools import partial

from bot.checks.database import opened
from bot.config.findings import nearest
from bot.config.settings import Settings
from bot.engine.service import LOCALES
from bot.reader import Reader, Stop
from desk.services import standing
from desk.words import Words
from sla.services import Record
from storage import services
from storage.store import Transaction


async def listed(settings: Settings, contract: str, now: datetime, reader: Reader) -> list[str]:
    """A line for each service, and below it one for each of its records."""
    if contract not in settings.contracts:
        raise Stop(reader.say("cli.no_contract", word=contract) + nearest(reader, contract, settings.contracts))
    profile = settings.contracts[contract]
    if not profile.service_rows:
        raise Stop(reader.say("services.without_start" if profile.services else "services.none", contract=contract))

    async def work(tx: Transaction) -> list[Record]:
        return await services.of_contract(tx, contract)

    async with opened(settings, reader) as store:
        records = await store.read(work)
    say = partial(Words.read(LOCALES).plain, reader.language)
    today = now.astimezone(profile.zone).date()
    lines = []
    for row in profile.service_rows:
        lines.append(standing.line(say, row, records, today))
        own = [record for record in records if record.service == row.key]
        lines += [f"  {standing.record_line(say, row, record)}" for record in own]
    return lines
