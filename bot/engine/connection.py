"""The line to the Bot API: who the bot is there, and separate connections for pages, polling and files."""

import asyncio
import logging
import os
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from telegram import Bot, BotCommand
from telegram.error import BadRequest, InvalidToken, TelegramError
from telegram.request import BaseRequest, HTTPXRequest

from bot.clock import monotonic
from bot.config.settings import Settings, Webhook
from bot.engine.guarded import rest, unless
from bot.engine.outcomes import is_for_good
from bot.engine.wires import Wires, trust
from bot.reader import Stop
from desk.access import Command
from desk.house import House
from handlers.updates import ALLOWED
from handlers.updates import Bot as Self

_log = logging.getLogger("hotline.line")
_AGAIN = timedelta(seconds=2)
_QUIET_SECONDS = 300
_FOR_EVERYBODY = (Command.START, Command.HELP, Command.REPORT, Command.ASK, Command.MY, Command.CANCEL)
_NOT_KEPT = (
    "⚠ 系统暂时无法登记，这条消息还没有受理。请稍等片刻，系统恢复后会自动补登；紧急情况请直接拨打热线电话。\n"
    "(The system cannot register reports at the moment. Your message will be taken in as soon as it can; "
    "if it is urgent, please telephone.)"
)


class TokenRefused(Stop):
    """Bot API 不接受这个令牌，请检查配置中的 [telegram] token 和 api_url。(The Bot API refuses the token.)"""

    def __init__(self) -> None:
        super().__init__(type(self).__doc__)


@dataclass(slots=True)
class Line:
    """Bots over separate connections, so that an upload or a long poll never holds up a page."""

    bot: Bot
    file_bot: Bot
    poll_request: HTTPXRequest
    poll_url: str
    me: Self
    told: dict[int, float] = field(default_factory=dict)

    async def cannot_keep(self, chats: list[int]) -> None:
        """The database does not take anything: say so directly, each chat now and then, and lose nothing."""
        now = monotonic()
        for chat in chats:
            if now - self.told.get(chat, -_QUIET_SECONDS) < _QUIET_SECONDS:
                continue
            self.told[chat] = now
            try:
                await self.bot.send_message(chat, _NOT_KEPT)
            except TelegramError as error:
                _log.warning("nobody could be told: %s", type(error).__name__)


@asynccontextmanager
async def line(settings: Settings) -> AsyncIterator[Line]:
    """Open the connections; no call is made yet, so this works while the Bot API is out of reach."""
    base = settings.api_url.rstrip("/")
    # The library warns at each RetryAfter unless spans of time come as such.
    os.environ.setdefault("PTB_TIMEDELTA", "true")
    # Pages hold few seconds for a connection: a try that fails early is known not to have sent anything.
    trusted = {"verify": trust(base)}
    pages = Wires(
        32,
        lambda: _request(
            settings, connection_pool_size=1, read_timeout=10.0, connect_timeout=3.0, httpx_kwargs=trusted
        ),
    )
    polling = _request(settings, connection_pool_size=2, read_timeout=40.0)
    transfer = _request(settings, connection_pool_size=4, read_timeout=60.0)
    async with AsyncExitStack() as stack:
        requests: tuple[BaseRequest, ...] = (pages, polling, transfer)
        for request in requests:
            await request.initialize()
            stack.push_async_callback(request.shutdown)
        yield Line(
            bot=_bot(settings, base, pages, polling),
            file_bot=_bot(settings, base, transfer, polling),
            poll_request=polling,
            poll_url=f"{base}/bot{settings.token}/getUpdates",
            me=Self(id=bot_id(settings.token), username=""),
        )


async def introduce(settings: Settings, line_: Line) -> None:
    """Ask who the bot is, and end a webhook that would forbid polling."""
    try:
        user = await line_.bot.get_me()
    except InvalidToken as error:
        if is_for_good(error):
            raise TokenRefused from error
        raise
    line_.me.username = user.username or ""
    if settings.mode == "polling":
        await _if_it_can(line_.bot.delete_webhook(drop_pending_updates=False))


async def show_menu(line_: Line, house: House) -> None:
    """Set the menu that everybody sees."""
    for language in ("", *house.words.languages):
        told = language or house.language
        commands = [BotCommand(c.value, house.words.plain(told, f"command.{c.value}")) for c in _FOR_EVERYBODY]
        await _if_it_can(line_.bot.set_my_commands(commands, language_code=language[:2] or None))


async def set_webhook(line_: Line, hook: Webhook) -> None:
    """Tell the Bot API where to post; nothing that waits there is dropped."""
    try:
        await line_.bot.set_webhook(
            hook.url, secret_token=hook.secret, allowed_updates=list(ALLOWED), drop_pending_updates=False
        )
    except BadRequest as error:
        _log.error("the Bot API refuses the webhook: %s", error.message)  # about our address, not about people
        raise


async def attempt(what: str, call: Callable[[], Coroutine[Any, Any, None]], stopping: asyncio.Event) -> bool:
    """Do this once, unless the house stops meanwhile; whether it was done."""
    try:
        await unless(stopping, call())
    except Stop:
        raise
    except TelegramError as error:
        _log.warning("%s: %s", what, type(error).__name__)
        return False
    except Exception:
        _log.exception("%s: an answer that makes no sense", what)
        return False
    return not stopping.is_set()


async def insist(what: str, call: Callable[[], Coroutine[Any, Any, None]], stopping: asyncio.Event) -> None:
    """Do this until it succeeds or the house stops; the Bot API may be out of reach for days."""
    while not stopping.is_set() and not await attempt(what, call, stopping):
        await rest(_AGAIN, stopping)


async def _if_it_can(call: Coroutine[Any, Any, bool]) -> None:
    """Some servers do not know every method: what is no condition for the service does not hold it up."""
    try:
        await call
    except TelegramError as error:
        if not is_for_good(error):
            raise
        _log.warning("the Bot API does not do this: %s", error.message)


def bot_id(token: str) -> int:
    """The bot's own account number: the part of the token before the colon."""
    head = token.partition(":")[0]
    return int(head) if head.isdecimal() else 0


def _bot(settings: Settings, base: str, request: BaseRequest, polling: HTTPXRequest) -> Bot:
    return Bot(
        settings.token,
        base_url=f"{base}/bot",
        base_file_url=f"{base}/file/bot",
        request=request,
        get_updates_request=polling,
    )


def _request(settings: Settings, **options: Any) -> HTTPXRequest:
    return HTTPXRequest(**{"connect_timeout": 5.0, "pool_timeout": 5.0, "proxy": settings.proxy, **options})
