"""The composition root: the parts of a running hotline, put together, started in order, stopped in order."""

import asyncio
import logging
import os
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from bot.clock import Clock
from bot.config.config_file import CanaryTable
from bot.config.settings import Settings
from bot.engine import connection, equipment, feeds, lock, logs, watch, webhook
from bot.engine.adviser import Adviser
from bot.engine.asking import Endpoint
from bot.engine.auditor import Auditor
from bot.engine.bells import Bells
from bot.engine.buckets import UNLIMITED, Limits
from bot.engine.canary import Canary
from bot.engine.connection import Line
from bot.engine.contact import Contact
from bot.engine.courier import Courier
from bot.engine.fetcher import Fetcher
from bot.engine.gauges import Gauges
from bot.engine.guarded import Parts, unless
from bot.engine.lookout import Lookout, Patience
from bot.engine.mishaps import Mishaps
from bot.engine.polling import Poller
from bot.engine.presence import LONGEST_PAUSE, STRAYS, Presence
from bot.engine.relay import Relay
from bot.engine.serving import serving
from bot.engine.steward import Steward
from bot.engine.systemd import Manager
from bot.engine.ticker import Ticker
from bot.engine.vitals import Vitals
from bot.engine.worker import Worker
from desk import canary
from desk.house import Contract, Desk, House, Way, keep_terms
from desk.words import Words
from handlers.updates import Bot as Self
from sla.understanding.weights import shipped
from storage import groups, inbox, opinions, outbox, overrides, people
from storage.store import StorageError, Store, Transaction

_log = logging.getLogger("hotline")
LOCALES = Path(__file__).parent.parent.parent / "locales"
_SQLITE = "sqlite:///"
_SIGN_EVERY = timedelta(seconds=5)  # or oftener, where less than that is an outage
_WEBHOOK_HOLE = timedelta(minutes=15)  # what was refused once is brought again, and later ones may pass it


@dataclass(slots=True)
class Hotline:
    """A hotline that is running."""

    store: Store
    clock: Clock
    house: House
    line: Line
    courier: Courier
    worker: Worker
    ticker: Ticker
    fetcher: Fetcher
    auditor: Auditor
    gauges: Gauges
    contact: Contact
    lookout: Lookout
    canary: Canary | None
    relay: Relay
    steward: Steward
    presence: Presence
    adviser: Adviser | None = None
    parts: Parts = field(default_factory=Parts)

    @property
    def vitals(self) -> Vitals:
        """Its signs of life."""
        return Vitals(
            store=self.store,
            clock=self.clock,
            parts=self.parts,
            ticker=self.ticker,
            auditor=self.auditor,
            gauges=self.gauges,
        )

    def desk(self, tx: Transaction) -> Desk:
        """The desk within a transaction, now."""
        return Desk(tx=tx, house=self.house, now=self.clock.now())

    async def is_quiet(self) -> bool:
        """Whether everything that came in is handled and everything that is due is said."""
        if self.parts.error is not None:
            raise self.parts.error
        parts = (self.worker, self.ticker, self.courier, self.fetcher, self.relay, self.lookout, self.steward)
        if not all(part.idle for part in parts):
            return False
        if self.adviser is not None and (not self.adviser.idle or await self.adviser.has_work()):
            return False
        waiting = await self.store.read(lambda tx: inbox.waiting(tx, self.line.me.id, 1))
        due = await self.store.read(outbox.claimable_at)
        return not waiting and (due is None or due > self.clock.now())


@asynccontextmanager
async def opened(settings: Settings, clock: Clock, limits: Limits | None = None) -> AsyncIterator[Hotline]:
    """Open the house: database first, then clocks and courier, the chat last. Closed in the opposite order."""
    async with AsyncExitStack() as stack:
        if settings.storage_url.startswith(_SQLITE):
            stack.enter_context(lock.held(Path(settings.storage_url.removeprefix(_SQLITE) + ".lock")))
        store = await Store.open(settings.storage_url, longest_pause=LONGEST_PAUSE)
        stack.push_async_callback(store.close)
        await store.migrate(clock.now())
        line = await stack.enter_async_context(connection.line(settings))
        house = await _house(settings, store, clock, line)
        hotline = _composed(settings, store, clock, house, line, limits or (Limits() if settings.paced else UNLIMITED))
        store.on_commit(_waker(hotline))
        await stack.enter_async_context(_taking_part(hotline))
        await hotline.lookout.begin()
        await stack.enter_async_context(hotline.parts.running("lookout", hotline.lookout.run, hotline.lookout.stop))
        for name, part in (
            ("ticker", hotline.ticker),
            ("courier", hotline.courier),
            ("fetcher", hotline.fetcher),
            ("relay", hotline.relay),
            ("steward", hotline.steward),
        ):
            await stack.enter_async_context(hotline.parts.running(name, part.run, part.stop))
        await stack.enter_async_context(watch.kept(settings.watch, hotline.vitals, line.bot))
        await stack.enter_async_context(feeds.kept(settings, store, hotline.desk, hotline.parts))
        if hotline.canary is not None:
            await stack.enter_async_context(hotline.parts.running("canary", hotline.canary.run, hotline.canary.stop))
        if hotline.adviser is not None:
            await stack.enter_async_context(hotline.parts.running("adviser", hotline.adviser.run, hotline.adviser.stop))
        stopping = asyncio.Event()
        chat = hotline.parts.running("chat", lambda: _chat(settings, hotline, stopping), stopping.set)
        await stack.enter_async_context(chat)
        yield hotline


async def run(settings: Settings, clock: Clock) -> int:
    """Serve until the process is told to stop; 1 if it cannot serve any more."""
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(logs.unheard)
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, stopping.set)
    manager = Manager.of(os.environ)
    async with opened(settings, clock) as hotline, watch.managed(manager, hotline.vitals):
        _log.info("hotline runs: %s contracts", len(settings.contracts))
        await unless(stopping, hotline.parts.fallen.wait())
        _log.info("hotline stops")
    if hotline.parts.error is not None:
        _log.critical("%s", hotline.parts.error)
        return 1
    return 0


async def _house(settings: Settings, store: Store, clock: Clock, line: Line) -> House:
    words = Words.read(LOCALES)
    contracts = {slug: Contract.of(profile) for slug, profile in settings.contracts.items()}
    rooms = [(group.chat_id, group.contract, group.audience) for group in settings.groups]
    if settings.canary is not None:
        zone = settings.contracts[settings.canary.contract].timezone
        name = words.plain(settings.language, "canary.name")
        contracts[canary.SLUG] = canary.contract(name, zone, settings.canary.limit)
        rooms.append((settings.canary.chat_id, canary.SLUG, canary.AUDIENCE))
    house = House(
        contracts=contracts,
        words=words,
        language=settings.language,
        minimal=settings.minimal,
        ways={key: [Way(key=way.key, kind=way.kind) for way in known] for key, known in settings.ways.of.items()},
        calendar=settings.calendar,
        public_url=settings.public_url if settings.web_listen else "",
        second_opinion=settings.second_opinion is not None,
    )

    lists = equipment.read(settings)

    async def work(tx: Transaction) -> None:
        await equipment.put(tx, settings, lists, clock.now())
        await keep_terms(tx, house, clock.now())
        await people.upsert(tx, settings.people)
        await people.put_rosters(tx, settings.rosters)
        await overrides.put_file(tx, settings.overrides, clock.now())
        await groups.put(tx, rooms)

    await store.write(work)
    await equipment.warm(store, settings, clock.now())
    shipped()  # read now, not while the first report waits
    return house


@asynccontextmanager
async def _taking_part(hotline: Hotline) -> AsyncIterator[None]:
    """Among the other replicas within the block; where there can be none, by oneself."""
    presence, running = hotline.presence, hotline.parts.running
    async with AsyncExitStack() as stack:
        if hotline.store.url_kind == "postgresql":
            bells = Bells(hotline.store, presence, hotline.clock)
            hotline.store.on_own_commit(bells.woken)
            await stack.enter_async_context(running("bells", bells.run, bells.stop))
        await presence.join()
        stack.push_async_callback(_leave, presence)
        await stack.enter_async_context(running("presence", presence.run, presence.stop))
        yield


async def _leave(presence: Presence) -> None:
    try:
        await presence.leave()
    except StorageError as error:
        _log.error("the others will have to find out that this replica has gone: %s", error)


def _composed(settings: Settings, store: Store, clock: Clock, house: House, line: Line, limits: Limits) -> Hotline:
    def desk_at(tx: Transaction) -> Desk:
        return Desk(tx=tx, house=house, now=clock.now())

    mishaps, gauges = Mishaps(store, desk_at), Gauges()
    store.observed_by(gauges.timed)
    presence = Presence(store, clock)
    courier = Courier(store, line.bot, clock, desk_at, limits, mishaps, presence, gauges)
    contact = Contact(asks=settings.mode == "polling")
    return Hotline(
        store=store,
        clock=clock,
        house=house,
        line=line,
        courier=courier,
        worker=Worker(store, line.bot, line.me, clock, courier, desk_at, mishaps, presence, gauges),
        ticker=Ticker(store, clock, desk_at, mishaps, gauges=gauges),
        fetcher=Fetcher(store, line.file_bot, clock, desk_at, settings.files, presence),
        auditor=Auditor(store, clock, desk_at, mishaps, gauges, settings.watch.audit_every),
        gauges=gauges,
        contact=contact,
        presence=presence,
        canary=Canary(store, clock, desk_at, _plan(settings.canary)) if settings.canary else None,
        steward=Steward(store, clock, desk_at),
        relay=Relay(store, clock, desk_at, settings.ways.of, mishaps),
        adviser=_adviser(settings, store, clock, desk_at),
        lookout=Lookout(store, clock, desk_at, contact, line.me.id, _patience(settings)),
    )


def _plan(table: CanaryTable) -> canary.Plan:
    return canary.Plan(contract=table.contract, every=table.every, limit=table.limit)


def _adviser(settings: Settings, store: Store, clock: Clock, desk_at: Callable[[Transaction], Desk]) -> Adviser | None:
    asked = settings.second_opinion
    return Adviser(store, clock, desk_at, Endpoint(asked)) if asked is not None else None


def _patience(settings: Settings) -> Patience:
    return Patience(
        outage=settings.watch.outage_after,
        reoffer=settings.watch.reoffer_after,
        conflict=settings.watch.conflict_after,
        every=min(_SIGN_EVERY, settings.watch.outage_after / 4),
        hole=_WEBHOOK_HOLE if settings.mode == "webhook" else timedelta(),
    )


def _waker(hotline: Hotline) -> Callable[[frozenset[str]], None]:
    """Whoever waits for a table is woken by the commit, not by a poll."""
    wakes = {
        "inbox": hotline.worker.wake,
        "outbox": hotline.courier.wake,
        "alarms": hotline.ticker.knock,
        "files": hotline.fetcher.wake,
        "relays": hotline.relay.wake,
        "replicas": hotline.presence.look,
        STRAYS: hotline.courier.look_for_strays,
    }
    if hotline.adviser is not None:
        wakes[opinions.WAKE] = hotline.adviser.wake

    def wake(names: frozenset[str]) -> None:
        for name in names & wakes.keys():
            wakes[name]()
        hotline.steward.wake(names)

    return wake


async def _chat(settings: Settings, hotline: Hotline, stopping: asyncio.Event) -> None:
    """The chat side: it waits for the Bot API as long as it takes, while clocks and courier run already."""
    line = hotline.line

    async def show_menu() -> None:
        await connection.show_menu(line, hotline.house)

    await connection.insist("the Bot API is not reached yet", lambda: connection.introduce(settings, line), stopping)
    if stopping.is_set():
        return
    menu_is_shown = await connection.attempt("no menu yet", show_menu, stopping)
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(hotline.parts.running("worker", hotline.worker.run, hotline.worker.stop))
        if settings.mode == "webhook" and settings.webhook is not None:
            hook = settings.webhook
            app = webhook.application(hotline.store, hook, line.me.id, hotline.clock, line.cannot_keep, hotline.gauges)
            door = serving(
                app, hook.listen_host, hook.listen_port, hotline.parts, part="webhook", key="telegram.webhook.listen"
            )
            await stack.enter_async_context(door)
            await connection.insist("no webhook yet", lambda: connection.set_webhook(line, hook), stopping)
            hotline.contact.heard(everything=True)
        else:
            poller = Poller(
                hotline.store,
                line.poll_request,
                line.poll_url,
                line.me.id,
                hotline.clock,
                line.cannot_keep,
                hotline.presence,
                hotline.gauges,
                hotline.contact,
            )
            await stack.enter_async_context(hotline.parts.running("poller", poller.run, poller.stop))
        if not menu_is_shown:
            await connection.insist("no menu yet", show_menu, stopping)
        await stopping.wait()


__all__ = ["Hotline", "Self", "opened", "run"]
