"""How fast the Bot API may be spoken to: one bucket for each chat, one for all. A full chat holds up no other."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """A bucket's size, how fast it fills again, and how much of it is kept back for what is urgent."""

    size: float
    per_second: float
    reserve: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Telegram's published limits; a server of one's own may know none."""

    chat: Pace = Pace(size=4, per_second=1, reserve=1)
    group: Pace = Pace(size=20, per_second=20 / 60, reserve=5)
    all: Pace = Pace(size=30, per_second=28, reserve=4)


UNLIMITED = Limits(
    chat=Pace(size=1e9, per_second=1e9), group=Pace(size=1e9, per_second=1e9), all=Pace(size=1e9, per_second=1e9)
)


@dataclass(slots=True)
class _Bucket:
    pace: Pace
    left: float
    seen: float

    def wait(self, now: float, *, urgent: bool) -> float:
        """Seconds until the next one may go; 0 if it may go now."""
        self.left = min(self.pace.size, self.left + (now - self.seen) * self.pace.per_second)
        self.seen = now
        needed = 1 if urgent else 1 + self.pace.reserve
        return max(needed - self.left, 0) / self.pace.per_second


@dataclass(slots=True)
class Buckets:
    """All buckets of one bot."""

    limits: Limits
    _chats: dict[int, _Bucket] = field(default_factory=dict)
    _all: _Bucket | None = None
    _stalled: dict[int, float] = field(default_factory=dict)

    def busy(self, now: float, *, urgent: bool) -> set[int]:
        """Chats to which nothing may go now."""
        full = {chat for chat, bucket in self._chats.items() if bucket.wait(now, urgent=urgent) > 0}
        return full | {chat for chat, until in self._stalled.items() if until > now}

    def open_for_all(self, now: float, *, urgent: bool) -> int:
        """How many letters may go now, over all chats."""
        bucket = self._global(now)
        bucket.wait(now, urgent=urgent)
        return max(int(bucket.left - (0 if urgent else bucket.pace.reserve)), 0)

    def next_change(self, now: float) -> float | None:
        """Seconds until a chat that is busy now may be written to again; nothing if none is busy."""
        waits = [bucket.wait(now, urgent=False) for bucket in self._chats.values()]
        waits += [until - now for until in self._stalled.values()]
        waits.append(self._global(now).wait(now, urgent=False))
        return min((wait for wait in waits if wait > 0), default=None)

    def take(self, chat_id: int, now: float) -> None:
        """A letter goes to this chat now."""
        self._chat(chat_id, now).left -= 1
        self._global(now).left -= 1

    def stall(self, chat_id: int, until: float) -> None:
        """The Bot API asked for patience with this chat, and with this chat only."""
        self._stalled[chat_id] = until

    def forget_idle(self, now: float) -> None:
        """Drop buckets that are full again."""
        for chat_id, bucket in list(self._chats.items()):
            if now - bucket.seen > bucket.pace.size / bucket.pace.per_second:
                del self._chats[chat_id]
        self._stalled = {chat: until for chat, until in self._stalled.items() if until > now}

    def _chat(self, chat_id: int, now: float) -> _Bucket:
        pace = self.limits.group if chat_id < 0 else self.limits.chat
        return self._chats.setdefault(chat_id, _Bucket(pace, pace.size, now))

    def _global(self, now: float) -> _Bucket:
        if self._all is None:
            self._all = _Bucket(self.limits.all, self.limits.all.size, now)
        return self._all
