"""Deadlines: found when due, one after the other, by one worker each."""

import asyncio
from functools import partial

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
    assert await store.write(lambda tx: alarms.claim(tx, minutes(4), OURS)) == []
    due = alarms.DueAlarm(ticket_id=2, clock=Clock.RESPONSE, due_at=minutes(5))
    assert await store.write(lambda tx: alarms.claim(tx, minutes(100), OURS)) == [due]


async def test_many_are_taken_together_but_one_of_a_ticket(store: Store) -> None:
    """What a ticket's first alarm means may change its others: they wait for the next time."""
    await store.write(seed)
    taken = await store.write(lambda tx: alarms.claim(tx, minutes(100), OURS, most=10))
    assert [(alarm.ticket_id, alarm.due_at) for alarm in taken] == [(2, minutes(5)), (1, minutes(10))]


async def test_alarms_that_are_replaced_twice_are_the_last(store: Store) -> None:
    """In one transaction only what a ticket needs at its end is written, for old tickets and for new ones."""
    await store.write(seed)
    last = [Alarm(clock=Clock.HANDLING, due_at=minutes(9))]

    async def work(tx: Transaction) -> None:
        await tickets.insert(tx, samples.ticket(3))
        for id_, first in ((3, True), (1, False)):
            await alarms.replace(tx, samples.ticket(id_), [Alarm(clock=Clock.RESPONSE, due_at=minutes(1))], first=first)
            await alarms.replace(tx, samples.ticket(id_), last)

    await store.write(work)
    assert [await store.read(partial(alarms.of_ticket, ticket_id=id_)) for id_ in (1, 3)] == [last, last]


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
        for due in await alarms.claim(tx, minutes(100), OURS):
            ticket = await tickets.load(tx, due.ticket_id)
            assert ticket is not None
            await alarms.replace(tx, ticket, [])
            return due.ticket_id
        return None

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

    async def change(tx: Transaction) -> list[int]:
        await tickets.load(tx, 2)
        free = await store.write(lambda other: alarms.claim(other, minutes(20), OURS, most=10))
        return [alarm.ticket_id for alarm in free]

    assert await store.write(change) == [1]
    await store.close()


async def test_an_alarm_that_fails_is_put_off(store: Store) -> None:
    """An alarm whose handling fails steps aside, so that the next one is heard."""
    await store.write(seed)
    await store.write(lambda tx: alarms.put_off(tx, 2, Clock.RESPONSE, minutes(30)))
    [due] = await store.write(lambda tx: alarms.claim(tx, minutes(20), OURS))
    assert due == alarms.DueAlarm(ticket_id=1, clock=Clock.RESPONSE, due_at=minutes(10))
    assert (await store.read(lambda tx: alarms.of_ticket(tx, 2)))[0].due_at == minutes(30)


async def test_alarms_of_other_contracts_wait(store: Store) -> None:
    """A program that does not serve the contract neither takes its alarms nor waits for them."""
    await store.write(seed)
    assert await store.write(lambda tx: alarms.claim(tx, minutes(100), ["cloud"])) == []
    assert await store.read(lambda tx: alarms.next_due(tx, ["cloud"])) is None
    assert await store.read(lambda tx: alarms.next_due(tx, OURS)) == minutes(5)
