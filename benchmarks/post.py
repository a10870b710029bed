"""The Bot API server from outside: start it, let messages arrive, read what it noted."""

import asyncio
import contextlib
import json
import sys
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from benchmarks.processes import ROOT, Program, until
from bot.clock import monotonic

TOKEN = "100001:bench"  # noqa: S105 - opens nothing but our own server
FINE = 200


@dataclass(frozen=True, slots=True)
class Sent:
    """One message that the bot wanted to send or edit, and the code that it was answered with."""

    at: float
    method: str
    chat: int
    text: str
    code: int


@dataclass(frozen=True, slots=True)
class Reported:
    """One message to the bot, with the instants at which it was there, fetched and confirmed."""

    chat: int
    text: str
    update_id: int
    made_at: float
    handed_at: float | None
    confirmed_at: float | None


@dataclass(frozen=True, slots=True)
class Log:
    """All that the server noted."""

    reports: Sequence[Reported]
    sent: Sequence[Sent]


@dataclass(slots=True)
class Post:
    """A Bot API server in a process of its own."""

    port: int

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.port}"

    async def inject(self, messages: Iterable[tuple[int, str, float]]) -> float:
        """Let messages (chat, text, seconds from now) arrive; the instant from which they count."""
        told = [{"chat": chat, "text": text, "after": after} for chat, text, after in messages]
        began: float = await self._ask("inject", {"messages": told})
        return began

    async def rule(self, *, limits: bool = False, blocked: Iterable[int] = ()) -> None:
        """Keep to Telegram's limits or to none; refuse what goes to chats that blocked the bot."""
        await self._ask("set", {"limits": limits, "blocked": list(blocked)})

    async def counts(self) -> dict[str, int]:
        """How much there was of everything so far."""
        counted: dict[str, int] = await self._ask("counts", {})
        return counted

    async def log(self, first: int = 0) -> Log:
        """What was noted, of the sends from the `first` one on."""
        told = await self._ask("log", {"first": first})
        return Log([Reported(**report) for report in told["reports"]], [Sent(*sent) for sent in told["sent"]])

    async def is_polled(self, *programs: Program, already: int = 0) -> None:
        """Wait until a bot asks for updates."""

        async def asked() -> bool:
            return (await self.counts())["polls"] > already

        await until(asked, 60, *programs, what="the bot does not poll")

    async def ceiling(self, calls: int = 4000) -> float:
        """How many sends a second this server takes from a client that costs nothing."""
        body = b"chat_id=999999&text=" + b"x" * 300
        head = f"POST /bot{TOKEN}/sendMessage HTTP/1.1\r\nHost: x\r\nContent-Length: {len(body)}\r\n\r\n".encode()
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        began = monotonic()
        for _ in range(calls):
            writer.write(head + body)
            await _answer(reader)
        spent = monotonic() - began
        writer.close()
        return calls / spent

    async def _ask(self, what: str, given: dict[str, Any]) -> Any:
        body = json.dumps(given).encode()
        head = f"POST /control/{what} HTTP/1.1\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        try:
            writer.write(head.encode() + body)
            return json.loads(await _answer(reader))
        finally:
            writer.close()
            with contextlib.suppress(ConnectionError):
                await writer.wait_closed()


@asynccontextmanager
async def serving() -> AsyncIterator[Post]:
    """Run a server within the block; it ends when its input closes, so also when we were killed."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "benchmarks.server", TOKEN),
        cwd=ROOT,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdin is not None and process.stdout is not None  # noqa: S101 - both were asked for
    try:
        yield Post(int(await process.stdout.readline()))
    finally:
        process.stdin.close()
        await process.wait()


async def _answer(reader: asyncio.StreamReader) -> bytes:
    head = await reader.readuntil(b"\r\n\r\n")
    length = int(head.lower().partition(b"content-length:")[2].split(b"\r\n")[0])
    return await reader.readexactly(length)
