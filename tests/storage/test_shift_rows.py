"""Hand-overs, questions before a shift and swaps read back as they were written, each kept once."""

from dataclasses import replace
from typing import Any

from storage import attendance, handovers, swaps
from storage.attendance import Question
from storage.handovers import Handover
from storage.store import Store
from storage.swaps import State, Swap
from tests.storage.samples import NOW, minutes

CITY = "city"


def handover(**changes: Any) -> Handover:
    """One engineer hands over to another, now."""
    plain: dict[str, Any] = {
        "contract": CITY,
        "role": "engineer",
        "post": "video",
        "at": NOW,
        "left_at": NOW,
        "outgoing": "engineer-1",
        "incoming": "engineer-2",
    }
    return Handover(**plain | changes)


def question(**changes: Any) -> Question:
    """Asked half an hour before the shift."""
    plain: dict[str, Any] = {
        "contract": CITY,
        "role": "engineer",
        "person": "engineer-1",
        "start": minutes(30),
        "until": minutes(60),
        "asked_at": NOW,
    }
    return Question(**plain | changes)


def swap(**changes: Any) -> Swap:
    """A request for the shift in an hour."""
    plain: dict[str, Any] = {
        "contract": CITY,
        "role": "engineer",
        "by": "engineer-1",
        "person": "engineer-1",
        "start": minutes(60),
        "end": minutes(120),
        "made_at": NOW,
    }
    return Swap(**plain | changes)


async def test_a_hand_over_is_kept_once(store: Store) -> None:
    """The same pair at the same change is one row; another instant is another one."""
    first = await store.write(lambda tx: handovers.put(tx, handover()))
    assert first is not None
    assert await store.write(lambda tx: handovers.put(tx, handover(remark="again"))) is None
    assert await store.write(lambda tx: handovers.put(tx, handover(at=minutes(5)))) is not None
    found = await store.write(lambda tx: handovers.of_change(tx, CITY, "engineer", "video", NOW))
    assert found == [handover(id=first)]


async def test_a_hand_over_waits_from_its_beginning_to_its_end(store: Store) -> None:
    """Announced is not begun, and what has ended waits no longer."""
    id_ = await store.write(lambda tx: handovers.put(tx, handover()))
    kept = handover(id=id_ or 0, remark="机房二号柜", reminded=1, given_at=NOW)
    await store.write(lambda tx: handovers.save(tx, kept))
    assert await store.write(lambda tx: handovers.load(tx, kept.id)) == kept
    assert await store.write(lambda tx: handovers.waiting(tx, CITY)) == []
    begun = replace(kept, begun_at=minutes(1))
    await store.write(lambda tx: handovers.save(tx, begun))
    assert await store.write(lambda tx: handovers.waiting(tx, CITY)) == [begun]
    assert await store.write(lambda tx: handovers.waiting(tx, "other")) == []
    await store.write(lambda tx: handovers.save(tx, replace(begun, ended_at=minutes(2), accepted=True)))
    assert await store.write(lambda tx: handovers.waiting(tx, CITY)) == []


async def test_a_question_is_asked_once(store: Store) -> None:
    """One for each person, place and shift; what was answered and who was alarmed is kept."""
    first = await store.write(lambda tx: attendance.ask(tx, question()))
    assert first is not None
    assert await store.write(lambda tx: attendance.ask(tx, question(asked_at=minutes(1)))) is None
    await store.write(lambda tx: attendance.alarmed(tx, first, minutes(20)))
    await store.write(lambda tx: attendance.answered(tx, first, minutes(25)))
    kept = question(id=first, alarmed_at=minutes(20), answered_at=minutes(25))
    assert await store.write(lambda tx: attendance.load(tx, first)) == kept
    assert await store.write(lambda tx: attendance.coming(tx, CITY, NOW)) == [kept]
    assert await store.write(lambda tx: attendance.coming(tx, CITY, minutes(30))) == []


async def test_a_swap_reads_back_as_it_stands(store: Store) -> None:
    """With its other shift, its state, and only while its shift is not over."""
    id_ = await store.write(lambda tx: swaps.put(tx, swap()))
    assert await store.write(lambda tx: swaps.load(tx, id_)) == swap(id=id_)
    asked = swap(
        id=id_,
        colleague="engineer-2",
        other_start=minutes(30),
        other_end=minutes(50),
        state=State.ASKED,
        asked_at=minutes(1),
        why="体检",
    )
    await store.write(lambda tx: swaps.save(tx, asked))
    assert await store.write(lambda tx: swaps.standing(tx, CITY, [State.ASKED], NOW)) == [asked]
    assert asked.begins_at == minutes(30)
    assert await store.write(lambda tx: swaps.standing(tx, CITY, [State.DRAFT, State.AGREED], NOW)) == []
    assert await store.write(lambda tx: swaps.standing(tx, CITY, [State.ASKED], minutes(120))) == []
    assert await store.write(lambda tx: swaps.load(tx, id_ + 1)) is None
