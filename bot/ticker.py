"""The ticker lets due alarms ring. APScheduler only knocks: what is due stands in the database."""

import asyncio
import logging
from collections.abc import Callable
from datetime import timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.clock import Clock
from bot.guarded import forever
from desk import alarms as ringing
from desk.house import Desk
from storage import alarms
from storage.store import Store, Transaction

_SWEEP_SECONDS = 10
_WAKE, _SWEEP = "wake", "sweep"
_log = logging.getLogger("hotline.ticker")


class Ticker:
    """Sleeps until the next due alarm, or until an earlier one is written."""

    def __init__(self, store: Store, clock: Clock, desk_at: Callable[[Transaction], Desk]) -> None:
        self._store, self._clock, self._desk_at = store, clock, desk_at
        self._knocked = asyncio.Event()
        self._stopping = asyncio.Event()
        self._busy = True
        self._scheduler = AsyncIOScheduler(
            timezone="UTC", job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
        )
        clock.on_jump(self.knock)

    @property
    def idle(self) -> bool:
        """Whether it sleeps."""
        return not self._busy and not self._knocked.is_set()

    def knock(self) -> None:
        """Look at the alarms now."""
        self._knocked.set()

    async def run(self) -> None:
        """Ring what is due, arm the next knock, sleep; the first sweep comes before anything else."""
        self._scheduler.add_job(self.knock, "interval", seconds=_SWEEP_SECONDS, id=_SWEEP)
        self._scheduler.start()
        try:
            await forever("ticker", self._round, self._clock, self._stopping)
        finally:
            self._scheduler.shutdown(wait=False)

    def stop(self) -> None:
        """Finish the alarm that is ringing and stop."""
        self._stopping.set()
        self._knocked.set()

    async def _round(self) -> None:
        self._busy = True
        self._knocked.clear()
        while not self._stopping.is_set() and await self._ring():
            pass
        await self._arm()
        self._busy = False
        await self._knocked.wait()

    async def _ring(self) -> bool:
        return await self._store.write(lambda tx: ringing.ring(self._desk_at(tx)))

    async def _arm(self) -> None:
        due = await self._store.read(alarms.next_due)
        if due is None:
            return
        if due <= self._clock.now():
            self._knocked.set()
            return
        rings_at = self._clock.rings_at(due)
        if rings_at is not None:
            # A moment later than due: the comparison in the database is inclusive, the scheduler may be early.
            run_date = rings_at + timedelta(milliseconds=1)
            self._scheduler.add_job(self.knock, "date", run_date=run_date, id=_WAKE, replace_existing=True)
