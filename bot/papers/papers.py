"""`hotline contract show` and `hotline contract history`."""

from pathlib import Path

from bot.checks.database import opened
from bot.config.findings import nearest
from bot.config.settings import Settings
from bot.papers import markdown, paper, past, remarks, sheet
from bot.papers.speech import Speech
from bot.reader import Reader, Stop
from desk.house import Contract

_PAGES = (".html", ".htm")


def show(settings: Settings, slug: str, output: Path | None, reader: Reader) -> list[str]:
    """The sheet as Markdown, or written to a file, as a page if its name says so; lines to say."""
    readings = remarks.readings(settings.contracts_folder, slug)
    leaf = sheet.of(_contract(settings, slug, reader), Speech(reader.language), readings)
    if output is None:
        return [markdown.page(leaf).rstrip("\n")]
    is_page = output.suffix.lower() in _PAGES
    try:
        output.write_text(paper.page(leaf, reader.language) if is_page else markdown.page(leaf), encoding="utf-8")
    except OSError as error:
        raise Stop(reader.say("cli.unwritable", file=output)) from error
    return [reader.say("contract.shown_page" if is_page else "contract.shown", file=output)]


async def history(settings: Settings, slug: str, reader: Reader) -> list[str]:
    """Every version that was in force, with what it changed; lines to say."""
    contract = _contract(settings, slug, reader)
    async with opened(settings, reader) as store:
        known = await store.read(lambda tx: past.of(tx, slug))
    return list(past.told(known, contract, reader)) or [reader.say("contract.no_history", slug=slug)]


def _contract(settings: Settings, slug: str, reader: Reader) -> Contract:
    if slug not in settings.contracts:
        raise Stop(reader.say("cli.no_contract", word=slug) + nearest(reader, slug, settings.contracts))
    return Contract.of(settings.contracts[slug])
