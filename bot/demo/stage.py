"""A stage: the real hotline against the sandbox, in one process, with a clock of its own.

The demo and the tests play on it; nothing of the hotline is replaced but the time and the address of the Bot API.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.clock import Clock, HandClock
from bot.config.settings import Settings
from bot.engine import service
from bot.engine.buckets import UNLIMITED, Limits
from bot.engine.service import Hotline
from desk import relaying
from sandbox.server import serving
from sandbox.world import World
from storage import alarms, outbox

_GLANCE_SECONDS = 0.004
_GLANCES = 2
TOKEN = "100001:sandbox"  # noqa: S105 - opens nothing but the sandbox
USERNAME = "weibao_bot"


@dataclass(slots=True)
class Stage:
    """A hotline, the world around it, and the clock of both."""

    world: World
    hotline: Hotline
    clock: Clock

    async def settles(self) -> None:
        """Wait until everything that was said is answered."""
        quiet = 0
        while quiet < _GLANCES:
            idle = not self.world.updates.waiting and await self.hotline.is_quiet()
            quiet = quiet + 1 if idle else 0
            await asyncio.sleep(_GLANCE_SECONDS)

    async def passes(self, **span: float) -> None:
        """Let time pass, stopping at whatever comes due on the way."""
        await self.until(self.clock.now() + timedelta(**span))

    async def until(self, end: datetime) -> None:
        """Let time pass up to an instant: leaping from event to event by hand, or waiting for a clock that runs."""
        await self.settles()
        while self.clock.now() < end:
            if isinstance(self.clock, HandClock):
                self.clock.move(min(end, await self._next_event(end)))
                self.world.wake()
            else:
                await self.clock.wait(asyncio.Event(), end)
            await self.settles()

    async def _next_event(self, end: datetime) -> datetime:
        now = self.clock.now()
        due = [
            await self.hotline.store.read(lambda tx: alarms.next_due(tx, self.hotline.house.contracts)),
            await self.hotline.store.read(outbox.claimable_at),
            await self.hotline.store.read(lambda tx: relaying.due_at(tx, now)),
            self.hotline.steward.due_at,
        ]
        return min((at for at in due if at is not None and at > now), default=end)


def world_at(clock: Clock) -> World:
    """An empty world on this clock."""
    return World(TOKEN, USERNAME, clock.now, first_retry_seconds=0.01)


@asynccontextmanager
async def opened(
    settings: Settings, world: World, clock: Clock, limits: Limits = UNLIMITED, port: int = 0
) -> AsyncIterator[Stage]:
    """Open the sandbox and the hotline; the block begins when the bot listens."""
    async with serving(world, port=port) as url:
        local = replace(settings, token=TOKEN, api_url=url)
        async with service.opened(local, clock, limits) as hotline:
            if settings.mode == "polling":
                await world.polls.opened()
            stage = Stage(world=world, hotline=hotline, clock=clock)
            await stage.settles()
            yield stage
