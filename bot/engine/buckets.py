"""How fast the Bot API may be spoken to: one bucket for each chat, one for all. A full chat holds up no other."""

from collections import deque
from dataclasses import dataclass, field, replace

from storage.outbox import Lane, Room


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """So many in any stretch of so many seconds.

    Of these, some are kept back for what is urgent, and of those some for the gravest level.
    """

    most: int
    seconds: float
    urgent: int = 0
    grave: int = 0

    def share(self, lane: Lane) -> int:
        """How many letters of this lane, or of a more urgent one, may go."""
        kept_back = 0 if lane is Lane.GRAVE else self.grave if lane is Lane.URGENT else self.urgent
        return self.most - kept_back


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Telegram's published limits, each with a margin for the way there; a server of one's own may know none.

    To one person it lets short bursts pass: `burst` holds until it says no for this chat, from then on `chat`.
    """

    burst: Pace = Pace(most=50, seconds=60, urgent=10, grave=5)
    chat: Pace = Pace(most=4, seconds=4.5, urgent=2, grave=1)
    group: Pace = Pace(most=20, seconds=61, urgent=5, grave=2)
    all: Pace = Pace(most=28, seconds=1.05, urgent=6, grave=3)


_STRICT_SECONDS = 600
_NO_LIMIT = Pace(most=10**9, seconds=0)
UNLIMITED = Limits(burst=_NO_LIMIT, chat=_NO_LIMIT, group=_NO_LIMIT, all=_NO_LIMIT)
_CLASSES = (Lane.GRAVE, Lane.URGENT, Lane.NORMAL)


@dataclass(slots=True)
class _Bucket:
    """What was sent lately. The server counts in the same way: a bucket that drips would overfill it at first."""

    pace: Pace
    sent: deque[float] = field(default_factory=deque)

    def room(self, now: float, lane: Lane) -> int:
        """How many may go now."""
        self._forget(now)
        return max(self.pace.share(lane) - len(self.sent), 0)

    def wait(self, now: float, lane: Lane) -> float:
        """Seconds until the next one may go; 0 if it may go now."""
        self._forget(now)
        too_many = len(self.sent) - self.pace.share(lane)
        return 0.0 if too_many < 0 else max(self.sent[too_many] + self.pace.seconds - now, 0.0)

    def _forget(self, now: float) -> None:
        while self.sent and now - self.sent[0] >= self.pace.seconds:
            self.sent.popleft()


@dataclass(slots=True)
class Buckets:
    """All buckets of one bot."""

    limits: Limits
    _chats: dict[int, _Bucket] = field(default_factory=dict)
    _all: _Bucket = field(init=False)
    _stalled: dict[int, float] = field(default_factory=dict)
    _strict: dict[int, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._all = _Bucket(self.limits.all)

    def room(self, now: float, hands: int) -> Room:
        """What may go now, if there are hands for so many."""
        most, urgent, others = (min(hands, self._all.room(now, lane)) for lane in _CLASSES)
        to_all, to_urgent, to_others = (self.busy(now, lane) for lane in _CLASSES)
        return Room(
            most=most,
            urgent=urgent,
            others=others,
            closed_to_all=to_all,
            closed_to_urgent=to_urgent,
            closed_to_others=to_others,
        )

    def among(self, replicas: int) -> None:
        """So many replicas speak for this bot: each has its part of what all may say, and its own chats."""
        whole = self.limits.all
        most, urgent, grave = (part // replicas for part in (whole.most, whole.urgent, whole.grave))
        self._all.pace = replace(whole, most=max(most, 1), urgent=urgent, grave=grave)

    def busy(self, now: float, lane: Lane) -> set[int]:
        """Chats to which no letter of this lane may go now."""
        full = {chat for chat, bucket in self._chats.items() if bucket.wait(now, lane) > 0}
        return full | {chat for chat, until in self._stalled.items() if until > now}

    def next_change(self, now: float) -> float | None:
        """Seconds until something that may not go now may go, urgent or not; nothing if everything may."""
        buckets = [self._all, *self._chats.values()]
        waits = [bucket.wait(now, lane) for bucket in buckets for lane in _CLASSES]
        waits += [until - now for until in self._stalled.values()]
        return min((wait for wait in waits if wait > 0), default=None)

    def take(self, chat_id: int, now: float) -> None:
        """A letter goes to this chat now."""
        self._chats.setdefault(chat_id, _Bucket(self._pace(chat_id, now))).sent.append(now)
        self._all.sent.append(now)

    def give_back(self, chat_id: int, taken_at: float) -> None:
        """The letter was put away, not sent: its place is free again."""
        for bucket in (self._chats.get(chat_id), self._all):
            if bucket is not None and taken_at in bucket.sent:
                bucket.sent.remove(taken_at)

    def stall(self, chat_id: int, until: float) -> None:
        """The Bot API asked for patience with this chat, and with this chat only."""
        self._stalled[chat_id] = until
        self._strict[chat_id] = until + _STRICT_SECONDS
        if chat_id in self._chats:
            self._chats[chat_id].pace = self._pace(chat_id, until)

    def forget_idle(self, now: float) -> None:
        """Drop what says nothing any more: chats that were not written to lately, and pauses that are over."""
        for chat_id, bucket in list(self._chats.items()):
            if bucket.wait(now, Lane.INFO) == 0 and not bucket.sent:
                del self._chats[chat_id]
        self._stalled = {chat: until for chat, until in self._stalled.items() if until > now}
        self._strict = {chat: until for chat, until in self._strict.items() if until > now}

    def _pace(self, chat_id: int, now: float) -> Pace:
        if chat_id < 0:
            return self.limits.group
        return self.limits.chat if self._strict.get(chat_id, 0) > now else self.limits.burst
