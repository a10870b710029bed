"""What those who look after the bot are told when the program itself fails."""

import logging
from collections.abc import Callable
from enum import StrEnum

from bot.clock import monotonic
from desk import recipients, sending
from desk.house import Desk
from desk.words import escape
from storage.store import Store, Transaction

_log = logging.getLogger("hotline")
_QUIET_SECONDS = 600.0


class Mishap(StrEnum):
    """What went wrong, as the administrators read it."""

    UPDATE = (
        "⚠ 有一条消息程序处理失败，已单独保存待查（update {which}）。请查看日志，并联系本人确认是否报障。\n"
        "(An update could not be handled and was put aside. See the log, and ask its sender.)"
    )
    ALARM = (
        "⚠ 一个到期时限程序处理失败，稍后自动重试（工单 {which}）。请马上查看日志，并人工跟进这张工单。\n"
        "(A due deadline could not be handled and is tried again. See the log, and follow the ticket by hand.)"
    )
    LETTER = (
        "⚠ 有一条通知程序无法发出（letter {which}）。请查看日志，必要时改用电话通知。\n"
        "(A message could not be sent. See the log, and telephone if need be.)"
    )


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
            await self._store.write(lambda tx: _tell(self._desk_at(tx), mishap.format(which=escape(which))))
        except Exception:
            _log.exception("the administrators could not be told")


async def _tell(desk: Desk, markup: str) -> None:
    told: set[int] = set()
    for contract in desk.house.contracts:
        for person in await recipients.admins(desk, contract):
            if person.telegram_id is not None and person.reachable and person.telegram_id not in told:
                told.add(person.telegram_id)
                await sending.send_text(desk, contract, person.telegram_id, markup, person=person, purpose="admin")
