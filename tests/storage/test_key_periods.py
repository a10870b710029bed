"""Key periods and their watches are kept, and a cancelled period counts for nothing."""

from datetime import timedelta
from typing import Any

from sla.key_periods import KeyPeriod
from storage import key_periods
from storage.store import Store
from tests.storage.samples import NOW

HOUR = timedelta(hours=1)


def period(**changes: Any) -> KeyPeriod:
    """A key period of two days from tomorrow on."""
    plain: dict[str, Any] = {
        "contract": "fire-line",
        "name": "汛期",
        "start": NOW + 24 * HOUR,
        "end": NOW + 72 * HOUR,
        "people": 2,
        "by": "officer-1",
        "at": NOW,
    }
    return KeyPeriod(**(plain | changes))


async def test_a_period_reads_back_as_it_was_declared(store: Store) -> None:
    """Under its own contract, by its beginning, while it has not ended."""
    late = await store.write(lambda tx: key_periods.add(tx, period(name="later", start=NOW + 30 * HOUR)))
    early = await store.write(lambda tx: key_periods.add(tx, period()))
    await store.write(lambda tx: key_periods.add(tx, period(contract="other")))
    await store.write(lambda tx: key_periods.add(tx, period(start=NOW - 72 * HOUR, end=NOW - 48 * HOUR)))
    assert await store.read(lambda tx: key_periods.valid(tx, "fire-line", NOW)) == [early, late]


async def test_a_cancelled_period_counts_for_nothing_and_is_kept(store: Store) -> None:
    """It is cancelled once; who did it stays readable."""
    made = await store.write(lambda tx: key_periods.add(tx, period()))
    assert await store.write(lambda tx: key_periods.cancel(tx, made.id, "officer-1", NOW + HOUR))
    assert not await store.write(lambda tx: key_periods.cancel(tx, made.id, "officer-2", NOW + HOUR))
    assert await store.read(lambda tx: key_periods.valid(tx, "fire-line", NOW)) == []
    kept = await store.read(lambda tx: key_periods.by_id(tx, made.id))
    assert kept is not None
    assert kept.cancelled_by == "officer-1"


async def test_the_watch_comes_and_goes(store: Store) -> None:
    """Named once, present between coming and going, released only before the first coming."""
    made = await store.write(lambda tx: key_periods.add(tx, period()))
    assert await store.write(lambda tx: key_periods.name(tx, made.id, "engineer-1", "manager", NOW))
    assert not await store.write(lambda tx: key_periods.name(tx, made.id, "engineer-1", "manager", NOW))
    assert await store.write(lambda tx: key_periods.name(tx, made.id, "engineer-2", "manager", NOW + HOUR))
    assert await store.write(lambda tx: key_periods.release(tx, made.id, "engineer-2"))
    await store.write(lambda tx: key_periods.came(tx, made.id, "engineer-1", NOW + 24 * HOUR))
    assert [watch.is_present for watch in await store.read(lambda tx: key_periods.watches(tx, made.id))] == [True]
    await store.write(lambda tx: key_periods.went(tx, made.id, "engineer-1", NOW + 36 * HOUR))
    (watch,) = await store.read(lambda tx: key_periods.watches(tx, made.id))
    assert (watch.is_present, watch.in_at, watch.out_at) == (False, NOW + 24 * HOUR, NOW + 36 * HOUR)
    assert not await store.write(lambda tx: key_periods.release(tx, made.id, "engineer-1"))
