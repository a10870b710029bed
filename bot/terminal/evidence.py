"""`hotline ledger`: the chain walked from its first entry, and a period of it handed over with its digest."""

import hashlib
import json
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import BinaryIO

from bot.checks.database import opened
from bot.config.findings import nearest
from bot.config.settings import Settings
from bot.reader import Reader, Stop
from storage import ledger
from storage.ledger import Flaw, Head, LedgerEntry
from storage.store import Transaction

_DECEMBER = 12


async def verify(settings: Settings, reader: Reader) -> tuple[list[str], list[str]]:
    """A line for each ledger that holds, and one for the first broken entry of each that does not."""

    async def work(tx: Transaction) -> tuple[list[Head], list[Flaw]]:
        return await ledger.heads(tx), await ledger.verify(tx)

    async with opened(settings, reader) as store:
        heads, flaws = await store.read(work)
    broken = {flaw.contract for flaw in flaws}
    good = [head for head in heads if head.contract not in broken]
    sound = [reader.say("ledger.sound", contract=head.contract, count=head.seq, digest=head.digest) for head in good]
    bad = [reader.say("ledger.broken", contract=flaw.contract, seq=flaw.seq, why=flaw.why) for flaw in flaws]
    return (sound or ([] if bad else [reader.say("ledger.empty")])), bad


async def export(
    settings: Settings, contract: str, period: str, output: Path | None, stdout: BinaryIO, reader: Reader
) -> list[str]:
    """Write the entries of the period as JSON lines, with the digest of exactly these bytes; lines to say."""
    if contract not in settings.contracts:
        raise Stop(reader.say("cli.no_contract", word=contract) + nearest(reader, contract, settings.contracts))
    start, end = bounds(period, settings, contract)
    if output is None:
        count, digest = await _written(settings, contract, start, end, stdout.write, reader)
        stdout.write(_line({"sha256": digest, "entries": count}))
        return []
    part = output.with_name(f"{output.name}.part")
    try:
        with part.open("wb") as file:
            count, digest = await _written(settings, contract, start, end, file.write, reader)
        beside = output.with_name(f"{output.name}.sha256")
        beside.write_text(f"{digest}  {output.name}\n", encoding="utf-8")
        part.replace(output)
    except OSError as error:
        raise Stop(reader.say("cli.unwritable", file=output)) from error
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)
    return [reader.say("ledger.exported", count=count, file=output, digest=digest)]


def bounds(period: str, settings: Settings, contract: str) -> tuple[datetime, datetime]:
    """The first instant of a month or a year in the contract's zone, and the first after it."""
    year, _, month = period.partition("-")
    first = date(int(year), int(month or 1), 1)
    months = 1 if month else _DECEMBER
    # A day that surely lies in the next month, set back to its first.
    last = first.replace(month=first.month + months - 1) + timedelta(days=32)
    zone = settings.contracts[contract].zone
    return (
        datetime.combine(first, time(), tzinfo=zone).astimezone(UTC),
        datetime.combine(last.replace(day=1), time(), tzinfo=zone).astimezone(UTC),
    )


async def _written(
    settings: Settings,
    contract: str,
    start: datetime,
    end: datetime,
    write: Callable[[bytes], object],
    reader: Reader,
) -> tuple[int, str]:
    async def work(tx: Transaction) -> tuple[int, str]:
        count, digest = 0, hashlib.sha256()
        async for entry in ledger.walk(tx, contract):
            if start <= entry.at < end:
                line = _line(_entry(entry))
                digest.update(line)
                write(line)
                count += 1
        return count, digest.hexdigest()

    async with opened(settings, reader) as store:
        return await store.read(work)


def _entry(entry: LedgerEntry) -> dict[str, object]:
    return {
        "contract": entry.contract,
        "seq": entry.seq,
        "ticket_id": entry.ticket_id,
        "kind": entry.kind,
        "at": entry.at.isoformat(),
        "noted_at": entry.noted_at.isoformat(),
        "by": entry.by,
        "data": entry.data,
        "algorithm": entry.algorithm,
        "previous": entry.previous,
        "digest": entry.digest,
    }


def _line(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=False).encode("utf-8", "backslashreplace") + b"\n"
