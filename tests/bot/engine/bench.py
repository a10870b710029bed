"""A bench on which single parts of the engine run against the sandbox, with a real database that waits for nobody."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bot.clock import Clock, HandClock
from bot.config.settings import Settings
from bot.demo import stage
from bot.engine import arrivals, connection
from bot.engine.buckets import UNLIMITED, Limits
from bot.engine.connection import Line
from bot.engine.courier import Courier
from bot.engine.fetcher import Fetcher
from bot.engine.guarded import Parts, rest
from bot.engine.mishaps import Mishaps
from bot.engine.polling import Poller
from bot.engine.presence import Presence
from bot.engine.service import LOCALES
from bot.engine.ticker import Ticker
from bot.engine.worker import Worker
from desk.house import Contract, Desk, House, keep_terms
from desk.words import Words
from sandbox.phones import Phone
from sandbox.server import serving
from sandbox.world import World
from storage import inbox, outbox, people
from storage.outbox import Lane, Letter
from storage.store import Store, Transaction
from tests.bot import written

MINUTE = timedelta(minutes=1)
START = datetime(2026, 2, 16, 1, 0, tzinfo=UTC)
CONTRACT = "shaoguan-command"
ENGINEER, LEAD, MANAGER, OFFICER, REPORTER, ADMIN = range(2001, 2007)
_GLANCE = timedelta(milliseconds=5)


def settings_in(folder: Path) -> Settings:
    """A small contract whose people all have an account."""
    settings = written.good(folder).load()
    staff = tuple(replace(person, telegram_id=ENGINEER + n) for n, person in enumerate(settings.people))
    return replace(settings, token=stage.TOKEN, people=staff)


def peopled(world: World, settings: Settings) -> dict[str, Phone]:
    """A phone for everybody."""
    return {
        person.key: world.phone(person.telegram_id, person.name, started=True)
        for person in settings.people
        if person.telegram_id is not None
    }


@dataclass(slots=True, kw_only=True)
class Bench:
    """The parts, none of which runs until a test says so, and what they stand on."""

    settings: Settings
    world: World
    phones: dict[str, Phone]
    clock: Clock
    store: Store
    line: Line
    house: House
    parts: Parts
    courier: Courier
    worker: Worker
    ticker: Ticker
    fetcher: Fetcher

    @property
    def hand(self) -> HandClock:
        """The clock, where it is moved by hand."""
        assert isinstance(self.clock, HandClock)
        return self.clock

    @property
    def database(self) -> Path:
        """The file of the database."""
        return Path(self.settings.storage_url.removeprefix("sqlite:///"))

    def desk(self, tx: Transaction) -> Desk:
        """The desk within a transaction, now."""
        return Desk(tx=tx, house=self.house, now=self.clock.now())

    def poller(self) -> Poller:
        """A poller of this bot."""
        line = self.line
        return Poller(
            self.store,
            line.poll_request,
            line.poll_url,
            line.me.id,
            self.clock,
            line.cannot_keep,
            Presence(self.store, self.clock),
        )

    @asynccontextmanager
    async def running(self, *run: Any) -> AsyncIterator[None]:
        """These parts run within the block, and none of them may end before it does."""
        async with AsyncExitStack() as stack:
            for part in run:
                await stack.enter_async_context(self.parts.running(type(part).__name__, part.run, part.stop))
            yield
        assert self.parts.error is None

    async def writes(self, chat: int, text: str, lane: Lane = Lane.NORMAL, **details: Any) -> int:
        """A letter into the outbox."""
        given = {
            "contract": CONTRACT,
            "method": "send",
            "payload": {"html": text, "buttons": []},
            "purpose": "answer",
            "next_at": self.clock.now(),
            "created_at": self.clock.now(),
        }
        letter = Letter(chat_id=chat, lane=lane, **{**given, **details})
        await self.store.write(lambda tx: outbox.put(tx, letter))
        return int(self.rows("SELECT max(id) AS last FROM outbox")[0]["last"])

    async def receives(self, *updates: dict[str, Any]) -> None:
        """Updates into the inbox, as a poll would put them there."""
        await arrivals.keep(self.store, self.line.me.id, list(updates), self.clock.now())

    def letter(self, id_: int) -> dict[str, Any]:
        """The row of a letter."""
        return self.rows("SELECT * FROM outbox WHERE id = ?", id_)[0]

    def states(self) -> dict[int, str]:
        """What became of each update."""
        return {row["update_id"]: row["state"] for row in self.rows("SELECT * FROM inbox ORDER BY serial")}

    def rows(self, statement: str, *values: object) -> list[dict[str, Any]]:
        """What the database file holds, seen by somebody else."""
        with sqlite3.connect(self.database) as other:
            other.row_factory = sqlite3.Row
            found = [dict(row) for row in other.execute(statement, values)]
        other.close()
        return found

    async def does(self, statement: str, *values: object) -> None:
        """Change the database behind the program's back."""
        async with self._other() as other:
            await asyncio.to_thread(other.execute, statement, values)

    @asynccontextmanager
    async def locked(self) -> AsyncIterator[None]:
        """Somebody else holds the database."""
        async with self._other() as other:
            await asyncio.to_thread(other.execute, "BEGIN IMMEDIATE")
            yield
            other.execute("ROLLBACK")

    @asynccontextmanager
    async def _other(self) -> AsyncIterator[sqlite3.Connection]:
        # It waits in a thread: our own loop has to end the transaction that it waits for.
        other = sqlite3.connect(self.database, timeout=10, isolation_level=None, check_same_thread=False)
        try:
            yield other
        finally:
            other.close()

    async def until(self, condition: Callable[[], object], within: float = 10) -> None:
        """Wait until this is so."""
        async with asyncio.timeout(within):
            while not condition():
                await rest(_GLANCE, asyncio.Event())

    async def passes(self, **span: float) -> None:
        """Let time pass, and let the courier do what is due then."""
        await self.until(lambda: self.courier.idle)
        self.hand.move(self.clock.now() + timedelta(**span))
        await rest(_GLANCE, asyncio.Event())
        await self.until(lambda: self.courier.idle)

    async def settles(self) -> None:
        """Wait until there is nothing to carry and nothing to handle."""
        async with asyncio.timeout(15):
            while not self.courier.idle or await self._left():
                await rest(_GLANCE, asyncio.Event())

    async def _left(self) -> bool:
        letters = await self.store.read(outbox.pending)
        updates = await self.store.read(lambda tx: inbox.waiting(tx, self.line.me.id, 1))
        return bool(letters or updates)


def message(update_id: object, chat: int, text: str, **more: Any) -> dict[str, Any]:
    """An update as the Bot API sends it: somebody writes in private."""
    body = {
        "message_id": 7,
        "date": int(START.timestamp()),
        "chat": {"id": chat, "type": "private", "first_name": "甲"},
        "from": {"id": chat, "is_bot": False, "first_name": "甲"},
        "text": text,
        **more,
    }
    return {"update_id": update_id, "message": body}


def command(update_id: int, chat: int) -> dict[str, Any]:
    """Somebody asks for their tickets."""
    return message(update_id, chat, "/my", entities=[{"type": "bot_command", "offset": 0, "length": 3}])


@asynccontextmanager
async def opened(folder: Path, limits: Limits = UNLIMITED, moving: Clock | None = None) -> AsyncIterator[Bench]:
    """A bench with its sandbox, its people, and a database whose lock is waited for 100 ms."""
    clock = moving or HandClock(START)
    world = stage.world_at(clock)
    async with AsyncExitStack() as stack:
        url = await stack.enter_async_context(serving(world))
        settings = replace(settings_in(folder), api_url=url)
        store = await Store.open(settings.storage_url, timedelta(milliseconds=100))
        stack.push_async_callback(store.close)
        await store.migrate(clock.now())
        line = await stack.enter_async_context(connection.line(settings))
        house = House(
            contracts={slug: Contract.of(profile) for slug, profile in settings.contracts.items()},
            words=Words.read(LOCALES),
            language="zh-CN",
        )

        async def furnish(tx: Transaction) -> None:
            await keep_terms(tx, house, clock.now())
            await people.upsert(tx, settings.people)
            await people.put_rosters(tx, settings.rosters)

        await store.write(furnish)
        line.me.username = stage.USERNAME

        def desk_at(tx: Transaction) -> Desk:
            return Desk(tx=tx, house=house, now=clock.now())

        mishaps = Mishaps(store, desk_at)
        presence = Presence(store, clock)
        courier = Courier(store, line.bot, clock, desk_at, limits, mishaps, presence)
        bench = Bench(
            settings=settings,
            world=world,
            phones=peopled(world, settings),
            clock=clock,
            store=store,
            line=line,
            house=house,
            parts=Parts(),
            courier=courier,
            worker=Worker(store, line.bot, line.me, clock, courier, desk_at, mishaps, presence),
            ticker=Ticker(store, clock, desk_at, mishaps),
            fetcher=Fetcher(store, line.file_bot, clock, desk_at, folder / "files", presence),
        )
        wakes = {
            "inbox": bench.worker.wake,
            "outbox": courier.wake,
            "alarms": bench.ticker.knock,
            "files": bench.fetcher.wake,
        }
        store.on_commit(lambda names: [wakes[name]() for name in names & wakes.keys()])
        yield bench
    assert world.errors == []
