"""A bell that wakes everybody who is waiting for the world to change."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Literal


class Bell:
    """Each ring wakes all present listeners once; nobody is woken by an older ring."""

    def __init__(self) -> None:
        self._next = asyncio.Event()

    def ring(self) -> None:
        """Wake everybody who is listening now."""
        self._next.set()
        self._next = asyncio.Event()

    def next_ring(self) -> Coroutine[object, object, Literal[True]]:
        """Wait for the next ring after this very call, even when the waiting itself begins later."""
        return self._next.wait()

    async def heard(self, seconds: float | None = None) -> bool:
        """Wait for the next ring; False when the seconds are over first."""
        if seconds is not None and seconds <= 0:
            return False
        ring = self._next
        try:
            async with asyncio.timeout(seconds):
                await ring.wait()
        except TimeoutError:
            return False
        return True


class Deadline:
    """Real seconds that run down while somebody waits."""

    def __init__(self, seconds: float) -> None:
        self._clock = asyncio.get_running_loop().time
        self._end = self._clock() + seconds

    @property
    def left(self) -> float:
        """What is left, never negative."""
        return max(0.0, self._end - self._clock())
