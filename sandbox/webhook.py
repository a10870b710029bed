"""Delivery of updates to the bot's own web address."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from sandbox import http
from sandbox.bell import Bell
from sandbox.updates import Update

if TYPE_CHECKING:
    from sandbox.world import World

LONGEST_PAUSE = 60.0
PATIENCE = 30.0


@dataclass(slots=True, kw_only=True)
class Webhook:
    """Where updates go, and how that went; an empty url means that the bot polls."""

    first_retry_seconds: float = 1.0
    url: str = ""
    secret: str = ""
    most_connections: int = 40
    last_error_at: datetime | None = None
    last_error: str = ""
    _hurried: Bell = field(default_factory=Bell)

    def hurry(self) -> None:
        """Retry at once what waits for a retry."""
        self._hurried.ring()

    def forget_errors(self) -> None:
        """Start anew, as after every change of the address."""
        self.last_error_at, self.last_error = None, ""

    async def pause(self, failures: int) -> None:
        """Wait before the next try: twice as long after each failure, at most a minute."""
        await self._hurried.heard(min(LONGEST_PAUSE, self.first_retry_seconds * 2 ** (failures - 1)))


async def deliver_forever(world: World) -> None:
    """Post every waiting update, in order within its lane, until the world stops."""
    busy: dict[object, asyncio.Task[None]] = {}
    async with asyncio.TaskGroup() as tasks:
        while not world.stopping.is_set():
            busy = {lane: task for lane, task in busy.items() if not task.done()}
            for lane, update in _ready(world, busy):
                busy[lane] = tasks.create_task(_deliver(world, update))
            await world.updates.bell.heard()
        for task in busy.values():
            task.cancel()


def _ready(world: World, busy: Collection[object]) -> Iterable[tuple[object, Update]]:
    if not world.webhook.url:
        return ()
    chosen: dict[object, Update] = {("again", update.id): update for update in world.updates.take_repeats()}
    for update in world.updates.waiting:
        if _lane(update) not in busy and len(busy) + len(chosen) < world.webhook.most_connections:
            chosen.setdefault(_lane(update), update)
    return chosen.items()


def _lane(update: Update) -> object:
    return update.id if update.lane is None else update.lane


async def _deliver(world: World, update: Update) -> None:
    failures = 0
    while world.webhook.url and update.until > world.now():
        problem = await _try(world, update)
        if not problem:
            world.updates.settle(update)
            break
        failures += 1
        world.webhook.last_error_at, world.webhook.last_error = world.now(), problem
        world.changed.ring()
        await world.webhook.pause(failures)
    asyncio.get_running_loop().call_soon(world.updates.bell.ring)


async def _try(world: World, update: Update) -> str:
    headers = {"X-Telegram-Bot-Api-Secret-Token": world.webhook.secret} if world.webhook.secret else {}
    try:
        async with asyncio.timeout(PATIENCE):
            status, reason = await http.post_json(world.webhook.url, update.json(), headers)
    except TimeoutError:
        return "Read timeout expired"
    except (OSError, ValueError) as problem:
        return "Connection refused" if isinstance(problem, ConnectionRefusedError) else f"{problem}"
    return "" if 200 <= status < 300 else f"Wrong response from the webhook: {status} {reason}"
