"""The ticker lets due alarms ring. APScheduler only knocks: what is due stands in the database."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from datetime import timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.clock import Clock, monotonic
from bot.engine.gauges import Gauges
from bot.engine.guarded import forever, rest
from bot.engine.mishaps import Mishap, Mishaps
from desk import alarms as ringing
from desk.house import Desk
from storage import alarms
from storage.alarms import DueAlarm
from storage.store import Damaged, StaleTicket, Store, Transaction, Unavailable

# Counted by seconds that only go forward: a scheduler that counts by the wall clock sleeps on if that steps back.
SWEEP = timedelta(seconds=10)
_IN_OTHER_HANDS = timedelta(milliseconds=20)
_PUT_OFF = timedelta(seconds=30)
_AT_ONCE = timedelta(seconds=1)
_PATIENCE_SECONDS = 5.0
_TOGETHER = 50
_WAKE = "wake"
_log = logging.getLogger("hotline.ticker")


class Unmoved(Exception):
    """An alarm rang, and is due at the same instant as before: it would ring for ever."""


class Ticker:
    """Sleeps until the next due alarm, or until an earlier one is written."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        desk_at: Callable[[Transaction], Desk],
        mishaps: Mishaps,
        sweep: timedelta = SWEEP,
        gauges: Gauges | None = None,
    ) -> None:
        self._store, self._clock, self._desk_at, self._mishaps = store, clock, desk_at, mishaps
        self._sweep, self._gauges = sweep, gauges or Gauges()
        self._swept_at = monotonic()
        self._knocked = asyncio.Event()
        self._stopping = asyncio.Event()
        self._busy = True
        self._rang: frozenset[DueAlarm] = frozenset()
        self._held_since: float | None = None
        self._alone = 0  # so many are rung one by one, because one of them failed
        self._scheduler = AsyncIOScheduler(
            timezone="UTC", job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
        )
        clock.on_jump(self.knock)

    @property
    def idle(self) -> bool:
        """Whether it sleeps."""
        return not self._busy and not self._knocked.is_set()

    def since_sweep(self) -> float:
        """Seconds since it last looked at the alarms and came to an end, or since the start."""
        return monotonic() - self._swept_at

    def knock(self) -> None:
        """Look at the alarms now."""
        self._knocked.set()

    async def run(self) -> None:
        """Ring what is due, arm the next knock, sleep; the first sweep comes before anything else."""
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
            self._swept_at = monotonic()
        await self._arm()
        self._swept_at = monotonic()
        self._busy = False
        await rest(self._sweep, self._knocked)

    async def _ring(self) -> bool:
        """Ring what is overdue the longest; false if nothing is due.

        Many at once are one transaction. If that fails, each of them is rung alone, and one that cannot be handled
        makes way for the others.
        """
        taken: list[DueAlarm] = []
        most = _TOGETHER if self._alone == 0 else 1

        async def work(tx: Transaction) -> None:
            desk = self._desk_at(tx)
            due = await ringing.due(desk, most)
            taken[:] = self._judged(due, await ringing.pressed(desk) if due else frozenset())
            if any(alarm in self._rang for alarm in taken):
                raise Unmoved
            await ringing.ring(desk, taken)

        try:
            await self._store.write(work)
        except (Unavailable, Damaged):
            raise
        except Exception as error:
            if not taken:
                raise
            await self._failed(taken, error)
            return True
        self._rang = frozenset(taken)
        self._alone = max(self._alone - 1, 0)
        for alarm in taken:
            self._gauges.rang(self._clock.now() - alarm.due_at)
        return bool(taken)

    def _judged(self, due: Sequence[DueAlarm], pressed: frozenset[int]) -> list[DueAlarm]:
        """A press that came before a deadline is handled before the deadline is judged; that is waited for a while."""
        if not any(alarm.ticket_id in pressed for alarm in due):
            self._held_since = None
            return list(due)
        now = monotonic()
        self._held_since = now if self._held_since is None else self._held_since
        if now - self._held_since > _PATIENCE_SECONDS:
            return list(due)
        return [alarm for alarm in due if alarm.ticket_id not in pressed]

    async def _failed(self, taken: list[DueAlarm], error: Exception) -> None:
        if len(taken) > 1:
            self._alone = len(taken)
            return
        self._alone = max(self._alone - 1, 0)
        await self._put_off(taken[0], error)

    async def _put_off(self, due: DueAlarm, error: Exception) -> None:
        contended = isinstance(error, StaleTicket)
        if not contended:
            _log.error("alarm %s of ticket %s is put off", due.clock, due.ticket_id, exc_info=error)
        until = self._clock.now() + (_AT_ONCE if contended else _PUT_OFF)
        await self._store.write(lambda tx: alarms.put_off(tx, due.ticket_id, due.clock, until))
        if not contended:
            await self._mishaps.tell(Mishap.ALARM, due.ticket_id)

    async def _arm(self) -> None:
        due = await self._store.read(lambda tx: alarms.next_due(tx, self._desk_at(tx).house.contracts))
        if due is None:
            return
        if due <= self._clock.now():
            await rest(_IN_OTHER_HANDS, self._knocked)
            self._knocked.set()
            return
        rings_at = self._clock.rings_at(due)
        if rings_at is not None:
            # A moment later than due: the comparison in the database is inclusive, the scheduler may be early.
            run_date = rings_at + timedelta(milliseconds=1)
            self._scheduler.add_job(self._knock, "date", run_date=run_date, id=_WAKE, replace_existing=True)

    async def _knock(self) -> None:
        # A coroutine, because the scheduler runs plain functions in a thread, where an event must not be set.
        self.knock()
