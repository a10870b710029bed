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

from bot.clock import Clock, monotonic
from bot.engine import arrivals
from bot.engine.contact import Contact
from bot.engine.gauges import Gauges
from bot.engine.guarded import rest, unless
from bot.engine.outcomes import span
from bot.engine.presence import Presence, Term
from handlers.updates import ALLOWED
from storage.store import StorageError, Store, TakenOver

_log = logging.getLogger("hotline.polling")
_POLL_SECONDS = 25
_MOST = 100
_MARGIN_SECONDS = 10
_AT_ONCE_SECONDS = 0.5
_FIRST, _LONGEST = timedelta(milliseconds=300), timedelta(seconds=4)
_CONFLICT = timedelta(seconds=3)


class Poller:
    """Asks the Bot API for updates until stopped, whatever it answers."""

    def __init__(
        self,
        store: Store,
        request: BaseRequest,
        url: str,
        bot_id: int,
        clock: Clock,
        cannot_keep: Callable[[list[int]], Awaitable[None]],
        presence: Presence,
        gauges: Gauges | None = None,
        contact: Contact | None = None,
    ) -> None:
        self._gauges = gauges or Gauges()
        self._store, self._request, self._url, self._bot_id, self._clock = store, request, url, bot_id, clock
        self._cannot_keep, self._presence = cannot_keep, presence
        self._term: Term | None = None
        self._contact = contact or Contact()
        self._offset: int | None = None
        self._stopping = asyncio.Event()

    async def run(self) -> None:
        """Poll while it is our turn; after an error wait a little, never longer than a few seconds."""
        pause = _FIRST
        while (term := await self._presence.may_poll(self._stopping)) is not None:
            if term is not self._term:
                self._term, self._offset = term, None
            try:
                asked_at, probing = monotonic(), not self._contact.made
                came = await unless(self._stopping, unless(term.over, self._asked(term)))
                pause = _FIRST
                if came or probing or monotonic() - asked_at > _AT_ONCE_SECONDS:
                    continue
                wait = _FIRST  # a server that does not let us wait: not so often, then
            except TakenOver:
                _log.info("another replica polls")
                self._presence.look()
                wait = _FIRST
            except InvalidToken:
                _log.critical("the Bot API refuses the token")
                wait = _LONGEST
            except Conflict:
                _log.error("somebody else polls with this token")
                self._contact.conflict()
                wait = _CONFLICT
            except RetryAfter as error:
                wait = span(error.retry_after)
            except (TelegramError, StorageError, ValueError, RecursionError) as error:
                _log.warning("no updates: %s", type(error).__name__)
                wait, pause = pause, min(pause * 2, _LONGEST)
            except Exception:
                _log.exception("polling goes on")
                wait = _LONGEST
            await rest(wait, self._stopping)

    def stop(self) -> None:
        """Break off the question that is waiting: nothing is confirmed by that."""
        self._stopping.set()

    async def _asked(self, term: Term) -> bool:
        try:
            return await self._ask(term)
        except Exception:
            self._contact.lost()
            raise

    async def _ask(self, term: Term) -> bool:
        """One question; whether anything came. The first one is answered at once: it shows that there is contact."""
        seconds = _POLL_SECONDS if self._contact.made else 0
        query: dict[str, Any] = {"timeout": seconds, "limit": _MOST, "allowed_updates": json.dumps(ALLOWED)}
        if self._offset is not None:
            query["offset"] = self._offset
        body = await self._request.retrieve(
            f"{self._url}?{urlencode(query)}", read_timeout=_POLL_SECONDS + _MARGIN_SECONDS
        )
        answer = json.loads(body)
        result = answer.get("result") if isinstance(answer, dict) else None
        if not isinstance(result, list):
            raise ValueError("no list of updates")
        self._gauges.heard()
        if result:
            await self._keep(result, term)
        self._contact.heard(everything=len(result) < _MOST)
        return bool(result)

    async def _keep(self, result: list[Any], term: Term) -> None:
        try:
            last = await arrivals.keep(self._store, self._bot_id, result, self._clock.now(), term.fence)
        except TakenOver:
            raise
        except StorageError:
            await self._cannot_keep(arrivals.chats_of(result))
            raise
        if last is None:
            raise ValueError("nothing that could be confirmed")
        self._offset = last + 1
