"""The clock's use-case: one due alarm, looked at in its own transaction."""

from desk import saving
from desk.house import Desk
from sla.events import AlarmDue
from storage import alarms, tickets


async def ring(desk: Desk) -> bool:
    """Take the earliest due alarm and let its ticket decide; false when nothing is due."""
    due = await alarms.claim(desk.tx, desk.now, desk.house.contracts)
    if due is None:
        return False
    ticket = await tickets.load(desk.tx, due.ticket_id)
    if ticket is not None:
        await saving.carry_out(desk, ticket, AlarmDue(clock=due.clock))
    return True
