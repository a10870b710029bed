"""From the start of the process to the first overdue page, and what it then holds in memory."""

import asyncio
from datetime import timedelta

from benchmarks import backlog, post
from benchmarks.bench import Bench
from benchmarks.figures import Figure, Spread, Target
from benchmarks.post import FINE
from benchmarks.processes import until
from bot.clock import WallClock

ROW = "f"
WHAT = "cold start to the first overdue page, and memory then"
_OVERDUE = timedelta(seconds=30)
_REST_SECONDS = 3


async def measure(bench: Bench) -> list[Figure]:
    """The same start twice: with one open ticket, and with a hundred thousand."""
    made = await backlog.backlog(bench)
    seconds: dict[bool, list[float]] = {False: [], True: []}
    megabytes: dict[bool, list[float]] = {False: [], True: []}
    for run in range(bench.runs):
        for large in (False, True):
            bench.say(f"  {ROW}: run {run + 1} of {bench.runs}, {made.count if large else 1} open tickets")
            took, held = await _start(bench, made, large=large)
            seconds[large].append(took)
            megabytes[large].append(held)
    return [
        *_pair("f", f"start to first overdue page, {made.count:,} open tickets", seconds, "s", 1),
        *_pair("g", "memory after it (resident)", megabytes, "MB", 50),
    ]


async def _start(bench: Bench, made: backlog.Backlog, *, large: bool) -> tuple[float, float]:
    async with post.serving() as server:
        furniture = made.laid_out(bench.room("coldstart") / "ours", server.url, large=large)
        backlog.fall_due(furniture.database, [WallClock().now() - _OVERDUE])
        async with bench.hotline(furniture) as bot:

            async def paged() -> bool:
                return bool((await server.counts())["sent"])

            await until(paged, 120, bot, what="no overdue page")
            await server.is_polled(bot)
            await asyncio.sleep(_REST_SECONDS)
            held = bot.megabytes()
        furniture.database.unlink()  # hundreds of megabytes for each run
        sent = (await server.log()).sent
        first = min(one.at for one in sent if one.code == FINE and one.chat in furniture.duty)
        return first - bot.began_at, held


def _pair(row: str, what: str, both: dict[bool, list[float]], unit: str, most: float) -> list[Figure]:
    small, large = both[False], both[True]
    return [
        Figure(
            row=f"{row}1",
            what=what,
            ours=Spread(tuple(large)),
            unit=unit,
            beside="with one open ticket",
            peer=Spread(tuple(small)),
        ),
        Figure(
            row=f"{row}2",
            what="how much more that is",
            ours=Spread(tuple(more - less for more, less in zip(large, small, strict=True))),
            unit=unit,
            target=Target(limit=most, unit=unit),
        ),
    ]
