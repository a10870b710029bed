"""The courier takes letters from the outbox: the urgent first, in order within a chat, no faster than allowed."""

import asyncio
import contextlib
import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from telegram import Bot
from telegram.error import BadRequest, TelegramError

from bot.clock import Clock, monotonic
from bot.engine.buckets import Buckets, Limits
from bot.engine.carrier import Carrier
from bot.engine.gauges import Gauges
from bot.engine.guarded import forever
from bot.engine.mishaps import Mishaps
from bot.engine.outcomes import judge
from bot.engine.presence import Presence
from desk import outgoing, sending
from desk.delivery import Parcel
from desk.house import Desk
from desk.outgoing import Load
from desk.words import escape
from handlers.presses import Toast
from storage import outbox
from storage.outbox import Letter, State
from storage.store import Damaged, StorageError, Store, Transaction, Unavailable

_log = logging.getLogger("hotline.courier")
_IN_FLIGHT = 24
_AHEAD = 0.02  # seconds that the urgent have the machine and the line for themselves
_TOAST = 200
_NET = 10.0
_HELD_UP = 1.0
_GRACE = 3.5
DeskAt = Callable[[Transaction], Desk]


class Courier:
    """One courier serves one bot."""

    def __init__(
        self,
        store: Store,
        bot: Bot,
        clock: Clock,
        desk_at: DeskAt,
        limits: Limits,
        mishaps: Mishaps,
        presence: Presence,
        gauges: Gauges | None = None,
    ) -> None:
        self._store, self._bot, self._clock, self._desk_at = store, bot, clock, desk_at
        self._presence = presence
        self._buckets = Buckets(limits)
        self._woken = asyncio.Event()
        self._stopping = asyncio.Event()
        self._gauges = gauges or Gauges()
        self._carrier = Carrier(
            store, bot, clock, desk_at, mishaps, self._stall, self._stopping, presence, self._gauges
        )
        self._tasks: dict[int, asyncio.Task[None]] = {}
        self._toasts: set[asyncio.Task[None]] = set()
        self._astray = True
        self._doubtful: set[int] = set()  # letters that this process began to send and lost track of
        self._busy = True

    @property
    def idle(self) -> bool:
        """Whether nothing is on its way."""
        return not (self._busy or self._woken.is_set() or self._tasks or self._toasts)

    def wake(self) -> None:
        """There is something new in the outbox."""
        self._woken.set()

    async def run(self) -> None:
        """Carry until stopped; then let what is on its way arrive, if it does so soon."""
        await forever("courier", self._round, self._clock, self._stopping)
        on_its_way = {*self._tasks.values(), *self._toasts}
        if on_its_way:
            await asyncio.wait(on_its_way, timeout=_GRACE)
        for task in on_its_way:
            # Its letter stays marked as on its way: the next start knows that it may have arrived.
            task.cancel()
        await asyncio.gather(*on_its_way, return_exceptions=True)

    def look_for_strays(self) -> None:
        """Somebody who carried letters is no longer there."""
        self._astray = True
        self._woken.set()

    def stop(self) -> None:
        """Take nothing more."""
        self._stopping.set()
        self._woken.set()

    def answer(self, toast: Toast) -> None:
        """Answer a press at once, beside the outbox: a toast that comes late is worth nothing."""
        task = asyncio.create_task(self._toast(toast))
        self._toasts.add(task)
        task.add_done_callback(self._toasts.discard)

    async def _round(self) -> None:
        self._busy = True
        self._woken.clear()
        if self._astray:
            self._astray = False
            try:
                await self._look_for_strays()
            except Exception:
                self._astray = True
                raise
        loads = await self._claim()
        urgent = [self._send(*load) for load in loads if load[0].is_urgent]
        others = [load for load in loads if not load[0].is_urgent]
        if urgent and others:
            await asyncio.wait(urgent, timeout=_AHEAD)
        for load in others:
            _ = self._send(*load)
        if not loads:
            await self._wait()

    def _send(self, letter: Letter, parcel: Parcel | None) -> asyncio.Task[None]:
        taken_at = monotonic()
        self._buckets.take(letter.chat_id, taken_at)
        self._tasks[letter.id] = task = asyncio.create_task(self._carry(letter, parcel, taken_at))
        return task

    async def _look_for_strays(self) -> None:
        """Letters that are marked as on their way, but that nobody carries: they must not block their chat."""
        mine = self._presence.name
        for letter in await self._store.read(lambda tx: outbox.left_sending(tx, mine)):
            if letter.id in self._tasks:
                continue
            if letter.holder != mine or letter.id in self._doubtful:
                await self._carrier.pick_up(letter)
                self._doubtful.discard(letter.id)
            else:
                await self._carrier.never_sent(letter)

    async def _claim(self) -> list[Load]:
        """What may go now, made ready to go; the urgent first, information takes what room is left."""
        if not self._presence.is_sure:
            return []
        now, share = monotonic(), self._presence.share
        self._buckets.among(share.of)
        self._buckets.forget_idle(now)
        room = self._buckets.room(now, _IN_FLIGHT - len(self._tasks))
        if room.most <= 0:
            return []
        room = replace(room, holder=self._presence.name, share=share)
        try:
            taken = await self._store.write(lambda tx: outgoing.take(self._desk_at(tx), room))
        except (Unavailable, Damaged):
            self._astray = True  # if the line broke while it was kept, they are marked, and we do not have them
            raise
        except Exception:
            # One of them cannot be made ready: each for itself, then.
            _log.exception("letters cannot be made ready together")
            self._astray = True
            letters = await self._store.write(lambda tx: outbox.claim(tx, self._clock.now(), room))
            return [(letter, None) for letter in letters]
        for letter in taken.put_away:
            self._gauges.settled(letter, State.SUPERSEDED)
        return taken.loads

    async def _wait(self) -> None:
        """Until something new is written, a waiting letter comes due, or a chat's pause is over."""
        share = self._presence.share
        due = await self._store.read(lambda tx: outbox.next_at(tx, share))
        if self._woken.is_set():
            return
        longest, until = _NET, due
        if due is not None and due <= self._clock.now():
            # It is held up: by its chat's pace, or behind another one that waits for its next try.
            pause = self._buckets.next_change(monotonic())
            longest, until = _HELD_UP if pause is None else min(pause, _HELD_UP), None
        self._busy = False
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._clock.wait(self._woken, until), longest)

    async def _carry(self, letter: Letter, parcel: Parcel | None, taken_at: float) -> None:
        try:
            if not await self._carrier.carry(letter, parcel):
                self._buckets.give_back(letter.chat_id, taken_at)
        except Exception:
            _log.exception("letter %s", letter.id)
            self._astray = True
            self._doubtful.add(letter.id)
        finally:
            del self._tasks[letter.id]
            self._woken.set()

    def _stall(self, chat_id: int, pause: timedelta) -> None:
        self._buckets.stall(chat_id, monotonic() + pause.total_seconds())

    async def _toast(self, toast: Toast) -> None:
        try:
            await self._bot.answer_callback_query(toast.query, toast.text[:_TOAST] or None, show_alert=toast.alert)
        except BadRequest:
            # Too old for a toast: what was refused is said in the chat instead.
            if toast.chat_id is not None and toast.text:
                await self._said_instead(toast.chat_id, toast.text)
        except TelegramError as error:
            _log.warning("press not answered: %s", judge(error).error)
        except Exception:
            _log.exception("press not answered")

    async def _said_instead(self, chat_id: int, text: str) -> None:
        try:
            await self._store.write(lambda tx: sending.send_text(self._desk_at(tx), "", chat_id, escape(text)))
        except StorageError as error:
            _log.error("press not answered: %s", error)
