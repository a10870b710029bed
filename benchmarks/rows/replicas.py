"""Two replicas on one PostgreSQL: how soon one takes over from the other, and how much more both do than one."""

import asyncio
import signal
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass

from benchmarks import post, postgres, reports
from benchmarks.bench import Bench
from benchmarks.figures import Figure, Gap, NotMeasured, Spread, Target
from benchmarks.furniture import Furniture, Plan, furnish
from benchmarks.post import Post
from benchmarks.processes import Program, machine_seconds, until
from bot.clock import monotonic

ROW = "j"
WHAT = "two replicas on PostgreSQL"
_TAKEN_OVER = "lease lost -> the other replica pages"
_SHARED = "two replicas against one, CPU-bound"
_CONTRACTS = 8
_WARM_SECONDS = 5
_PATIENCE_SECONDS = 600
_TICKETS = "tickets"


async def measure(bench: Bench) -> list[Figure | Gap]:
    """Both parts need replicas that share the work; as long as there are none, that is what is said."""
    lines: list[Figure | Gap] = []
    with postgres.server() as address:
        for row, what, part in (("j", _TAKEN_OVER, _taken_over), ("k", _SHARED, _shared)):
            try:
                lines += await part(bench, address)
            except NotMeasured as why:
                lines.append(Gap(row=row, what=what, why=str(why)))
    return lines


async def _taken_over(bench: Bench, address: str) -> list[Figure]:
    figures = []
    for row, how, name in (("j1", signal.SIGSTOP, "paused"), ("j2", signal.SIGKILL, "killed")):
        waits = []
        for run in range(bench.runs):
            bench.say(f"  {ROW}: run {run + 1} of {bench.runs}, the first replica is {name}")
            waits.append(await _take_over(bench, address, how))
        figures.append(
            Figure(
                row=row,
                what=f"one replica {name} -> the other pages a report sent at that moment",
                ours=Spread(tuple(waits)),
                unit="s",
                target=Target(limit=15, unit="s"),
            )
        )
    return figures


async def _take_over(bench: Bench, address: str, how: signal.Signals) -> float:
    async with AsyncExitStack() as stack:
        server, furniture, (first, second) = await _opened(stack, bench, address, replicas=2, reporters=2)
        await server.inject([(furniture.reporter(0), reports.general(0), 0.0)])
        await _paged(server, furniture, 0, first, second)
        first.send(how)
        began = monotonic()
        await server.inject([(furniture.reporter(1), reports.general(1), 0.0)])
        return await _paged(server, furniture, 1, second) - began


async def _paged(server: Post, furniture: Furniture, number: int, *programs: Program) -> float:
    async def paged() -> bool:
        return reports.mark(number) in reports.first_pages((await server.log()).sent, furniture.duty)

    await until(paged, 120, *programs, what="no page")
    return reports.first_pages((await server.log()).sent, furniture.duty)[reports.mark(number)]


async def _shared(bench: Bench, address: str) -> list[Figure]:
    count = bench.size(2000, 300)
    alone, together = [], []
    for run in range(bench.runs):
        bench.say(f"  k: run {run + 1} of {bench.runs}, {count} reports, two replicas and one")
        together.append(await _burst(bench, address, count, 2))
        alone.append(await _burst(bench, address, count, 1))

    def figure(row: str, what: str, unit: str, of: Callable[[_Burst], float]) -> Figure:
        both = [Spread(tuple(of(burst) for burst in bursts)) for bursts in (together, alone)]
        return Figure(row=row, what=what, ours=both[0], unit=unit, beside="one", peer=both[1])

    return [
        figure("k1", "tickets opened by two replicas, several contracts", "/s", lambda burst: burst.rate),
        Figure(
            row="k2",
            what="two replicas against one",
            ours=Spread(tuple(two.rate / one.rate for two, one in zip(together, alone, strict=True))),
            unit="x",
            target=Target(limit=1.6, unit="x", at_least=True),
        ),
        figure("k3", "cores that the replicas kept busy", "cores", lambda burst: burst.own_cores),
        figure("k4", "cores busy on the whole machine", "cores", lambda burst: burst.all_cores),
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Burst:
    """Tickets a second, and how many cores were busy with them: the replicas' own, and all that run here."""

    rate: float
    own_cores: float
    all_cores: float


async def _burst(bench: Bench, address: str, count: int, replicas: int) -> _Burst:
    async with AsyncExitStack() as stack:
        server, furniture, programs = await _opened(stack, bench, address, replicas=replicas, reporters=count)
        own, all_ = sum(program.cpu_seconds() for program in programs), machine_seconds()
        began = await server.inject(reports.steady(furniture.reporter, count, 0))

        async def all_opened() -> bool:
            return await asyncio.to_thread(postgres.count, furniture.plan.database, _TICKETS) >= count

        await until(all_opened, _PATIENCE_SECONDS, *programs, what="tickets are missing", glance=0.1)
        spent = monotonic() - began
        own = sum(program.cpu_seconds() for program in programs) - own
        return _Burst(rate=count / spent, own_cores=own / spent, all_cores=(machine_seconds() - all_) / spent)


async def _opened(
    stack: AsyncExitStack, bench: Bench, address: str, *, replicas: int, reporters: int
) -> tuple[Post, Furniture, list[Program]]:
    database = stack.enter_context(postgres.database(address))
    server = await stack.enter_async_context(post.serving())
    plan = Plan(reporters=reporters, contracts=_CONTRACTS, database=database)
    furniture = furnish(bench.room("replicas") / "ours", server.url, plan)
    programs = []
    for number in range(replicas):
        programs.append(await stack.enter_async_context(bench.hotline(furniture, f"replica {number + 1}")))
        await server.is_polled(*programs)  # the first one holds the lease before the second one begins
    await asyncio.sleep(_WARM_SECONDS)
    for program in programs:
        program.check()
    if (await server.counts())["conflicts"]:
        raise NotMeasured("not available: both processes poll (409), so nobody holds a lease")
    return server, furniture, programs
