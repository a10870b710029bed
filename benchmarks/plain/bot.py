"""A hotline bot as its libraries' documentation leads to: handlers, the job queue's scheduler, a job store.

What was chosen in its favour stands in benchmarks/README.md.
"""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from html import escape
from itertools import count
from typing import Any

from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.constants import ParseMode
from telegram.ext import Application, ApplicationBuilder, CallbackQueryHandler, ContextTypes, MessageHandler, filters

# What the contract says: minutes to the response, to the arrival and to the repair; a reminder comes at half of each.
CLOCKS = {"response": 10, "arrival": 120, "handling": 480}
_TEXT = "<b>🔴 一般故障 · 待接单</b>\n{number}\n{words}\n响应时限 {due:%H:%M}"
# A job in a database must be importable and its arguments must survive pickling: the bot itself does not.
_running: dict[str, Any] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """Who is paged, and where the jobs are kept."""

    page: tuple[int, ...]
    jobs: str


def application(token: str, api_url: str, duty: Duty) -> "Application[Any, Any, Any, Any, Any, Any]":
    """The whole bot."""
    built = (
        ApplicationBuilder()
        .token(token)
        .base_url(f"{api_url}/bot")
        .base_file_url(f"{api_url}/file/bot")
        .concurrent_updates(True)
        .build()
    )
    if built.job_queue is None:
        raise RuntimeError("the job queue is not installed")
    built.job_queue.scheduler.add_jobstore(SQLAlchemyJobStore(url=duty.jobs), "tickets")
    built.bot_data.update(duty=duty, numbers=count(1))
    built.add_handler(MessageHandler(filters.TEXT & ~filters.COMMAND, report))
    built.add_handler(CallbackQueryHandler(taken))
    _running["application"] = built
    return built


async def report(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """Somebody reports: page those on duty first, then set the clocks, then answer."""
    message = update.effective_message
    if message is None or message.text is None:
        return
    duty: Duty = context.bot_data["duty"]
    number = f"PL-{message.date:%Y%m%d}-{next(context.bot_data['numbers']):03d}"
    text = _TEXT.format(
        number=number, words=escape(message.text), due=message.date + timedelta(minutes=CLOCKS["response"])
    )
    buttons = InlineKeyboardMarkup([[InlineKeyboardButton("接单", callback_data=f"take:{number}")]])
    for chat in duty.page:
        await context.bot.send_message(chat, text, parse_mode=ParseMode.HTML, reply_markup=buttons)
    schedule(_running["application"].job_queue.scheduler, number, message.date, duty.page)
    await message.reply_html(text)


def schedule(scheduler: Any, number: str, since: datetime, chats: tuple[int, ...]) -> None:
    """One job for each clock of the ticket."""
    for clock, minutes in CLOCKS.items():
        scheduler.add_job(
            "benchmarks.plain.bot:remind",
            "date",
            run_date=since + timedelta(minutes=minutes / 2),
            args=(number, clock, chats),
            id=f"{number}:{clock}",
            jobstore="tickets",
            misfire_grace_time=None,
        )


async def remind(number: str, clock: str, chats: tuple[int, ...]) -> None:
    """A clock has run to its half."""
    bot: Bot = _running["application"].bot
    for chat in chats:
        await bot.send_message(chat, f"⏳ {number} {clock}")


async def taken(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """Somebody takes the ticket: its response clock is stopped."""
    query = update.callback_query
    if query is None or query.data is None:
        return
    await query.answer("已接单")
    number = query.data.partition(":")[2]
    scheduler = _running["application"].job_queue.scheduler
    if scheduler.get_job(f"{number}:response", "tickets") is not None:
        scheduler.remove_job(f"{number}:response", "tickets")
    await query.edit_message_reply_markup(None)


def quiet() -> None:
    """Log warnings only: at INFO the HTTP client writes a line for each call, the token in it."""
    logging.basicConfig(level=logging.WARNING)
