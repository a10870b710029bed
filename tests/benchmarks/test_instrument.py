"""Both bots through the same instrument: what the table compares does the same work."""

import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest
from telegram import Bot
from telegram.error import Forbidden, RetryAfter

from benchmarks import database, post, processes, reports
from benchmarks.bench import Bench
from benchmarks.figures import NotMeasured
from benchmarks.furniture import Furniture, Plan, furnish
from benchmarks.post import FINE, TOKEN, Post
from benchmarks.processes import until
from benchmarks.rows import latency


@pytest.fixture
async def server() -> AsyncIterator[Post]:
    """A Bot API server in a process of its own."""
    async with post.serving() as running:
        yield running


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    """A bench that says nothing."""
    return Bench(folder=tmp_path, runs=1, quick=True, say=lambda _: None)


def furnished(bench: Bench, server: Post) -> Furniture:
    """A hotline with two reporters."""
    return furnish(bench.room("test") / "ours", server.url, Plan(reporters=2))


def told(log: post.Log, chat: int, mark: str) -> list[str]:
    """What a chat was told about a report."""
    return [one.text for one in log.sent if one.chat == chat and one.code == FINE and mark in one.text]


async def test_the_plain_bot_pages_answers_and_sets_three_clocks(bench: Bench, server: Post) -> None:
    """A report reaches both people on duty and is answered; three jobs of its ticket stand in the job store."""
    furniture, folder = furnished(bench, server), bench.room("plain")
    jobs = folder / "jobs.db"
    async with bench.plain(folder, server.url, furniture) as bot:
        await server.is_polled(bot)
        await server.inject([(furniture.reporter(0), reports.general(0), 0.0)])

        async def all_told() -> bool:
            return len((await server.log()).sent) >= 3

        await until(all_told, 20, bot, what="the plain bot says too little")
        log = await server.log()
    chats = (furniture.chat("engineer"), furniture.chat("technical_lead"), furniture.reporter(0))
    assert [len(told(log, chat, reports.mark(0))) for chat in chats] == [1, 1, 1]
    with closing(sqlite3.connect(jobs)) as store:
        dues = [due for (due,) in store.execute("SELECT next_run_time FROM apscheduler_jobs ORDER BY 1")]
    assert [round((due - dues[0]) / 60) for due in dues] == [0, 55, 235]


async def test_ours_pages_answers_and_sets_three_clocks(bench: Bench, server: Post) -> None:
    """The hotline, through the same instrument: the same people are told, and three alarms stand in the database."""
    furniture = furnished(bench, server)
    waits, missing = await latency.waited(server, furniture, bench.hotline(furniture), 2, 20)
    log = await server.log()
    assert (len(waits), missing) == (2, 0)
    assert all(wait > 0 for wait in waits)
    chats = (furniture.chat("engineer"), furniture.chat("technical_lead"), furniture.reporter(0))
    assert [len(told(log, chat, reports.mark(0))) for chat in chats] == [1, 1, 1]
    assert database.value(furniture.database, "SELECT count(*) FROM alarms WHERE ticket_id = 1") == 3
    assert all(report.handed_at and report.confirmed_at for report in log.reports)


async def test_the_server_refuses_as_telegram_does(server: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    """With limits on, one chat gets no more than a short burst; a person who blocked the bot gets nothing."""
    monkeypatch.setenv("PTB_TIMEDELTA", "true")  # or the library warns at each RetryAfter
    await server.rule(limits=True, blocked=[7])
    async with Bot(TOKEN, base_url=f"{server.url}/bot") as bot:
        with pytest.raises(Forbidden):
            await bot.send_message(7, "text")
        with pytest.raises(RetryAfter):
            for _ in range(20):
                await bot.send_message(8, "text")
    codes = [one.code for one in (await server.log()).sent]
    assert (codes[0], codes[1], codes[-1]) == (403, 200, 429)


async def test_updates_come_again_until_they_are_confirmed(server: Post) -> None:
    """What is not confirmed by the next offset is handed out again, as to a bot that was stopped with it in hand."""
    await server.inject([(5, "text", 0.0)])
    async with Bot(TOKEN, base_url=f"{server.url}/bot") as bot:
        first, again = await bot.get_updates(timeout=0), await bot.get_updates(timeout=0)
        assert [update.update_id for update in first] == [update.update_id for update in again]
        assert await bot.get_updates(offset=first[0].update_id + 1, timeout=0) == ()
    assert (await server.counts())["confirmed"] == 1


async def test_a_program_that_dies_ends_the_waiting_with_its_words(tmp_path: Path) -> None:
    """A bot that cannot start is no figure: the row says what it said."""

    async def never() -> bool:
        return False

    async with processes.running("it", tmp_path / "log", "-c", "raise SystemExit('no such thing')") as program:
        with pytest.raises(NotMeasured, match="it ended with code 1: no such thing"):
            await until(never, 20, program, what="nothing")
