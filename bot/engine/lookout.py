"""The lookout gives signs of life, and notices afterwards that the house was blind: down, cut off, unable to write.

While the process runs, spans are measured by seconds that only go forward: a clock that is set makes no outage. Between
two processes there is only the wall clock. The sign is the house's: while another replica gives it, nobody was blind.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot.clock import Clock, since_boot
from bot.engine import gaps
from bot.engine.contact import Contact
from bot.engine.gaps import Looked
from bot.engine.guarded import forever, rest
from bot.engine.spell import Spell
from desk import outages, reoffer
from desk.house import Desk
from desk.outages import Outage, Why
from storage import missed, outbox, signs
from storage.signs import Sign
from storage.store import StorageError, Store, Transaction

_log = logging.getLogger("hotline.lookout")


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long something may last before it is told."""

    outage: timedelta = timedelta(seconds=60)
    reoffer: timedelta = timedelta(minutes=15)
    conflict: timedelta = timedelta(seconds=30)
    hole: timedelta = timedelta()  # a webhook may bring updates out of order
    every: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class _Beat:
    """What one look at the last sign brought."""

    now: datetime
    sign: Sign
    looked: Looked | None = None
    alive_before: datetime | None = None
    outage: Outage | None = None
    overdue: Mapping[str, int] = field(default_factory=dict)
    letters: Mapping[str, int] = field(default_factory=dict)
    others_see: bool = False


class Lookout:
    """Writes a sign every few seconds, beside everything else, and looks at the one before."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        desk_at: Callable[[Transaction], Desk],
        contact: Contact,
        bot_id: int,
        patience: Patience,
    ) -> None:
        self._store, self._clock, self._desk_at, self._contact = store, clock, desk_at, contact
        self._bot_id, self._patience = bot_id, patience
        self._woken, self._stopping = asyncio.Event(), asyncio.Event()
        self._busy, self._begun, self._writable = True, False, True
        self._beat_at = self._seeing_at = since_boot()
        self._wrote: datetime | None = None
        self._spell = Spell()
        self._quarrel: timedelta | None = None
        contact.changed = self._woken.set
        clock.on_jump(self._woken.set)

    @property
    def idle(self) -> bool:
        """Whether it has looked at everything and rests."""
        return not self._busy and not self._woken.is_set()

    async def begin(self) -> None:
        """The first look, before any deadline rings: what is overdue now came due while nobody looked."""
        await self._beat()

    async def run(self) -> None:
        """Give signs until stopped, and a last one then: what is stopped on purpose was alive until now."""
        await forever("lookout", self._round, self._clock, self._stopping)
        await self._beat()

    def stop(self) -> None:
        """Give the last sign."""
        self._stopping.set()
        self._woken.set()

    async def _round(self) -> None:
        self._busy = False
        lay_down = since_boot()
        await rest(self._patience.every, self._woken)
        slept = since_boot() - lay_down
        if slept > (self._patience.every + self._patience.outage).total_seconds():
            self._spell.lasts(Why.DOWN, slept)  # nobody rests so long: the process was stopped
            self._beat_at = since_boot()
            self._contact.lost()
        self._busy = True
        self._woken.clear()
        await self._beat()

    async def _beat(self) -> None:
        at, made = since_boot(), self._contact.made
        if not self._writable:
            self._spell.lasts(Why.NOT_WRITABLE, at - self._beat_at)
        elif not made:
            self._spell.lasts(Why.NO_CONTACT, at - self._beat_at)
        try:
            beat = await self._store.write(lambda tx: self._look(self._desk_at(tx), at, made=made))
        except StorageError as error:
            if self._writable:
                _log.error("no sign of life can be written: %s", error)
            self._writable = False
        else:
            self._writable = True
            self._take(beat, at, made=made)
            if (took := since_boot() - at) > self._patience.every.total_seconds():
                self._spell.lasts(Why.NOT_WRITABLE, took)  # it hung, and will be part of the next span
            await self._follow(beat)
        finally:
            self._beat_at = at

    async def _look(self, desk: Desk, at: float, *, made: bool) -> _Beat:
        """Compare the last sign with now, record what is to be recorded, and write the new sign: one transaction."""
        tx, now = desk.tx, desk.now
        last = await signs.take(tx, self._bot_id)
        if last is None:
            beat = _Beat(now=now, sign=await self._first_sign(desk))
            await signs.put(tx, self._bot_id, beat.sign)
            return beat
        lasted = timedelta(seconds=at - self._seeing_at) if self._is_mine(last) else now - last.seen_at
        blind = max(last.blind_seconds, int(lasted.total_seconds()))
        last = replace(last, blind_seconds=blind, shared=last.shared or self._contact.shared)
        looked = await gaps.look(tx, self._bot_id, last, now - self._patience.hole)
        overdue = {} if self._begun else await missed.overdue(tx, now)
        letters = {} if made and lasted <= self._patience.outage else await missed.held_up(tx, now)
        outage = None
        if made and lasted > self._patience.outage:
            outage = await self._record(desk, last, lasted, looked, letters)
        for gap in looked.gaps:
            await outages.record_gap(desk, gap)
        if not self._begun and last.alive_at - now > self._patience.outage:
            await outages.record_clock_set_back(desk, last.alive_at)
        sign = replace(looked.sign, alive_at=now, seen_at=now if made else self._seen_until(last, now))
        if looked.came and made:
            sign = replace(sign, blind_seconds=0, shared=False)
        await signs.put(tx, self._bot_id, sign)
        return _Beat(
            now=now,
            sign=sign,
            looked=looked,
            alive_before=last.alive_at,
            outage=outage,
            overdue=overdue,
            letters=letters,
            others_see=self._begun and not self._is_mine(last) and lasted <= self._patience.outage,
        )

    async def _first_sign(self, desk: Desk) -> Sign:
        """Before the first start there was nothing to be seen."""
        newest = await missed.newest(desk.tx, self._bot_id)
        sign = Sign(alive_at=desk.now, seen_at=desk.now)
        if newest is None:
            return sign
        return replace(sign, serial=newest.serial, update_id=newest.update_id, update_at=newest.at)

    def _seen_until(self, last: Sign, now: datetime) -> datetime:
        """A question that gets no answer is noticed late: the house saw until the last answer came."""
        answered = now - self._contact.silence if self._is_mine(last) else now
        return min(last.seen_at, answered)

    async def _record(
        self, desk: Desk, last: Sign, lasted: timedelta, looked: Looked, letters: Mapping[str, int]
    ) -> Outage:
        since = last.seen_at if last.seen_at <= desk.now else desk.now - lasted  # the clock may have been set
        outage = self._spell.outage(since, desk.now, looked, letters)
        await outages.record(desk, outage)
        return outage

    def _is_mine(self, sign: Sign) -> bool:
        """Whether nobody else has seen anything since this process did."""
        return self._wrote is not None and sign.seen_at == self._wrote

    def _take(self, beat: _Beat, at: float, *, made: bool) -> None:
        """What was committed is remembered; a transaction that ran twice counts once."""
        if not self._begun and beat.alive_before is not None:
            self._spell.lasts(Why.DOWN, (beat.now - beat.alive_before).total_seconds())
            self._spell.alarms.update(Counter(dict(beat.overdue)))
        self._begun = True
        if made:
            self._wrote, self._seeing_at = beat.sign.seen_at, at
            self._spell = Spell()
            self._contact.shared = False
            return
        if beat.others_see:
            self._spell = Spell()
        elif beat.looked is not None:
            self._spell.takes(beat.looked, beat.letters)
        if self._wrote is not None and self._wrote > beat.sign.seen_at:
            self._wrote = beat.sign.seen_at
            self._seeing_at = min(self._seeing_at, at - self._contact.silence.total_seconds())

    async def _follow(self, beat: _Beat) -> None:
        """What is said after the sign is safe: it may take a while, and is tried once."""
        try:
            if beat.outage is not None and beat.outage.until - beat.outage.since >= self._patience.reoffer:
                await self._reoffer(beat.outage)
            await self._tell_of_quarrel()
        except Exception:
            _log.exception("not everybody could be told")

    async def _reoffer(self, outage: Outage) -> None:
        bundles = await self._store.read(lambda tx: reoffer.bundles(self._desk_at(tx), outage))

        async def work(tx: Transaction) -> None:
            for letter in bundles:
                await outbox.put(tx, letter)

        await self._store.write(work)

    async def _tell_of_quarrel(self) -> None:
        """A 409 that lasts is told, and so is its end; the poller asks on."""
        quarrel = self._contact.quarrel
        if quarrel is not None and quarrel >= self._patience.conflict:
            key = "admin.conflict" if self._quarrel is None else ""
            self._quarrel = quarrel
        elif quarrel is None and self._quarrel is not None and self._contact.made:
            key, quarrel, self._quarrel = "admin.conflict_over", self._quarrel, None
        else:
            return
        if key:
            lasted = quarrel
            await self._store.write(lambda tx: outages.tell_of_quarrel(self._desk_at(tx), key, lasted))
