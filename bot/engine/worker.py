"""The worker handles updates from the inbox, in the order in which they came, each in one transaction."""

import asyncio
import json
import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from telegram import Bot, Update

from bot.clock import Clock, monotonic
from bot.engine import arrivals
from bot.engine.courier import Courier
from bot.engine.gauges import Gauges
from bot.engine.guarded import forever, rest
from bot.engine.mishaps import Mishap, Mishaps
from bot.engine.presence import Presence
from desk import acquaintance, sending
from desk.errors import Refusal
from desk.house import Desk
from handlers import updates
from handlers.presses import Toast
from handlers.updates import Bot as Self
from storage import inbox
from storage.inbox import State
from storage.inbox import Update as Row
from storage.replicas import WHOLE
from storage.store import Damaged, Store, TakenOver, Transaction, Unavailable

_log = logging.getLogger("hotline.worker")
_TRIES = 3
_PAUSE = timedelta(milliseconds=200)
_LEFT_FOR = timedelta(seconds=1)
_PURGE_EVERY = timedelta(hours=1)
_KEPT = timedelta(days=3)
_OUR_FAULT = Refusal("refuse.our_fault")
DeskAt = Callable[[Transaction], Desk]


class Worker:
    """One worker for one bot: handlers never wait for the network, so one is enough."""

    def __init__(
        self,
        store: Store,
        bot: Bot,
        me: Self,
        clock: Clock,
        courier: Courier,
        desk_at: DeskAt,
        mishaps: Mishaps,
        presence: Presence,
        gauges: Gauges | None = None,
    ) -> None:
        self._gauges = gauges or Gauges()
        self._store, self._bot, self._me, self._clock = store, bot, me, clock
        self._courier, self._desk_at, self._mishaps, self._presence = courier, desk_at, mishaps, presence
        self._left_to_others: dict[int, float] = {}
        self._woken = asyncio.Event()
        self._woken.set()
        self._stopping = asyncio.Event()
        self._busy = True
        self._purge_at = clock.now() + _PURGE_EVERY

    @property
    def idle(self) -> bool:
        """Whether everything that was taken in is handled."""
        return not self._busy and not self._woken.is_set()

    def wake(self) -> None:
        """There is something new in the inbox."""
        self._woken.set()

    def stop(self) -> None:
        """Finish the update in hand and stop; the rest waits in the database."""
        self._stopping.set()
        self._woken.set()

    async def run(self) -> None:
        """Handle updates until stopped."""
        await forever("worker", self._round, self._clock, self._stopping)

    async def _round(self) -> None:
        self._busy = True
        self._woken.clear()
        rows = self._ours(await self._store.read(lambda tx: inbox.waiting(tx, self._me.id)))
        held: set[str] = set()
        for row in rows:
            if self._stopping.is_set():
                return
            if row.chat in held:
                continue
            if not await self._handle(row):
                held.add(row.chat)
        if held:
            await rest(_PAUSE, self._woken)
            self._woken.set()
        elif not rows:
            await self._purge()
            self._busy = False
            if self._left_to_others:
                await rest(_LEFT_FOR, self._woken)
                self._woken.set()
            await self._woken.wait()

    def _ours(self, rows: list[Row]) -> list[Row]:
        """Those of our chats; what the others leave waiting for a moment is handled by whoever comes first."""
        if self._presence.share == WHOLE:
            return rows
        ours: list[Row] = []
        theirs: list[Row] = []
        for row in rows:
            (ours if self._presence.share.has(int(row.chat or 0)) else theirs).append(row)
        now, before = monotonic(), self._left_to_others
        self._left_to_others = {row.update_id: before.get(row.update_id, now) for row in theirs}
        since = now - _LEFT_FOR.total_seconds()
        return ours or [row for row in theirs if self._left_to_others[row.update_id] <= since]

    async def _purge(self) -> None:
        """What was handled is kept for a while, longer than the Bot API keeps it, and then forgotten."""
        now = self._clock.now()
        if now < self._purge_at:
            return
        self._purge_at = now + _PURGE_EVERY
        await self._store.write(lambda tx: inbox.purge(tx, now - _KEPT))

    async def _handle(self, row: Row) -> bool:
        """One update: done, refused with a sentence, or put aside after a few tries.

        False if it has to be tried again, or is in the hands of another replica: what else came from its chat waits
        for it, other chats do not.
        """
        try:
            return await self._try(row)
        except TakenOver:
            return False

    async def _try(self, row: Row) -> bool:
        update = self._parsed(row)
        if update is None:
            _log.error("update %s cannot be read", row.update_id)
            await self._put_aside(row, None)
            return True
        try:
            toast = await self._attempt(row, update)
        except (Unavailable, Damaged, TakenOver):
            raise
        except Exception:
            _log.exception("update %s", row.update_id)
            return await self._failed(row, update)
        if toast is not None:
            self._courier.answer(toast)
        return True

    async def _attempt(self, row: Row, update: Update) -> Toast | None:
        async def work(tx: Transaction) -> Toast | None:
            desk = replace(self._desk_at(tx), heard_at=row.received_at)
            await inbox.settle(tx, row.bot, row.update_id, State.DONE, desk.now)
            return await updates.handle(desk, update, self._me)

        try:
            toast = await self._store.write(work)
        except Refusal as error:
            toast = await self._refuse(row, update, error, State.DONE)
            self._gauges.handled("refused")
        else:
            self._gauges.handled("handled")
        return toast

    async def _refuse(self, row: Row, update: Update, refusal: Refusal, state: State) -> Toast | None:
        async def work(tx: Transaction) -> Toast | None:
            desk = self._desk_at(tx)
            await inbox.settle(tx, row.bot, row.update_id, state, desk.now, refusal.key)
            return await updates.refuse(desk, update, refusal)

        return await self._store.write(work)

    async def _failed(self, row: Row, update: Update) -> bool:
        """A fault of ours: try again a few times, then put it aside."""
        tries = await self._store.write(lambda tx: inbox.count_attempt(tx, row.bot, row.update_id))
        if tries < _TRIES:
            return False
        await self._put_aside(row, update)
        return True

    async def _put_aside(self, row: Row, update: Update | None) -> None:
        """A person has to look at it: whoever wrote is told so, and the administrators."""
        try:
            toast = await self._say_so(row, update)
        except (Unavailable, Damaged, TakenOver):
            raise
        except Exception:
            _log.exception("update %s: nobody could be told", row.update_id)
            now = self._clock.now()
            await self._store.write(lambda tx: inbox.settle(tx, row.bot, row.update_id, State.POISON, now, "failed"))
        else:
            if toast is not None:
                self._courier.answer(toast)
        self._gauges.handled("poison")
        await self._mishaps.tell(Mishap.UPDATE, row.update_id)

    async def _say_so(self, row: Row, update: Update | None) -> Toast | None:
        if update is not None:
            return await self._refuse(row, update, _OUR_FAULT, State.POISON)

        async def work(tx: Transaction) -> None:
            desk = self._desk_at(tx)
            await inbox.settle(tx, row.bot, row.update_id, State.POISON, desk.now, "unreadable")
            for chat in arrivals.chats_of([json.loads(row.body)]):
                person = await acquaintance.identify(desk, chat)  # a private chat has its person's number
                if person is not None:
                    await sending.send_text(desk, "", chat, desk.say(person, _OUR_FAULT.key), person=person)

        await self._store.write(work)
        return None

    def _parsed(self, row: Row) -> Update | None:
        try:
            return Update.de_json(json.loads(row.body), self._bot)
        except Exception:
            # A library reads here what anybody may have sent; it raises whatever it meets.
            return None
