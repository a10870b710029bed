"""What one replica commits wakes the others, by LISTEN and NOTIFY, or by looking again if nothing is heard."""

import asyncio
import logging
import math
from contextlib import aclosing
from secrets import token_hex

from bot.clock import Clock, monotonic
from bot.engine.guarded import forever, unless
from bot.engine.presence import BEATEN, EVERYTHING, Presence
from storage import replicas
from storage.store import Store

_log = logging.getLogger("hotline.bells")
_DEAF_SECONDS = 5.0
_EVERY_BEATS = 5
_ALWAYS = frozenset({BEATEN, replicas.WAKE})


class Bells:
    """Rings for the others and hears them. With every sign of life it rings for itself, too, to know that it hears."""

    def __init__(self, store: Store, presence: Presence, clock: Clock) -> None:
        self._store, self._presence, self._clock = store, presence, clock
        self._sender = token_hex(4)
        self._names: set[str] = set()
        self._woken = asyncio.Event()
        self._stopping = asyncio.Event()
        self._heard_at = -math.inf
        self._beats = 0

    @property
    def is_deaf(self) -> bool:
        """Whether nothing was heard for a while: no line, or one behind a pool that swallows notifications."""
        return monotonic() - self._heard_at > _DEAF_SECONDS

    def woken(self, names: frozenset[str]) -> None:
        """A commit of this process; nobody else has to hear of it while there is nobody else."""
        self._names |= names if self._presence.share.of > 1 else names & _ALWAYS
        if self._names:
            self._woken.set()
        if BEATEN in names:
            self._look_again()

    async def run(self) -> None:
        """Ring and listen until stopped.

        What is woken while a ring is on its way goes with the next; a line that breaks is followed by a new one.
        """
        async with asyncio.TaskGroup() as both:
            both.create_task(forever("bells", self._ring, self._clock, self._stopping))
            listen = forever("ears", lambda: unless(self._stopping, self._listen()), self._clock, self._stopping)
            both.create_task(listen)

    def stop(self) -> None:
        """Neither ring nor listen any more."""
        self._stopping.set()
        self._woken.set()

    async def _ring(self) -> None:
        await self._woken.wait()
        self._woken.clear()
        names, self._names = self._names, set()
        try:
            if names:
                await self._store.ring(self._sender, names)
        except Exception:
            self._names |= names
            self._woken.set()
            raise

    async def _listen(self) -> None:
        async with aclosing(self._store.heard()) as heard:
            async for sender, names in heard:
                self._heard_at = monotonic()
                if not sender:
                    self._store.tell(EVERYTHING)  # nobody knows what was missed
                elif sender != self._sender:
                    self._store.tell(names)

    def _look_again(self) -> None:
        """The net: whoever wrote something may not have lived to ring for it."""
        self._store.remember(on=not self.is_deaf)
        self._beats += 1
        if self.is_deaf or self._beats % _EVERY_BEATS == 0:
            self._store.tell(EVERYTHING)
