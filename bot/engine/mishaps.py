"""What those who look after the bot are told when the program itself fails."""

import logging
from collections.abc import Callable
from datetime import timedelta
from enum import StrEnum

from bot.clock import monotonic
from desk import administrators
from desk.house import Desk
from desk.words import Html, length
from storage.people import Person
from storage.store import Store, Transaction

_log = logging.getLogger("hotline")
_QUIET_SECONDS = 600.0


class Mishap(StrEnum):
    """What went wrong; its wording stands in the catalogues under ``admin``."""

    UPDATE = "put_aside"
    ALARM = "alarm_failed"
    LETTER = "letter_failed"
    STRANDED = "found_stranded"
    UNTAKEN = "found_untaken"
    OVERDUE = "found_overdue"
    LATE_GRAVE = "found_late_grave"
    LATE_URGENT = "found_late_urgent"
    LATE_NORMAL = "found_late_normal"
    LATE_INFO = "found_late_info"
    STUCK = "found_stuck"
    UNHANDLED = "found_unhandled"


class Mishaps:
    """Tells the administrators, once in a while for each kind: a hundred bad updates are one message."""

    def __init__(self, store: Store, desk_at: Callable[[Transaction], Desk]) -> None:
        self._store, self._desk_at = store, desk_at
        self._told: dict[Mishap, float] = {}

    async def tell(self, mishap: Mishap, which: object, count: int = 1, age: timedelta = timedelta()) -> None:
        """Say so, if it can be said; whoever calls has a failure to deal with already."""
        now = monotonic()
        if now - self._told.get(mishap, -_QUIET_SECONDS) < _QUIET_SECONDS:
            return
        self._told[mishap] = now
        try:
            await self._store.write(lambda tx: _tell(self._desk_at(tx), mishap, which, count, age))
        except Exception:
            _log.exception("the administrators could not be told")


async def _tell(desk: Desk, mishap: Mishap, which: object, count: int, age: timedelta) -> None:
    def say(person: Person, _: object) -> Html:
        span = length(desk.house.words, desk.language_of(person), age)
        return desk.say(person, f"admin.{mishap.value}", which=which, count=count, age=span)

    await administrators.tell_all(desk, say)
