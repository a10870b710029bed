"""`python -m benchmarks`: measure the rows that are asked for, and print the one table."""

import argparse
import asyncio
import json
import os
import platform
import pstats
import sqlite3
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType

import telegram

from benchmarks import table
from benchmarks.bench import Bench
from benchmarks.figures import Figure, Gap, NotMeasured
from benchmarks.rows import burst, coldstart, drain, latency, lateness, opening, replicas, storm, undelivered

ROWS: Sequence[ModuleType] = (latency, burst, drain, opening, lateness, coldstart, storm, undelivered, replicas)
_PROFILE_LINES = 30


def main(words: Sequence[str] | None = None) -> int:
    """0 if every row could be measured, whether or not it reached its target; 1 if one could not."""
    named = {row.ROW: row for row in ROWS}
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--only", nargs="+", choices=named, metavar="ROW", help=" ".join(named))
    parser.add_argument("--runs", type=int, default=3, help="runs of each row; the table shows their median")
    parser.add_argument("--quick", action="store_true", help="small and short: to see that it works")
    parser.add_argument("--json", type=Path, metavar="FILE", help="the table as data, with the values of every run")
    parser.add_argument("--page", type=Path, metavar="FILE", help="the table as a page in Markdown")
    parser.add_argument("--folder", type=Path, help="where databases are made: on the disk that is meant")
    parser.add_argument("--profile", choices=named, metavar="ROW", help="where the time of this row goes")
    args = parser.parse_args(words)
    with tempfile.TemporaryDirectory(prefix="hotline-bench-", dir=args.folder) as made:
        bench = Bench(folder=Path(made), runs=args.runs, quick=args.quick)
        if args.profile:
            return asyncio.run(_profile(bench, named[args.profile]))
        lines = asyncio.run(_measured(bench, [named[name] for name in args.only or named]))
    machine = _machine(args.runs)
    print(f"{machine}, {Path(made).parent}")
    print(table.rendered(lines))
    if args.json:
        data = {"machine": machine, "figures": table.as_json(lines)}
        args.json.write_text(json.dumps(data, ensure_ascii=False, indent=2), encoding="utf-8")
    if args.page:
        args.page.write_text(_page(machine, table.as_markdown(lines)), encoding="utf-8")
    return 1 if any(isinstance(line, Gap) for line in lines) else 0


async def _measured(bench: Bench, rows: Sequence[ModuleType]) -> list[Figure | Gap]:
    lines: list[Figure | Gap] = []
    for row in rows:
        bench.say(f"{row.ROW}: {row.WHAT}")
        try:
            lines += await row.measure(bench)
        except NotMeasured as why:
            lines.append(Gap(row=row.ROW, what=row.WHAT, why=str(why)))
        except Exception as error:
            # One row that breaks must not take the hour's other figures with it.
            lines.append(Gap(row=row.ROW, what=row.WHAT, why=f"{type(error).__name__}: {error}"))
    return lines


async def _profile(bench: Bench, row: ModuleType) -> int:
    bench.runs, bench.profiled = 1, True
    told = await row.profile(bench) if hasattr(row, "profile") else table.rendered(await row.measure(bench))
    print(told)
    for file in bench.profiles:
        if file.exists():
            stats = pstats.Stats(str(file), stream=sys.stdout)
            for order in ("tottime", "cumulative"):
                stats.sort_stats(order).print_stats(_PROFILE_LINES)
    return 0


def _page(machine: str, shown: str) -> str:
    return (
        "# 实测数字 Figures\n\n"
        '由 `make bench BENCH_ARGS="--page docs/figures.md"` 写成，没有一个数字是手填的；每行怎样测、为什么公平，'
        "见 [benchmarks/README.md](../benchmarks/README.md)。\n\n"
        "*Written by that command; how each row is measured, and why one is missed, stands in that README.*\n\n"
        f"{machine}\n\n{shown}\n"
    )


def _machine(runs: int) -> str:
    load = " ".join(f"{value:.1f}" for value in os.getloadavg())
    return (
        f"{os.cpu_count()} CPU, load {load}, Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, "
        f"python-telegram-bot {telegram.__version__}, {runs} runs"
    )


if __name__ == "__main__":
    sys.exit(main())
