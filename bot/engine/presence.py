"""This process among those that share the database: its signs of life, its share of the work, the right to poll.

Nobody compares wall clocks. Each replica counts up its own row; whoever sees another's count stand still for long
enough, by seconds that only go forward on his own machine, strikes it off, and all that it held is free. The other way
round, a replica that could not count for a while doubts itself before anybody else does: it sends nothing and polls
no more until it has counted again, and if it was struck off, it comes back under another name, with nothing in hand.
"""

import asyncio
import logging
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from bot.clock import Clock, monotonic
from bot.engine.guarded import forever, rest, unless
from bot.reader import Stop
from storage import alarms, files, inbox, leases, outbox, people, relays, replicas, standing
from storage.replicas import WHOLE, Share
from storage.standing import Standing
from storage.store import Store, Transaction

_log = logging.getLogger("hotline.presence")
BEAT = timedelta(seconds=2)
MISSED_SECONDS = 3.0  # enough if the server knows no session of it any more
SILENT_SECONDS = 8.0
SURE_SECONDS = 5.0
_BLIND_SECONDS = 5.0
LONGEST_PAUSE = timedelta(seconds=5)  # within a transaction: its locks are free before anybody takes over
BEATEN, STRAYS = "beat", "strays"
_TABLES = (alarms, files, inbox, outbox, people, relays)
EVERYTHING = frozenset(table.WAKE for table in _TABLES)


class Outdated(Stop):
    """数据库已由新版本程序升级，请用新版本启动。(A newer program has upgraded the database: start it.)"""

    def __init__(self, revision: str) -> None:
        super().__init__(f"{type(self).__doc__} [{revision}]")


@dataclass(slots=True)
class Term:
    """The right to poll, until it is over; what is kept under it carries its number."""

    fence: int | None = None
    over: asyncio.Event = field(default_factory=asyncio.Event)


@dataclass(slots=True)
class Watch:
    """Whose count stands still, and since when by our own clock; only time in which we kept looking counts."""

    _seen: dict[str, tuple[int, float]] = field(default_factory=dict)
    _looked_at: float = -math.inf

    def look(self, present: Mapping[str, int], now: float) -> None:
        """Take note of who is there."""
        before = {} if now - self._looked_at > _BLIND_SECONDS else self._seen
        self._looked_at = now
        self._seen = {
            name: before[name] if name in before and before[name][0] == beats else (beats, now)
            for name, beats in present.items()
        }

    def silent(self, seconds: float) -> dict[str, int]:
        """Those of whom nothing was heard for so long."""
        return {name: beats for name, (beats, since) in self._seen.items() if self._looked_at - since >= seconds}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sight:
    """What one sign of life showed."""

    present: list[str]
    fence: int | None
    strays: bool
    revision: str | None


class Presence:
    """On SQLite this process is the only one: everything is its own, and nothing is to be done for it."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store, self._clock = store, clock
        self._shared = store.url_kind == "postgresql"
        self._life = 1
        self.name = replicas.named(store.label, self._life)
        self.share = WHOLE
        self._watch = Watch()
        self._wants_to_poll = False
        self._term: Term | None = None if self._shared else Term()
        self._sure_until = -math.inf if self._shared else math.inf
        self._beaten = asyncio.Event()
        self._woken = asyncio.Event()
        self._stopping = asyncio.Event()
        self._revision: str | None = None
        self._outdated: Outdated | None = None

    @property
    def is_sure(self) -> bool:
        """Whether nobody can have taken this process for dead yet."""
        return monotonic() < self._sure_until

    async def join(self) -> None:
        """Take part from now on."""
        if self._shared:
            await self._store.write_aside(lambda tx: replicas.join(tx, self.name))
            await self._beat()

    async def leave(self) -> None:
        """Take part no longer: the others go on at once."""
        if self._shared:
            await self._store.write_aside(lambda tx: replicas.leave(tx, self.name))

    async def run(self) -> None:
        """Show signs of life until stopped."""
        if self._shared:
            await forever("presence", self._round, self._clock, self._stopping)
        else:
            await self._stopping.wait()
        if self._outdated is not None:
            raise self._outdated

    def stop(self) -> None:
        """Show no more."""
        self._stopping.set()
        self._woken.set()

    def look(self) -> None:
        """Somebody has come or gone."""
        self._woken.set()

    async def holds(self, name: str | None, stopping: asyncio.Event) -> bool:
        """Whether what was taken under this name is still ours; in doubt that is known with the next sign of life."""
        while not (self.is_sure or stopping.is_set()):
            await self._next(stopping)
        return self.is_sure and name == self.name

    async def may_poll(self, stopping: asyncio.Event) -> Term | None:
        """Wait for the right to poll; nothing if the house stops meanwhile."""
        if not self._wants_to_poll:
            self._wants_to_poll = True
            self.look()
        while not stopping.is_set():
            if self._term is not None and self.is_sure:
                return self._term
            await self._next(stopping)
        return None

    async def _next(self, stopping: asyncio.Event) -> None:
        self._beaten.clear()
        await unless(stopping, self._beaten.wait())

    async def _round(self) -> None:
        self._woken.clear()
        try:
            await self._beat()
        finally:
            if not self.is_sure:
                self._end_term()
        await rest(BEAT, self._woken)

    async def _beat(self) -> None:
        began, was_sure = monotonic(), self.is_sure
        sight = await self._store.write_aside(self._sign)
        if sight is None:
            await self._come_back()
            return
        self._sure_until = began + SURE_SECONDS
        self._compare(sight.revision)
        self._poll_under(sight.fence)
        share = Share(sight.present.index(self.name), len(sight.present))
        if share != self.share or not was_sure:
            self.share = share
            self._store.tell(EVERYTHING)
        if sight.strays:
            self._store.tell({STRAYS})
        self._beaten.set()

    async def _sign(self, tx: Transaction) -> _Sight | None:
        if not await replicas.beat(tx, self.name):
            return None
        tx.wake(BEATEN)
        present = await replicas.present(tx)
        self._watch.look({name: present[name] for name in present if name != self.name}, monotonic())
        silent = await replicas.gone(tx, self._watch.silent(MISSED_SECONDS)) | self._watch.silent(SILENT_SECONDS)
        await replicas.bury(tx, silent)
        return _Sight(
            present=sorted(present.keys() - silent.keys()),
            fence=await leases.take(tx, leases.POLLING, self.name) if self._wants_to_poll else None,
            strays=await outbox.has_strays(tx),
            revision=await replicas.revision(tx),
        )

    async def _come_back(self) -> None:
        _log.warning("the other replicas took this one for dead: it starts again with nothing in hand")
        self._sure_until = -math.inf
        self._end_term()
        self._life += 1
        self.name = replicas.named(self._store.label, self._life)
        await self.join()

    def _poll_under(self, fence: int | None) -> None:
        if self._term is not None and self._term.fence != fence:
            self._end_term()
        if self._term is None and fence is not None:
            _log.info("this replica polls")
            self._term = Term(fence)

    def _end_term(self) -> None:
        if self._shared and self._term is not None:
            _log.info("this replica polls no longer")
            self._term.over.set()
            self._term = None

    def _compare(self, revision: str | None) -> None:
        """An old program must not write into the schema of a new one."""
        if revision == self._revision:
            return
        self._revision = revision
        if standing.compared(revision) is Standing.NEWER:
            self._outdated = Outdated(str(revision))
            self.stop()
