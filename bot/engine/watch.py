"""The watch over a hotline: who looks, who is shown, who is told; put together here, and started beside it."""

import logging
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta

from telegram import Bot
from telegram.error import TelegramError

from bot.config.watch import Watch
from bot.engine import heartbeat, pages
from bot.engine.auditor import Auditor
from bot.engine.gauges import Gauges
from bot.engine.regular import Regular
from bot.engine.serving import serving
from bot.engine.systemd import Manager
from bot.engine.vitals import Vitals

_log = logging.getLogger("hotline.watch")
_ASK_AFTER = timedelta(seconds=30)
_PROOFS = 3  # in the time that the watchdog gives, so that one late proof bites nobody


@asynccontextmanager
async def kept(watch: Watch, vitals: Vitals, bot: Bot) -> AsyncIterator[None]:
    """The auditor looks, the line is asked when it is quiet, the pages are shown, the heart beats."""
    auditor, gauges = vitals.auditor, vitals.gauges

    async def ask() -> None:
        await _ask(bot, gauges)

    async def beat() -> None:
        if auditor.is_content:
            await heartbeat.beat(watch.heartbeat_url)

    # The first look comes after a pause: what an outage left overdue is worked off before.
    regulars = [
        Regular("auditor", watch.audit_every, auditor.audit, vitals.clock),
        Regular("line", _ASK_AFTER, ask, vitals.clock),
    ]
    if watch.heartbeat_url:
        regulars.append(Regular("heartbeat", watch.heartbeat_every, beat, vitals.clock))
    async with AsyncExitStack() as stack:
        if watch.listen is not None:
            app = pages.application(vitals, auditor, gauges)
            address = serving(app, *watch.listen, vitals.parts, part="pages", key="watch.listen")
            await stack.enter_async_context(address)
        for regular in regulars:
            await stack.enter_async_context(vitals.parts.running(regular.name, regular.run, regular.stop))
        yield


@asynccontextmanager
async def managed(manager: Manager, vitals: Vitals) -> AsyncIterator[None]:
    """The service manager knows that the house is open, hears again and again that it lives, and that it closes."""
    auditor = vitals.auditor
    auditor.on_look(lambda: manager.tell(_status(auditor)))

    async def prove() -> None:
        if await vitals.lives():
            manager.tell("WATCHDOG=1")
        else:
            _log.error("no sign of life is given: a part has ended, no row can be written, or no alarm is looked at")

    async with AsyncExitStack() as stack:
        if manager.watchdog is not None:
            dog = Regular("watchdog", manager.watchdog / _PROOFS, prove, vitals.clock)
            await stack.enter_async_context(vitals.parts.running(dog.name, dog.run, dog.stop))
        manager.tell("READY=1", "STATUS=runs; not audited yet")
        try:
            yield
        finally:
            manager.tell("STOPPING=1")


def _status(auditor: Auditor) -> str:
    found = ", ".join(f"{finding.kind} {finding.count}" for finding in auditor.findings)
    return f"STATUS=runs; found: {found or 'nothing amiss'}"


async def _ask(bot: Bot, gauges: Gauges) -> None:
    """A webhook may be quiet for hours: then the Bot API is asked whether it is there."""
    if gauges.silence() < _ASK_AFTER.total_seconds():
        return
    try:
        await bot.get_me()
    except TelegramError:
        return  # the silence grows, and speaks for itself
    gauges.heard()
