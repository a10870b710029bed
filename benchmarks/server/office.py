"""The Bot API as a bot meets it, with a stamp on everything: when it came in, was fetched, was taken."""

import asyncio
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from benchmarks.server.wire import Answer
from bot.clock import WallClock, monotonic
from sandbox.errors import ApiError
from sandbox.limits import Limits

_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
_OK = 200
_MESSAGE = frozenset({"sendMessage", "editMessageText", "editMessageReplyMarkup", "sendDocument", "sendPhoto"})
_COUNTED = frozenset({"sendMessage", "sendDocument", "sendPhoto", "editMessageText"})


@dataclass(slots=True)
class Report:
    """One message to the bot: seconds of the machine's steady clock, which all its processes share."""

    chat: int
    text: str
    update_id: int
    made_at: float
    handed_at: float | None = None
    confirmed_at: float | None = None


@dataclass(slots=True)
class Office:
    """One bot's account."""

    bot_id: int
    limits: Limits = field(default_factory=Limits)
    blocked: set[int] = field(default_factory=set)
    reports: list[Report] = field(default_factory=list)
    sent: list[tuple[float, str, int, str, int]] = field(default_factory=list)  # at, method, chat, text, code
    polls: int = 0
    conflicts: int = 0
    _queue: deque[tuple[Report, dict[str, Any]]] = field(default_factory=deque)
    _poll: "asyncio.Future[Answer] | None" = None
    _most: int = 100
    _updates: int = 1000
    _messages: int = 1

    def arrives(self, chat: int, text: str) -> None:
        """Somebody writes to the bot."""
        self._updates += 1
        self._messages += 1
        person = {"id": chat, "is_bot": False, "first_name": "甲"}
        message = {
            "message_id": self._messages,
            "date": int(WallClock().now().timestamp()),
            "chat": {"id": chat, "type": "private", "first_name": "甲"},
            "from": person,
            "text": text,
        }
        report = Report(chat, text, self._updates, monotonic())
        self.reports.append(report)
        self._queue.append((report, {"update_id": self._updates, "message": message}))
        self._hand_out()

    def call(self, method: str, given: Mapping[str, Any]) -> "Answer | asyncio.Future[Answer]":
        """One call of the bot."""
        if method == "getUpdates":
            return self._updates_for(given)
        if method == "getMe":
            return _fine({"id": self.bot_id, "is_bot": True, "first_name": "热线", "username": "bench_bot"})
        if method in _MESSAGE:
            return self._taken(method, given)
        return _fine(True)

    def relayed(self, gateway: str, given: Mapping[str, Any]) -> None:
        """A gateway beside Telegram takes a text for the number that it is given."""
        self.sent.append((monotonic(), gateway, int(given["phone"]), str(given["message"]), _OK))

    def _updates_for(self, given: Mapping[str, Any]) -> "Answer | asyncio.Future[Answer]":
        self.polls += 1
        now, offset = monotonic(), int(given.get("offset", 0))
        while self._queue and self._queue[0][0].update_id < offset:
            self._queue.popleft()[0].confirmed_at = now
        if self._poll is not None and not self._poll.done():
            self.conflicts += 1
            self._poll.set_result(_refused(409, "Conflict: terminated by other getUpdates request"))
        self._most = int(given.get("limit", 100))
        seconds = int(given.get("timeout", 0))
        if self._queue or not seconds:
            return _fine(self._next())
        loop = asyncio.get_running_loop()
        self._poll = loop.create_future()
        loop.call_later(seconds, _nothing_came, self._poll)
        return self._poll

    def _hand_out(self) -> None:
        if self._poll is not None and not self._poll.done():
            self._poll.set_result(_fine(self._next()))

    def _next(self) -> list[dict[str, Any]]:
        now, chosen = monotonic(), list(self._queue)[: self._most]
        for report, _ in chosen:
            report.handed_at = report.handed_at or now
        return [update for _, update in chosen]

    def _taken(self, method: str, given: Mapping[str, Any]) -> Answer:
        chat, text = int(given["chat_id"]), str(given.get("text", ""))
        answer = self._judged(method, chat, text, given)
        self.sent.append((monotonic(), method, chat, text, answer.status))
        return answer

    def _judged(self, method: str, chat: int, text: str, given: Mapping[str, Any]) -> Answer:
        if chat in self.blocked:
            return _refused(403, "Forbidden: bot was blocked by the user")
        if method in _COUNTED:
            try:
                self.limits.check(chat, is_group=chat < 0, now=_EPOCH + timedelta(seconds=monotonic()))
            except ApiError as error:
                return _refused(error.code, error.description, error.parameters)
        message_id = int(given.get("message_id", 0))
        if not message_id:
            self._messages += 1
            message_id = self._messages
        kind = "private" if chat > 0 else "supergroup"
        date = int(WallClock().now().timestamp())
        return _fine({"message_id": message_id, "date": date, "chat": {"id": chat, "type": kind}, "text": text})


def scheduled(office: Office, messages: Iterable[Mapping[str, Any]]) -> float:
    """Let these messages arrive, each `after` so many seconds from the instant that is answered."""
    loop = asyncio.get_running_loop()
    began, start = monotonic(), loop.time()
    for message in messages:
        arrive: Callable[[int, str], None] = office.arrives
        if not message["after"]:
            arrive(int(message["chat"]), str(message["text"]))
        else:
            loop.call_at(start + message["after"], arrive, int(message["chat"]), str(message["text"]))
    return began


def _nothing_came(poll: "asyncio.Future[Answer]") -> None:
    if not poll.done():
        poll.set_result(_fine([]))


def _fine(result: Any) -> Answer:
    return Answer({"ok": True, "result": result})


def _refused(code: int, description: str, parameters: Mapping[str, int] | None = None) -> Answer:
    body: dict[str, Any] = {"ok": False, "error_code": code, "description": description}
    return Answer(body | ({"parameters": dict(parameters)} if parameters else {}), code)
