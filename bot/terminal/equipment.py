"""`hotline devices`: what stands in a contract's equipment list, what a message finds in it, and reading it anew."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

from bot.checks.database import opened
from bot.config import devices_file
from bot.config.findings import nearest
from bot.config.settings import Settings
from bot.engine import lock
from bot.engine.lock import AlreadyRunning
from bot.reader import Reader, Stop
from sla.devices import Device, Index, Scope, spelling
from storage import devices
from storage.backup import file_of
from storage.devices import Changes
from storage.store import Transaction

_MOST = 10
_SENDER = "import"


def listed(settings: Settings, contract: str, reader: Reader) -> Iterator[str]:
    """A line for each section, one for the whole, and what a clerk should know of it."""
    rows = _rows(settings, contract, reader)
    for section in dict.fromkeys(row.section for row in rows):
        yield _counted("devices.section", [row for row in rows if row.section == section], reader, section=section)
    yield _counted("devices.whole", rows, reader, sections=len({row.section for row in rows}))
    scopes = Counter(row.scope for row in rows)
    for scope in Scope:
        if scope is not Scope.LISTED and scopes[scope]:
            yield reader.say(f"devices.{scope.value}", count=scopes[scope])
    uncounted = sum(row.is_counted and row.quantity is None for row in rows)
    if uncounted:
        yield reader.say("devices.uncounted", count=uncounted)
    names = Counter(spelling.plain(row.name) for row in rows)
    twice = dict.fromkeys(row.name for row in rows if names[spelling.plain(row.name)] > 1)
    if twice:
        yield reader.say("devices.repeated", names=reader.say("settings.and").join(twice))


def found(settings: Settings, contract: str, words: str, reader: Reader) -> list[str]:
    """A line for each row that the words may mean, with its score, the likeliest first."""
    matches = Index(_rows(settings, contract, reader)).search(words, _MOST)
    lines = [
        reader.say(
            "devices.match",
            place=place,
            score=f"{match.score:.3f}",
            name=match.device.name,
            section=match.device.section,
            seq=match.device.seq,
            model=match.device.model or "-",
        )
        for place, match in enumerate(matches, start=1)
    ]
    return lines or [reader.say("devices.nothing")]


async def taken_over(settings: Settings, contract: str, now: datetime, reader: Reader) -> list[str]:
    """Read the list as `hotline run` does at its start; what has changed since it was read last."""
    rows = _rows(settings, contract, reader)
    today = now.astimezone(settings.contracts[contract].zone).date()

    async def work(tx: Transaction) -> Changes:
        return await devices.put(tx, contract, rows, today)

    async with opened(settings, reader) as store:
        changes = await store.write(work)
        if changes and store.url_kind == "postgresql":
            await store.ring(_SENDER, {devices.WAKE})
    lines = [
        reader.say(f"devices.{what}", count=len(those), names=reader.say("settings.and").join(_called(those)))
        for what, those in (("added", changes.added), ("changed", changes.changed), ("gone", changes.gone))
        if those
    ]
    if lines and _is_running(settings):
        lines.append(reader.say("devices.at_next_start"))
    return lines or [reader.say("devices.unchanged")]


def _rows(settings: Settings, contract: str, reader: Reader) -> tuple[Device, ...]:
    if contract not in settings.contracts:
        raise Stop(reader.say("cli.no_contract", word=contract) + nearest(reader, contract, settings.contracts))
    path = settings.ledger_of(settings.contracts[contract])
    if path is None:
        raise Stop(reader.say("devices.none", contract=contract))
    return devices_file.read(path, reader)


def _counted(key: str, rows: Sequence[Device], reader: Reader, **facts: object) -> str:
    units = sum(row.quantity or 0 for row in rows if row.is_counted)
    return reader.say(key, rows=len(rows), listed=sum(row.is_counted for row in rows), units=units, **facts)


def _called(rows: Sequence[Device]) -> list[str]:
    shown = [f"{row.name}（{row.section} {row.seq}）" for row in rows[:_MOST]]
    return shown if len(rows) <= _MOST else [*shown, "…"]


def _is_running(settings: Settings) -> bool:
    """Whether a hotline serves from this SQLite file: what others write there it reads at its next start."""
    file = file_of(settings.storage_url)
    if file is None:
        return False
    try:
        with lock.held(Path(f"{file}.lock")):
            return False
    except AlreadyRunning:
        return True
