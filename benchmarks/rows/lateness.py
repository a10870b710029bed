"""How late alarms ring among a hundred thousand open tickets, when two hundred fall due each second."""

import json
import re
from bisect import bisect_left
from collections.abc import Sequence
from datetime import datetime, timedelta

from benchmarks import backlog, database, post, processes
from benchmarks.bench import Bench
from benchmarks.figures import Figure, NotMeasured, Spread, Target, quantile
from benchmarks.furniture import Furniture
from benchmarks.post import FINE, Log, Post
from benchmarks.processes import Program, until
from bot.clock import WallClock, monotonic
from storage.columns import instant

ROW = "e"
WHAT = "alarm lateness among very many open tickets"
RATE = 200
_START = timedelta(seconds=12)
_PATIENCE_SECONDS = 300
_MS = 1000
_NUMBER = re.compile(r"BA-\d{8}-\d+")
_WAITING = "SELECT count(*) FROM outbox WHERE state IN ('new', 'sending')"
_NUMBERS = "SELECT number, id FROM tickets WHERE id <= ?"
_RUNG = "SELECT count(*) FROM ledger WHERE kind = 'warned'"
_NOTED = "SELECT ticket_id, min(noted_at) FROM ledger WHERE kind = 'warned' GROUP BY ticket_id ORDER BY ticket_id"


async def measure(bench: Bench) -> list[Figure]:
    """From the instant at which each alarm is due to the end of its commit; beside it an empty job of the plain way."""
    made = await backlog.backlog(bench)
    count = RATE * bench.size(10, 2)
    ours, accepted, plain = [], [], []
    for run in range(bench.runs):
        bench.say(f"  {ROW}: run {run + 1} of {bench.runs}, {count} alarms among {made.count} tickets")
        committed, told = await _late(bench, made, count)
        ours.append(committed)
        accepted.append(told)
        words = ("-m", "benchmarks.plain.jobs", str(bench.folder), "late", str(count), str(RATE))
        plain.append(json.loads(await processes.output(*words)))
        if len(plain[-1]) < count:
            raise NotMeasured(f"the plain scheduler ran {len(plain[-1])} of {count} jobs")
    figures = []
    for name, share, target in (("e1", 0.5, None), ("e2", 0.99, Target(limit=100, unit="ms"))):
        figures.append(
            Figure(
                row=name,
                what=f"alarm lateness, {made.count:,} open tickets, {RATE} alarms/s, p{share * 100:.0f}",
                ours=_spread(ours, share),
                unit="ms",
                target=target,
                beside="an empty job",
                peer=_spread(plain, share),
            )
        )
    what = "alarm due -> first warning accepted by the Bot API, p99"
    return [*figures, Figure(row="e3", what=what, ours=_spread(accepted, 0.99), unit="ms")]


async def _late(bench: Bench, made: backlog.Backlog, count: int) -> tuple[list[float], list[float]]:
    async with post.serving() as server:
        furniture = made.laid_out(bench.room("lateness") / "ours", server.url, large=True)
        first = WallClock().now() + _START
        dues = [first + timedelta(seconds=number / RATE) for number in range(count)]
        backlog.fall_due(furniture.database, dues)
        commits = furniture.folder / "commits.json"
        words = ["-m", "benchmarks.watched", str(furniture.config), str(commits)]
        if bench.profiled:
            words = bench.under_profiler(words)
        async with processes.running("hotline run", furniture.folder / "hotline.log", *words) as bot:
            await server.is_polled(bot)
            if WallClock().now() > first:
                raise NotMeasured("the hotline was not up when the first alarm fell due")

            async def all_rung() -> bool:
                return bool(database.value(furniture.database, _RUNG) >= count)

            span = _START.total_seconds() + count / RATE
            await until(all_rung, span + _PATIENCE_SECONDS, bot, what="alarms are missing", glance=0.5)
            log = await _told(server, furniture, bot)
    measured = _waits(furniture, dues, json.loads(commits.read_text(encoding="utf-8"))), _accepted(log, furniture, dues)
    furniture.database.unlink()  # hundreds of megabytes for each run
    return measured


async def _told(server: Post, furniture: Furniture, bot: Program) -> Log:
    """The log, once no letter waits any more: a wave of warnings is told in fewer messages than alarms rang."""

    async def all_told() -> bool:
        return not database.value(furniture.database, _WAITING)

    await until(all_told, _PATIENCE_SECONDS, bot, what="warnings are missing", glance=0.5)
    return await server.log()


def _accepted(log: Log, furniture: Furniture, dues: Sequence[datetime]) -> list[float]:
    ahead = WallClock().now().timestamp() - monotonic()
    with database.looking(furniture.database) as look:
        due_of = {number: dues[id_ - 1].timestamp() for number, id_ in look.execute(_NUMBERS, (len(dues),))}
    first: dict[str, float] = {}
    for one in log.sent:
        for number in _NUMBER.findall(one.text) if one.code == FINE else ():
            first.setdefault(number, one.at + ahead)
    untold = due_of.keys() - first.keys()
    if untold:
        raise NotMeasured(f"{len(untold)} of {len(due_of)} warnings were told by no message")
    return [first[number] - due for number, due in due_of.items()]


def _waits(furniture: Furniture, dues: Sequence[datetime], commits: Sequence[float]) -> list[float]:
    """One writer at a time: the commit that ends first after an entry was noted is the one that keeps it."""
    with database.looking(furniture.database) as look:
        noted = {ticket: instant(at).timestamp() for ticket, at in look.execute(_NOTED)}
    ordered = sorted(commits)
    return [ordered[bisect_left(ordered, noted[ticket])] - due.timestamp() for ticket, due in enumerate(dues, start=1)]


def _spread(runs: list[list[float]], share: float) -> Spread:
    return Spread(tuple(quantile(waits, share) * _MS for waits in runs))
