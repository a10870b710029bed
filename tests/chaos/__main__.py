"""`make chaos`: the faults, round after round, on both databases; a table; exit 1 if a zero is none."""

import argparse
import asyncio
import sys
import tempfile
from collections.abc import Awaitable, Callable, Iterator
from contextlib import ExitStack, contextmanager
from itertools import count
from pathlib import Path
from secrets import randbelow

from bot.clock import monotonic
from tests import postgres
from tests.chaos import tally
from tests.chaos.faults import FAULTS, POSTGRESQL, SQLITE
from tests.chaos.levers import Side
from tests.chaos.rounds import Tally, dying, played

EVERY_COMMIT = "killed-at-every-commit"
_SEEDS = 1_000_000
_WORDS = 2000
_REPEAT = 'make chaos CHAOS_ARGS="--seed {seed} --rounds 1 --fault {fault} --database {database}"'


def main() -> int:
    """Play, print, judge."""
    args = _arguments()
    print(f"seed {args.seed}", flush=True)
    tallies: dict[tuple[str, str], Tally] = {}
    with ExitStack() as stack:
        server = stack.enter_context(postgres.server()) if POSTGRESQL in args.database else None
        if POSTGRESQL in args.database and server is None:
            print(postgres.MISSING, file=sys.stderr)
            return 1
        try:
            _play(args, server, tallies)
        except KeyboardInterrupt:
            print("interrupted: this is what was played", flush=True)
    print(f"\n{tally.table(tallies)}")
    return 0 if tallies and all(map(tally.holds, tallies.values())) else 1


def _play(args: argparse.Namespace, server: str | None, tallies: dict[tuple[str, str], Tally]) -> None:
    end = monotonic() + args.seconds if args.seconds else None
    for number in count():
        if (end is None and number >= args.rounds) or (end is not None and monotonic() > end):
            return
        seed = args.seed + number
        for fault in args.fault:
            for database in args.database:
                if fault == EVERY_COMMIT and number:
                    continue  # there is nothing of chance in it
                if fault != EVERY_COMMIT and database not in FAULTS[fault].on:
                    continue
                if end is not None and monotonic() > end:
                    return
                for one in _rounds(args, fault, database, server, seed):
                    tallies.setdefault((fault, database), Tally()).add(one)
                    _say(one, fault, database, seed)
                    if end is not None and monotonic() > end:
                        return


def _rounds(args: argparse.Namespace, fault: str, database: str, server: str | None, seed: int) -> Iterator[Tally]:
    if fault != EVERY_COMMIT:
        processes = args.processes if database == POSTGRESQL else 1
        yield _one(database, server, lambda folder, at: played([fault], folder, at, seed, processes=processes))
        return
    first, last = args.commits
    for commit in count(first):
        if last is not None and commit > last:
            return
        for side in Side:
            one = _one(database, server, lambda folder, at, c=commit, s=side: dying(folder, at, c, s))  # type: ignore[misc]
            if not one.deaths and not one.broken:
                return  # the story has no more commits
            yield one


def _one(database: str, server: str | None, play: Callable[[Path, str], Awaitable[Tally]]) -> Tally:
    """One round in an empty place; one that comes to no end is a finding, too."""
    with tempfile.TemporaryDirectory(prefix="hotline-chaos-") as folder, _address(database, server) as address:
        try:
            return asyncio.run(_awaited(play(Path(folder), address)))
        except Exception as error:
            return Tally(rounds=1, broken_off=1, broken=[f"{type(error).__name__}: {error}"])


async def _awaited(round_: Awaitable[Tally]) -> Tally:
    return await round_


@contextmanager
def _address(database: str, server: str | None) -> Iterator[str]:
    if server is None or database == SQLITE:
        yield SQLITE
        return
    with postgres.database(server) as url:
        yield url


def _say(one: Tally, fault: str, database: str, seed: int) -> None:
    print("." if tally.holds(one) else "x", end="", flush=True)
    if not tally.holds(one):
        again = _REPEAT.format(seed=seed, fault=fault, database=database)
        print(f"\n{fault} on {database}:", *(line[-_WORDS:] for line in one.broken), f"again: {again}", sep="\n  ")


def _span(text: str) -> tuple[int, int | None]:
    """``25-80``, or ``81-`` for all that follow."""
    first, dash, last = text.partition("-")
    if not first.isdecimal() or not dash or not (last.isdecimal() or not last):
        raise argparse.ArgumentTypeError(f"{text}: should be like 25-80 or 81-")
    return int(first), int(last) if last else None


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make chaos", description=__doc__)
    faults, databases = [*FAULTS, EVERY_COMMIT], [SQLITE, POSTGRESQL]
    parser.add_argument("--rounds", type=int, default=3, help="how often each fault is played (3)")
    parser.add_argument("--seconds", type=float, help="play for so long instead")
    parser.add_argument("--seed", type=int, default=None, help="to play the same rounds again")
    parser.add_argument("--fault", action="append", choices=faults, help="only this one; may be said again")
    parser.add_argument("--database", action="append", choices=databases, help="only this one")
    parser.add_argument(
        "--commits", type=_span, default=(1, None), help=f"only these of {EVERY_COMMIT}, such as 25-80 or 81-"
    )
    parser.add_argument("--processes", type=int, default=1, help="how many processes share a PostgreSQL database (1)")
    args = parser.parse_args()
    args.seed = randbelow(_SEEDS) if args.seed is None else args.seed
    args.fault, args.database = args.fault or faults, args.database or databases
    return args


if __name__ == "__main__":
    sys.exit(main())
