"""One ticket, opened in one commit, beside three add_job of the plain way."""

import cProfile
import json
import re
import sqlite3
from collections import Counter
from pathlib import Path
from typing import Any

from benchmarks import inside, processes, reports
from benchmarks.bench import Bench
from benchmarks.figures import Figure, Spread, Target, quantile
from benchmarks.furniture import Plan, furnish
from bot.clock import monotonic

ROW = "d"
WHAT = "opening a ticket, one commit"
_WARM = 20
_MS = 1000
_SHOWN = 110
_VALUE = re.compile(r"'(?:[^']|'')*'|\b\d+\b")  # SQLite tells statements with their values
_NOWHERE = "http://127.0.0.1:9"


async def measure(bench: Bench) -> list[Figure]:
    """Open tickets one after the other; then let the plain way set its clocks."""
    count = bench.size(400, 100)
    ours: list[list[float]] = []
    plain: list[list[float]] = []
    for run in range(bench.runs):
        bench.say(f"  {ROW}: run {run + 1} of {bench.runs}, {count} tickets")
        ours.append((await _opened(bench.room("opening") / "ours", count))[_WARM:])
        words = ("-m", "benchmarks.plain.jobs", str(bench.folder), "add", str(count))
        plain.append(json.loads(await processes.output(*words))[_WARM:])
    beside = "three add_job"
    return [
        Figure(
            row="d1",
            what=f"{WHAT}, median",
            ours=_spread(ours, 0.5),
            unit="ms",
            target=Target(limit=5, unit="ms"),
            beside=beside,
            peer=_spread(plain, 0.5),
        ),
        Figure(
            row="d2", what=f"{WHAT}, p99", ours=_spread(ours, 0.99), unit="ms", beside=beside, peer=_spread(plain, 0.99)
        ),
    ]


async def profile(bench: Bench) -> str:
    """Statements for each ticket, and a profile of the process; the driver's threads are not in it."""
    count, profiler, statements = bench.size(200, 100), cProfile.Profile(), seen_statements()
    await _opened(bench.room("opening") / "ours", count, profiler, statements)
    bench.profiles.append(bench.folder / "opening.profile")
    profiler.dump_stats(bench.profiles[-1])
    lines = [f"{number / count:6.2f}  {text}" for text, number in statements.most_common()]
    return "\n".join(
        [f"{statements.total() / count:.1f} statements for each ticket, BEGIN and COMMIT among them:", *lines]
    )


def seen_statements() -> Counter[str]:
    """Counts, from now on, what SQLite is asked by anybody in this process, whatever lies between."""
    seen = Counter[str]()

    def trace(statement: str) -> None:
        seen[_VALUE.sub("?", " ".join(statement.split()))[:_SHOWN]] += 1

    connect = sqlite3.connect

    def traced(*arguments: Any, **options: Any) -> sqlite3.Connection:
        connection: sqlite3.Connection = connect(*arguments, **options)
        connection.set_trace_callback(trace)
        return connection

    sqlite3.connect = traced  # type: ignore[assignment]
    return seen


async def _opened(
    folder: Path, count: int, profiler: cProfile.Profile | None = None, statements: Counter[str] | None = None
) -> list[float]:
    furniture = furnish(folder, _NOWHERE, Plan(reporters=count))
    async with inside.opened(furniture) as house:
        raw = [inside.written(n + 1, furniture.reporter(n), reports.general(n)) for n in range(count)]
        await house.keep(raw)
        parsed = [house.parsed(update) for update in raw]
        spent = []
        if profiler is not None and statements is not None:
            statements.clear()
            profiler.enable()
        for number, update in enumerate(parsed, start=1):
            began = monotonic()
            await house.handle(number, update)
            spent.append(monotonic() - began)
        if profiler is not None:
            profiler.disable()
        return spent


def _spread(runs: list[list[float]], share: float) -> Spread:
    return Spread(tuple(quantile(spent, share) * _MS for spent in runs))
