"""A model of one's own behind an OpenAI-compatible address, as a bureau runs it: it answers as it is told to."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

KEY = "k3y-of-the-model"
Answers = Callable[["Model", asyncio.StreamWriter], Awaitable[None]]


@dataclass(slots=True)
class Model:
    """What it was asked, and how it answers the next question."""

    port: int = 0
    answers: Answers = field(default_factory=lambda: says('{"level": "general"}'))
    asked: list[dict[str, Any]] = field(default_factory=list)
    heads: list[str] = field(default_factory=list)
    came: asyncio.Event = field(default_factory=asyncio.Event)
    let_go: asyncio.Event = field(default_factory=asyncio.Event)
    serving: set[asyncio.Task[Any]] = field(default_factory=set)
    at_once: int = 0
    most_at_once: int = 0

    @property
    def url(self) -> str:
        """The address that stands in the settings."""
        return f"http://127.0.0.1:{self.port}/v1"

    @property
    def words(self) -> list[str]:
        """What of messages it was shown."""
        return [json.loads(one["messages"][1]["content"])["message"] for one in self.asked]

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Take one question and answer it."""
        task = asyncio.current_task()
        assert task is not None
        self.serving.add(task)
        task.add_done_callback(self.serving.discard)
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        length = int(head.lower().partition("content-length:")[2].split()[0])
        self.asked.append(json.loads(await reader.readexactly(length)))
        self.heads.append(head)
        self.came.set()
        self.at_once += 1
        self.most_at_once = max(self.at_once, self.most_at_once)
        try:
            await self.answers(self, writer)
        except ConnectionError:
            pass  # whoever asked has gone
        finally:
            self.at_once -= 1
            writer.transport.abort() if self.answers is breaks_off else writer.close()


def completion(content: object) -> bytes:
    """A body as such endpoints send it."""
    return json.dumps({"choices": [{"index": 0, "message": {"role": "assistant", "content": content}}]}).encode()


def sends(body: bytes, status: str = "200 OK", *more: str) -> Answers:
    """Answer with this body."""

    async def answer(_: Model, writer: asyncio.StreamWriter) -> None:
        lines = [f"HTTP/1.1 {status}", "Content-Type: application/json", f"Content-Length: {len(body)}", *more]
        writer.write("\r\n".join([*lines, "", ""]).encode() + body)
        await writer.drain()

    return answer


def says(content: object) -> Answers:
    """Answer with these words."""
    return sends(completion(content))


def chunked(body: bytes, size: int) -> Answers:
    """Answer in chunks, as servers do that do not know the length yet."""

    async def answer(_: Model, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        for place in range(0, len(body), size):
            part = body[place : place + size]
            writer.write(f"{len(part):x};name=value\r\n".encode() + part + b"\r\n")
        writer.write(b"0\r\n\r\n")
        await writer.drain()

    return answer


def plain(answered: bytes) -> Answers:
    """Send these bytes and close."""

    async def answer(_: Model, writer: asyncio.StreamWriter) -> None:
        writer.write(answered)
        await writer.drain()

    return answer


async def breaks_off(_: Model, writer: asyncio.StreamWriter) -> None:
    """Close without an answer."""


async def hangs(model: Model, writer: asyncio.StreamWriter) -> None:
    """Say nothing until the test lets go, and then the answer."""
    await model.let_go.wait()
    await says('{"level": "general"}')(model, writer)


async def drips(model: Model, writer: asyncio.StreamWriter) -> None:
    """A byte now and then, without end."""
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 60000\r\n\r\n")
    while not writer.transport.is_closing() and not model.let_go.is_set():
        writer.write(b" ")
        await writer.drain()
        await asyncio.sleep(0.01)


async def echoes(model: Model, writer: asyncio.StreamWriter) -> None:
    """Answer with what it was told, as a model does that somebody talks into it."""
    await says("\n".join(one["content"] for one in model.asked[-1]["messages"]))(model, writer)


@asynccontextmanager
async def opened() -> AsyncIterator[Model]:
    """A model on a port of its own, in the loop of the test."""
    model = Model()
    server = await asyncio.start_server(model.serve, "127.0.0.1", 0)
    model.port = server.sockets[0].getsockname()[1]
    try:
        yield model
    finally:
        model.let_go.set()
        server.close()
        await server.wait_closed()
        await asyncio.gather(*model.serving)
