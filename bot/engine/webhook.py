"""The webhook: an update is kept in the inbox before the Bot API gets its 200."""

import hmac
import json
import logging
from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.background import BackgroundTask
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from bot.clock import Clock
from bot.config.settings import Webhook
from bot.engine import arrivals
from bot.engine.gauges import Gauges
from storage.store import StorageError, Store

_log = logging.getLogger("hotline.webhook")
_HEADER = "x-telegram-bot-api-secret-token"
_LARGEST = 1_000_000


def application(
    store: Store,
    hook: Webhook,
    bot_id: int,
    clock: Clock,
    cannot_keep: Callable[[list[int]], Awaitable[None]],
    gauges: Gauges | None = None,
) -> Starlette:
    """The one route that the Bot API may post to."""

    async def receive(request: Request) -> Response:
        if not hmac.compare_digest(request.headers.get(_HEADER, "").encode(), hook.secret.encode()):
            return Response(status_code=403)
        if gauges is not None:
            gauges.heard()
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
