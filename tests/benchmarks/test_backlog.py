"""The database with very many open tickets."""

import functools
from datetime import timedelta
from pathlib import Path

from benchmarks import backlog
from benchmarks.bench import Bench
from bot.clock import WallClock
from bot.config import settings
from desk.house import Contract
from sla import escalation
from sla.escalation import Alarm
from sla.terms import Clock
from sla.ticket import Ticket
from storage import alarms, ledger, outbox, tickets
from storage.store import Store, Transaction

COUNT = 12


async def whole(tx: Transaction, id_: int) -> tuple[Ticket | None, list[Alarm], int, int]:
    """A ticket with its alarms, and how many entries and letters it has."""
    ticket, armed = await tickets.load(tx, id_), await alarms.of_ticket(tx, id_)
    return ticket, armed, len(await ledger.entries_of(tx, id_)), len(await outbox.of_ticket(tx, id_))


async def test_every_copy_is_a_whole_ticket_with_the_alarms_that_it_needs(tmp_path: Path) -> None:
    """What the rules would arm for a copy is what stands in the database, also for one that falls due."""
    bench = Bench(folder=tmp_path, runs=1, quick=True, say=lambda _: None)
    made = await backlog.build(bench, COUNT)
    due = WallClock().now() + timedelta(seconds=30)
    backlog.fall_due(made.large, [due])
    [profile] = settings.load(made.furniture.config, {}).contracts.values()
    terms = Contract.of(profile).terms
    store = await Store.open(f"sqlite:///{made.large}")
    try:
        found = [await store.read(functools.partial(whole, id_=id_)) for id_ in range(1, COUNT + 1)]
    finally:
        await store.close()
    for id_, (ticket, armed, entries, letters) in enumerate(found, start=1):
        assert ticket is not None and ticket.id == id_
        needed = sorted(escalation.alarms(ticket, terms), key=lambda alarm: alarm.due_at)
        assert [(one.clock, one.due_at) for one in armed] == [(one.clock, one.due_at) for one in needed]
        assert (entries, letters) == (found[0][2], 3)
    assert (found[0][1][0].clock, found[0][1][0].due_at) == (Clock.RESPONSE, due)
