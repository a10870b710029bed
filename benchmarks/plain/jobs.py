"""What APScheduler's job store costs: `add N` times each add_job of a ticket, `late N RATE` an empty job's lateness.

Each prints a JSON list of seconds.
"""

import asyncio
import json
import sys
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from benchmarks.plain import bot
from bot.clock import WallClock, monotonic

_STORE = "tickets"
_SPARE = timedelta(seconds=1)
_late: list[float] = []
_enough = 0
_done = asyncio.Event()


def scheduler(folder: Path) -> AsyncIOScheduler:
    """A scheduler with its jobs in a database."""
    made = AsyncIOScheduler(timezone="UTC")
    made.add_jobstore(SQLAlchemyJobStore(url=f"sqlite:///{folder / 'jobs.db'}"), _STORE)
    return made


async def adding(folder: Path, tickets: int) -> list[float]:
    """Seconds that the three jobs of each ticket took to be added."""
    jobs = scheduler(folder)
    jobs.start()
    spent = []
    for number in range(tickets):
        began = monotonic()
        bot.schedule(jobs, f"PL-{number}", WallClock().now() + timedelta(hours=1), (2001, 2002))
        spent.append(monotonic() - began)
        await asyncio.sleep(0)
    jobs.shutdown(wait=False)
    return spent


async def empty(due: float) -> None:
    """A job that does nothing but look at the clock."""
    _late.append(WallClock().now().timestamp() - due)
    if len(_late) >= _enough:
        _done.set()


async def lateness(folder: Path, count: int, rate: float) -> list[float]:
    """How late each of so many empty jobs runs, when so many fall due in a second."""
    jobs = scheduler(folder)
    jobs.start(paused=True)
    ahead = timedelta(seconds=1)
    while (first := _added(jobs, count, rate, ahead)) is None:
        jobs.remove_all_jobs(_STORE)  # the first would be due before the last is added: it would not be the plain way
        ahead *= 2
    jobs.resume()
    end = first + timedelta(seconds=count / rate + 60)
    # Run as a module this file has two names: the scheduler imports the one that is not __main__.
    from benchmarks.plain import jobs as imported

    imported._enough = count
    await WallClock().wait(imported._done, end)
    jobs.shutdown(wait=False)
    return imported._late


def _added(jobs: AsyncIOScheduler, count: int, rate: float, ahead: timedelta) -> datetime | None:
    """When the first of the jobs is due; nothing if that was over before all were added."""
    first = WallClock().now() + ahead
    for number in range(count):
        due = first + timedelta(seconds=number / rate)
        options = {"jobstore": _STORE, "misfire_grace_time": None, "max_instances": count}
        jobs.add_job("benchmarks.plain.jobs:empty", "date", run_date=due, args=(due.timestamp(),), **options)
    return first if WallClock().now() + _SPARE < first else None


def main(words: list[str]) -> None:
    """Measure and print."""
    with TemporaryDirectory(dir=words[0]) as made:
        folder = Path(made)
        if words[1] == "add":
            print(json.dumps(asyncio.run(adding(folder, int(words[2])))))
        else:
            print(json.dumps(asyncio.run(lateness(folder, int(words[2]), float(words[3])))))


if __name__ == "__main__":
    main(sys.argv[1:])
