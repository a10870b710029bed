"""What became of letters is written down together, and each answer goes to whom it belongs."""

import asyncio
from functools import partial
from pathlib import Path

import pytest

from bot.engine.receipts import Receipts, Work
from desk.house import Desk
from storage import notes
from storage.store import Unavailable
from tests.bot.engine import bench
from tests.bot.engine.bench import Bench


def receipts_of(house: Bench) -> Receipts:
    """Receipts written at the desk of this bench."""
    return Receipts(house.store, lambda tx: Desk(tx=tx, house=house.house, now=house.clock.now()))


def noting(key: str) -> Work:
    """A work that leaves a note."""

    async def work(desk: Desk) -> None:
        await notes.put(desk.tx, key, "written")

    return work


async def failing(desk: Desk) -> None:
    """A work that cannot be done, though it began."""
    await notes.put(desk.tx, "half", "done")
    raise LookupError


async def test_one_that_fails_takes_no_other_with_it(tmp_path: Path) -> None:
    """Three at once, the second of which fails: it alone hears so, and nothing of it is kept."""
    async with bench.opened(tmp_path) as house:
        receipts = receipts_of(house)
        works = (noting("a"), failing, noting("b"))
        answers = await asyncio.gather(*map(receipts.write, works), return_exceptions=True)
        assert [type(answer) for answer in answers] == [type(None), LookupError, type(None)]
        kept = [await house.store.read(partial(notes.get, key=key)) for key in ("a", "half", "b")]
        assert kept == ["written", None, "written"]


async def test_those_who_come_meanwhile_share_the_next_transaction(tmp_path: Path) -> None:
    """A hundred at once are kept in two transactions, not in a hundred."""
    async with bench.opened(tmp_path) as house:
        receipts = receipts_of(house)
        commits: list[frozenset[str]] = []
        house.store.on_commit(commits.append)

        async def waking(desk: Desk) -> None:
            desk.tx.wake("bell")

        await asyncio.gather(*(receipts.write(waking) for _ in range(100)))
        await asyncio.sleep(0)
        assert 1 <= len(commits) <= 2


async def test_a_database_that_is_away_is_said_to_all(tmp_path: Path) -> None:
    """Nobody is tried one by one against a database that cannot be reached."""
    async with bench.opened(tmp_path) as house:
        tries = 0

        async def away(desk: Desk) -> None:
            nonlocal tries
            tries += 1
            raise Unavailable

        receipts = receipts_of(house)
        answers = await asyncio.gather(*(receipts.write(away) for _ in range(5)), return_exceptions=True)
        assert {type(answer) for answer in answers} == {Unavailable}
        assert tries == 1


async def test_a_caller_that_is_gone_disturbs_nobody(tmp_path: Path) -> None:
    """Whoever is cancelled while waiting leaves the others' answers alone; what it asked for is kept."""
    async with bench.opened(tmp_path) as house:
        receipts = receipts_of(house)
        gone, stays = (asyncio.create_task(receipts.write(noting(key))) for key in ("gone", "stays"))
        await asyncio.sleep(0)
        gone.cancel()
        await stays
        with pytest.raises(asyncio.CancelledError):
            await gone
        assert await house.store.read(lambda tx: notes.get(tx, "gone")) == "written"
