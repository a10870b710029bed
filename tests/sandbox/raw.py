"""Calls to the sandbox as any client might encode them."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    body: bytes

    @property
    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)


async def request(
    url: str, *, verb: str = "GET", body: bytes = b"", kind: str = "application/x-www-form-urlencoded"
) -> Answer:
    """One HTTP request on a connection of its own."""
    parts = urlsplit(url)
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
    target = parts.path + (f"?{parts.query}" if parts.query else "")
    head = f"{verb} {target} HTTP/1.1\r\nHost: sandbox\r\nConnection: close\r\nContent-Type: {kind}\r\n"
    writer.write(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
    answer = await reader.read()
    writer.close()
    await writer.wait_closed()
    headers, _, content = answer.partition(b"\r\n\r\n")
    return Answer(int(headers.split()[1]), content)


async def post(url: str, body: dict[str, Any]) -> Answer:
    """A call with a JSON body."""
    return await request(url, verb="POST", body=json.dumps(body).encode(), kind="application/json")
