"""The line to the Bot API: who the bot is there, and separate connections for pages, polling and files."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from telegram import Bot, BotCommand
from telegram.error import TelegramError
from telegram.request import HTTPXRequest

from bot.clock import monotonic
from bot.settings import Settings, Webhook
from desk.access import Command
from desk.house import House
from handlers.updates import ALLOWED
from handlers.updates import Bot as Self

_log = logging.getLogger("hotline.line")
AGAIN = timedelta(seconds=2)
_QUIET_SECONDS = 300
_FOR_EVERYBODY = (Command.START, Command.HELP, Command.REPORT, Command.ASK, Command.MY, Command.CANCEL)
_NOT_KEPT = (
    "⚠ 系统暂时无法登记，这条消息还没有受理。请稍等片刻，系统恢复后会自动补登；紧急情况请直接拨打热线电话。\n"
    "(The system cannot register reports at the moment. Your message will be taken in as soon as it can; "
    "if it is urgent, please telephone.)"
)


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
    pages = _request(settings, connection_pool_size=32, read_timeout=10.0, media_write_timeout=20.0)
    polling = _request(settings, connection_pool_size=2, read_timeout=40.0)
    transfer = _request(settings, connection_pool_size=4, read_timeout=60.0)
    async with AsyncExitStack() as stack:
        for request in (pages, polling, transfer):
            await request.initialize()
            stack.push_async_callback(request.shutdown)
        yield Line(
            bot=_bot(settings, base, pages, polling),
            file_bot=_bot(settings, base, transfer, polling),
            poll_request=polling,
            poll_url=f"{base}/bot{settings.token}/getUpdates",
            me=Self(id=bot_id(settings.token), username=""),
        )


async def introduce(settings: Settings, line_: Line, house: House) -> None:
    """Ask who the bot is, end a webhook that would forbid polling, and set the menu that everybody sees."""
    user = await line_.bot.get_me()
    line_.me.username = user.username or ""
    if settings.mode == "polling":
        await line_.bot.delete_webhook(drop_pending_updates=False)
    for language in ("", *house.words.languages):
        told = language or house.language
        commands = [BotCommand(c.value, house.words.plain(told, f"command.{c.value}")) for c in _FOR_EVERYBODY]
        await line_.bot.set_my_commands(commands, language_code=language[:2] or None)


async def set_webhook(line_: Line, hook: Webhook) -> None:
    """Tell the Bot API where to post; nothing that waits there is dropped."""
    while True:
        try:
            await line_.bot.set_webhook(
                hook.url, secret_token=hook.secret, allowed_updates=list(ALLOWED), drop_pending_updates=False
            )
            return
        except TelegramError as error:
            _log.warning("the webhook is not set yet: %s", type(error).__name__)
            await asyncio.sleep(AGAIN.total_seconds())


def bot_id(token: str) -> int:
    """The bot's own account number: the part of the token before the colon."""
    head = token.partition(":")[0]
    return int(head) if head.isdecimal() else 0


def _bot(settings: Settings, base: str, request: HTTPXRequest, polling: HTTPXRequest) -> Bot:
    return Bot(
        settings.token,
        base_url=f"{base}/bot",
        base_file_url=f"{base}/file/bot",
        request=request,
        get_updates_request=polling,
    )


def _request(settings: Settings, **options: Any) -> HTTPXRequest:
    return HTTPXRequest(connect_timeout=5.0, pool_timeout=5.0, proxy=settings.proxy, **options)
