"""The courier carries letters from the outbox to the Bot API: the urgent first, in order within a chat."""

import asyncio
import contextlib
import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeChat,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    LinkPreviewOptions,
    ReplyParameters,
)
from telegram.constants import ParseMode
from telegram.error import BadRequest, TelegramError

from bot.buckets import Buckets, Limits
from bot.clock import Clock, monotonic
from bot.guarded import forever
from bot.outcomes import Fate, Outcome, judge
from desk import command_menu, delivery, telling
from desk.delivery import Parcel
from desk.house import Desk
from desk.words import escape, plain_of
from handlers.presses import Toast
from storage import outbox
from storage.outbox import Lane, Letter
from storage.store import Store, Transaction

_log = logging.getLogger("hotline.courier")
_IN_FLIGHT = 24
_LONGEST_TEXT = 4000
_TOAST = 200
_LONGEST_WAIT = timedelta(seconds=30)
_URGENT_WAIT = timedelta(seconds=4)
_NET = 1.0
DeskAt = Callable[[Transaction], Desk]


class Courier:
    """One courier serves one bot."""

    def __init__(self, store: Store, bot: Bot, clock: Clock, desk_at: DeskAt, limits: Limits) -> None:
        self._store, self._bot, self._clock, self._desk_at = store, bot, clock, desk_at
        self._buckets = Buckets(limits)
        self._woken = asyncio.Event()
        self._stopping = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()
        self._toasts: set[asyncio.Task[None]] = set()

    @property
    def idle(self) -> bool:
        """Whether nothing is on its way."""
        return not self._tasks and not self._toasts

    def wake(self) -> None:
        """There is something new in the outbox."""
        self._woken.set()

    async def run(self) -> None:
        """Carry until stopped; then let what is on its way arrive."""
        await self._store.write(lambda tx: delivery.left_behind(self._desk_at(tx)))
        await forever("courier", self._round, self._clock, self._stopping)
        while self._tasks or self._toasts:
            await asyncio.wait(self._tasks | self._toasts)

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
        self._woken.clear()
        letters = await self._claim()
        for letter in letters:
            self._buckets.take(letter.chat_id, monotonic())
            task = asyncio.create_task(self._carry(letter))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        if not letters:
            await self._wait()

    async def _claim(self) -> list[Letter]:
        """The urgent lane first; information takes what room is left."""
        room, now = _IN_FLIGHT - len(self._tasks), monotonic()
        for_urgent = min(room, self._buckets.open_for_all(now, urgent=True))
        if for_urgent <= 0:
            return []
        urgent_busy, busy = self._buckets.busy(now, urgent=True), self._buckets.busy(now, urgent=False)

        async def work(tx: Transaction) -> list[Letter]:
            at = self._clock.now()
            taken = await outbox.claim(tx, at, lane=Lane.URGENT, busy_chats=urgent_busy, limit=for_urgent)
            for lane in (Lane.NORMAL, Lane.INFO):
                left = min(room, self._buckets.open_for_all(now, urgent=False)) - len(taken)
                if left > 0:
                    chats = busy | {letter.chat_id for letter in taken}
                    taken += await outbox.claim(tx, at, lane=lane, busy_chats=chats, limit=left)
            return taken

        return await self._store.write(work)

    async def _wait(self) -> None:
        """Until something new is written, a waiting letter comes due, or a chat's pause is over."""
        due = await self._store.read(outbox.next_at)
        if self._woken.is_set():
            return
        pause = self._buckets.next_change(monotonic())
        longest = _NET if pause is None else min(pause, _NET)
        until = due if due is not None and due > self._clock.now() else None
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._clock.wait(self._woken, until), longest)

    async def _carry(self, letter: Letter) -> None:
        try:
            if letter.method == command_menu.METHOD:
                await self._carry_menu(letter)
                return
            parcel = await self._store.write(lambda tx: delivery.prepare(self._desk_at(tx), letter))
            if parcel is not None:
                await self._carry_parcel(parcel)
        except Exception:
            # Whatever it was, the letter stays marked as on its way: the next start treats it as uncertain.
            _log.exception("letter %s", letter.id)
        finally:
            self._woken.set()

    async def _carry_parcel(self, parcel: Parcel) -> None:
        try:
            message_id = await self._call(parcel)
        except TelegramError as error:
            await self._after(parcel, judge(error))
        else:
            await self._store.write(lambda tx: delivery.sent(self._desk_at(tx), parcel, message_id))

    async def _call(self, parcel: Parcel) -> int:
        plain = parcel.plain or len(plain_of(parcel.html)) > _LONGEST_TEXT
        text = plain_of(parcel.html)[:_LONGEST_TEXT] if plain else parcel.html
        shared: dict[str, Any] = {
            "chat_id": parcel.letter.chat_id,
            "text": text,
            "parse_mode": None if plain else ParseMode.HTML,
            "reply_markup": _keyboard(parcel.buttons),
            "link_preview_options": LinkPreviewOptions(is_disabled=True),
        }
        if parcel.edits is not None:
            await self._bot.edit_message_text(message_id=parcel.edits, **shared)
            return parcel.edits
        reply = ReplyParameters(parcel.reply_to, allow_sending_without_reply=True) if parcel.reply_to else None
        message = await self._bot.send_message(disable_notification=parcel.silent, reply_parameters=reply, **shared)
        return message.message_id

    async def _after(self, parcel: Parcel, outcome: Outcome) -> None:
        letter = parcel.letter
        if outcome.fate is not Fate.DONE:
            _log.warning("letter %s to chat %s: %s", letter.id, letter.chat_id, outcome.error or outcome.fate)
        match outcome.fate:
            case Fate.DONE:
                await self._store.write(lambda tx: delivery.sent(self._desk_at(tx), parcel, parcel.edits))
            case Fate.UNCERTAIN:
                await self._store.write(lambda tx: delivery.uncertain(self._desk_at(tx), parcel, outcome.error))
            case Fate.FAILED:
                work = delivery.failed
                await self._store.write(lambda tx: work(self._desk_at(tx), parcel, outcome.failure, outcome.error))
            case Fate.MIGRATED:
                await self._store.write(lambda tx: delivery.migrated(self._desk_at(tx), letter, outcome.new_chat))
            case Fate.LATER | Fate.ACCOUNT:
                await self._later(letter, outcome)

    async def _later(self, letter: Letter, outcome: Outcome) -> None:
        """Not sent: try again, soon if it is urgent. Patience that was asked for holds up this chat only."""
        longest = _URGENT_WAIT if letter.lane is Lane.URGENT else _LONGEST_WAIT
        pause = outcome.wait or min(timedelta(seconds=0.5 * 2 ** min(letter.attempts, 8)), longest)
        if outcome.wait is not None:
            self._buckets.stall(letter.chat_id, monotonic() + pause.total_seconds())
        again = self._clock.now() + (timedelta() if outcome.wait is not None else pause)
        await self._store.write(lambda tx: outbox.retry(tx, letter.id, again, outcome.error))

    async def _carry_menu(self, letter: Letter) -> None:
        """A command menu is a convenience: it is tried once."""
        commands = [BotCommand(name, what) for name, what in command_menu.listed(letter)]
        state, error = outbox.State.SENT, ""
        try:
            await self._bot.set_my_commands(commands, scope=BotCommandScopeChat(letter.chat_id))
        except TelegramError as failure:
            state, error = outbox.State.DEAD, judge(failure).error
        now = self._clock.now()
        await self._store.write(lambda tx: outbox.settle(tx, letter.id, state, now, error=error))

    async def _toast(self, toast: Toast) -> None:
        try:
            await self._bot.answer_callback_query(toast.query, toast.text[:_TOAST] or None, show_alert=toast.alert)
        except BadRequest:
            # Too old for a toast: what was refused is said in the chat instead.
            if toast.chat_id is not None and toast.text:
                chat_id = toast.chat_id
                await self._store.write(
                    lambda tx: telling.send_text(self._desk_at(tx), "", chat_id, escape(toast.text))
                )
        except TelegramError as error:
            _log.warning("press not answered: %s", judge(error).error)


def _keyboard(rows: list[list[list[str]]]) -> InlineKeyboardMarkup | None:
    if not rows:
        return None
    return InlineKeyboardMarkup(
        [[InlineKeyboardButton(label, callback_data=data) for label, data in row] for row in rows]
    )
