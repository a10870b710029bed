"""The loop that lets the canary fly: at its time, and looking after it while it is on its way."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

from bot.clock import Clock
from bot.engine.guarded import forever, rest
from desk import canary
from desk.canary import Flight, Plan
from desk.house import Desk
from storage.store import Store, Transaction

_GLANCE = timedelta(seconds=1)
_LOOK = timedelta(minutes=1)  # the wall clock may be set, and another replica may have flown


class Canary:
    """Proves, from the report to the page that the Bot API accepts, that the whole way is open."""

    def __init__(self, store: Store, clock: Clock, desk_at: Callable[[Transaction], Desk], plan: Plan) -> None:
        self._store, self._clock, self._desk_at, self._plan = store, clock, desk_at, plan
        self._stopping = asyncio.Event()
        self._flight: Flight | None = None

    @property
    def ok_at(self) -> datetime | None:
        """When it last came back; nothing if it never did."""
        return self._flight.ok_at if self._flight else None

    def is_well(self, now: datetime) -> bool:
        """Whether it came back the last time and is not overdue; before its first flight nothing speaks against it."""
        flight = self._flight
        if flight is None or flight.failing:
            return flight is None
        return flight.ok_at is None or now - flight.ok_at <= self._plan.every + 2 * self._plan.limit

    async def run(self) -> None:
        """Fly until stopped; a ticket that is on its way then is looked after at the next start."""
        await forever("canary", self._round, self._clock, self._stopping)

    def stop(self) -> None:
        """Stop."""
        self._stopping.set()

    async def _round(self) -> None:
        flight = await self._store.write(lambda tx: canary.step(self._desk_at(tx), self._plan))
        self._flight = flight
        if flight.ticket is not None:
            await rest(_GLANCE, self._stopping)
        else:
            await self._clock.wait(self._stopping, min(flight.next_at, self._clock.now() + _LOOK))
