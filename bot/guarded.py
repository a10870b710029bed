"""A loop that must not end: what goes wrong in one round is logged, and the next round comes."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta

from bot.clock import Clock
from storage.store import Unavailable

_log = logging.getLogger("hotline.loops")
_FIRST, _LONGEST = timedelta(milliseconds=200), timedelta(seconds=5)


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
    """Wait for real seconds, or until the house stops."""
    try:
        await asyncio.wait_for(stopping.wait(), pause.total_seconds())
    except TimeoutError:
        return
