"""What an outage is reckoned from: signs of life, overdue deadlines, waiting letters, and holes in the numbers."""

from dataclasses import replace

from sla.escalation import Alarm
from sla.terms import Clock
from storage import alarms, inbox, missed, outbox, signs, tickets
from storage.outbox import State
from storage.signs import Sign
from storage.store import Store, Transaction
from tests.storage.samples import BIG, NOW, letter, minutes, put_one, ticket


async def test_a_sign_is_read_as_it_was_written(store: Store) -> None:
    """Each bot's house has one sign, the last one, and none before the first."""
    sign = Sign(alive_at=NOW, seen_at=minutes(-1), serial=7, update_id=BIG, update_at=NOW, blind_seconds=3, shared=True)
    assert await store.write(lambda tx: signs.take(tx, BIG)) is None
    await store.write(lambda tx: signs.put(tx, BIG, sign))
    await store.write(lambda tx: signs.put(tx, 1, Sign(alive_at=NOW, seen_at=NOW)))
    assert await store.write(lambda tx: signs.take(tx, BIG)) == sign
    later = replace(sign, alive_at=minutes(1))
    await store.write(lambda tx: signs.put(tx, BIG, later))
    assert await store.write(lambda tx: signs.take(tx, BIG)) == later


async def test_what_is_overdue_counts_for_its_contract(store: Store) -> None:
    """A deadline that is due now counts, one that comes later does not."""

    async def work(tx: Transaction) -> None:
        for number, due in ((1, minutes(-5)), (2, NOW), (3, minutes(1))):
            one = ticket(number)
            await tickets.insert(tx, one)
            await alarms.replace(tx, one, [Alarm(clock=Clock.RESPONSE, due_at=due)])

    await store.write(work)
    assert await store.read(lambda tx: missed.overdue(tx, NOW)) == {"fire-line": 2}


async def test_letters_that_wait_count_for_their_contract(store: Store) -> None:
    """A letter that was sent waits no longer, and one that is written later did not wait then."""

    async def work(tx: Transaction) -> None:
        sent = await put_one(tx, letter(created_at=minutes(-2)))
        await outbox.put(tx, letter(created_at=minutes(-1)))
        await outbox.put(tx, letter(created_at=minutes(1)))
        await outbox.settle(tx, sent, State.SENT, NOW)

    await store.write(work)
    assert list((await store.read(lambda tx: missed.held_up(tx, NOW))).values()) == [1]


async def test_arrivals_are_looked_through_once(store: Store) -> None:
    """In order of arrival, of one bot, after the last one looked at, up to an instant."""

    async def work(tx: Transaction) -> None:
        await inbox.add(tx, BIG, [(30, "{}", ""), (10, "{}", "")], minutes(-2))
        await inbox.add(tx, BIG, [(31, "{}", "")], NOW)
        await inbox.add(tx, 1, [(32, "{}", "")], NOW)

    await store.write(work)
    first = await store.read(lambda tx: missed.arrivals(tx, BIG, 0, minutes(-1)))
    assert [one.update_id for one in first] == [30, 10]
    rest = await store.read(lambda tx: missed.arrivals(tx, BIG, first[-1].serial, NOW))
    assert [(one.update_id, one.at) for one in rest] == [(31, NOW)]
    assert await store.read(lambda tx: missed.newest(tx, BIG)) == rest[0]
    assert await store.read(lambda tx: missed.newest(tx, 2)) is None
    assert await store.read(lambda tx: missed.kept_between(tx, BIG, 10, 30)) == 2
