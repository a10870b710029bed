"""Holes in the numbers of updates: what the Bot API counted and what never came here.

Ids are given, one after the other, to updates that are put into the bot's queue, so kinds that we do not ask for take
none. After a week without any the next id is random. https://core.telegram.org/bots/api#update
"""

import logging
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from desk.outages import KEPT_BY_TELEGRAM, PRESS_LIFE, Gap
from storage import missed
from storage.missed import Arrival
from storage.signs import Sign
from storage.transaction import Transaction

_log = logging.getLogger("hotline.gaps")
# A day less than the documented week: what was read last may have waited for a day.
_RESTART = timedelta(days=6)
# Nobody misses so many reports: these are the numbers of another Bot API server.
_OTHER_NUMBERS = 100_000
_PAGE = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """How far the inbox has been looked through, how much came, and what is missing."""

    sign: Sign
    came: int = 0
    gaps: tuple[Gap, ...] = ()


async def look(tx: Transaction, bot: int, sign: Sign, until: datetime) -> Looked:
    """Look through what came since the last sign."""
    looked = Looked(sign=sign)
    while page := await missed.arrivals(tx, bot, looked.sign.serial, until, _PAGE):
        for arrival in page:
            looked = await _passed(tx, bot, looked, arrival)
        if len(page) < _PAGE:
            break
    return looked


def can_be_reports(sign: Sign) -> bool:
    """Whether what is missing since this sign can be more than presses that were too old to be kept.

    They are, if the silence was longer than a press lives and shorter than a message does, and nobody else polled.
    """
    blind = timedelta(seconds=sign.blind_seconds)
    return sign.shared or not PRESS_LIFE <= blind < KEPT_BY_TELEGRAM


async def _passed(tx: Transaction, bot: int, looked: Looked, arrival: Arrival) -> Looked:
    was = looked.sign
    known = was.update_id is not None and not _begins_anew(was.update_id, was.update_at, arrival)
    highest = max(was.update_id or 0, arrival.update_id) if known else arrival.update_id
    sign = replace(was, serial=arrival.serial, update_id=highest, update_at=arrival.at)
    now = replace(looked, came=looked.came + 1, sign=sign)
    if not known or was.update_id is None:
        return now
    first, last = was.update_id + 1, arrival.update_id - 1
    missing = last - first + 1 - await missed.kept_between(tx, bot, first, last) if first <= last else 0
    if not missing:
        return now
    if not can_be_reports(was):
        _log.warning("%s presses were too old to be kept", missing)
        return now
    _log.error("%s updates never came, before update %s", missing, arrival.update_id)
    gap = Gap(first=first, last=last, count=missing, since=was.update_at or arrival.at, until=arrival.at)
    return replace(now, gaps=(*now.gaps, gap))


def _begins_anew(last: int, last_at: datetime | None, arrival: Arrival) -> bool:
    rested = last_at is None or arrival.at - last_at >= _RESTART
    return rested or abs(arrival.update_id - last) > _OTHER_NUMBERS
