"""The clock's use-case: due alarms, and what their tickets make of them, in one transaction."""

import json
from collections.abc import Sequence

from desk import buttons, cards, saving
from desk.house import Desk
from sla.events import AlarmDue
from storage import alarms, inbox, tickets
from storage.alarms import DueAlarm

_PRESS = '"data":"'


async def due(desk: Desk, most: int) -> Sequence[DueAlarm]:
    """The alarms that are overdue the longest, at most one of a ticket; they are ours until the transaction ends."""
    return await alarms.claim(desk.tx, desk.now, desk.house.contracts, most)


async def pressed(desk: Desk) -> frozenset[int]:
    """The tickets of presses that were received and are not handled yet."""
    bodies = await inbox.waiting_with(desk.tx, _PRESS)
    data = [json.loads(body).get("callback_query", {}).get("data", "") for body in bodies]
    return frozenset(press.ticket for press in map(buttons.read, data) if press is not None)


async def ring(desk: Desk, rings: Sequence[DueAlarm]) -> None:
    """Let the ticket of each alarm decide what it means."""
    if not rings:
        return
    ids = [alarm.ticket_id for alarm in rings]
    found = await tickets.load_all(desk.tx, ids)
    await cards.read_all(desk, ids)
    for alarm in rings:
        ticket = found.get(alarm.ticket_id)
        if ticket is not None:
            await saving.carry_out(desk, ticket, AlarmDue(clock=alarm.clock))
