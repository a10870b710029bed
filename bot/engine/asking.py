"""One question to an OpenAI-compatible endpoint: asked once, of one address, and never waited for longer than allowed.

Every wait is one of the event loop's, so that the limit ends a handshake, a silence and a dripping body alike; only the
look-up of the name cannot be broken off, and has hands of its own, so that nobody else waits behind it. No proxy of the
environment is used and no redirect followed: what people have said goes where the settings say, or nowhere.
"""

import asyncio
import http.client
import io
import json
import socket
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

from bot.config.second_opinion import SecondOpinion, trust
from sla.understanding import second

AT_ONCE = 2
_PAGE = "/chat/completions"
_PORTS = {"http": 80, "https": 443}
_LONGEST = 64 * 1024  # of an answer, its head, or a chunk of it
_TOKENS = 128
_OK = 200


class Unanswered(Exception):
    """No answer that could be used; the reason is the name of an error or a status, and holds no word of anybody."""


class Endpoint:
    """The model that is asked; it is closed when nobody asks any more."""

    def __init__(self, asked: SecondOpinion) -> None:
        address = urlsplit(asked.url)
        self._asked, self._address = asked, address
        self._host, self._port = address.hostname or "", address.port or _PORTS[address.scheme]
        self._tls = trust(asked.ca) if address.scheme == "https" else None
        self._resolver = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="second-opinion")

    def close(self) -> None:
        """Ask nothing more."""
        self._resolver.shutdown(wait=False, cancel_futures=True)

    async def ask(self, words: str) -> int:
        """The model's answer, as a number of ours; `Unanswered` after the limit at the latest."""
        try:
            async with asyncio.timeout(self._asked.limit.total_seconds()):
                body = await self._posted(_json(self._asked.model, words))
        except (OSError, EOFError, ValueError, asyncio.LimitOverrunError, http.client.HTTPException) as error:
            raise Unanswered(type(error).__name__) from None  # its words may name the address
        answer = second.answer(body)
        if answer is None:
            raise Unanswered("no level in the answer")
        return answer

    async def _posted(self, body: bytes) -> bytes:
        reader, writer = await self._connected()
        try:
            writer.write(self._head(len(body)) + body)
            await writer.drain()
            return await _answered(reader)
        finally:
            writer.transport.abort()  # a polite end would be waited for

    async def _connected(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        name = self._host if self._tls else None
        failure: OSError = ConnectionError()
        for place in await self._places():
            try:
                return await asyncio.open_connection(
                    place, self._port, ssl=self._tls, server_hostname=name, limit=_LONGEST
                )
            except OSError as error:
                failure = error
        raise failure

    async def _places(self) -> list[str]:
        loop, kind = asyncio.get_running_loop(), socket.SOCK_STREAM
        found = await loop.run_in_executor(
            self._resolver, lambda: socket.getaddrinfo(self._host, self._port, type=kind)
        )
        return list(dict.fromkeys(str(address[0]) for *_, address in found))

    def _head(self, length: int) -> bytes:
        lines = [
            f"POST {self._address.path}{_PAGE} HTTP/1.1",
            f"Host: {self._address.netloc}",
            "Content-Type: application/json",
            f"Content-Length: {length}",
            "Accept: application/json",
            "Connection: close",
        ]
        if self._asked.key:
            lines.append(f"Authorization: Bearer {self._asked.key}")
        return "\r\n".join([*lines, "", ""]).encode("ascii")


def _json(model: str, words: str) -> bytes:
    asked = {"messages": second.messages(words), "temperature": 0, "max_tokens": _TOKENS, "stream": False}
    return json.dumps({"model": model, **asked}).encode("ascii")


async def _answered(reader: asyncio.StreamReader) -> bytes:
    """The body of the answer; `Unanswered` unless its status says that it is one."""
    first, _, rest = (await reader.readuntil(b"\r\n\r\n")).partition(b"\r\n")
    protocol, _, said = first.decode("latin-1").partition(" ")
    status = int(said[:3])
    if not protocol.startswith("HTTP/1.") or status != _OK:
        raise Unanswered(f"status {status}")
    headers = http.client.parse_headers(io.BytesIO(rest))
    if headers.get("Transfer-Encoding", "").strip().lower() == "chunked":
        return await _chunks(reader)
    return await _counted(reader, headers)


async def _counted(reader: asyncio.StreamReader, headers: http.client.HTTPMessage) -> bytes:
    length = headers.get("Content-Length")
    if length is not None:
        return await reader.readexactly(_allowed(int(length)))
    body = bytearray()
    while more := await reader.read(_LONGEST):
        body += more
        _allowed(len(body))
    return bytes(body)


async def _chunks(reader: asyncio.StreamReader) -> bytes:
    body = bytearray()
    while size := int((await reader.readuntil(b"\r\n")).partition(b";")[0], 16):
        body += await reader.readexactly(_allowed(size + len(body)) - len(body))
        await reader.readexactly(2)
    return bytes(body)


def _allowed(length: int) -> int:
    if not 0 <= length <= _LONGEST:
        raise Unanswered("too long")
    return length
