"""The only place that reads the time, and the only way to wait for it."""

import asyncio
import contextlib
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Protocol

Jumped = Callable[[], object]


class Clock(Protocol):
    """Gives the time and waits for it; the demo and the tests have clocks that run faster, or by hand."""

    def now(self) -> datetime:
        """The present instant, aware, UTC."""

    def rings_at(self, due: datetime) -> datetime | None:
        """The instant of the machine's own clock at which `due` comes; nothing if it is moved by hand."""

    async def wait(self, event: asyncio.Event, until: datetime | None = None) -> None:
        """Wait for the event, at the longest until the given instant."""

    def on_jump(self, callback: Jumped) -> None:
        """Call this whenever the time was moved by hand."""


def monotonic() -> float:
    """Seconds that only ever go forward, for pacing and for measuring."""
    return time.monotonic()


def since_boot() -> float:
    """The same, but a suspended machine counts its sleep too: whoever slept was blind."""
    return time.clock_gettime(time.CLOCK_BOOTTIME) if hasattr(time, "CLOCK_BOOTTIME") else time.monotonic()


class WallClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        """The present instant."""
        return datetime.now(UTC)

    def rings_at(self, due: datetime) -> datetime | None:
        """A due instant is what it says."""
        return due

    async def wait(self, event: asyncio.Event, until: datetime | None = None) -> None:
        """Wait for the event or the instant."""
        await _wait(event, None if until is None else (until - self.now()).total_seconds())

    def on_jump(self, callback: Jumped) -> None:
        """Nobody moves this clock; steps of the machine's clock are caught by the regular sweep."""


class FastClock:
    """Runs `speed` times faster than the machine's clock, from its present instant on."""

    def __init__(self, speed: float, start: datetime | None = None) -> None:
        self._speed = speed
        self._began = time.monotonic()
        self._start = start or datetime.now(UTC)

    def now(self) -> datetime:
        """The instant that this clock shows."""
        return self._start + timedelta(seconds=(time.monotonic() - self._began) * self._speed)

    def rings_at(self, due: datetime) -> datetime | None:
        """When the machine's clock shows what this one shows at `due`."""
        return datetime.now(UTC) + (due - self.now()) / self._speed

    async def wait(self, event: asyncio.Event, until: datetime | None = None) -> None:
        """Wait for the event or the instant."""
        await _wait(event, None if until is None else (until - self.now()).total_seconds() / self._speed)

    def on_jump(self, callback: Jumped) -> None:
        """This clock runs by itself."""


class HandClock:
    """Stands still until it is moved: the demo leaps from one event to the next, tests let minutes pass at once."""

    def __init__(self, start: datetime) -> None:
        self._now = start
        self._moved = asyncio.Event()
        self._jumped: list[Jumped] = []

    def now(self) -> datetime:
        """The instant that was set last."""
        return self._now

    def move(self, to: datetime) -> None:
        """Set the time; it may also go back, as a corrected clock does."""
        self._now = to
        moved, self._moved = self._moved, asyncio.Event()
        moved.set()
        for callback in self._jumped:
            callback()

    def rings_at(self, due: datetime) -> datetime | None:
        """This clock rings when it is moved."""
        return None

    async def wait(self, event: asyncio.Event, until: datetime | None = None) -> None:
        """Wait for the event, or for the time to be moved to the instant."""
        while not event.is_set() and (until is None or self._now < until):
            moved = self._moved
            waiting = [asyncio.ensure_future(event.wait()), asyncio.ensure_future(moved.wait())]
            try:
                await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for task in waiting:
                    task.cancel()
                await asyncio.gather(*waiting, return_exceptions=True)

    def on_jump(self, callback: Jumped) -> None:
        """Call this after each move."""
        self._jumped.append(callback)


async def _wait(event: asyncio.Event, seconds: float | None) -> None:
    if seconds is not None and seconds <= 0:
        await asyncio.sleep(0)
        return
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(event.wait(), seconds)
