"""The worker handles updates from the inbox, in the order in which they came, each in one transaction."""

import asyncio
import json
import logging
from collections.abc import Callable

from telegram import Bot, Update
from telegram.error import TelegramError

from bot.clock import Clock
from bot.courier import Courier
from bot.guarded import forever
from desk.errors import Refusal
from desk.house import Desk
from handlers import updates
from handlers.presses import Toast
from handlers.updates import Bot as Self
from storage import inbox
from storage.inbox import State
from storage.inbox import Update as Row
from storage.store import StaleTicket, Store, Transaction, Unavailable

_log = logging.getLogger("hotline.worker")
_TRIES = 3
DeskAt = Callable[[Transaction], Desk]


class Worker:
    """One worker for one bot: handlers never wait for the network, so one is enough."""

    def __init__(self, store: Store, bot: Bot, me: Self, clock: Clock, courier: Courier, desk_at: DeskAt) -> None:
        self._store, self._bot, self._me, self._clock = store, bot, me, clock
        self._courier, self._desk_at = courier, desk_at
        self._woken = asyncio.Event()
        self._woken.set()
        self._stopping = asyncio.Event()
        self._busy = True

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
        rows = await self._store.read(lambda tx: inbox.waiting(tx, self._me.id))
        for row in rows:
            if self._stopping.is_set():
                return
            await self._handle(row)
        if not rows:
            self._busy = False
            await self._woken.wait()

    async def _handle(self, row: Row) -> None:
        """One update: done, refused with a sentence, or put aside after a few tries; never in the way of the next."""
        update = self._parsed(row)
        if update is None:
            await self._settle(row, State.POISON, "unreadable")
            return
        try:
            toast = await self._attempt(row, update)
        except (Unavailable, StaleTicket):
            raise
        except Exception:
            _log.exception("update %s", row.update_id)
            toast = await self._failed(row, update)
        if toast is not None:
            self._courier.answer(toast)

    async def _attempt(self, row: Row, update: Update) -> Toast | None:
        async def work(tx: Transaction) -> Toast | None:
            desk = self._desk_at(tx)
            toast = await updates.handle(desk, update, self._me)
            await inbox.settle(tx, row.bot, row.update_id, State.DONE, desk.now)
            return toast

        try:
            return await self._store.write(work)
        except Refusal as error:
            return await self._refuse(row, update, error, State.DONE)

    async def _refuse(self, row: Row, update: Update, refusal: Refusal, state: State) -> Toast | None:
        async def work(tx: Transaction) -> Toast | None:
            desk = self._desk_at(tx)
            toast = await updates.refuse(desk, update, refusal)
            await inbox.settle(tx, row.bot, row.update_id, state, desk.now, refusal.key)
            return toast

        return await self._store.write(work)

    async def _failed(self, row: Row, update: Update) -> Toast | None:
        """A fault of ours: try again a few times, then put it aside and say so to whoever wrote."""
        tries = await self._store.write(lambda tx: inbox.count_attempt(tx, row.bot, row.update_id))
        if tries < _TRIES:
            self._woken.set()
            return None
        return await self._refuse(row, update, Refusal("refuse.our_fault"), State.POISON)

    async def _settle(self, row: Row, state: State, error: str) -> None:
        now = self._clock.now()
        await self._store.write(lambda tx: inbox.settle(tx, row.bot, row.update_id, state, now, error))
        _log.error("update %s put aside: %s", row.update_id, error)

    def _parsed(self, row: Row) -> Update | None:
        try:
            return Update.de_json(json.loads(row.body), self._bot)
        except (ValueError, TypeError, KeyError, AttributeError, LookupError, TelegramError, OverflowError):
            return None
