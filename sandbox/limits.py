"""How fast a bot may send before Telegram asks it to wait; off unless a test or a drill turns it on."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sandbox.errors import too_many_requests


@dataclass(slots=True)
class _Window:
    """At most `most` sends in any stretch of `seconds`."""

    most: int
    seconds: float
    sent: deque[datetime] = field(default_factory=deque)

    def wait(self, now: datetime) -> float:
        """Seconds until the next send is allowed, 0 when it is allowed now."""
        while self.sent and now - self.sent[0] >= timedelta(seconds=self.seconds):
            self.sent.popleft()
        if len(self.sent) < self.most:
            return 0.0
        return self.seconds - (now - self.sent[0]).total_seconds()


@dataclass(slots=True)
class Limits:
    """30 sends a second overall, 1 a second to a person after a short burst, 20 a minute in a group."""

    enforced: bool = False
    overall: _Window = field(default_factory=lambda: _Window(30, 1.0))
    burst: int = 4
    chats: dict[int, _Window] = field(default_factory=dict)

    def check(self, chat: int, *, is_group: bool, now: datetime) -> None:
        """Count one send; refuse it when the bot is too fast."""
        if not self.enforced:
            return
        windows = list(self._windows(chat, is_group=is_group))
        wait = max(window.wait(now) for window in windows)
        if wait > 0:
            raise too_many_requests(max(1, math.ceil(wait)))
        for window in windows:
            window.sent.append(now)

    def _windows(self, chat: int, *, is_group: bool) -> Iterator[_Window]:
        yield self.overall
        most, seconds = (20, 60.0) if is_group else (self.burst, float(self.burst))
        yield self.chats.setdefault(chat, _Window(most, seconds))
