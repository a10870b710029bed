"""Records of services: kept as they were entered, settled once."""

from dataclasses import replace
from datetime import date

from sla.services import Record, Verdict
from storage import services
from storage.store import Store, Transaction
from tests.storage.samples import NOW, minutes

DAY = date(2026, 11, 20)
DONE = Record(contract="cloud", service="scan", day=DAY, amount=23, people=2, remark="两会前", by="engineer-1", at=NOW)


async def kept(store: Store, contract: str = "cloud") -> list[Record]:
    """All records of a contract."""
    return await store.read(lambda tx: services.of_contract(tx, contract))


async def test_a_record_comes_back_as_it_was_entered(store: Store) -> None:
    """With every field, in order, and only under its own contract."""
    plan = replace(DONE, planned=True, people=None, remark="", day=date(2027, 3, 1), amount=1)
    other = replace(DONE, contract="fire-line")

    async def add(tx: Transaction) -> list[int]:
        return [await services.add(tx, one) for one in (DONE, other, plan)]

    numbers = await store.write(add)
    assert await kept(store) == [replace(DONE, id=numbers[0]), replace(plan, id=numbers[2])]
    assert await store.read(lambda tx: services.by_id(tx, numbers[1])) == replace(other, id=numbers[1])
    assert await store.read(lambda tx: services.by_id(tx, 999)) is None


async def test_the_bureau_says_its_word_once(store: Store) -> None:
    """Of two officers the first one settles it; everything else of the record stays."""
    number = await store.write(lambda tx: services.add(tx, DONE))

    async def say(verdict: Verdict, by: str) -> bool:
        return await store.write(lambda tx: services.settle(tx, number, verdict, by, minutes(5)))

    assert await say(Verdict.CONFIRMED, "officer-1") is True
    assert await say(Verdict.REFUSED, "officer-2") is False
    settled = replace(DONE, id=number, verdict=Verdict.CONFIRMED, settled_by="officer-1", settled_at=minutes(5))
    assert await kept(store) == [settled]


async def test_a_correction_names_the_record_that_it_replaces(store: Store) -> None:
    """Both rows stay."""
    number = await store.write(lambda tx: services.add(tx, DONE))
    await store.write(lambda tx: services.add(tx, replace(DONE, amount=20, corrects=number)))
    assert [(one.amount, one.corrects) for one in await kept(store)] == [(23, None), (20, number)]


async def test_a_new_record_wakes_whoever_waits_for_it(store: Store) -> None:
    """Reminders look again when something was entered or settled."""
    heard: list[frozenset[str]] = []
    store.on_commit(heard.append)
    number = await store.write(lambda tx: services.add(tx, DONE))
    await store.write(lambda tx: services.settle(tx, number, Verdict.REFUSED, "officer-1", NOW))
    assert [services.WAKE in names for names in heard] == [True, True]
