"""The relay: texts go by further ways, one at a time to each person and way; late letters are taken over from.

It stands beside the courier, because its rules are others: a gateway knows no idempotency, no pace and no retry-after,
and what it costs is money and sleep. So what waits for one person is told together, and what is true no longer is not.
"""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import timedelta
from typing import TypeVar

from bot.clock import Clock
from bot.config.ways import Way
from bot.engine import gateways
from bot.engine.gateways import Refusal
from bot.engine.guarded import forever, rest
from bot.engine.mishaps import Mishap, Mishaps
from desk import relaying
from desk.house import Desk
from desk.relaying import Errand
from storage import lateness, relays
from storage.relays import Relay as Text
from storage.relays import State
from storage.store import Store, Transaction, Unavailable

T = TypeVar("T")
PATIENCE = timedelta(seconds=15)
_log = logging.getLogger("hotline.relay")
_IN_FLIGHT = 6  # as many as apprise has threads on a small machine: more would wait there, and count as unanswered
_AT_ONE_LOOK = 20
_SWEEP = 1.0
_GRACE = 3.5
_AGAIN = timedelta(seconds=1)
_LOST = timedelta(seconds=45)
_STOPPED = "stopped while sending"
_UNANSWERED = "no answer"
_OUR_FAULT = "our fault"


class Relay:
    """One relay serves one house."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        desk_at: Callable[[Transaction], Desk],
        ways: Mapping[str, Sequence[Way]],
        mishaps: Mishaps,
        patience: timedelta = PATIENCE,
    ) -> None:
        self._store, self._clock, self._desk_at, self._mishaps = store, clock, desk_at, mishaps
        self._ways = {(person, way.key): way for person, known in ways.items() for way in known}
        self._patience = patience
        self._woken = asyncio.Event()
        self._stopping = asyncio.Event()
        self._tasks: dict[int, asyncio.Task[None]] = {}
        self._own: set[int] = set()
        self._alone = store.url_kind == "sqlite"  # only at the start can nobody else have anything on its way
        self._busy = True
        clock.on_jump(self.wake)

    @property
    def idle(self) -> bool:
        """Whether nothing is on its way and nobody waits for too long."""
        return not (self._busy or self._woken.is_set() or self._tasks)

    def wake(self) -> None:
        """There is a new text, or another time."""
        self._woken.set()

    async def run(self) -> None:
        """Relay until stopped; then let what is on its way arrive, if it does so soon."""
        await forever("relay", self._round, self._clock, self._stopping)
        on_its_way = set(self._tasks.values())
        if on_its_way:
            await asyncio.wait(on_its_way, timeout=_GRACE)
        for task in on_its_way:
            task.cancel()  # its texts stay marked as on their way: the next start knows that they may have arrived
        await asyncio.gather(*on_its_way, return_exceptions=True)

    def stop(self) -> None:
        """Take nothing more."""
        self._stopping.set()
        self._woken.set()

    async def _round(self) -> None:
        self._busy = True
        self._woken.clear()
        await self._look_for_strays()
        for _ in range(_AT_ONE_LOOK):
            if self._stopping.is_set() or not await self._look():
                break
        else:
            self._woken.set()  # there may be more, but what was taken over goes out first
        while not self._stopping.is_set() and len(self._tasks) < _IN_FLIGHT:
            claimed = await self._claim()
            if not claimed:
                break
            self._own |= {text.id for text in claimed}
            self._tasks[claimed[0].id] = asyncio.create_task(self._carry(claimed))
        if not self._stopping.is_set():
            await self._wait()

    async def _look_for_strays(self) -> None:
        """Texts that are marked as on their way, and whose process is gone."""
        before = self._clock.now() if self._alone else self._clock.now() - _LOST
        self._alone = False
        for text in await self._store.read(lambda tx: relays.astray(tx, before)):
            if text.id not in self._own:
                await self._store.write(lambda tx, text=text: relaying.cut_off(self._desk_at(tx), text, _STOPPED))  # type: ignore[misc]

    async def _look(self) -> bool:
        """Take over from one letter that waits for too long; false if there is none."""
        now, purposes = self._clock.now(), relaying.PURPOSES

        async def is_any(tx: Transaction) -> bool:
            levels = relaying.gravest_levels(self._desk_at(tx))
            return await lateness.is_any(tx, now, relaying.PATIENCE, purposes, levels)

        if not await self._store.read(is_any):
            return False
        letter = await self._store.write(lambda tx: relaying.look(self._desk_at(tx)))
        if letter is not None:
            _log.warning("letter %s is not accepted in time: moved on", letter.id)
        return letter is not None

    async def _claim(self) -> list[Text]:
        now = self._clock.now()
        if await self._store.read(relays.next_at) is None:
            return []
        return await self._store.write(lambda tx: relays.claim(tx, now))

    async def _wait(self) -> None:
        """Until there is a new text, one comes due, or a letter has waited for too long."""
        due = await self._store.read(lambda tx: relaying.due_at(tx, self._clock.now()))
        if due is not None and due <= self._clock.now():
            due = None  # nobody can do anything about it yet, or all hands are full
        self._busy = False
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._clock.wait(self._woken, due), _SWEEP)

    async def _carry(self, claimed: list[Text]) -> None:
        first = claimed[0].id
        try:
            errand = await self._prepared(claimed)
            if errand is not None:
                await self._send(errand)
        except Exception:
            _log.exception("relay %s", first)
        finally:
            del self._tasks[first]
            self._own -= {text.id for text in claimed}
            self._woken.set()

    async def _prepared(self, claimed: list[Text]) -> Errand | None:
        try:
            return await self._insist(lambda tx: relaying.prepare(self._desk_at(tx), claimed))
        except Unavailable:
            raise
        except Exception:
            _log.exception("relay %s cannot be worded", claimed[0].id)
            await self._record(claimed, lambda tx: relaying.refused(self._desk_at(tx), claimed, _OUR_FAULT))
            return None

    async def _send(self, errand: Errand) -> None:
        """The one call to the gateway, and what became of it written down."""
        first, texts = errand.relays[0], errand.relays
        way = self._ways.get((first.person, first.way))
        try:
            if way is None:
                raise Refusal("no such way")
            await asyncio.wait_for(gateways.hand_over(way, errand.text, errand.title), self._patience.total_seconds())
        except TimeoutError:
            _log.warning("relay %s by %s to %s: %s", first.id, first.kind, first.person, _UNANSWERED)
            await self._record(texts, lambda tx: relaying.unanswered(self._desk_at(tx), texts, _UNANSWERED))
        except Refusal as refusal:
            error = str(refusal)
            _log.warning("relay %s by %s to %s: %s", first.id, first.kind, first.person, error)
            await self._record(texts, lambda tx: relaying.refused(self._desk_at(tx), texts, error))
        else:
            await self._record(texts, lambda tx: relaying.accepted(self._desk_at(tx), errand), State.SENT)

    async def _record(
        self, texts: Sequence[Text], work: Callable[[Transaction], Awaitable[None]], state: State = State.DEAD
    ) -> None:
        """Write down what became of texts; if that cannot be done in full, then the bare fact."""
        try:
            await self._insist(work)
        except Unavailable:
            raise
        except Exception:
            _log.exception("relay %s is only marked as %s", texts[0].id, state)
            ids, now = [text.id for text in texts], self._clock.now()
            await self._insist(lambda tx: relays.settle(tx, ids, state, now, error=_OUR_FAULT))
            await self._mishaps.tell(Mishap.LETTER, texts[0].id)

    async def _insist(self, work: Callable[[Transaction], Awaitable[T]]) -> T:
        """Write, however long the database is busy: only this process knows what became of the text."""
        while True:
            try:
                return await self._store.write(work)
            except Unavailable as error:
                if self._stopping.is_set():
                    raise
                _log.error("not written down yet: %s", error)
            await rest(_AGAIN, self._stopping)
