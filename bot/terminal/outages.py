"""`hotline ledger outages`: when the hotline itself was blind, and what may be lost, as the ledgers have it."""

from datetime import datetime
from zoneinfo import ZoneInfo

from bot.checks.database import opened
from bot.config.findings import nearest
from bot.config.settings import Settings
from bot.reader import Reader, Stop
from desk.outages import CLOCK_SET_BACK, OUTAGE, UPDATES_LOST
from storage import ledger
from storage.ledger import LedgerEntry
from storage.store import Transaction

_KINDS = (OUTAGE, UPDATES_LOST, CLOCK_SET_BACK)


async def outages(settings: Settings, contract: str | None, reader: Reader) -> list[str]:
    """A line for each, of one contract or of all, in the contract's own time."""
    if contract is not None and contract not in settings.contracts:
        raise Stop(reader.say("cli.no_contract", word=contract) + nearest(reader, contract, settings.contracts))
    asked = list(settings.contracts) if contract is None else [contract]

    async def work(tx: Transaction) -> list[LedgerEntry]:
        return [entry for slug in asked async for entry in ledger.walk(tx, slug) if entry.kind in _KINDS]

    async with opened(settings, reader) as store:
        found = await store.read(work)
    lines = [_line(entry, settings.contracts[entry.contract].zone, reader) for entry in found]
    return lines or [reader.say("ledger.no_outages")]


def _line(entry: LedgerEntry, zone: ZoneInfo, reader: Reader) -> str:
    data = entry.data
    facts = {name: str(value) for name, value in data.items() if name != "why"}
    for name in ("from", "until", "last_alive_at"):
        if name in data:
            facts[name] = f"{datetime.fromisoformat(data[name]).astimezone(zone):%Y-%m-%d %H:%M:%S}"
    facts["since"] = facts.pop("from", "")
    facts["at"] = f"{entry.at.astimezone(zone):%Y-%m-%d %H:%M:%S}"
    facts["why"] = reader.say("ledger.and").join(reader.say(f"ledger.why.{why}") for why in data.get("why", ()))
    return reader.say(f"ledger.{entry.kind}", contract=entry.contract, seq=entry.seq, **facts)
