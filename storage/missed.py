"""What stood still while nobody looked, and which updates came: all that is needed to reckon up an outage."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import bindparam

from storage.letters import State
from storage.schema import ALARMS, INBOX, OUTBOX
from storage.transaction import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """One update that was kept, by its place in the inbox."""

    serial: int
    update_id: int
    at: datetime


_A, _I, _O = ALARMS.c, INBOX.c, OUTBOX.c
_WAITING = (State.NEW.value, State.SENDING.value)
_COUNT = sa.func.count().label("number")
_OVERDUE = sa.select(_A.contract, _COUNT).where(_A.due_at <= bindparam("now")).group_by(_A.contract)
_HELD_UP = (
    sa.select(_O.contract, _COUNT)
    .where(_O.state.in_(_WAITING), _O.created_at <= bindparam("until"))
    .group_by(_O.contract)
)
_ARRIVALS = sa.select(_I.serial, _I.update_id, _I.received_at.label("at")).where(_I.bot == bindparam("bot"))
_AFTER = (
    _ARRIVALS.where(_I.serial > bindparam("serial"), _I.received_at <= bindparam("until"))
    .order_by(_I.serial)
    .limit(bindparam("most"))
)
_NEWEST = _ARRIVALS.order_by(_I.serial.desc()).limit(1)
_BETWEEN = sa.select(_COUNT).where(
    _I.bot == bindparam("bot"), _I.update_id.between(bindparam("first"), bindparam("last"))
)


async def overdue(tx: Transaction, now: datetime) -> Mapping[str, int]:
    """How many deadlines of each contract are due and have not rung."""
    return await _by_contract(tx, _OVERDUE, {"now": now})


async def held_up(tx: Transaction, until: datetime) -> Mapping[str, int]:
    """How many letters of each contract were written by then and have not arrived."""
    return await _by_contract(tx, _HELD_UP, {"until": until})


async def arrivals(tx: Transaction, bot: int, serial: int, until: datetime, limit: int = 1000) -> list[Arrival]:
    """The updates that were kept after that place, in order of arrival."""
    rows = await tx.run(_AFTER, {"bot": bot, "serial": serial, "until": until, "most": limit})
    return [Arrival(**row) for row in rows.mappings()]


async def newest(tx: Transaction, bot: int) -> Arrival | None:
    """The update that was kept last."""
    row = (await tx.run(_NEWEST, {"bot": bot})).mappings().one_or_none()
    return None if row is None else Arrival(**row)


async def kept_between(tx: Transaction, bot: int, first: int, last: int) -> int:
    """How many of these update ids, both ends included, were kept, whenever they came."""
    count: int = (await tx.run(_BETWEEN, {"bot": bot, "first": first, "last": last})).scalar_one()
    return count


async def _by_contract(tx: Transaction, statement: sa.Select[Any], values: Mapping[str, object]) -> Mapping[str, int]:
    return {row["contract"]: row["number"] for row in (await tx.run(statement, values)).mappings()}
