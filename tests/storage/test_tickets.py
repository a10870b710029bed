"""Tickets: numbered once, changed by one at a time, found by those whose they are."""

import asyncio
from datetime import date

import pytest

from sla.events import Acknowledged
from sla.replay import replay
from sla.ticket import Stage
from storage import ledger, tickets
from storage.store import StaleTicket, Store, Transaction
from tests.storage import samples
from tests.storage.samples import NOW, minutes

DAY = date(2026, 11, 21)


async def test_numbers_count_by_contract_and_day(store: Store) -> None:
    """Each contract counts each day from one; ids count through."""

    async def work(tx: Transaction) -> list[tuple[int, str]]:
        return [
            await tickets.allocate(tx, "fire-line", "FL", DAY),
            await tickets.allocate(tx, "fire-line", "FL", DAY),
            await tickets.allocate(tx, "cloud", "GC", DAY),
            await tickets.allocate(tx, "fire-line", "FL", date(2026, 11, 22)),
        ]

    assert await store.write(work) == [
        (1, "FL-20261121-001"),
        (2, "FL-20261121-002"),
        (3, "GC-20261121-001"),
        (4, "FL-20261122-001"),
    ]


async def test_two_who_report_at_once_get_two_numbers(store: Store) -> None:
    """Twenty reports at once under two contracts: twenty ids, twenty numbers."""

    def one(contract: str) -> asyncio.Task[tuple[int, str]]:
        return asyncio.ensure_future(store.write(lambda tx: tickets.allocate(tx, contract, contract.upper(), DAY)))

    given = await asyncio.gather(*(one(contract) for _ in range(10) for contract in ("fl", "gc")))
    assert sorted(id_ for id_, _ in given) == list(range(1, 21))
    assert len({number for _, number in given}) == 20


async def test_an_undone_report_gives_its_number_back_to_nobody_twice(store: Store) -> None:
    """The number of a report that was undone may be given again, because nobody has seen it."""

    async def failing(tx: Transaction) -> None:
        await tickets.allocate(tx, "fire-line", "FL", DAY)
        raise LookupError

    with pytest.raises(LookupError):
        await store.write(failing)
    id_, number = await store.write(lambda tx: tickets.allocate(tx, "fire-line", "FL", DAY))
    await store.write(lambda tx: tickets.insert(tx, samples.ticket(id_, number=number)))


async def test_more_than_a_thousand_a_day(store: Store) -> None:
    """The serial grows a digit instead of starting again."""

    async def work(tx: Transaction) -> str:
        for _ in range(1000):
            _, number = await tickets.allocate(tx, "fire-line", "FL", DAY)
        return number

    assert await store.write(work) == "FL-20261121-1000"


async def test_a_ticket_is_loaded_as_it_was_kept(store: Store) -> None:
    """A ticket comes back equal, by its id and by its number in any spelling; others are absent."""
    kept = samples.ticket(samples.BIG)
    await store.write(lambda tx: tickets.insert(tx, kept))
    assert await store.write(lambda tx: tickets.load(tx, samples.BIG)) == kept
    assert await store.read(lambda tx: tickets.load(tx, samples.BIG)) == kept
    assert await store.read(lambda tx: tickets.by_number(tx, f" {kept.number.lower()} ")) == kept
    assert await store.read(lambda tx: tickets.load(tx, 2)) is None
    assert await store.read(lambda tx: tickets.by_number(tx, "FL-1")) is None


async def test_one_of_two_savers_wins(store: Store) -> None:
    """Who saves over a version that is no longer there is told so, and changes nothing."""
    await store.write(lambda tx: tickets.insert(tx, samples.ticket(1)))
    await store.write(lambda tx: tickets.save(tx, samples.ticket(1, version=2, handler="engineer-1"), 1))
    with pytest.raises(StaleTicket, match="别人改动") as caught:
        await store.write(lambda tx: tickets.save(tx, samples.ticket(1, version=2, handler="engineer-2"), 1))
    assert (caught.value.ticket, caught.value.was) == (1, 1)
    kept = await store.read(lambda tx: tickets.load(tx, 1))
    assert kept == samples.ticket(1, version=2, handler="engineer-1")


async def test_two_who_load_at_once_act_one_after_the_other(store: Store) -> None:
    """A ticket that is loaded in a write is nobody else's until the end: ten notes, ten versions, no quarrel."""
    await store.write(lambda tx: tickets.insert(tx, samples.ticket(1)))

    async def note(tx: Transaction) -> None:
        ticket = await tickets.load(tx, 1)
        assert ticket is not None
        await tickets.save(tx, samples.ticket(1, version=ticket.version + 1), ticket.version)

    await asyncio.gather(*(store.write(note) for _ in range(10)))
    kept = await store.read(lambda tx: tickets.load(tx, 1))
    assert kept is not None
    assert kept.version == 11


async def test_the_ledger_gives_the_same_ticket(store: Store) -> None:
    """Replaying the facts of a ticket gives the ticket that is kept."""

    async def work(tx: Transaction) -> None:
        await samples.happen(tx, samples.reported(text="大屏\0黑屏 😀"), NOW)
        await samples.happen(tx, Acknowledged(at=minutes(2), by="engineer-1"), minutes(3), id=1)

    await store.write(work)
    kept = await store.read(lambda tx: tickets.load(tx, 1))
    facts = await store.read(lambda tx: ledger.facts_of(tx, 1))
    assert kept is not None
    assert kept.handler == "engineer-1"
    assert replay(facts, samples.TERMS) == kept


async def many(tx: Transaction) -> None:
    """Five tickets of two people under two contracts."""
    await tickets.insert(tx, samples.ticket(1, reported_at=minutes(3), handler="engineer-1"))
    await tickets.insert(tx, samples.ticket(2, reported_at=minutes(1)))
    await tickets.insert(tx, samples.ticket(3, reported_at=minutes(2), stage=Stage.CLOSED, closed_at=minutes(9)))
    await tickets.insert(tx, samples.ticket(4, reported_at=minutes(4), contract="cloud", handler="engineer-1"))
    await tickets.insert(tx, samples.ticket(5, reported_at=minutes(5), contract="cloud", reporter="engineer-1"))


async def test_open_tickets_are_listed_by_age(store: Store) -> None:
    """The oldest report first, of the contracts asked for, and no more than asked for."""
    await store.write(many)

    async def ids(contracts: list[str], limit: int) -> list[int]:
        return [one.id for one in await store.read(lambda tx: tickets.open_in(tx, contracts, limit))]

    assert await ids(["fire-line", "cloud"], 50) == [2, 1, 4, 5]
    assert await ids(["fire-line"], 1) == [2]
    assert await ids([], 50) == []
    assert await store.read(lambda tx: tickets.count_open(tx, ["fire-line"])) == 2
    assert await store.read(lambda tx: tickets.count_open(tx, [])) == 0


async def test_people_find_their_tickets(store: Store) -> None:
    """What one reported or handles, under the contract asked for, and where one was last seen."""
    await store.write(many)

    async def work(tx: Transaction) -> list[list[int]]:
        found = [
            await tickets.around(tx, "reporter-1", "fire-line", 5),
            await tickets.around(tx, "reporter-1", "fire-line", 1),
            await tickets.around(tx, "engineer-1", "cloud", 5),
            await tickets.of_person(tx, "engineer-1", 10),
            await tickets.of_person(tx, "reporter-1", 2),
        ]
        return [[ticket.id for ticket in tickets_] for tickets_ in found]

    assert await store.read(work) == [[1, 3, 2], [1], [5, 4], [5, 4, 1], [4, 1]]
    assert await store.read(lambda tx: tickets.latest_contract_of(tx, "engineer-1")) == "cloud"
    assert await store.read(lambda tx: tickets.latest_contract_of(tx, "nobody")) is None


async def test_contracts_do_not_wait_for_each_other(postgres_url: str) -> None:
    """While one contract's ticket is being opened, another's gets its id and number at once."""
    store = await Store.open(postgres_url)
    await store.migrate(NOW)

    async def slow(tx: Transaction) -> list[tuple[int, str]]:
        first = await tickets.allocate(tx, "fire-line", "FL", DAY)
        return [first, await store.write(lambda other: tickets.allocate(other, "cloud", "GC", DAY))]

    assert await store.write(slow) == [(1, "FL-20261121-001"), (2, "GC-20261121-001")]
    await store.close()
