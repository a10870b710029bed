"""The webhook: an update is kept in the inbox before the Bot API gets its 200."""

import asyncio
import contextlib
import hmac
import json
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot import arrivals
from bot.clock import Clock
from bot.settings import Webhook
from storage.store import StorageError, Store

_log = logging.getLogger("hotline.webhook")
_HEADER = "x-telegram-bot-api-secret-token"
_LARGEST = 1_000_000


def application(
    store: Store, hook: Webhook, bot_id: int, clock: Clock, cannot_keep: Callable[[list[int]], Awaitable[None]]
) -> Starlette:
    """The one route that the Bot API may post to."""

    async def receive(request: Request) -> Response:
        if not hmac.compare_digest(request.headers.get(_HEADER, "").encode(), hook.secret.encode()):
            return Response(status_code=403)
        body = await _body(request)
        if body is None:
            return Response(status_code=413)
        try:
            update = json.loads(body)
        except ValueError:
            update = None
        if not isinstance(update, dict):
            # Said once more it would be no better: take it, and say in the log that it was nonsense.
            _log.error("not an update")
            return Response()
        try:
            await arrivals.keep(store, bot_id, [update], clock.now())
        except StorageError as error:
            _log.error("not kept: %s", error)
            await cannot_keep(arrivals.chats_of([update]))
            return Response(status_code=503)
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

    @contextlib.contextmanager
    def capture_signals(self):  # type: ignore[no-untyped-def]
        yield


@asynccontextmanager
async def serving(app: Starlette, host: str, port: int) -> AsyncIterator[int]:
    """Serve until the block ends; gives the port."""
    config = uvicorn.Config(
        app, host=host, port=port, lifespan="off", log_config=None, access_log=False, timeout_graceful_shutdown=2
    )
    server = _Server(config)
    task = asyncio.create_task(server.serve())
    try:
        while not server.started:
            if task.done():
                await task
                raise OSError(f"cannot listen on {host}:{port}")
            await asyncio.sleep(0.01)
        yield server.servers[0].sockets[0].getsockname()[1]
    finally:
        server.should_exit = True
        await task
