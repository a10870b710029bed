"""`python -m benchmarks.watched CONFIG FILE`: `hotline run` that writes down when each commit of alarms ended."""

import asyncio
import json
import signal
import sys
from pathlib import Path

from bot.clock import WallClock
from bot.config import settings
from bot.engine import logs, service
from storage import alarms


async def run(config: Path) -> list[float]:
    """Serve until told to stop; seconds since 1970, one for each commit."""
    clock, stopping, ended = WallClock(), asyncio.Event(), list[float]()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)

    def committed(names: frozenset[str]) -> None:
        if alarms.WAKE in names:
            ended.append(clock.now().timestamp())

    async with service.opened(settings.load(config, {}), clock) as hotline:
        hotline.store.on_commit(committed)
        await stopping.wait()
    return ended


if __name__ == "__main__":
    logs.to_stderr()
    Path(sys.argv[2]).write_text(json.dumps(asyncio.run(run(Path(sys.argv[1])))), encoding="utf-8")
