"""One HTTP request in, one answer of the Bot API out."""

from __future__ import annotations

import asyncio
import inspect
import json
import logging
from collections.abc import Awaitable, Callable, Iterable

from starlette.datastructures import UploadFile
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from sandbox import methods
from sandbox.errors import ApiError, bad_request
from sandbox.faults import Damage, Fault
from sandbox.methods.registry import Described
from sandbox.parameters import Parameters, Upload, decoded
from sandbox.world import World

_LOG = logging.getLogger(__name__)


class _Json(JSONResponse):
    """ASCII only, as the Bot API writes it: so even half a character can be told."""

    def render(self, content: object) -> bytes:
        return json.dumps(content, separators=(",", ":")).encode("ascii")


def routes(world: World) -> list[Route]:
    """Calls under /bot<token>/<method>, files under /file/bot<token>/<path>."""

    async def call(request: Request) -> Response:
        return await _answer(world, request)

    async def download(request: Request) -> Response:
        return await _amid(world.faults.struck("download", None), world, request, lambda: _file(world, request))

    return [
        Route("/file/bot{token}/{path:path}", download, methods=["GET"]),
        Route("/bot{token}/{method}", call, methods=["GET", "POST"]),
    ]


async def _answer(world: World, request: Request) -> Response:
    method = request.path_params["method"]
    if request.path_params["token"] != world.token:
        return _refusal(ApiError(401, "Unauthorized"))
    try:
        parameters = await _parameters(request)
    except ApiError as error:
        return _refusal(error)
    except ClientDisconnect:
        return Response()  # it was killed while it asked; nobody reads this
    world.calls.append((method, dict(parameters.values)))
    faults = world.faults.struck(method, _chat_of(parameters))
    return await _amid(faults, world, request, lambda: _perform(world, method, parameters))


async def _amid(
    struck: Iterable[Fault], world: World, request: Request, perform: Callable[[], Awaitable[Response]]
) -> Response:
    faults = {one.damage: one for one in struck}
    if Damage.DROP_BEFORE in faults:
        return _break(world, request)
    response = _arranged(faults[Damage.ANSWER]) if Damage.ANSWER in faults else await perform()
    if Damage.DELAY in faults:
        await _delay(world, faults[Damage.DELAY].seconds)
    return _break(world, request) if Damage.DROP_AFTER in faults else response


async def _perform(world: World, name: str, parameters: Parameters) -> Response:
    if world.logged_out:
        return _refusal(ApiError(400, "Logged out"))
    method = methods.named(name)
    if method is None:
        return _refusal(ApiError(404, "Not Found: method not found"))
    try:
        result = method(world, parameters)
        if inspect.isawaitable(result):
            result = await result
    except ApiError as error:
        return _refusal(error)
    except Exception as error:
        _LOG.exception("%s failed", name)
        world.errors.append(error)
        return _refusal(ApiError(500, "Internal Server Error: the sandbox itself failed"))
    if isinstance(result, Described):
        return _Json({"ok": True, "result": result.result, "description": result.description})
    return _Json({"ok": True, "result": result})


async def _parameters(request: Request) -> Parameters:
    values: dict[str, object] = dict(request.query_params)
    uploads: dict[str, Upload] = {}
    if request.headers.get("content-type", "").startswith("application/json"):
        values |= _json_object(await request.body())
    else:
        async with request.form(max_part_size=64 * 1024 * 1024) as form:
            for name, value in form.multi_items():
                if isinstance(value, UploadFile):
                    data = await value.read()
                    uploads[name] = Upload(value.filename or name, data, value.content_type)
                else:
                    values[name] = value
    return Parameters(values, uploads)


def _json_object(body: bytes) -> dict[str, object]:
    try:
        value = decoded(body or b"{}")
    except ValueError:
        value = None
    if not isinstance(value, dict):
        raise bad_request("can't parse JSON object")
    return value


def _chat_of(parameters: Parameters) -> int | None:
    return parameters.number("chat_id") or None


def _refusal(error: ApiError) -> Response:
    body: dict[str, object] = {"ok": False, "error_code": error.code, "description": error.description}
    if error.parameters:
        body["parameters"] = error.parameters
    return JSONResponse(body, status_code=error.code)


def _arranged(fault: Fault) -> Response:
    if fault.body is not None:
        return Response(fault.body, status_code=fault.code, media_type="text/html")
    return _refusal(ApiError(fault.code, fault.description, retry_after=fault.retry_after))


async def _delay(world: World, seconds: float) -> None:
    try:
        async with asyncio.timeout(seconds):
            await world.stopping.wait()
    except TimeoutError:
        return


def _break(world: World, request: Request) -> Response:
    client = request.client
    transport = world.connections.get((client.host, client.port)) if client else None
    if transport is not None:
        transport.abort()
    return Response("", status_code=502)


async def _file(world: World, request: Request) -> Response:
    if request.path_params["token"] != world.token:
        return _refusal(ApiError(401, "Unauthorized"))
    stored = world.files.at(request.path_params["path"])
    if stored is None:
        return PlainTextResponse("404 File not found", status_code=404)
    return Response(stored.data, media_type="application/octet-stream")
