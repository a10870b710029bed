"""Equipment lists: read anew they replace what was read before, and nothing that a ticket may point to is lost."""

from dataclasses import replace
from datetime import date, timedelta

from sla.devices import Device, Scope
from storage import devices
from storage.store import Store

TODAY = date(2026, 11, 21)
YESTERDAY = TODAY - timedelta(days=1)
SCREEN = Device(
    section="（二）大屏", seq="1", name="拼接屏", quantity=12, unit="台", aliases=("大屏", "电视墙"), core=1
)
UPS = Device(
    section="（五）机房",
    seq="4",
    name="不间断供电电源",
    vendor="国产",
    model="UPS-10K",
    note="三楼",
    scope=Scope.IN_SCOPE_UNLISTED,
    important=True,
    device_class="供电",
    valid_from=date(2026, 7, 1),
    valid_to=date(2027, 6, 30),
    added_after_signing=True,
)


async def test_a_list_reads_back_as_it_was_written(store: Store) -> None:
    """Every column of every row, in the order of the file, for its own contract only."""
    changes = await store.write(lambda tx: devices.put(tx, "hall", [UPS, SCREEN], TODAY))
    assert (changes.added, changes.changed, changes.gone) == ((UPS, SCREEN), (), ())
    assert list(await store.read(lambda tx: devices.of_contract(tx, "hall"))) == [UPS, SCREEN]
    assert list(await store.read(lambda tx: devices.of_contract(tx, "cloud"))) == []


async def test_the_same_list_changes_nothing(store: Store) -> None:
    """Starting again with the same file reports no change, however often, also where a row has gone."""
    await store.write(lambda tx: devices.put(tx, "hall", [UPS, SCREEN], TODAY))
    await store.write(lambda tx: devices.put(tx, "hall", [SCREEN], TODAY))
    for later in range(3):
        day = TODAY + timedelta(days=later)
        assert not await store.write(lambda tx, day=day: devices.put(tx, "hall", [SCREEN], day))  # type: ignore[misc]


async def test_a_row_that_left_its_list_is_kept(store: Store) -> None:
    """It counted until the day before, is found by nobody any more, and comes back with the list that has it."""
    await store.write(lambda tx: devices.put(tx, "hall", [SCREEN, UPS], TODAY))
    changes = await store.write(lambda tx: devices.put(tx, "hall", [UPS], TODAY))
    gone = replace(SCREEN, valid_to=YESTERDAY)
    assert changes.gone == (gone,)
    assert list(await store.read(lambda tx: devices.of_contract(tx, "hall"))) == [UPS, gone]
    found = await store.read(lambda tx: devices.index(tx, "hall", TODAY))
    assert found.search("大屏黑了") == ()
    changes = await store.write(lambda tx: devices.put(tx, "hall", [SCREEN, UPS], TODAY))
    assert (changes.added, changes.changed) == ((), (SCREEN,))
    found = await store.read(lambda tx: devices.index(tx, "hall", TODAY))
    assert [match.device for match in found.search("大屏黑了")] == [SCREEN]


async def test_a_row_that_had_ended_keeps_its_end(store: Store) -> None:
    """The end that the file gave is not moved by the row's going later."""
    ended = replace(SCREEN, valid_to=date(2026, 3, 31))
    await store.write(lambda tx: devices.put(tx, "hall", [ended], TODAY))
    await store.write(lambda tx: devices.put(tx, "hall", [], TODAY))
    assert list(await store.read(lambda tx: devices.of_contract(tx, "hall"))) == [ended]


async def test_only_what_counts_that_day_is_found(store: Store) -> None:
    """Both ends of a row's time are included."""
    await store.write(lambda tx: devices.put(tx, "hall", [UPS], TODAY))
    days = {date(2026, 6, 30): 0, date(2026, 7, 1): 1, date(2027, 6, 30): 1, date(2027, 7, 1): 0}
    for day, count in days.items():
        found = await store.read(lambda tx, day=day: devices.index(tx, "hall", day))  # type: ignore[misc]
        assert len(found.devices) == count, day


async def test_what_changed_is_told_apart(store: Store) -> None:
    """A corrected quantity is a change of the row, not another row."""
    await store.write(lambda tx: devices.put(tx, "hall", [SCREEN, UPS], TODAY))
    counted = replace(SCREEN, quantity=13)
    changes = await store.write(lambda tx: devices.put(tx, "hall", [counted, UPS], TODAY))
    assert (changes.added, changes.changed, changes.gone) == ((), (counted,), ())
