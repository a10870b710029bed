"""The steward: a loop that asks each chore of the desk when its time has come, one short transaction for each."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from bot.clock import Clock
from bot.engine.guarded import forever
from desk.chores import CHORES, Chore
from desk.house import Desk
from storage.store import Store, Transaction, Unavailable

_log = logging.getLogger("hotline.steward")
_LOOK = timedelta(minutes=1)  # the wall clock may be set
_AGAIN = timedelta(minutes=1)


class Steward:
    """Looks after the chores, beside everything else and never in its way."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        desk_at: Callable[[Transaction], Desk],
        chores: Sequence[Chore] = CHORES,
    ) -> None:
        self._store, self._clock, self._desk_at, self._chores = store, clock, desk_at, chores
        self._next: dict[str, datetime | None] = {}
        self._changed = {chore.name for chore in chores}  # at a start, everything may have
        self._woken = asyncio.Event()
        self._stopping = asyncio.Event()
        self._busy = True
        clock.on_jump(self._woken.set)

    @property
    def idle(self) -> bool:
        """Whether no chore is due."""
        return not self._busy and not self._woken.is_set()

    @property
    def due_at(self) -> datetime | None:
        """When the next chore wants to look."""
        return min((at for at in self._next.values() if at is not None), default=None)

    def wake(self, names: frozenset[str]) -> None:
        """A commit changed these: the chores that live by one of them look at once."""
        changed = {chore.name for chore in self._chores if names & chore.wakes}
        if changed:
            self._changed |= changed
            self._woken.set()

    async def run(self) -> None:
        """Until stopped."""
        await forever("steward", self._round, self._clock, self._stopping)

    def stop(self) -> None:
        """Finish the chore that is being done and stop."""
        self._stopping.set()
        self._woken.set()

    async def _round(self) -> None:
        self._busy = True
        self._woken.clear()
        for chore in self._chores:
            if self._is_due(chore) and not self._stopping.is_set():
                await self._look(chore)
        self._busy = False
        if not self._stopping.is_set():
            latest = self._clock.now() + _LOOK
            await self._clock.wait(self._woken, min(self.due_at or latest, latest))

    def _is_due(self, chore: Chore) -> bool:
        at = self._next.get(chore.name)
        return chore.name in self._changed or (at is not None and at <= self._clock.now())

    async def _look(self, chore: Chore) -> None:
        """One chore that fails comes again in a minute, and is in no other's way."""
        self._changed.discard(chore.name)
        self._next[chore.name] = self._clock.now() + _AGAIN
        try:
            self._next[chore.name] = await self._store.write(lambda tx: chore.look(self._desk_at(tx)))
        except Unavailable:
            raise
        except Exception:
            _log.exception("the chore %s failed, comes again", chore.name)
