"""The adviser asks for second opinions: after the page has gone, beside everything else, and each of them once."""

import asyncio
import contextlib
import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from bot.clock import Clock
from bot.engine.asking import AT_ONCE, Endpoint, Unanswered
from bot.engine.guarded import forever
from desk import opinions
from desk.house import Desk
from desk.opinions import Question
from storage.store import StorageError, Store, Transaction

_log = logging.getLogger("hotline.adviser")
PAUSE = timedelta(minutes=1)
_IN_A_ROW = 3
_GLANCE = 0.25  # seconds between two looks at whether the page has gone: nobody tells
_NET = 30.0


class Adviser:
    """One adviser serves one house; what fails is not asked again."""

    def __init__(self, store: Store, clock: Clock, desk_at: Callable[[Transaction], Desk], endpoint: Endpoint) -> None:
        self._store, self._clock, self._desk_at, self._endpoint = store, clock, desk_at, endpoint
        self._woken = asyncio.Event()
        self._stopping = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()
        self._failures = 0
        self._rests_since: datetime | None = None
        self._busy = True

    @property
    def idle(self) -> bool:
        """Whether nothing is being asked."""
        return not (self._busy or self._woken.is_set() or self._tasks)

    @property
    def rests(self) -> bool:
        """Whether nothing is asked for a while, because nobody answers; a clock that went back ends it."""
        since = self._rests_since
        return since is not None and timedelta() <= self._clock.now() - since < PAUSE

    def wake(self) -> None:
        """There is something new to ask."""
        self._woken.set()

    async def has_work(self) -> bool:
        """Whether it will ask something now."""
        return not self.rests and await self._store.read(lambda tx: opinions.is_due(self._desk_at(tx)))

    async def run(self) -> None:
        """Ask until stopped; what is being asked then is let go."""
        try:
            await forever("adviser", self._round, self._clock, self._stopping)
        finally:
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)
            self._endpoint.close()

    def stop(self) -> None:
        """Ask nothing more."""
        self._stopping.set()
        self._woken.set()

    async def _round(self) -> None:
        self._busy = True
        self._woken.clear()
        hands = AT_ONCE - len(self._tasks)
        if hands > 0 and await self.has_work():
            for question in await self._store.write(lambda tx: opinions.take(self._desk_at(tx), hands)):
                task = asyncio.create_task(self._ask(question))
                self._tasks.add(task)
                task.add_done_callback(self._done)
            return
        waits = hands > 0 and not self.rests and await self._store.read(lambda tx: opinions.is_any(self._desk_at(tx)))
        self._busy = False
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._clock.wait(self._woken, self._rests_until()), _GLANCE if waits else _NET)

    def _rests_until(self) -> datetime | None:
        return self._rests_since + PAUSE if self._rests_since is not None and self.rests else None

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        self._woken.set()

    async def _ask(self, question: Question) -> None:
        try:
            answer = await self._endpoint.ask(question.words)
            self._failures, self._rests_since = 0, None
            await self._store.write(lambda tx: opinions.suggest(self._desk_at(tx), question, answer))
        except Unanswered as failure:
            self._failed(failure)
        except StorageError as error:
            _log.error("ticket %s: a second opinion is not written down: %s", question.ticket, error)
        except Exception:
            _log.exception("ticket %s: a second opinion", question.ticket)

    def _failed(self, failure: Unanswered) -> None:
        """Several in a row: whoever does not answer is left alone for a while."""
        self._failures += 1
        if self._failures >= _IN_A_ROW and not self.rests:
            self._rests_since = self._clock.now()
            _log.warning("no second opinion (%s): nothing is asked for a minute", failure)
