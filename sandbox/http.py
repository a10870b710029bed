"""The one HTTP request that the server itself makes: a JSON POST to a webhook."""

from __future__ import annotations

import asyncio
import json
import ssl
from collections.abc import Mapping
from urllib.parse import urlsplit


async def post_json(url: str, body: Mapping[str, object], headers: Mapping[str, str]) -> tuple[int, str]:
    """Post the body on a connection of its own; give the status code and its reason."""
    parts = urlsplit(url)
    secure = parts.scheme == "https"
    reader, writer = await asyncio.open_connection(
        parts.hostname or "",
        parts.port or (443 if secure else 80),
        ssl=ssl.create_default_context() if secure else None,
    )
    try:
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        writer.write(_request(parts.netloc.rpartition("@")[2], target, body, headers))
        await writer.drain()
        return _status(await reader.readline())
    finally:
        writer.close()


def _request(host: str, target: str, body: Mapping[str, object], headers: Mapping[str, str]) -> bytes:
    content = json.dumps(body).encode()
    fields = {
        "Host": host,
        "Content-Type": "application/json",
        "Content-Length": str(len(content)),
        "Connection": "close",
        **headers,
    }
    head = [f"POST {target} HTTP/1.1", *(f"{name}: {value}" for name, value in fields.items()), "", ""]
    return "\r\n".join(head).encode() + content


def _status(line: bytes) -> tuple[int, str]:
    words = line.decode("latin-1").strip().split(" ", 2)
    if len(words) < 2 or not words[1].isdigit():
        raise ValueError("Connection reset by peer")
    return int(words[1]), words[2] if len(words) > 2 else ""
