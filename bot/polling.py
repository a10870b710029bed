"""Long polling: updates are kept in the inbox before the next offset confirms them to the Bot API."""

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError
from telegram.request import BaseRequest

from bot import arrivals
from bot.clock import Clock
from bot.guarded import rest
from handlers.updates import ALLOWED
from storage.store import StorageError, Store

_log = logging.getLogger("hotline.polling")
_POLL_SECONDS = 25
_MARGIN_SECONDS = 10
_FIRST, _LONGEST = timedelta(milliseconds=300), timedelta(seconds=4)
_CONFLICT = timedelta(seconds=3)


class Poller:
    """Asks the Bot API for updates until stopped. It ends by itself only if the token is refused."""

    def __init__(
        self,
        store: Store,
        request: BaseRequest,
        url: str,
        bot_id: int,
        clock: Clock,
        cannot_keep: Callable[[list[int]], Awaitable[None]],
    ) -> None:
        self._store, self._request, self._url, self._bot_id, self._clock = store, request, url, bot_id, clock
        self._cannot_keep = cannot_keep
        self._offset: int | None = None
        self._stopping = asyncio.Event()
        self._asking: asyncio.Task[None] | None = None

    async def run(self) -> None:
        """Poll; after an error wait a little, never longer than a few seconds."""
        pause = _FIRST
        while not self._stopping.is_set():
            try:
                await self._interruptible()
                pause = _FIRST
                continue
            except InvalidToken:
                _log.critical("the Bot API refuses the token")
                wait = _LONGEST
            except Conflict:
                _log.error("somebody else polls with this token")
                wait = _CONFLICT
            except RetryAfter as error:
                after = error.retry_after
                wait = after if isinstance(after, timedelta) else timedelta(seconds=after)
            except (TelegramError, StorageError, ValueError) as error:
                _log.warning("no updates: %s", type(error).__name__)
                wait, pause = pause, min(pause * 2, _LONGEST)
            except Exception:
                _log.exception("polling goes on")
                wait = _LONGEST
            await rest(wait, self._stopping)

    def stop(self) -> None:
        """Break off the question that is waiting: nothing is confirmed by that."""
        self._stopping.set()
        if self._asking is not None:
            self._asking.cancel()

    async def _interruptible(self) -> None:
        if self._stopping.is_set():
            return
        self._asking = asyncio.create_task(self._ask())
        try:
            await self._asking
        except asyncio.CancelledError:
            if not self._stopping.is_set():
                raise
        finally:
            self._asking = None

    async def _ask(self) -> None:
        query: dict[str, Any] = {"timeout": _POLL_SECONDS, "limit": 100, "allowed_updates": json.dumps(ALLOWED)}
        if self._offset is not None:
            query["offset"] = self._offset
        body = await self._request.retrieve(
            f"{self._url}?{urlencode(query)}", read_timeout=_POLL_SECONDS + _MARGIN_SECONDS
        )
        result = json.loads(body).get("result")
        if not isinstance(result, list):
            raise ValueError("no list of updates")
        if result:
            await self._keep(result)

    async def _keep(self, result: list[Any]) -> None:
        try:
            last = await arrivals.keep(self._store, self._bot_id, result, self._clock.now())
        except StorageError:
            await self._cannot_keep(arrivals.chats_of(result))
            raise
        if last is not None:
            self._offset = last + 1
