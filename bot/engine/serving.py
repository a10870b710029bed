"""A web server inside our own loop: it listens before anything else is said, and stops when the house stops."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Generator
from contextlib import asynccontextmanager

import uvicorn
from starlette.applications import Starlette

from bot.engine.guarded import Parts, unless
from bot.reader import Stop


class CannotListen(Stop):
    """无法监听这个地址，可能已被别的程序占用。(Cannot listen there; is another program doing so?)"""

    def __init__(self, key: str, host: str, port: int) -> None:
        super().__init__(f"{type(self).__doc__} [{key} = {host}:{port}]")


class _Server(uvicorn.Server):
    """A server inside our own loop: signals are ours."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.listening = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen, then say so."""
        await super().startup(sockets)
        self.listening.set()

    def stop(self) -> None:
        """Answer what is asked already, and no more."""
        self.should_exit = True

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        yield


@asynccontextmanager
async def serving(app: Starlette, host: str, port: int, parts: Parts, *, part: str, key: str) -> AsyncIterator[int]:
    """Serve as a part of this name, at the address that stands under this key, until the block ends; gives the port."""
    config = uvicorn.Config(
        app, host=host, port=port, lifespan="off", log_config=None, access_log=False, timeout_graceful_shutdown=2
    )
    with _listening(key, host, port) as listener:
        server = _Server(config)
        async with parts.running(part, lambda: server.serve([listener]), server.stop):
            await unless(parts.fallen, server.listening.wait())
            yield listener.getsockname()[1]


def _listening(key: str, host: str, port: int) -> socket.socket:
    # Our own socket: uvicorn would end the process without a word of ours.
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        listener = socket.create_server((host, port), family=family)
    except OSError as error:
        raise CannotListen(key, host, port) from error
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener
