"""Overrides are kept: those of the chat for good, those of the file until the next start."""

from datetime import timedelta
from typing import Any

from sla.duty import Override
from storage import overrides
from storage.store import Store
from tests.storage.samples import NOW

HOUR = timedelta(hours=1)


def override(**changes: Any) -> Override:
    """One engineer instead of another for two hours from now."""
    plain: dict[str, Any] = {
        "contract": "fire-line",
        "role": "engineer",
        "post": "video",
        "start": NOW,
        "end": NOW + 2 * HOUR,
        "absent": "engineer-1",
        "person": "engineer-2",
        "by": "project-manager",
        "at": NOW,
        "why": "体检",
    }
    return Override(**(plain | changes))


async def test_an_override_reads_back_as_it_was_made(store: Store) -> None:
    """With its number, under its own contract only."""
    made = await store.write(lambda tx: overrides.add(tx, override()))
    await store.write(lambda tx: overrides.add(tx, override(contract="other")))
    assert made.id
    assert await store.read(lambda tx: overrides.valid(tx, "fire-line", NOW)) == [made]
    assert await store.read(lambda tx: overrides.by_id(tx, made.id)) == made


async def test_a_cancelled_override_counts_for_nothing_and_is_kept(store: Store) -> None:
    """It can be cancelled once; who did it, and when, stays readable."""
    made = await store.write(lambda tx: overrides.add(tx, override()))
    assert await store.write(lambda tx: overrides.cancel(tx, made.id, "officer-1", NOW + HOUR))
    assert not await store.write(lambda tx: overrides.cancel(tx, made.id, "engineer-1", NOW + HOUR))
    assert await store.read(lambda tx: overrides.valid(tx, "fire-line", NOW)) == []
    kept = await store.read(lambda tx: overrides.by_id(tx, made.id))
    assert kept is not None
    assert (kept.cancelled_by, kept.cancelled_at) == ("officer-1", NOW + HOUR)


async def test_the_file_is_read_again_without_losing_those_of_the_chat(store: Store) -> None:
    """The file's own are replaced, lie below those of the chat, and are not cancelled in the chat."""
    chat = await store.write(lambda tx: overrides.add(tx, override()))
    await store.write(lambda tx: overrides.put_file(tx, [override(why="old", by="")], NOW))
    await store.write(lambda tx: overrides.put_file(tx, [override(why="new", by="")], NOW))
    found = await store.read(lambda tx: overrides.valid(tx, "fire-line", NOW))
    assert [(one.why, one.by) for one in found] == [("new", "file"), ("体检", "project-manager")]
    assert found[1] == chat
    assert not await store.write(lambda tx: overrides.cancel(tx, found[0].id, "officer-1", NOW))


async def test_what_has_ended_long_ago_is_not_read(store: Store) -> None:
    """What ended today is read, for a list that begins in the past of this day."""
    await store.write(lambda tx: overrides.add(tx, override(end=NOW - timedelta(days=2))))
    today = await store.write(lambda tx: overrides.add(tx, override(end=NOW - timedelta(hours=1))))
    assert await store.read(lambda tx: overrides.valid(tx, "fire-line", NOW)) == [today]
