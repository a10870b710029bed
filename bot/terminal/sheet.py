"""`hotline calendar export`: the duty of a contract or a person as a calendar file."""

import asyncio
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from bot import ics
from bot.checks.database import opened
from bot.config.findings import nearest
from bot.config.settings import Settings
from bot.reader import Reader, Stop
from bot.terminal.inside import house_of
from desk import feeds
from desk.feeds import Sheet
from desk.house import Desk
from storage import people
from storage.store import Transaction


def written(
    settings: Settings,
    contract: str | None,
    person: str | None,
    now: datetime,
    output: Path | None,
    stdout: BinaryIO,
    reader: Reader,
) -> list[str]:
    """Write the file, or to standard output; lines to say."""
    sheet = asyncio.run(drawn(settings, contract, person, now, reader))
    text = ics.written(sheet)
    if output is None:
        stdout.write(text)
        return []
    try:
        output.write_bytes(text)
    except OSError as error:
        raise Stop(reader.say("cli.unwritable", file=output)) from error
    return [reader.say("sheet.written", n=len(sheet.happenings), file=output)]


async def drawn(settings: Settings, contract: str | None, person: str | None, now: datetime, reader: Reader) -> Sheet:
    """The calendar, in its newest edition."""
    if contract is not None and contract not in settings.contracts:
        raise Stop(reader.say("cli.no_contract", word=contract) + nearest(reader, contract, settings.contracts))
    known = {one.key for one in settings.people}
    if person is not None and person not in known:
        raise Stop(reader.say("cli.no_person", word=person) + nearest(reader, person, known))

    async def work(tx: Transaction) -> Sheet | None:
        desk = Desk(tx=tx, house=house_of(settings), now=now)
        if contract is not None:
            return await feeds.of_contract(desk, contract)
        someone = await people.by_key(tx, person or "")
        return None if someone is None else await feeds.of_person(desk, someone)

    async with opened(settings, reader) as store:
        sheet = await store.write(work)
    if sheet is None:  # written into the file since the hotline ran last
        raise Stop(reader.say("sheet.not_yet", person=person))
    return sheet
