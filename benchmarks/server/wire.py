"""HTTP/1.1 as far as a Bot API client needs it: one request after the other on a connection that stays open."""

import asyncio
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

_END = b"\r\n\r\n"
_JSON = "application/json"


@dataclass(frozen=True, slots=True)
class Request:
    """One request; `given` holds the query and the body, whichever way the client sent them."""

    path: str
    given: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Answer:
    """What the client gets."""

    body: Any
    status: int = 200

    def encoded(self) -> bytes:
        """The answer as it goes over the wire."""
        body = json.dumps(self.body, separators=(",", ":")).encode()
        head = f"HTTP/1.1 {self.status} X\r\nContent-Type: {_JSON}\r\nContent-Length: {len(body)}\r\n\r\n"
        return head.encode() + body


Handle = Callable[[Request], "Answer | asyncio.Future[Answer]"]


class Connection(asyncio.Protocol):
    """One client; an answer that is not there yet holds up this client only."""

    def __init__(self, handle: Handle) -> None:
        self._handle = handle
        self._received = b""
        self._transport: asyncio.Transport | None = None
        self._waiting: asyncio.Future[Answer] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """A client is there."""
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 - what create_server makes
        self._transport = transport

    def connection_lost(self, exc: Exception | None) -> None:
        """The client has gone: nobody waits for the answer any more."""
        if self._waiting is not None:
            self._waiting.cancel()

    def data_received(self, data: bytes) -> None:
        """Some of a request, or all of it."""
        self._received += data
        while (taken := _taken(self._received)) is not None:
            request, self._received = taken
            answer = self._handle(request)
            if isinstance(answer, Answer):
                self._say(answer)
            else:
                self._waiting = answer
                answer.add_done_callback(self._come)

    def _come(self, future: "asyncio.Future[Answer]") -> None:
        self._waiting = None
        if not future.cancelled():
            self._say(future.result())

    def _say(self, answer: Answer) -> None:
        if self._transport is not None and not self._transport.is_closing():
            self._transport.write(answer.encoded())


def _taken(received: bytes) -> tuple[Request, bytes] | None:
    """The first request and what follows it; nothing while it is not complete."""
    end = received.find(_END)
    if end < 0:
        return None
    first, *lines = received[:end].decode("latin-1").split("\r\n")
    headers = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    length = int(headers.get("content-length", 0))
    begin = end + len(_END)
    if len(received) < begin + length:
        return None
    path, _, query = first.split(" ")[1].partition("?")
    body = received[begin : begin + length]
    given = dict(parse_qsl(query)) | _given(body, headers.get("content-type", ""))
    return Request(path, given), received[begin + length :]


def _given(body: bytes, kind: str) -> dict[str, Any]:
    if not body:
        return {}
    if kind.startswith(_JSON):
        told: dict[str, Any] = json.loads(body)
        return told
    return dict(parse_qsl(body.decode()))
