"""Deadlines: found when due, one after the other, by one worker each."""

import asyncio

from sla.escalation import Alarm
from sla.terms import Clock
from storage import alarms, tickets
from storage.store import Store, Transaction
from tests.storage import samples
from tests.storage.samples import NOW, minutes

OURS = [samples.ticket(1).contract]


async def seed(tx: Transaction) -> None:
    """Two tickets with three alarms."""
    for id_, after in ((1, (10, 60)), (2, (5,))):
        await tickets.insert(tx, samples.ticket(id_))
        due = zip((Clock.RESPONSE, Clock.ARRIVAL), after, strict=False)
        kept = [Alarm(clock=clock, due_at=minutes(minute)) for clock, minute in due]
        await alarms.replace(tx, samples.ticket(id_), kept)


async def test_the_earliest_is_due_first(store: Store) -> None:
    """Nothing is due before its time; then the alarm that is overdue the longest comes first."""
    await store.write(seed)
    assert await store.read(lambda tx: alarms.next_due(tx, OURS)) == minutes(5)
    assert await store.write(lambda tx: alarms.claim(tx, minutes(4), OURS)) is None
    due = alarms.DueAlarm(ticket_id=2, clock=Clock.RESPONSE, due_at=minutes(5))
    assert await store.write(lambda tx: alarms.claim(tx, minutes(100), OURS)) == due


async def test_alarms_replace_those_before(store: Store) -> None:
    """What a ticket needs now is all that is left of its alarms, and the ticker is told."""
    heard: list[frozenset[str]] = []
    await store.write(seed)
    store.on_commit(heard.append)
    kept = [Alarm(clock=Clock.HANDLING, due_at=minutes(7))]
    await store.write(lambda tx: alarms.replace(tx, samples.ticket(1), kept))
    assert await store.read(lambda tx: alarms.of_ticket(tx, 1)) == kept
    assert heard == [frozenset({"alarms"})]
    await store.write(lambda tx: alarms.replace(tx, samples.ticket(1), []))
    await store.write(lambda tx: alarms.replace(tx, samples.ticket(2), []))
    assert await store.read(lambda tx: alarms.next_due(tx, OURS)) is None


async def test_two_workers_never_get_the_same_alarm(store: Store) -> None:
    """Four workers empty thirty due alarms: each is handled once."""

    async def fill(tx: Transaction) -> None:
        for id_ in range(1, 31):
            await tickets.insert(tx, samples.ticket(id_))
            await alarms.replace(tx, samples.ticket(id_), [Alarm(clock=Clock.RESPONSE, due_at=minutes(id_))])

    async def handle(tx: Transaction) -> int | None:
        due = await alarms.claim(tx, minutes(100), OURS)
        if due is None:
            return None
        ticket = await tickets.load(tx, due.ticket_id)
        assert ticket is not None
        await alarms.replace(tx, ticket, [])
        return due.ticket_id

    async def worker() -> list[int]:
        done: list[int] = []
        while (ticket := await store.write(handle)) is not None:
            done.append(ticket)
        return done

    await store.write(fill)
    handled = await asyncio.gather(*(worker() for _ in range(4)))
    left = await worker()  # a worker that finds only rows in other hands goes; the ticker comes again
    assert sorted(id_ for done in (*handled, left) for id_ in done) == list(range(1, 31))


async def test_a_ticket_in_other_hands_is_passed_over(postgres_url: str) -> None:
    """While somebody changes a ticket its alarm is left to him; another ticket's alarm does not wait."""
    store = await Store.open(postgres_url)
    await store.migrate(NOW)
    await store.write(seed)

    async def change(tx: Transaction) -> list[int | None]:
        await tickets.load(tx, 2)
        first = await store.write(lambda other: alarms.claim(other, minutes(20), OURS))
        return [None if first is None else first.ticket_id]

    assert await store.write(change) == [1]
    await store.close()


async def test_an_alarm_that_fails_is_put_off(store: Store) -> None:
    """An alarm whose handling fails steps aside, so that the next one is heard."""
    await store.write(seed)
    await store.write(lambda tx: alarms.put_off(tx, 2, Clock.RESPONSE, minutes(30)))
    due = await store.write(lambda tx: alarms.claim(tx, minutes(20), OURS))
    assert due == alarms.DueAlarm(ticket_id=1, clock=Clock.RESPONSE, due_at=minutes(10))
    assert (await store.read(lambda tx: alarms.of_ticket(tx, 2)))[0].due_at == minutes(30)


async def test_alarms_of_other_contracts_wait(store: Store) -> None:
    """A program that does not serve the contract neither takes its alarms nor waits for them."""
    await store.write(seed)
    assert await store.write(lambda tx: alarms.claim(tx, minutes(100), ["cloud"])) is None
    assert await store.read(lambda tx: alarms.next_due(tx, ["cloud"])) is None
    assert await store.read(lambda tx: alarms.next_due(tx, OURS)) == minutes(5)
