"""One round: a house, something that hurts it, and then every promise looked at, one by one."""

import random
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from bot.config import settings
from desk.house import Contract
from storage.store import Transaction
from tests.chaos import promises
from tests.chaos.faults import FAULTS, Fault, killed_once
from tests.chaos.house import House, opened
from tests.chaos.levers import Side
from tests.chaos.promises import Books

Promise = Callable[[Books], Awaitable[list[str]]]
# The column of the tally in which a broken promise counts.
PROMISES: Mapping[str, tuple[Promise, ...]] = {
    "lost": (promises.lost_reports, promises.unsettled_updates, promises.letters_left_behind, promises.unheard_pages),
    "doubled": (promises.doubled_reports, promises.wrong_state_changes),
    "false_breaches": (promises.false_breaches, promises.missed_breaches),
    "unmarked": (promises.unmarked_repeats, promises.idle_repeats),
    "flaws": (promises.ledger_flaws,),
    "differences": (promises.replay_differences,),
}


@dataclass(slots=True, kw_only=True)
class Tally:
    """What came of rounds with one fault."""

    rounds: int = 0
    reports: int = 0
    tickets: int = 0
    deaths: int = 0
    lost: int = 0
    doubled: int = 0
    false_breaches: int = 0
    unmarked: int = 0
    marked: int = 0
    flaws: int = 0
    differences: int = 0
    broken_off: int = 0
    broken: list[str] = field(default_factory=list)

    def add(self, other: "Tally") -> None:
        """Count other rounds in."""
        for one in fields(self):
            setattr(self, one.name, getattr(self, one.name) + getattr(other, one.name))


async def judged(house: House) -> Tally:
    """Wait until the house is quiet, and look at every promise."""
    await house.settles()
    contract = next(Contract.of(profile) for profile in settings.load(house.config, {}).contracts.values())

    async def work(tx: Transaction) -> Tally:
        books = Books(house, tx, contract)
        await books.read()
        tally = Tally(rounds=1, reports=len(house.said), tickets=len(books.tickets), deaths=house.deaths)
        tally.marked = promises.marked(house)
        for column, asked in PROMISES.items():
            found = [flaw for promise in asked for flaw in await promise(books)]
            setattr(tally, column, len(found))
            tally.broken += found
        tally.broken += [*house.fallen, *(f"the sandbox failed: {error!r}" for error in house.world.errors)]
        if tally.broken:
            tally.broken += [replica.last_words() for replica in house.replicas]
        return tally

    return await house.store.read(work)


async def played(names: Sequence[str], folder: Path, database: str, seed: int, *, processes: int = 1) -> Tally:
    """One round with these faults, one after the other, on this database, as this seed has it."""
    faults = [FAULTS[name] for name in names if _kind(database) in FAULTS[name].on]
    chance = random.Random(f"{names} {seed}")
    return await _round(faults, folder, database, chance, processes=processes)


async def dying(folder: Path, database: str, commit: int, side: Side) -> Tally:
    """The whole story, with one process that dies at this commit; no death if there are fewer."""
    fault = replace(FAULTS["killed-at-commits"], play=killed_once)
    return await _round([fault], folder, database, random.Random(0), dies_at=(commit, side))


async def _round(faults: Sequence[Fault], folder: Path, database: str, chance: random.Random, **how: Any) -> Tally:
    first = faults[0]
    setting = opened(folder, database, reporters=first.reporters, webhook=first.webhook, terms=first.terms, **how)
    async with setting as house:
        for fault in faults:
            await fault.play(house, chance)
        return await judged(house)


def _kind(database: str) -> str:
    return database.partition(":")[0]
