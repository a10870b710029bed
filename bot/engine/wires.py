"""Many calls at once, each on a connection of its own: the library's shared pool costs more than the calls do."""

import asyncio
import ssl
from collections.abc import Callable
from typing import Any

from telegram.request import BaseRequest, HTTPXRequest, RequestData


class Wires(BaseRequest):
    """Makes a connection when all others are busy, up to so many; the one that was used last is used next."""

    def __init__(self, most: int, make: Callable[[], HTTPXRequest]) -> None:
        self._make = make
        self._room = asyncio.Semaphore(most)
        self._free = [make()]
        self._all = list(self._free)

    @property
    def read_timeout(self) -> float | None:
        """How long an answer is waited for."""
        return self._all[0].read_timeout

    async def initialize(self) -> None:
        """Open what is there; the others are opened when they are made."""
        for wire in self._all:
            await wire.initialize()

    async def shutdown(self) -> None:
        """Close every connection."""
        for wire in self._all:
            await wire.shutdown()

    async def do_request(
        self, url: str, method: str, request_data: RequestData | None = None, *timeouts: Any, **more: Any
    ) -> tuple[int, bytes]:
        """One call, on a connection that nobody else uses meanwhile."""
        async with self._room:
            wire = self._free.pop() if self._free else await self._another()
            try:
                return await wire.do_request(url, method, request_data, *timeouts, **more)
            finally:
                self._free.append(wire)

    async def _another(self) -> HTTPXRequest:
        wire = self._make()
        self._all.append(wire)
        await wire.initialize()
        return wire


def trust(url: str) -> ssl.SSLContext | bool:
    """Whom all connections to this server trust, read once: the system's authorities, or the library's if none."""
    if not url.startswith("https:"):
        return False  # nothing is encrypted, so nobody has to be trusted
    known = ssl.get_default_verify_paths()
    return ssl.create_default_context() if known.cafile or known.capath else True
