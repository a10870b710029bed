"""The ledger: nothing in it can be changed, and whoever does it all the same is found."""

import asyncio
import hashlib

import pytest
from sqlalchemy import text

from sla.events import Acknowledged, Noted
from storage import ledger
from storage.store import Refused, Store, Transaction
from tests.storage import samples
from tests.storage.samples import NOW, minutes


async def fill(tx: Transaction) -> None:
    """Four entries of one contract, three of them facts of a ticket, and one of another contract."""
    await samples.happen(tx, samples.reported(), NOW)
    await ledger.append(
        tx, "fire-line", ticket_id=1, kind="call_failed", at=NOW, noted_at=NOW, by="clock", data={"why": "已屏蔽"}
    )
    await samples.happen(tx, Acknowledged(at=minutes(2), by="engineer-1"), minutes(3), id=1)
    await samples.happen(tx, Noted(at=minutes(4), by="engineer-1", text="在路上"), minutes(4), id=1)
    await ledger.append(
        tx, "cloud", ticket_id=None, kind="outage", at=NOW, noted_at=NOW, by="clock", data={"minutes": 7}
    )


async def disarm(tx: Transaction) -> None:
    """What only the owner of the database can do: take the guards away."""
    if tx.dialect == "postgresql":
        await tx.run(text("DROP TRIGGER ledger_keeps ON ledger"))
        return
    for name in ("update", "delete", "replace"):
        await tx.run(text(f"DROP TRIGGER ledger_keeps_{name}"))


async def tamper(store: Store, *statements: str) -> list[ledger.Flaw]:
    """What verify finds after these statements."""

    async def work(tx: Transaction) -> None:
        await disarm(tx)
        for statement in statements:
            await tx.run(text(statement))

    await store.write(fill)
    assert await store.read(ledger.verify) == []
    await store.write(work)
    return await store.read(ledger.verify)


async def test_entries_are_chained_and_found(store: Store) -> None:
    """Entries count from one in each contract, each holds the digest before it, the ticket's are found by it."""
    await store.write(fill)
    entries = await store.read(lambda tx: ledger.entries_of(tx, 1))
    assert [(entry.seq, entry.kind) for entry in entries] == [
        (1, "reported"),
        (2, "call_failed"),
        (3, "acknowledged"),
        (4, "noted"),
    ]
    assert [entry.previous for entry in entries] == ["", *(entry.digest for entry in entries[:-1])]
    assert (entries[2].at, entries[2].noted_at, entries[2].by) == (minutes(2), minutes(3), "engineer-1")
    assert entries[1].data == {"why": "已屏蔽"}
    facts = await store.read(lambda tx: ledger.facts_of(tx, 1))
    assert facts[1:] == [
        Acknowledged(at=minutes(2), by="engineer-1"),
        Noted(at=minutes(4), by="engineer-1", text="在路上"),
    ]
    heads = await store.read(ledger.heads)
    assert [(head.contract, head.seq) for head in heads] == [("cloud", 1), ("fire-line", 4)]
    assert heads[1].digest == entries[-1].digest


async def test_the_digest_is_as_described(store: Store) -> None:
    """Anybody can compute the digest of an entry from the description alone."""

    async def work(tx: Transaction) -> str:
        (entry,) = [entry async for entry in ledger.walk(tx, "cloud")]
        return entry.digest

    await store.write(fill)
    plain = '["cloud",1,null,"outage",1795228200123456,1795228200123456,"clock","{\\"minutes\\":7}","sha256",""]'
    assert await store.read(work) == hashlib.sha256(plain.encode()).hexdigest()


async def test_walking_is_in_order_and_whole(store: Store) -> None:
    """A ledger longer than a page is walked from the first entry to the last."""

    async def work(tx: Transaction) -> list[int]:
        for count in range(1203):
            data = {"count": count}
            await ledger.append(tx, "cloud", ticket_id=None, kind="n", at=NOW, noted_at=NOW, by="clock", data=data)
        return [entry.data["count"] async for entry in ledger.walk(tx, "cloud")]

    assert await store.write(work) == list(range(1203))
    assert await store.read(ledger.verify) == []
    assert await store.read(ledger.contracts) == ["cloud"]


async def test_writers_at_once_make_one_chain(store: Store) -> None:
    """Twenty writers at once under one new contract: twenty entries in one unbroken chain."""

    async def work(tx: Transaction) -> None:
        await ledger.append(
            tx, "cloud", ticket_id=None, kind="n", at=NOW, noted_at=NOW, by="clock", data={"text": "\ud83d half"}
        )

    await asyncio.gather(*(store.write(work) for _ in range(20)))
    assert [head.seq for head in await store.read(ledger.heads)] == [20]
    assert await store.read(ledger.verify) == []


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ledger SET data = '{}'",
        "DELETE FROM ledger",
        "INSERT INTO ledger SELECT * FROM ledger WHERE seq = 1",
    ],
)
async def test_the_database_refuses_every_change(store: Store, statement: str) -> None:
    """No statement changes or removes an entry, whoever writes it."""
    await store.write(fill)
    with pytest.raises(Refused):
        await store.write(lambda tx: tx.run(text(statement)))
    assert await store.read(ledger.verify) == []


async def test_each_database_refuses_its_own_way_round(store: Store) -> None:
    """SQLite's REPLACE and PostgreSQL's TRUNCATE, which ask no DELETE trigger, are refused too."""
    await store.write(fill)
    own = {
        "sqlite": "INSERT OR REPLACE INTO ledger SELECT * FROM ledger WHERE seq = 1",
        "postgresql": "TRUNCATE ledger",
    }
    with pytest.raises(Refused, match="append-only"):
        await store.write(lambda tx: tx.run(text(own[store.url_kind])))
    assert len(await store.read(lambda tx: ledger.entries_of(tx, 1))) == 4


async def test_a_changed_entry_is_found(store: Store) -> None:
    """A later wording is found at its place; the other contract's chain still holds."""
    flaws = await tamper(store, "UPDATE ledger SET data = '{}' WHERE contract = 'fire-line' AND seq = 2")
    assert [(flaw.contract, flaw.seq) for flaw in flaws] == [("fire-line", 2)]
    assert "内容与摘要不符" in flaws[0].why


@pytest.mark.parametrize(
    "column", ["at = at + 1", "noted_at = noted_at - 1", "\"by\" = 'engineer-2'", "ticket_id = NULL"]
)
async def test_every_column_counts(store: Store, column: str) -> None:
    """An earlier time or another name is found like another text."""
    flaws = await tamper(store, f"UPDATE ledger SET {column} WHERE contract = 'fire-line' AND seq = 3")  # noqa: S608 -- ours
    assert [(flaw.contract, flaw.seq) for flaw in flaws] == [("fire-line", 3)]


async def test_a_missing_entry_is_found(store: Store) -> None:
    """An entry that was taken out leaves a gap."""
    flaws = await tamper(store, "DELETE FROM ledger WHERE contract = 'fire-line' AND seq = 2")
    assert [(flaw.contract, flaw.seq) for flaw in flaws] == [("fire-line", 2)]


async def test_a_missing_tail_is_found(store: Store) -> None:
    """A ledger cut off at the end, or emptied, does not match its head."""
    flaws = await tamper(
        store,
        "DELETE FROM ledger WHERE contract = 'fire-line' AND seq = 4",
        "DELETE FROM ledger WHERE contract = 'cloud'",
    )
    assert [(flaw.contract, flaw.seq) for flaw in flaws] == [("cloud", 1), ("fire-line", 4)]


async def test_a_missing_head_is_found(store: Store) -> None:
    """Taking the head away with the tail does not hide it."""
    flaws = await tamper(
        store, "DELETE FROM ledger WHERE contract = 'fire-line' AND seq = 4", "DELETE FROM ledger_heads"
    )
    assert {flaw.contract for flaw in flaws} == {"cloud", "fire-line"}


async def test_swapped_entries_are_found(store: Store) -> None:
    """Two entries that changed places are found at the first."""
    flaws = await tamper(
        store,
        "UPDATE ledger SET seq = 99 WHERE contract = 'fire-line' AND seq = 2",
        "UPDATE ledger SET seq = 2 WHERE contract = 'fire-line' AND seq = 3",
        "UPDATE ledger SET seq = 3 WHERE contract = 'fire-line' AND seq = 99",
    )
    assert [(flaw.contract, flaw.seq) for flaw in flaws] == [("fire-line", 2)]
