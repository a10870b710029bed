"""Deadlines as rows: deleting the scheduler's memory loses nothing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import bindparam

from sla.escalation import Alarm
from sla.terms import Clock
from sla.ticket import Ticket
from storage.schema import ALARMS, TICKETS
from storage.transaction import Transaction

WAKE = "alarms"


@dataclass(frozen=True, slots=True, kw_only=True)
class DueAlarm:
    """A clock of a ticket that has to be looked at."""

    ticket_id: int
    clock: Clock
    due_at: datetime


_A = ALARMS.c
_DROP = sa.delete(ALARMS).where(_A.ticket_id == bindparam("ticket_id"))
_INSERT = sa.insert(ALARMS)
# Alarms of a contract that this program does not serve wait for one that does.
_SERVED = _A.contract.in_(bindparam("contracts", expanding=True))
# The ticket is locked with its alarm, and a ticket in somebody's hands is passed over: nobody waits for anybody
# crosswise, and whoever has it replaces its alarms, which wakes the ticker.
_CLAIM = (
    sa.select(_A.ticket_id, _A.clock, _A.due_at)
    .join(TICKETS, TICKETS.c.id == _A.ticket_id)
    .where(_A.due_at <= bindparam("now"), _SERVED)
    .order_by(_A.due_at, _A.ticket_id)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True, key_share=True, of=[ALARMS, TICKETS])
)
_NEXT = sa.select(sa.func.min(_A.due_at)).where(_SERVED)
_OF_TICKET = sa.select(_A.clock, _A.due_at).where(_A.ticket_id == bindparam("ticket_id")).order_by(_A.due_at)
_PUT_OFF = (
    sa.update(ALARMS)
    .where(_A.ticket_id == bindparam("of_ticket"), _A.clock == bindparam("of_clock"))
    .values(due_at=bindparam("until"))
)


async def replace(tx: Transaction, ticket: Ticket, alarms: Sequence[Alarm], *, first: bool = False) -> None:
    """Keep these alarms in place of all that the ticket had; before the `first` ones it had none."""
    for waiting in tx.collected(ALARMS, _replace_all):
        if waiting.ticket.id == ticket.id:
            waiting.alarms = alarms
            return
    tx.collect(ALARMS, _replace_all, _Alarms(ticket=ticket, alarms=alarms, first=first))
    tx.wake(WAKE)


async def claim(tx: Transaction, now: datetime, contracts: Iterable[str], most: int = 1) -> list[DueAlarm]:
    """The alarms that are overdue the longest, one of a ticket, ours until the transaction ends.

    We replace them before that.
    """
    rows = await tx.run(_CLAIM, {"now": now, "contracts": list(contracts), "most": most})
    due = [DueAlarm(ticket_id=row.ticket_id, clock=Clock(row.clock), due_at=row.due_at) for row in rows]
    return list({alarm.ticket_id: alarm for alarm in reversed(due)}.values())[::-1]


async def put_off(tx: Transaction, ticket_id: int, clock: Clock, until: datetime) -> None:
    """Look at this clock later: its handling failed, and the others must not wait behind it."""
    await tx.run(_PUT_OFF, {"of_ticket": ticket_id, "of_clock": clock.value, "until": until})
    tx.wake(WAKE)


async def next_due(tx: Transaction, contracts: Iterable[str]) -> datetime | None:
    """When the earliest alarm of these contracts is due."""
    due: datetime | None = (await tx.run(_NEXT, {"contracts": list(contracts)})).scalar_one()
    return due


async def of_ticket(tx: Transaction, ticket_id: int) -> list[Alarm]:
    """The alarms that the ticket has, the earliest first."""
    rows = await tx.run(_OF_TICKET, {"ticket_id": ticket_id})
    return [Alarm(clock=Clock(row.clock), due_at=row.due_at) for row in rows]


@dataclass(slots=True, kw_only=True)
class _Alarms:
    ticket: Ticket
    alarms: Sequence[Alarm]
    first: bool


async def _replace_all(tx: Transaction, many: list[_Alarms]) -> None:
    old = [{"ticket_id": one.ticket.id} for one in many if not one.first]
    new = [
        {
            "ticket_id": one.ticket.id,
            "contract": one.ticket.contract,
            "clock": alarm.clock.value,
            "due_at": alarm.due_at,
        }
        for one in many
        for alarm in one.alarms
    ]
    if old:
        await tx.run(_DROP, old)
    if new:
        await tx.run(_INSERT, new)
