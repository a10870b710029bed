"""What those who look after the bot are told when the program itself fails."""

import logging
from collections.abc import Callable
from enum import StrEnum

from bot.clock import monotonic
from desk import administrators
from desk.house import Desk
from storage.store import Store, Transaction

_log = logging.getLogger("hotline")
_QUIET_SECONDS = 600.0


class Mishap(StrEnum):
    """What went wrong; its wording stands in the catalogues under ``admin``."""

    UPDATE = "put_aside"
    ALARM = "alarm_failed"
    LETTER = "letter_failed"


class Mishaps:
    """Tells the administrators, once in a while for each kind: a hundred bad updates are one message."""

    def __init__(self, store: Store, desk_at: Callable[[Transaction], Desk]) -> None:
        self._store, self._desk_at = store, desk_at
        self._told: dict[Mishap, float] = {}

    async def tell(self, mishap: Mishap, which: object) -> None:
        """Say so, if it can be said; whoever calls has a failure to deal with already."""
        now = monotonic()
        if now - self._told.get(mishap, -_QUIET_SECONDS) < _QUIET_SECONDS:
            return
        self._told[mishap] = now
        try:
            await self._store.write(lambda tx: _tell(self._desk_at(tx), mishap, which))
        except Exception:
            _log.exception("the administrators could not be told")


async def _tell(desk: Desk, mishap: Mishap, which: object) -> None:
    await administrators.tell_all(desk, lambda person, _: desk.say(person, f"admin.{mishap.value}", which=which))
