"""Several `hotline run` on one PostgreSQL, as processes of their own, with one sandbox around them."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
from psycopg.rows import dict_row

from bot.clock import WallClock, monotonic
from bot.engine.guarded import rest
from sandbox.phones import Phone
from sandbox.server import serving
from sandbox.world import World
from tests.bot import written

LONG = 60.0
_GLANCE = timedelta(milliseconds=20)
REPORTER, ENGINEER = 3001, 2001


@dataclass(slots=True)
class Replica:
    """One process."""

    process: asyncio.subprocess.Process
    said: list[str] = field(default_factory=list)

    def freezes(self) -> None:
        """The process stands still, as under a debugger or on a machine that swaps."""
        self.process.send_signal(signal.SIGSTOP)

    def goes_on(self) -> None:
        """It runs again, and does not know that time has passed."""
        self.process.send_signal(signal.SIGCONT)

    def dies(self) -> None:
        """It is gone within an instruction."""
        self.process.kill()

    def stops(self) -> None:
        """It is told to stop."""
        self.process.terminate()

    def has_said(self, words: str) -> bool:
        """Whether this stands in its log."""
        return any(words in line for line in self.said)

    async def hears(self) -> None:
        """Collect its log."""
        assert self.process.stderr is not None
        async for line in self.process.stderr:
            self.said.append(line.decode())


@dataclass(slots=True)
class Several:
    """The replicas, the world around them, and a look into their database."""

    folder: Path
    url: str
    world: World
    reporters: list[Phone]
    engineer: Phone
    replicas: list[Replica] = field(default_factory=list)
    hearing: list[asyncio.Task[None]] = field(default_factory=list)

    async def starts(self) -> Replica:
        """One more replica; it runs when this returns."""
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", "run", "--config", str(self.folder / "config.toml"),
            cwd=written.ROOT, stderr=asyncio.subprocess.PIPE,
            env={"PYTHONPATH": str(written.ROOT), "LANG": "zh_CN.UTF-8", "PATH": os.environ["PATH"]},
        )  # fmt: skip
        replica = Replica(process)
        self.replicas.append(replica)
        self.hearing.append(asyncio.create_task(replica.hears()))
        await self.until(lambda: replica.has_said("hotline runs") or process.returncode is not None)
        return replica

    async def pair(self) -> tuple[Replica, Replica]:
        """Two replicas, the one that polls first; both know of each other."""
        one, other = await self.starts(), await self.starts()
        await self.until(lambda: one.has_said("this replica polls") or other.has_said("this replica polls"))
        await self.until(lambda: self.count("SELECT count(*) FROM replicas") == 2)
        return (one, other) if one.has_said("this replica polls") else (other, one)

    async def until(self, condition: Callable[[], object], within: float = LONG) -> float:
        """Wait until this is so; the seconds that it took."""
        began = monotonic()
        try:
            async with asyncio.timeout(within):
                while not condition():
                    await rest(_GLANCE, asyncio.Event())
        except TimeoutError:
            logs = "\n".join("".join(replica.said) for replica in self.replicas)
            raise AssertionError(f"waited in vain\n{logs}") from None
        return monotonic() - began

    async def all_is_said(self) -> None:
        """Wait until every update is handled and every letter has gone."""
        await self.until(
            lambda: (
                not self.world.updates.waiting
                and not self.count("SELECT count(*) FROM inbox WHERE state = 'new'")
                and not self.count("SELECT count(*) FROM outbox WHERE state IN ('new', 'sending')")
            )
        )

    def rows(self, statement: str, *values: object) -> list[dict[str, Any]]:
        """What the database holds."""
        with psycopg.connect(self.url, row_factory=dict_row, autocommit=True) as other:
            return other.execute(statement, values).fetchall()

    def count(self, statement: str) -> int:
        """The number that the statement asks for."""
        with psycopg.connect(self.url, autocommit=True) as other:
            row = other.execute(statement).fetchone()
        assert row is not None
        return int(row[0])

    def does(self, statement: str) -> None:
        """Change the database behind the programs' back."""
        with psycopg.connect(self.url, autocommit=True) as other:
            other.execute(statement)


@asynccontextmanager
async def several(folder: Path, postgres_url: str, reporters: int = 4) -> AsyncIterator[Several]:
    """A house for several replicas, in which nobody runs yet."""
    world = World(written.TOKEN, "weibao_bot", WallClock().now, first_retry_seconds=0.05)
    house = written.good(folder)
    people = written.PEOPLE
    for number in range(reporters):
        people += (
            f'\n[[people]]\nkey = "caller-{number}"\nname = "值班员{number}"\ntelegram_id = {REPORTER + number}\n'
            'roles = [{ contract = "shaoguan-command", role = "reporter" }]\n'
        )
    house.write("people.toml", people)
    phones = [world.phone(REPORTER + number, f"值班员{number}", started=True) for number in range(reporters)]
    engineer = world.phone(ENGINEER, "值班工程师甲", started=True)
    for account in (2002, 2003, 2004):
        world.phone(account, "另一位", started=True)
    async with serving(world) as api:
        house.change("config.toml", "[telegram]", f'[telegram]\napi_url = "{api}"\nlimits = "none"')
        house.add("config.toml", f'\n[storage]\nurl = "{postgres_url}"\n')
        several = Several(folder, postgres_url, world, phones, engineer)
        try:
            yield several
        finally:
            for replica in several.replicas:
                if replica.process.returncode is None:
                    replica.dies()
                await replica.process.wait()
            await asyncio.gather(*several.hearing)
