"""The one long poll that a bot may have open."""

from __future__ import annotations

import asyncio

from sandbox.bell import Bell
from sandbox.errors import ApiError


class Polls:
    """A newer poll, a webhook or a log-out ends the one that is open, with an error that says why."""

    def __init__(self) -> None:
        self._open: asyncio.Future[None] | None = None
        self._bell = Bell()

    def open(self) -> asyncio.Future[None]:
        """A future that fails as soon as this poll has to end."""
        self._open = asyncio.get_running_loop().create_future()
        self._bell.ring()
        return self._open

    async def opened(self) -> None:
        """Wait until the bot has a poll open."""
        while self._open is None:
            await self._bell.heard()

    def abort(self, reason: ApiError) -> None:
        """End the open poll with this error."""
        if self._open and not self._open.done():
            self._open.set_exception(reason)
        self._open = None

    def finish(self, poll: asyncio.Future[None]) -> None:
        """Forget a poll that was answered."""
        poll.cancel()
        if self._open is poll:
            self._open = None
