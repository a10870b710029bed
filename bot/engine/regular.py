"""One small thing, done again and again beside everything else."""

import asyncio
from collections.abc import Callable, Coroutine
from datetime import timedelta
from typing import Any

from bot.clock import Clock
from bot.engine.guarded import forever, rest, unless


class Regular:
    """Counts by seconds that only go forward, so that no step of the wall clock puts it to sleep."""

    def __init__(
        self, name: str, every: timedelta, work: Callable[[], Coroutine[Any, Any, object]], clock: Clock
    ) -> None:
        self.name = name
        self._every, self._work, self._clock = every, work, clock
        self._stopping = asyncio.Event()

    async def run(self) -> None:
        """Until stopped; the first time comes after the first pause."""
        await forever(self.name, self._round, self._clock, self._stopping)

    def stop(self) -> None:
        """No more; what is being done is broken off."""
        self._stopping.set()

    async def _round(self) -> None:
        await rest(self._every, self._stopping)
        if not self._stopping.is_set():
            await unless(self._stopping, self._work())
