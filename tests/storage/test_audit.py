"""What the auditor asks of the database: right on both, and by way of an index."""

from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from sla import events
from storage import alarms, audit, inbox, outbox
from storage.audit import Queue, Tally
from storage.letters import Lane, State
from storage.schema import ALARMS
from storage.store import Store
from storage.transaction import Transaction
from tests.storage.samples import NOW, happen, letter, minutes, put_one, reported

BOT = 100
EVER = dict.fromkeys(Lane, NOW - timedelta(days=1))


async def test_tickets_without_an_alarm(store: Store) -> None:
    """Only open ones are named, with their version, and only while they have none."""

    async def work(tx: Transaction) -> None:
        for id_ in (1, 2, 3):
            await happen(tx, reported(id_), NOW)
        await happen(tx, events.Voided(at=NOW, by="reporter-1", reason="误报"), NOW, 3)
        await tx.run(sa.delete(ALARMS).where(ALARMS.c.ticket_id == 2))

    await store.write(work)
    assert await store.read(audit.clockless) == {2: 1}
    found = await store.read(lambda tx: audit.clockless_among(tx, [1, 2, 3]))
    assert [ticket.id for ticket in found] == [2]
    assert await store.read(audit.open_by_contract) == {"fire-line": 2}


async def test_overdue_alarms(store: Store) -> None:
    """Counted, with the oldest and its ticket; an alarm that is due at the instant itself is not overdue."""
    await store.write(lambda tx: happen(tx, reported(), NOW))
    [first, *_] = await store.read(lambda tx: alarms.of_ticket(tx, 1))
    assert await store.read(lambda tx: audit.overdue(tx, first.due_at)) == Tally()
    later = first.due_at + timedelta(seconds=1)
    assert await store.read(lambda tx: audit.overdue(tx, later)) == Tally(
        count=1, since=first.due_at, first="FL-20261121-001"
    )
    assert (await store.read(lambda tx: audit.overdue(tx, NOW + timedelta(days=1)))).count == 3


async def test_letters_that_wait_by_lane(store: Store) -> None:
    """A letter waits since it might go first, or since it was written if a try failed; what is settled does not."""

    async def work(tx: Transaction) -> list[int]:
        ids = [
            await put_one(tx, letter(chat, lane=lane, created_at=NOW, next_at=next_at))
            for chat, (lane, next_at) in enumerate(
                [(Lane.URGENT, NOW), (Lane.URGENT, NOW), (Lane.INFO, minutes(9)), (Lane.NORMAL, NOW)], 10
            )
        ]
        await outbox.retry(tx, ids[0], minutes(9), "429")
        await outbox.settle(tx, ids[3], State.SENT, NOW)
        return ids

    put_off, waits, later, _ = await store.write(work)
    late = dict.fromkeys(Lane, minutes(1))
    found = await store.read(lambda tx: audit.queues(tx, late))
    both = Tally(count=2, since=NOW, first=min(put_off, waits))
    assert found[Lane.URGENT] == Queue(waiting=both, late=both)
    assert found[Lane.NORMAL] == Queue()
    assert found[Lane.INFO] == Queue(waiting=Tally(count=1, since=minutes(9), first=later))


async def test_letters_on_their_way(store: Store) -> None:
    """Each with its tries, so that a letter that is tried anew is not the same as the one that was stuck."""
    await store.write(lambda tx: outbox.put(tx, letter()))
    assert await store.read(audit.on_their_way) == set()
    [taken] = await store.write(lambda tx: outbox.claim(tx, NOW))
    assert await store.read(audit.on_their_way) == {(taken.id, 0)}


async def test_updates_that_nobody_handled_and_poison(store: Store) -> None:
    """New ones by when they came, those put aside by when that was."""

    async def work(tx: Transaction) -> None:
        await inbox.add(tx, BOT, [(7, "{}", ""), (8, "{}", "")], NOW)
        await inbox.add(tx, BOT, [(9, "{}", "")], minutes(3))
        await inbox.settle(tx, BOT, 7, inbox.State.POISON, minutes(1), "failed")

    await store.write(work)
    assert await store.read(lambda tx: audit.unhandled(tx, minutes(2))) == Tally(count=1, since=NOW, first=8)
    assert await store.read(lambda tx: audit.unhandled(tx, NOW)) == Tally()
    aside = Tally(count=1, since=minutes(1), first=7)
    assert await store.read(lambda tx: audit.put_aside(tx, NOW)) == aside
    assert await store.read(lambda tx: audit.put_aside(tx, minutes(2))) == Tally()
    assert await store.read(audit.poison) == 1


async def test_the_first_page_of_a_report(store: Store) -> None:
    """Of the urgent letters of a ticket the one that was accepted first, with the report's own instants."""

    async def work(tx: Transaction) -> int:
        await happen(tx, reported(), NOW)
        ids = [await put_one(tx, letter(chat, lane=Lane.URGENT, created_at=minutes(1))) for chat in (1, 2, 3)]
        lost = await put_one(tx, letter(5, lane=Lane.URGENT, created_at=NOW))
        await outbox.settle(tx, lost, State.DEAD, minutes(1))
        await outbox.put(tx, letter(4, lane=Lane.NORMAL))
        await outbox.settle(tx, ids[1], State.SENT, minutes(2))
        await outbox.settle(tx, ids[0], State.SENT, minutes(3))
        return ids[1]

    first = await store.write(work)
    [page] = await store.read(lambda tx: audit.first_pages(tx, [1, 2]))
    assert page == audit.FirstPage(letter_id=first, reported_at=NOW, received_at=NOW, accepted_at=minutes(2))


async def test_the_auditor_walks_by_index(store: Store) -> None:
    """No table is read from end to end: what is closed, sent or handled, however much, costs nothing."""

    await store.write(lambda tx: happen(tx, reported(), NOW))
    statements: dict[Any, dict[str, Any]] = {
        audit._CLOCKLESS_IDS: {"open": True},
        audit._OPEN_BY_CONTRACT: {"open": True},
        audit._OVERDUE: {"before": NOW},
        audit._FIRST_OVERDUE: {"before": NOW},
        audit._DUE_NEXT: {"now": NOW, "most": 9},
        audit._WITH_ALARMS: {"after": 0, "most": 9},
        audit._QUEUES: {f"before_{lane:d}": NOW for lane in Lane},
        audit._SENDING: {},
        audit._UNHANDLED: {"before": NOW},
        audit._PUT_ASIDE: {"after": NOW},
        audit._POISON: {},
    }
    for statement, values in statements.items():
        plan = await store.read(lambda tx, s=statement, v=values: _plan(tx, s, v))  # type: ignore[misc]
        scans = ("SCAN tickets", "SCAN alarms", "SCAN outbox", "SCAN inbox", "Seq Scan")
        assert not [line for line in plan if any(scan in line for scan in scans)], plan


async def _plan(tx: Transaction, statement: Any, values: dict[str, Any]) -> list[str]:
    """The plan, one line for each step; PostgreSQL is told not to think that an empty table is quick to read."""
    compiled = statement.params(values).compile(
        dialect=tx.connection.dialect, compile_kwargs={"literal_binds": True, "render_postcompile": True}
    )
    if tx.dialect == "postgresql":
        await tx.run(sa.text("SET LOCAL enable_seqscan = off"))
        return [row[0] for row in await tx.run(sa.text(f"EXPLAIN {compiled}"))]
    return [row.detail for row in await tx.run(sa.text(f"EXPLAIN QUERY PLAN {compiled}"))]
