"""The steward asks chores at their time, when something changed, and again after an error."""

import asyncio
from datetime import datetime, timedelta

from bot.engine.guarded import rest
from bot.engine.steward import Steward
from desk.chores import CHORES, Chore
from desk.house import Desk
from storage import marks
from storage.notes import put
from storage.store import Transaction
from tests.bot.engine.bench import MINUTE, START, Bench

HOUR = timedelta(hours=1)


class Watched:
    """A chore that writes down when it was asked."""

    def __init__(self, name: str = "watched", *wakes: str, every: timedelta | None = None) -> None:
        self.asked: list[datetime] = []
        self.chore = Chore(name=name, look=self.look, wakes=frozenset(wakes))
        self.every = every
        self.fails = False

    async def look(self, desk: Desk) -> datetime | None:
        """Look, and want to be asked again."""
        self.asked.append(desk.now)
        if self.fails:
            self.fails = False
            raise LookupError
        return None if self.every is None else desk.now + self.every


def steward(bench: Bench, *watched: Watched) -> Steward:
    """A steward of these chores."""
    one = Steward(bench.store, bench.clock, bench.desk, [each.chore for each in watched])
    bench.store.on_commit(one.wake)
    return one


async def settled(one: Steward) -> None:
    """Wait until the steward has nothing to do."""
    while not one.idle:
        await rest(timedelta(milliseconds=1), asyncio.Event())


async def test_a_chore_is_asked_at_the_start_and_at_its_time(bench: Bench) -> None:
    """Not before, and one that names no time is not asked again."""
    hourly, once = Watched("hourly", every=HOUR), Watched("once")
    one = steward(bench, hourly, once)
    async with bench.running(one):
        await settled(one)
        for minutes in (59, 60, 61, 120):
            bench.hand.move(START + minutes * MINUTE)
            await settled(one)
    assert hourly.asked == [START, START + HOUR, START + 2 * HOUR]
    assert once.asked == [START]


async def test_a_change_is_a_reason_to_look_at_once(bench: Bench) -> None:
    """A commit that wakes a name asks the chores that live by it, and no others."""

    async def change(tx: Transaction) -> None:
        tx.wake("people")
        await put(tx, "something", "new")

    staff, other = Watched("staff", "people"), Watched("other", "tickets")
    one = steward(bench, staff, other)
    async with bench.running(one):
        await settled(one)
        await bench.store.write(change)
        while len(staff.asked) < 2:
            await rest(timedelta(milliseconds=1), asyncio.Event())
        await settled(one)
    assert len(staff.asked) == 2
    assert len(other.asked) == 1


async def test_a_chore_that_fails_comes_again_and_stops_no_other(bench: Bench) -> None:
    """After a minute it is asked once more; what it wrote before it failed is undone."""
    failing, sound = Watched("failing"), Watched("sound")
    failing.fails = True
    one = steward(bench, failing, sound)
    async with bench.running(one):
        await settled(one)
        bench.hand.move(START + MINUTE)
        await settled(one)
    assert failing.asked == [START, START + MINUTE]
    assert sound.asked == [START]


async def test_what_a_failing_chore_marked_is_not_marked(bench: Bench) -> None:
    """A reminder that could not be sent is not taken for sent."""
    first: list[bool] = []

    async def look(desk: Desk) -> datetime | None:
        first.append(await marks.first_time(desk.tx, "said", desk.now))
        if len(first) == 1:
            raise LookupError
        return None

    one = Steward(bench.store, bench.clock, bench.desk, [Chore(name="says", look=look)])
    async with bench.running(one):
        await settled(one)
        bench.hand.move(START + MINUTE)
        await settled(one)
    assert first == [True, True]


def test_every_chore_has_a_name_of_its_own() -> None:
    """By its name the steward knows when it is due."""
    assert len({chore.name for chore in CHORES}) == len(CHORES)
