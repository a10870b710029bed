"""The versions of a contract's profile: what the database remembers, and what the file says otherwise."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.checks.database import opened
from bot.config.settings import Settings
from bot.papers import changes
from bot.reader import Reader, Stop
from desk.house import Contract
from sla.profile.remembered import Unreadable
from storage import profiles
from storage.errors import StorageError
from storage.profiles import Version
from storage.store import Transaction

_SHOWN = 16  # digits of a digest that two people compare by eye


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """The versions that were in force, each with its text, and how many tickets are open under each digest."""

    versions: Sequence[tuple[Version, str]]
    tickets: Mapping[str, int]


async def of(tx: Transaction, slug: str) -> Past:
    """Everything that the database knows of a contract's profiles."""
    known = await profiles.history(tx, slug)
    versions = [(version, await profiles.body(tx, version.digest) or "") for version in known]
    return Past(versions=versions, tickets=await profiles.open_under(tx, slug))


async def news(settings: Settings, reader: Reader) -> list[str]:
    """What the files say otherwise than the versions in force; nothing where there is nothing to compare with."""

    async def work(tx: Transaction) -> dict[str, Past]:
        return {slug: await of(tx, slug) for slug in settings.contracts}

    try:
        async with opened(settings, reader) as store:
            known = await store.read(work)
    except (Stop, StorageError):  # `hotline check` has a line of its own for a database that cannot be read
        return []
    contracts = {slug: Contract.of(profile) for slug, profile in settings.contracts.items()}
    return [line for slug, contract in contracts.items() for line in _news(known[slug], contract, reader)]


def told(known: Past, contract: Contract, reader: Reader) -> Iterator[str]:
    """Every version with the instant from which it was in force, and what it changed."""
    before = ""
    for version, body in known.versions:
        yield reader.say("contract.version", **_facts(version, contract), tickets=known.tickets.get(version.digest, 0))
        if before:
            changed = _differences(before, body, reader) or [reader.say("contract.same")]
            yield from (f"  {line}" for line in changed)
        before = body


def _news(known: Past, contract: Contract, reader: Reader) -> Iterator[str]:
    if not known.versions:
        return
    version, body = known.versions[-1]
    if version.digest == contract.digest:
        return
    lines = _differences(body, contract.body, reader)
    if not lines:
        return
    slug = contract.profile.slug
    yield from (f"{slug} {line}" for line in lines)
    tickets = sum(count for digest, count in known.tickets.items() if digest != contract.digest)
    yield reader.say("contract.since", slug=slug, **_facts(version, contract), tickets=tickets)


def _differences(old: str, new: str, reader: Reader) -> list[str]:
    try:
        found = changes.between(old, new)
    except Unreadable:
        return [reader.say("contract.not_compared")]
    absent = reader.say("contract.absent")
    return [
        reader.say("contract.change", place=change.key, old=change.old or absent, new=change.new or absent)
        for change in found
    ]


def _facts(version: Version, contract: Contract) -> dict[str, str]:
    since = version.since.astimezone(contract.profile.zone)
    return {"since": f"{since:%Y-%m-%d %H:%M:%S}", "digest": version.digest[:_SHOWN]}
