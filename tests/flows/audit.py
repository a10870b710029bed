"""What must hold at the end of every flow, whatever it was about."""

from collections.abc import AsyncIterator

import sqlalchemy as sa

from desk import audit
from desk.audit import Memory
from desk.house import Desk
from sla import escalation
from sla.escalation import Alarm
from sla.replay import replay
from sla.terms import Clock
from sla.ticket import Ticket
from storage import inbox, ledger, outbox, tickets
from storage.schema import ALARMS, TICKETS
from storage.store import Transaction
from tests.flows.house import House


async def findings(house: House) -> list[str]:
    """Everything that nobody expected, one line each."""
    found = [f"nobody expected: {entry}" for entry in house.unnamed()]
    found += [f"nobody expected: {one}" for one in house.pressed if one.press.alert and not one.named]
    found += [f"error line: {line}" for line in house.log.lines if not any(word in line for word in house.excused)]
    found += [f"the sandbox failed: {error!r}" for error in house.world.errors]
    if house.is_open:
        store = house.stage.hotline.store
        found += await store.read(lambda tx: _kept(house, tx))
    return found


async def _kept(house: House, tx: Transaction) -> list[str]:
    found = [f"ledger: {flaw}" for flaw in await ledger.verify(tx)]
    if waiting := await outbox.pending(tx):
        found.append(f"outbox: {waiting} letters are not sent")
    if unread := await inbox.waiting(tx, house.world.bot.id):
        found.append(f"inbox: {len(unread)} updates are not handled")
    desk, memory = house.stage.hotline.desk(tx), Memory()
    forgotten = await audit.of_tickets(desk, await audit.unjudged(desk, memory), memory)
    found += [f"auditor: {ticket.number} is {kind}" for kind, ticket in forgotten]
    async for ticket in _every(tx):
        found += await _of_ticket(desk, ticket)
    return found


async def _of_ticket(desk: Desk, ticket: Ticket) -> list[str]:
    """The ledger alone gives the same ticket, and each clock has exactly the alarm that it needs."""
    terms = await desk.terms(ticket)
    found = []
    if replay(await ledger.facts_of(desk.tx, ticket.id), terms) != ticket:
        found.append(f"{ticket.number}: its ledger tells another story")
    rows = await desk.tx.run(sa.select(ALARMS.c.clock, ALARMS.c.due_at).where(ALARMS.c.ticket_id == ticket.id))
    kept = {Alarm(clock=Clock(row.clock), due_at=row.due_at) for row in rows}
    if kept != set(escalation.alarms(ticket, terms)):
        found.append(f"{ticket.number}: alarms {kept}")
    return found


async def _every(tx: Transaction) -> AsyncIterator[Ticket]:
    for id_ in (await tx.run(sa.select(TICKETS.c.id).order_by(TICKETS.c.id))).scalars().all():
        ticket = await tickets.load(tx, id_)
        assert ticket is not None
        yield ticket
