"""Loops that must not end, and the house that must not go on half alive."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any, TypeVar

from bot.clock import Clock
from bot.reader import Stop
from storage.store import Unavailable

T = TypeVar("T")
_log = logging.getLogger("hotline.loops")
_FIRST, _LONGEST = timedelta(milliseconds=200), timedelta(seconds=5)


class PartEnded(Stop):
    """程序的一个部分意外停止，现在退出，请由服务管理器重新启动。(A part of the program ended; start it anew.)"""

    def __init__(self) -> None:
        super().__init__(type(self).__doc__)


class Parts:
    """The parts that run beside each other. One that ends before it is told to brings the whole house down.

    It is not started anew in here: all that matters is in the database, so a fresh process is the state that we know
    best, and half a house would look alive and page nobody.
    """

    def __init__(self) -> None:
        self.fallen = asyncio.Event()
        self.error: Stop | None = None

    @asynccontextmanager
    async def running(
        self, name: str, run: Callable[[], Coroutine[Any, Any, None]], stop: Callable[[], object]
    ) -> AsyncIterator[None]:
        """A part runs beside the block; it is stopped and awaited at the end of it."""
        told = False

        def ended(task: asyncio.Task[None]) -> None:
            error = None if task.cancelled() else task.exception()
            if error is not None or not told:
                self._fell(name, error)

        task = asyncio.create_task(run(), name=name)
        task.add_done_callback(ended)
        try:
            yield
        finally:
            told = True
            stop()
            await asyncio.wait({task})

    def _fell(self, name: str, error: BaseException | None) -> None:
        if not isinstance(error, Stop):
            _log.critical("%s ended", name, exc_info=error)
        if self.error is None:
            self.error = error if isinstance(error, Stop) else PartEnded()
        self.fallen.set()


async def forever(name: str, one_round: Callable[[], Awaitable[None]], clock: Clock, stopping: asyncio.Event) -> None:
    """Run round after round until the house stops; after an error wait a little, longer each time."""
    pause = _FIRST
    while not stopping.is_set():
        try:
            await one_round()
            pause = _FIRST
        except Unavailable as error:
            _log.error("%s: %s", name, error)
        except Exception:
            _log.exception("%s failed, goes on", name)
        else:
            continue
        await rest(pause, stopping)
        pause = min(pause * 2, _LONGEST)


async def rest(pause: timedelta, stopping: asyncio.Event) -> None:
    """Wait for real seconds, or until the event: the house stops, or there is something new."""
    try:
        await asyncio.wait_for(stopping.wait(), pause.total_seconds())
    except TimeoutError:
        return


async def unless(stopping: asyncio.Event, work: Coroutine[Any, Any, T]) -> T | None:
    """The result of the work; it is broken off, with no result, as soon as the house stops."""
    doing, stop = asyncio.create_task(work), asyncio.create_task(stopping.wait())
    try:
        await asyncio.wait({doing, stop}, return_when=asyncio.FIRST_COMPLETED)
        return doing.result() if doing.done() else None
    finally:
        doing.cancel()
        stop.cancel()
        await asyncio.gather(doing, stop, return_exceptions=True)
