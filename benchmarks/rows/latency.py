"""From a report to the first page about it, beside the plain way."""

import asyncio
from contextlib import AbstractAsyncContextManager

from benchmarks import post, reports, stages
from benchmarks.bench import Bench
from benchmarks.figures import Figure, Spread, Target, quantile
from benchmarks.furniture import Furniture, Plan, furnish
from benchmarks.post import Post
from benchmarks.processes import Program, until

ROW = "a"
WHAT = "report -> first page accepted, 20 reports/s"
RATE = 20.0
_SETTLE_SECONDS = 300
_MS = 1000


async def measure(bench: Bench) -> list[Figure]:
    """Both bots, one after the other, run after run."""
    count = bench.size(1200, 100)
    ours, plain, ceilings, lost = [], [], [], 0
    for run in range(bench.runs):
        bench.say(f"  {ROW}: run {run + 1} of {bench.runs}, {count} reports, ours")
        folder = bench.room("latency")
        async with post.serving() as server:
            furniture = furnish(folder / "ours", server.url, Plan(reporters=count))
            waits, missing = await waited(server, furniture, bench.hotline(furniture), count, RATE)
            ours.append(waits)
            lost += missing
        bench.say(f"  {ROW}: run {run + 1} of {bench.runs}, {count} reports, the plain way")
        async with post.serving() as server:
            waits, missing = await waited(server, furniture, bench.plain(folder, server.url, furniture), count, RATE)
            plain.append(waits)
            ceilings.append(await server.ceiling())
    median, tail = _spread(ours, 0.5), _spread(ours, 0.99)
    note = f"{lost} of {count * bench.runs} reports without a page"
    beside = "the plain way"
    return [
        Figure(
            row="a1",
            what=f"{WHAT} for {count / RATE:.0f} s, median",
            ours=median,
            unit="ms",
            target=Target(limit=30, unit="ms"),
            beside=beside,
            peer=_spread(plain, 0.5),
            note=note,
        ),
        Figure(
            row="a2",
            what=f"{WHAT} for {count / RATE:.0f} s, p99",
            ours=tail,
            unit="ms",
            target=Target(limit=150, unit="ms"),
            beside=beside,
            peer=_spread(plain, 0.99),
        ),
        Figure(
            row="a3",
            what="its median against the plain way's",
            ours=Spread(tuple(mine / its for mine, its in zip(median.values, _spread(plain, 0.5).values, strict=True))),
            unit="x",
            target=Target(limit=2, unit="x"),
        ),
        Figure(row="a4", what="what the Bot API server itself takes", ours=Spread(tuple(ceilings)), unit="calls/s"),
    ]


async def waited(
    server: Post, furniture: Furniture, program: AbstractAsyncContextManager[Program], count: int, rate: float
) -> tuple[list[float], int]:
    """Seconds from each report to its first page, and how many have none."""
    async with program as bot:
        await server.is_polled(bot)
        await server.inject(reports.steady(furniture.reporter, count, rate))

        async def paged() -> bool:
            return reports.waits(await server.log(), furniture.duty)[1] == 0

        await asyncio.sleep(count / rate + 1)  # nobody asks the server for its long log while it is being measured
        await until(paged, _SETTLE_SECONDS, bot, what="pages are missing", glance=1)
        return reports.waits(await server.log(), furniture.duty)


async def profile(bench: Bench) -> str:
    """What each stage between report and page takes."""
    return await stages.told(bench, 200)


def _spread(runs: list[list[float]], share: float) -> Spread:
    return Spread(tuple(quantile(waits, share) * _MS for waits in runs))
