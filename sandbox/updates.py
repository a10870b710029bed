"""The queue of updates that wait for the bot, each with its own time to live."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sandbox.bell import Bell
from sandbox.messages import Json

KINDS = (
    "message",
    "edited_message",
    "channel_post",
    "edited_channel_post",
    "callback_query",
    "my_chat_member",
    "chat_member",
    "message_reaction",
)
ON_REQUEST_ONLY = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
MESSAGE_LIFE = timedelta(hours=24)
PRESS_LIFE = timedelta(seconds=150)


@dataclass(frozen=True, slots=True, kw_only=True)
class Update:
    """One update, ready to be sent, that nobody wants after its time."""

    id: int
    body: Json
    until: datetime
    lane: object = None

    def json(self) -> Json:
        """The update as the bot receives it."""
        return {"update_id": self.id, **self.body}


class Updates:
    """Updates stay until they are confirmed or their time is over, whichever comes first."""

    def __init__(self, now: Callable[[], datetime], *, first_id: int) -> None:
        self._now = now
        self._next_id = first_id
        self._waiting: list[Update] = []
        self._again: list[Update] = []
        self._done: deque[Update] = deque(maxlen=100)
        self.allowed: tuple[str, ...] = ()
        self.bell = Bell()

    def add(self, kind: str, payload: Json, *, until: datetime, lane: object = None) -> Update | None:
        """Queue an update unless the bot did not ask for this kind or its time is already over."""
        if not self.wants(kind) or until <= self._now():
            return None
        return self.inject({kind: payload}, until=until, lane=lane)

    def inject(self, body: Json, *, until: datetime | None = None, lane: object = None) -> Update:
        """Queue any body as it is, even one that no client can read."""
        chosen = body.get("update_id")
        number = chosen if isinstance(chosen, int) else self._next_id
        self._next_id = max(self._next_id, number) + 1
        frozen = json.loads(json.dumps({key: value for key, value in body.items() if key != "update_id"}))
        update = Update(id=number, body=frozen, until=until or self._now() + MESSAGE_LIFE, lane=lane)
        self._waiting.append(update)
        self.bell.ring()
        return update

    def wants(self, kind: str) -> bool:
        """Whether the bot asked for this kind; an empty wish means everything ordinary."""
        return kind in self.allowed if self.allowed else kind not in ON_REQUEST_ONLY

    def allow(self, kinds: Iterable[object] | None) -> None:
        """Remember the wish for kinds; no wish at all keeps the one before."""
        if kinds is not None:
            self.allowed = tuple(kind for kind in kinds if isinstance(kind, str) and kind in KINDS)

    @property
    def waiting(self) -> Sequence[Update]:
        """What the bot has not confirmed yet, without what has expired."""
        now = self._now()
        self._waiting = [update for update in self._waiting if update.until > now]
        return tuple(self._waiting)

    @property
    def newest(self) -> int:
        """The number that was given last."""
        return self._next_id - 1

    def confirm(self, offset: int) -> None:
        """Forget everything before the offset; a negative one counts from the end."""
        waiting = self.waiting
        if offset < 0:
            offset = min((update.id for update in waiting[offset:]), default=0)
        self._done.extend(update for update in waiting if update.id < offset)
        self._waiting = [update for update in waiting if update.id >= offset]

    def take(self, limit: int) -> list[Update]:
        """The next updates to answer with, those to be repeated first; they stay until confirmed."""
        again, self._again = self._again[:limit], self._again[limit:]
        return [*again, *self.waiting[: limit - len(again)]]

    def settle(self, update: Update) -> None:
        """Forget one update that a webhook has taken."""
        self._waiting = [other for other in self._waiting if other is not update]
        self._done.append(update)

    def take_repeats(self) -> list[Update]:
        """Updates that were taken before and shall be delivered once more."""
        again, self._again = self._again, []
        return again

    def repeat(self, count: int = 1) -> None:
        """Deliver the last so many updates a second time, with the same ids."""
        known = [*self._done, *self._waiting]
        self._again.extend(known[-count:])
        self.bell.ring()

    def drop(self) -> None:
        """Forget everything that waits."""
        self._waiting = []
