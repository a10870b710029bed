"""The page of calendars: one address for each link, and the same answer to everything that is none."""

import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot import ics
from bot.config.addresses import listening
from bot.config.settings import Settings
from bot.engine.guarded import Parts
from bot.engine.serving import serving
from desk import feeds
from desk.feeds import Sheet
from desk.house import Desk
from storage.store import StorageError, Store, Transaction

_log = logging.getLogger("hotline.feeds")
_HEADERS = {"Cache-Control": "private, max-age=900", "X-Robots-Tag": "noindex", "Referrer-Policy": "no-referrer"}
_LONGEST = 100


def application(store: Store, desk_at: Callable[[Transaction], Desk]) -> Starlette:
    """The one route; whoever asks is known by the word in the link and by nothing else."""

    async def read(request: Request) -> Response:
        token = str(request.path_params["token"])
        if len(token) > _LONGEST:
            return Response(status_code=404)
        try:
            sheet = await _sheet(token)
        except StorageError as error:
            _log.warning("no calendar now: %s", type(error).__name__)
            return Response(status_code=503)
        if sheet is None:
            return Response(status_code=404)
        tag = f'"{sheet.feed.edition}-{sheet.feed.digest[:16]}"'
        if request.headers.get("if-none-match") == tag:
            return Response(status_code=304, headers={**_HEADERS, "ETag": tag})
        return Response(ics.written(sheet), media_type=ics.TYPE, headers={**_HEADERS, "ETag": tag})

    async def _sheet(token: str) -> Sheet | None:
        # Whoever only guesses gets no transaction that writes.
        if not await store.read(lambda tx: feeds.is_known(tx, token)):
            return None
        return await store.write(lambda tx: feeds.opened_by(desk_at(tx), token))

    return Starlette(routes=[Route("/calendar/{token}.ics", read)])


@asynccontextmanager
async def kept(
    settings: Settings, store: Store, desk_at: Callable[[Transaction], Desk], parts: Parts
) -> AsyncIterator[None]:
    """Calendars are handed out within the block, where it is said under which address phones find them."""
    if not settings.web_listen or not settings.public_url:
        yield
        return
    app = application(store, desk_at)
    async with serving(app, *listening(settings.web_listen), parts, part="web", key="web.listen"):
        yield
