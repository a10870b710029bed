"""Pages for machines: is it alive, is it ready, and how much of everything."""

import json
import logging

from prometheus_client import CONTENT_TYPE_LATEST
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.engine.auditor import Auditor
from bot.engine.gauges import Gauges
from bot.engine.vitals import Sign, Vitals
from storage.store import StorageError

_log = logging.getLogger("hotline.pages")
_LINES = "application/x-ndjson"


def application(vitals: Vitals, auditor: Auditor, gauges: Gauges) -> Starlette:
    """The three pages; none of them holds a name or a word that anybody wrote."""

    async def healthz(_: Request) -> Response:
        return _told([vitals.whole()])

    async def readyz(_: Request) -> Response:
        return _told(await vitals.signs())

    async def metrics(_: Request) -> Response:
        try:
            await auditor.count()
        except StorageError as error:
            _log.warning("not counted: %s", type(error).__name__)  # what is measured here is known all the same
        return Response(gauges.page(), media_type=CONTENT_TYPE_LATEST)

    return Starlette(routes=[Route("/healthz", healthz), Route("/readyz", readyz), Route("/metrics", metrics)])


def _told(signs: list[Sign]) -> Response:
    lines = (json.dumps({"check": sign.check, "ok": sign.ok, **sign.measured}) + "\n" for sign in signs)
    return Response("".join(lines), 200 if all(sign.ok for sign in signs) else 503, media_type=_LINES)
