"""The clock's use-case: one due alarm, looked at in its own transaction."""

from datetime import timedelta

from desk import saving
from desk.house import Desk
from sla.events import AlarmDue
from storage import alarms, tickets

_NOT_SERVED = timedelta(hours=1)


async def ring(desk: Desk) -> bool:
    """Take the earliest due alarm and let its ticket decide; false when nothing is due."""
    due = await alarms.claim(desk.tx, desk.now)
    if due is None:
        return False
    ticket = await tickets.load(desk.tx, due.ticket_id)
    if ticket is not None and ticket.contract not in desk.house.contracts:
        # Nobody of this contract can be told while its profile is away; the alarms of others must not wait behind it.
        await alarms.put_off(desk.tx, due.ticket_id, due.clock, desk.now + _NOT_SERVED)
    elif ticket is not None:
        await saving.carry_out(desk, ticket, AlarmDue(clock=due.clock))
    return True
