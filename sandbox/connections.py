"""The open connections, so that one can be broken as a bad network would break it."""

from __future__ import annotations

import asyncio
from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol

Connections = dict[Any, asyncio.Transport]


def droppable(connections: Connections) -> type[H11Protocol]:
    """A protocol that keeps each open connection under the client's address."""

    class Droppable(H11Protocol):
        """HTTP/1.1 whose transport can be found from outside."""

        def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
            """Remember the connection."""
            connections[_address(transport)] = transport
            super().connection_made(transport)

        def connection_lost(self, exc: Exception | None) -> None:
            """Forget the connection."""
            connections.pop(_address(self.transport), None)
            super().connection_lost(exc)

    return Droppable


def _address(transport: asyncio.BaseTransport) -> object:
    name = transport.get_extra_info("peername")
    return tuple(name[:2]) if name else None
