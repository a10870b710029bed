"""The Bot API over HTTP."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

import uvicorn
from starlette.applications import Starlette

from sandbox import connections, endpoints, webhook
from sandbox.world import World


def application(world: World) -> Starlette:
    """The ASGI application of one world; whoever mounts it runs `webhook.deliver_forever` beside it."""
    return Starlette(routes=endpoints.routes(world))


@asynccontextmanager
async def serving(world: World, host: str = "127.0.0.1", port: int = 0) -> AsyncIterator[str]:
    """Serve the world inside the running loop and give its address; port 0 takes any free one."""
    world.stopping.clear()
    with socket.create_server((host, port)) as listener:
        # Without this an answer's head and body wait for each other: 40 ms for each call.
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        server = _Server(_configuration(world), world.stopping)
        tasks = [
            asyncio.create_task(server.serve([listener])),
            asyncio.create_task(webhook.deliver_forever(world)),
        ]
        try:
            await server.ready(tasks[0])
            yield f"http://{host}:{listener.getsockname()[1]}"
        finally:
            world.stop()
            await asyncio.gather(*tasks)


def _configuration(world: World) -> uvicorn.Config:
    return uvicorn.Config(
        application(world),
        http=connections.droppable(world.connections),
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        date_header=False,
        server_header=False,
        timeout_graceful_shutdown=1,
    )


class _Server(uvicorn.Server):
    """Leaves signals to whoever runs the loop, and says when it listens."""

    def __init__(self, config: uvicorn.Config, stopping: asyncio.Event) -> None:
        super().__init__(config)
        self._stopping = stopping
        self._listening = asyncio.Event()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Take no signal away from the host program."""
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen, then say so."""
        await super().startup(sockets)
        self._listening.set()

    async def main_loop(self) -> None:
        """Serve until the world stops."""
        await self._stopping.wait()

    async def ready(self, serving: asyncio.Task[None]) -> None:
        """Wait until it listens, or raise what kept it from listening."""
        listening = asyncio.create_task(self._listening.wait())
        await asyncio.wait({listening, serving}, return_when=asyncio.FIRST_COMPLETED)
        listening.cancel()
        if serving.done():
            serving.result()
