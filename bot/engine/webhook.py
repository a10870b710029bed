"""The webhook: an update is kept in the inbox before the Bot API gets its 200."""

import asyncio
import contextlib
import hmac
import json
import logging
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Generator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

import uvicorn
from starlette.applications import Starlette
from starlette.background import BackgroundTask
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from bot.clock import Clock
from bot.config.settings import Webhook
from bot.engine import arrivals
from bot.engine.guarded import Parts, unless
from bot.reader import Stop
from storage.store import StorageError, Store

_log = logging.getLogger("hotline.webhook")
_HEADER = "x-telegram-bot-api-secret-token"
_LARGEST = 1_000_000


class CannotListen(Stop):
    """无法监听这个地址，可能已被别的程序占用。(Cannot listen there; is another program doing so?)"""

    def __init__(self, host: str, port: int) -> None:
        super().__init__(f"{type(self).__doc__} [telegram.webhook.listen = {host}:{port}]")


def application(
    store: Store, hook: Webhook, bot_id: int, clock: Clock, cannot_keep: Callable[[list[int]], Awaitable[None]]
) -> Starlette:
    """The one route that the Bot API may post to."""

    async def receive(request: Request) -> Response:
        if not hmac.compare_digest(request.headers.get(_HEADER, "").encode(), hook.secret.encode()):
            return Response(status_code=403)
        try:
            body = await _body(request)
        except ClientDisconnect:
            return Response(status_code=400)
        if body is None:
            return Response(status_code=413)
        try:
            update = json.loads(body)
        except (ValueError, RecursionError):
            update = None
        if not isinstance(update, dict):
            # Said once more it would be no better: take it, and say in the log that it was nonsense.
            _log.error("not an update")
            return Response()
        try:
            await arrivals.keep(store, bot_id, [update], clock.now())
        except StorageError as error:
            _log.error("not kept: %s", error)
            return Response(status_code=503, background=BackgroundTask(cannot_keep, arrivals.chats_of([update])))
        return Response()

    path = urlsplit(hook.url).path or "/"
    return Starlette(routes=[Route(path, receive, methods=["POST"])])


async def _body(request: Request) -> bytes | None:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > _LARGEST:
            return None
    return bytes(body)


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
async def serving(app: Starlette, host: str, port: int, parts: Parts) -> AsyncIterator[int]:
    """Serve until the block ends; gives the port."""
    config = uvicorn.Config(
        app, host=host, port=port, lifespan="off", log_config=None, access_log=False, timeout_graceful_shutdown=2
    )
    with _listening(host, port) as listener:
        server = _Server(config)
        async with parts.running("webhook", lambda: server.serve([listener]), server.stop):
            await unless(parts.fallen, server.listening.wait())
            yield listener.getsockname()[1]


def _listening(host: str, port: int) -> socket.socket:
    # Our own socket: uvicorn would end the process without a word of ours.
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        listener = socket.create_server((host, port), family=family)
    except OSError as error:
        raise CannotListen(host, port) from error
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener
