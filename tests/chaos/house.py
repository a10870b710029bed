"""A hotline in processes of its own, the Bot API beside it, and somebody who starts it anew whenever it dies."""

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import sqlalchemy as sa

from bot.clock import WallClock, monotonic
from sandbox.messages import Message
from sandbox.phones import Phone
from sandbox.presses import Press
from sandbox.server import serving
from sandbox.world import World
from sla.ticket import Stage
from storage import tickets
from storage.schema import ALARMS, INBOX, OUTBOX, TICKETS
from storage.store import StorageError, Store, Transaction
from tests.chaos.levers import Levers, Side
from tests.flows.furniture import SLUG, STAFF, Plan, Someone, written
from tests.postgres import free_port

ROOT = Path(__file__).parent.parent.parent
TOKEN = "100001:sandbox"
PATIENCE = 50.0  # far longer than anything takes here, and shorter than the patience of pytest
_GLANCE = 0.05
_ROTATION = '["engineer-1", "engineer-2"]'
_KEPT = ("PATH", "HOME", "LANG", "LC_ALL", "TZ", "TMPDIR")


class NotReached(AssertionError):
    """Something that has to come did not come."""


@dataclass(slots=True)
class Replica:
    """One process of the hotline, started anew as a service manager does."""

    house: "House"
    log: Path
    process: asyncio.subprocess.Process | None = None
    deaths: int = 0
    _keeper: asyncio.Task[None] | None = None
    _wanted: bool = False

    @property
    def pid(self) -> int:
        """Its number now."""
        assert self.process is not None
        return self.process.pid

    async def starts(self) -> None:
        """Start it, and keep it running."""
        self._wanted = True
        await self._spawn()
        self._keeper = asyncio.create_task(self._keep())

    async def stops(self) -> None:
        """Stop it for good, in its own way."""
        self._wanted = False
        self.sends(signal.SIGCONT)
        self.sends(signal.SIGTERM)
        assert self._keeper is not None
        try:
            await asyncio.wait_for(asyncio.shield(self._keeper), 20)
        except TimeoutError:
            self.sends(signal.SIGKILL)
            await self._keeper

    def sends(self, number: signal.Signals) -> None:
        """Send it a signal; one that is just dead is none the worse."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, number)

    async def _spawn(self) -> None:
        environment = {key: os.environ[key] for key in _KEPT if key in os.environ}
        with self.log.open("ab") as out:
            self.process = await asyncio.create_subprocess_exec(
                sys.executable,
                *("-m", "tests.chaos.launcher", str(self.house.levers.path), "run", "--config", str(self.house.config)),
                cwd=ROOT,
                env=environment,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=out,
                stderr=out,
            )

    async def _keep(self) -> None:
        while True:
            assert self.process is not None
            code = await self.process.wait()
            if not self._wanted:
                return
            if code != -signal.SIGKILL:
                self.house.fallen.append(f"a process ended by itself with code {code}: {self.last_words()}")
                await asyncio.sleep(_GLANCE)
            self.deaths += 1
            await self._spawn()

    def last_words(self) -> str:
        """The end of what it has written."""
        return self.log.read_text(encoding="utf-8", errors="replace").strip()[-1500:]


@dataclass(slots=True)
class House:
    """Everything of one round: files, world, people, processes, and what people have done."""

    config: Path
    address: str
    levers: Levers
    world: World
    store: Store
    webhook_port: int | None
    phones: Mapping[str, Phone]
    url: str = ""
    replicas: list[Replica] = field(default_factory=list)
    said: list[Message] = field(default_factory=list)
    presses: list[tuple[str, str, Press]] = field(default_factory=list)  # ticket, label, press
    fallen: list[str] = field(default_factory=list)
    _api: AsyncExitStack = field(default_factory=AsyncExitStack)

    @property
    def deaths(self) -> int:
        """How often a process was killed."""
        return sum(replica.deaths for replica in self.replicas)

    @property
    def complaints(self) -> int:
        """How many lines of warning or error the processes have written."""
        logs = [replica.log.read_text(encoding="utf-8", errors="replace") for replica in self.replicas]
        return sum(log.count(" WARNING ") + log.count(" ERROR ") for log in logs)

    async def complains(self, than: int) -> None:
        """Wait until the processes have complained more often than that."""

        async def complained() -> bool:
            return self.complaints > than

        await self.becomes("it complains", complained)

    @property
    def port(self) -> int:
        """Where the Bot API listens."""
        return int(self.url.rpartition(":")[2])

    async def answers_at_all(self) -> None:
        """The Bot API accepts connections, at the same place as before."""
        self.url = await self._api.enter_async_context(serving(self.world, port=self.port if self.url else 0))

    async def refuses(self) -> None:
        """Nothing listens where the Bot API was."""
        await self._api.aclose()

    async def happens(self, count: int) -> None:
        """Wait until the world has seen so many deeds more, of whomever, or until nothing more comes."""
        until = len(self.world.transcript) + count

        async def happened() -> bool:
            return len(self.world.transcript) >= until or await self._is_quiet()

        await self.becomes("something happens", happened)

    async def dies(self, replica: Replica) -> None:
        """Kill one process, and see it dead."""
        before = replica.deaths

        async def dead() -> bool:
            return replica.deaths > before

        replica.sends(signal.SIGKILL)
        await self.becomes("it is dead", dead)

    async def becomes(self, what: str, condition: Callable[[], Awaitable[bool]], within: float = PATIENCE) -> None:
        """Wait until this is so."""
        end = monotonic() + within
        while not await self._is(condition):
            if monotonic() > end:
                words = "\n".join(replica.last_words() for replica in self.replicas)
                raise NotReached(f"{what}: not within {within:.0f} s\n{words}")
            await asyncio.sleep(_GLANCE)

    async def settles(self, within: float = PATIENCE) -> None:
        """Wait until everything that was said is taken in, handled and answered."""
        quiet = 0

        async def twice() -> bool:
            nonlocal quiet
            quiet = quiet + 1 if await self._is_quiet() else 0
            return quiet > 1

        await self.becomes("the hotline is quiet", twice, within)

    async def runs(self) -> None:
        """Wait until somebody takes in what is said."""
        if self.webhook_port is None:
            await self.becomes("somebody polls", self._is_polled)
        else:
            await self.becomes("the webhook is set", self._is_hooked)

    async def count(self, statement: sa.Select[int]) -> int:
        """A number out of the database."""

        async def work(tx: Transaction) -> int:
            number: int = (await tx.run(statement)).scalar_one()
            return number

        return await self.store.read(work)

    async def waiting_tickets(self) -> list[tuple[str, str]]:
        """The tickets that nobody has taken yet: number and words."""

        async def work(tx: Transaction) -> list[tuple[str, str]]:
            ids = (await tx.run(sa.select(TICKETS.c.id).where(TICKETS.c.stage == Stage.REPORTED.value))).scalars()
            found = [await tickets.load(tx, id_) for id_ in ids.all()]
            return [(ticket.number, ticket.text) for ticket in found if ticket is not None]

        return await self.store.read(work)

    async def _is(self, condition: Callable[[], Awaitable[bool]]) -> bool:
        try:
            return await condition()
        except StorageError:  # the database is what is being hurt
            return False

    async def _is_polled(self) -> bool:
        return self.world.polls._open is not None

    async def _is_hooked(self) -> bool:
        return bool(self.world.webhook.url)

    async def _is_quiet(self) -> bool:
        return not self.world.updates.waiting and not any((await self._waiting()).values())

    async def _waiting(self) -> dict[str, int]:
        now = WallClock().now() + timedelta(seconds=self.levers.shift)
        unread = sa.select(sa.func.count()).select_from(INBOX).where(INBOX.c.state == "new")
        unsent = sa.select(sa.func.count()).select_from(OUTBOX).where(OUTBOX.c.state.in_(["new", "sending"]))
        overdue = sa.select(sa.func.count()).select_from(ALARMS).where(ALARMS.c.due_at <= now)
        return {
            "updates": len(self.world.updates.waiting),
            "inbox": await self.count(unread),
            "outbox": await self.count(unsent),
            "alarms": await self.count(overdue),
        }


@asynccontextmanager
async def opened(
    folder: Path,
    database: str,
    *,
    reporters: int = 1,
    processes: int = 1,
    webhook: bool = False,
    terms: Mapping[str, str] | None = None,
    dies_at: tuple[int, Side] = (0, Side.BEFORE),
) -> AsyncIterator[House]:
    """A house that runs on this database (``sqlite``, or the address of an empty PostgreSQL database)."""
    address = f"sqlite:///{folder / 'hotline.db'}" if database == "sqlite" else database
    people = (*STAFF, *_crowd(reporters))
    port = free_port() if webhook else None
    levers = Levers(folder / "levers")
    levers.kills(*dies_at)

    def now() -> datetime:
        return WallClock().now() + timedelta(seconds=levers.shift)

    world = World(TOKEN, "weibao_bot", now, first_retry_seconds=0.2)
    phones = {one.key: world.phone(one.account or 0, one.name, started=True) for one in people}
    config = written(Plan(people=people, storage=address, webhook_port=port, terms=terms or {}), folder)
    _always_on_duty(folder / "people.toml")
    # Whoever looks must not be in the way of what is looked at.
    await _migrated(address)
    store = await Store.open(address, timedelta(milliseconds=200))
    house = House(config, address, levers, world, store, port, phones)
    try:
        await house.answers_at_all()
        text = config.read_text(encoding="utf-8")
        line = f'api_url = "{house.url}"\nlimits = "none"\nmode = "'
        config.write_text(text.replace('mode = "', line, 1), encoding="utf-8")
        house.replicas = [Replica(house, folder / f"hotline-{number}.log") for number in range(processes)]
        for replica in house.replicas:
            await replica.starts()
        await house.runs()
        yield house
    finally:
        for replica in house.replicas:
            if replica.process is not None:
                await replica.stops()
        await house.refuses()
        await store.close()


def _always_on_duty(people: Path) -> None:
    """The same engineer each day: the outcome of a round must not hang on its date."""
    text = people.read_text(encoding="utf-8")
    assert _ROTATION in text
    people.write_text(text.replace(_ROTATION, '["engineer-1"]'), encoding="utf-8")


async def _migrated(address: str) -> None:
    store = await Store.open(address)
    await store.migrate(WallClock().now())
    await store.close()


def _crowd(count: int) -> Sequence[Someone]:
    return [
        Someone(key=f"crowd-{n}", name=f"分会场值班员 {n}", account=5000 + n, roles={SLUG: "reporter"})
        for n in range(count)
    ]
