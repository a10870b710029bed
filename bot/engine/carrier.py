"""One letter on its way: made ready, handed to the Bot API once, and what became of it written down."""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import partial
from typing import Any, TypeVar

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
from telegram.error import TelegramError

from bot.clock import Clock, monotonic
from bot.engine.gauges import Gauges
from bot.engine.guarded import rest
from bot.engine.mishaps import Mishap, Mishaps
from bot.engine.outcomes import Fate, Outcome, judge
from bot.engine.presence import Presence
from bot.engine.receipts import Receipts, Work
from desk import command_menu, delivery
from desk.delivery import Failure, Parcel
from desk.house import Desk
from desk.words import fitted, plain_of
from storage import outbox
from storage.outbox import Letter, State
from storage.store import StorageError, Store, TakenOver, Transaction, Unavailable

T = TypeVar("T")
_log = logging.getLogger("hotline.courier")
_LONGEST_TEXT = 4096
_LONGEST_WAIT = timedelta(seconds=30)
_URGENT_WAIT = timedelta(seconds=4)
_BROKEN_FOR = timedelta(hours=1)
_AGAIN = timedelta(seconds=1)
_TRIES = 5
_DEAD_LINE = (timedelta(seconds=2), timedelta(seconds=10), timedelta(seconds=60))
_ANSWERED = frozenset({Fate.DONE, Fate.FAILED, Fate.MIGRATED, Fate.ACCOUNT})


class Carrier:
    """Carries letters, each in a task of its own."""

    def __init__(
        self,
        store: Store,
        bot: Bot,
        clock: Clock,
        desk_at: Callable[[Transaction], Desk],
        mishaps: Mishaps,
        stall: Callable[[int, timedelta], object],
        stopping: asyncio.Event,
        presence: Presence,
        gauges: Gauges,
    ) -> None:
        self._gauges = gauges
        self._store, self._bot, self._clock, self._desk_at = store, bot, clock, desk_at
        self._mishaps, self._stall, self._stopping, self._presence = mishaps, stall, stopping, presence
        self._receipts = Receipts(store, desk_at)
        self._answered_at = monotonic()

    async def carry(self, letter: Letter, parcel: Parcel | None = None) -> bool:
        """Send a letter that was claimed. Afterwards it is no longer marked as on its way, whatever happened.

        False if it was put away without a call, because it is true no longer.
        """
        try:
            return await self._carry(letter, parcel)
        except TakenOver:
            _log.warning("letter %s is in other hands", letter.id)
            return True

    async def _carry(self, letter: Letter, parcel: Parcel | None) -> bool:
        try:
            if letter.method == command_menu.METHOD:
                await self._carry_menu(letter)
                return True
            if parcel is None:
                parcel = await self._insist(lambda tx: delivery.prepare(self._desk_at(tx), letter))
            if parcel is None:
                self._gauges.settled(letter, State.SUPERSEDED)
                return False
            arguments = _arguments(parcel)
        except (Unavailable, TakenOver):
            raise
        except Exception:
            _log.exception("letter %s cannot be made ready", letter.id)
            await self._cannot(letter)
            return False
        if not await self._presence.holds(letter.holder, self._stopping):
            raise TakenOver
        began = monotonic()
        outcome = await self._call(parcel, arguments)
        if isinstance(outcome, int) or outcome.fate in _ANSWERED:
            self._answered_at = monotonic()
            self._gauges.heard()
        await self._after(parcel, outcome, line_is_dead=self._answered_at < began)
        return True

    async def pick_up(self, letter: Letter) -> None:
        """A letter that was on its way when a program stopped: it may have arrived."""
        try:
            await self._pick_up(letter)
        except TakenOver:
            _log.info("letter %s was picked up by another replica", letter.id)

    async def _pick_up(self, letter: Letter) -> None:
        async def work(desk: Desk) -> None:
            if letter.method == command_menu.METHOD:
                await outbox.retry(desk.tx, letter.id, desk.now, _STOPPED, holder=letter.holder)
                return
            parcel = await delivery.prepare(desk, letter)
            if parcel is not None:
                await delivery.uncertain(desk, parcel, _STOPPED)

        await self._record(letter, work, State.UNCERTAIN, _STOPPED)

    async def never_sent(self, letter: Letter) -> None:
        """A letter that was claimed, but that nobody began to send."""
        with contextlib.suppress(TakenOver):
            await self._put_back(letter, timedelta(), "claimed, not sent")

    async def _call(self, parcel: Parcel, arguments: dict[str, Any]) -> Outcome | int:
        """The one call; the message's number if it arrived."""
        try:
            if parcel.edits is not None:
                await self._bot.edit_message_text(message_id=parcel.edits, **arguments)
                return parcel.edits
            reply = ReplyParameters(parcel.reply_to, allow_sending_without_reply=True) if parcel.reply_to else None
            message = await self._bot.send_message(
                disable_notification=parcel.silent, reply_parameters=reply, **arguments
            )
        except TelegramError as error:
            return judge(error)
        except Exception as error:
            # What we asked for was in order, so it was the answer that could not be read.
            _log.exception("letter %s", parcel.letter.id)
            return Outcome(fate=Fate.UNCERTAIN, error=type(error).__name__)
        return message.message_id

    async def _after(self, parcel: Parcel, outcome: Outcome | int, *, line_is_dead: bool) -> None:
        letter = parcel.letter
        if isinstance(outcome, int):
            await self._arrived(parcel, outcome)
            return
        if outcome.fate is not Fate.DONE:
            _log.warning("letter %s to chat %s: %s", letter.id, letter.chat_id, outcome.error or outcome.fate)
        match outcome.fate:
            case Fate.DONE:
                await self._arrived(parcel, parcel.edits)
            case Fate.UNCERTAIN if parcel.edits is None and line_is_dead and _may_repeat(letter):
                # The one repeat is not spent on a line on which nothing arrives; but neither is it made for ever.
                await self._put_back(letter, _DEAD_LINE[letter.attempts], outcome.error)
            case Fate.UNCERTAIN if parcel.edits is None:
                await self._uncertain(parcel, outcome)
            case Fate.BROKEN if self._clock.now() - letter.created_at > _BROKEN_FOR:
                await self._failed(parcel, outcome)
            case Fate.BROKEN if parcel.edits is None and letter.is_urgent and not _is_repeat(letter):
                # Hardly sent; but what is urgent is never said twice without a mark.
                await self._uncertain(parcel, outcome)
            case Fate.FAILED:
                await self._failed(parcel, outcome)
            case Fate.MIGRATED:
                to = outcome.new_chat
                await self._record(letter, lambda desk: delivery.migrated(desk, letter, to), State.DEAD, outcome.error)
            case Fate.LATER | Fate.ACCOUNT | Fate.BROKEN | Fate.UNCERTAIN:
                await self._later(letter, outcome)

    async def _arrived(self, parcel: Parcel, message_id: int | None) -> None:
        await self._record(parcel.letter, lambda desk: delivery.sent(desk, parcel, message_id), State.SENT)

    async def _uncertain(self, parcel: Parcel, outcome: Outcome) -> None:
        letter, error = parcel.letter, outcome.error
        await self._record(letter, lambda desk: delivery.uncertain(desk, parcel, error), State.UNCERTAIN, error)

    async def _failed(self, parcel: Parcel, outcome: Outcome) -> None:
        letter, error = parcel.letter, outcome.error
        work = partial(delivery.failed, parcel=parcel, failure=outcome.failure, error=error)
        await self._record(letter, work, State.DEAD, error)

    async def _later(self, letter: Letter, outcome: Outcome) -> None:
        """Not sent: try again, soon if it is urgent. Patience that was asked for holds up this chat only."""
        longest = _URGENT_WAIT if letter.is_urgent else _LONGEST_WAIT
        pause = min(timedelta(seconds=0.5 * 2 ** min(letter.attempts, 8)), longest)
        if outcome.wait is not None:
            self._stall(letter.chat_id, outcome.wait)
            pause = timedelta()
        await self._put_back(letter, pause, outcome.error)

    async def _carry_menu(self, letter: Letter) -> None:
        commands = [BotCommand(name, what) for name, what in command_menu.listed(letter)]
        try:
            await self._bot.set_my_commands(commands, scope=BotCommandScopeChat(letter.chat_id))
        except TelegramError as error:
            outcome = judge(error)
            # Not worth holding up what is said in this chat for long: a menu set twice is set once.
            if outcome.fate in (Fate.LATER, Fate.BROKEN, Fate.UNCERTAIN) and letter.attempts < _TRIES:
                await self._later(letter, outcome)
            else:
                await self._settle(letter, State.DEAD, outcome.error)
        else:
            await self._settle(letter, State.SENT)

    async def _cannot(self, letter: Letter) -> None:
        """A fault of ours, and nothing was sent: try again a few times, then somebody else has to do it."""
        if letter.attempts < _TRIES:
            await self._put_back(letter, _AGAIN * 2**letter.attempts, _OUR_FAULT)
            return
        parcel = Parcel(letter=letter, edits=None, html="", plain=True, buttons=[], silent=False, reply_to=None)
        await self._failed(parcel, Outcome(fate=Fate.FAILED, error=_OUR_FAULT, failure=Failure.OTHER))
        await self._mishaps.tell(Mishap.LETTER, letter.id)

    async def _record(
        self,
        letter: Letter,
        work: Work,
        state: State,
        error: str = "",
    ) -> None:
        """Write down what became of a letter; if that cannot be done in full, then the bare fact."""
        try:
            await self._persist(lambda: self._receipts.write(work))
        except (Unavailable, TakenOver):
            raise
        except Exception:
            _log.exception("letter %s is only marked as %s", letter.id, state)
            await self._settle(letter, state, error)
            await self._mishaps.tell(Mishap.LETTER, letter.id)
        else:
            self._gauges.settled(letter, state)

    async def _settle(self, letter: Letter, state: State, error: str = "") -> None:
        now = self._clock.now()
        await self._insist(
            lambda tx: outbox.settle(tx, letter.id, state, now, error=error, holder=letter.holder), StorageError
        )
        self._gauges.settled(letter, state)

    async def _put_back(self, letter: Letter, pause: timedelta, error: str) -> None:
        again = self._clock.now() + pause
        await self._insist(lambda tx: outbox.retry(tx, letter.id, again, error, holder=letter.holder), StorageError)
        self._gauges.put_back()

    async def _insist(
        self, work: Callable[[Transaction], Awaitable[T]], patient_with: type[StorageError] = Unavailable
    ) -> T:
        """Write, however long the database is busy: only this process knows what became of the letter.

        If the house stops meanwhile, the letter stays marked as on its way, and the next start picks it up.
        """
        return await self._persist(lambda: self._store.write(work), patient_with)

    async def _persist(self, attempt: Callable[[], Awaitable[T]], patient_with: type[StorageError] = Unavailable) -> T:
        while True:
            try:
                return await attempt()
            except TakenOver:
                raise
            except patient_with as error:
                if self._stopping.is_set():
                    raise
                _log.error("not written down yet: %s", error)
            await rest(_AGAIN, self._stopping)


_STOPPED = "stopped while sending"
_OUR_FAULT = "our fault"


def _arguments(parcel: Parcel) -> dict[str, Any]:
    bare = plain_of(parcel.html)
    short = fitted(bare, _LONGEST_TEXT)
    plain = parcel.plain or short != bare
    return {
        "chat_id": parcel.letter.chat_id,
        "text": short if plain else parcel.html,
        "parse_mode": None if plain else ParseMode.HTML,
        "reply_markup": _keyboard(parcel.buttons),
        "link_preview_options": LinkPreviewOptions(is_disabled=True),
    }


def _may_repeat(letter: Letter) -> bool:
    return _is_repeat(letter) and letter.attempts < len(_DEAD_LINE)


def _is_repeat(letter: Letter) -> bool:
    return bool(letter.payload.get("repeat"))


def _keyboard(rows: list[list[list[str]]]) -> InlineKeyboardMarkup | None:
    if not rows:
        return None
    return InlineKeyboardMarkup(
        [[InlineKeyboardButton(label, callback_data=data) for label, data in row] for row in rows]
    )
