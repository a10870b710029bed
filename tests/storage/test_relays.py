"""Texts by further ways: taken once, together for one person and way, and found again after a crash."""

import asyncio
from typing import Any

from storage import lateness, outbox, relays
from storage.letters import Lane, Letter
from storage.letters import State as Fate
from storage.relays import Relay, State
from storage.store import Store, Transaction
from tests.storage import samples
from tests.storage.samples import NOW, minutes

PAGES = ["page", "call"]


def relay(person: str = "engineer-1", **changes: Any) -> Relay:
    """A text that may go at NOW."""
    plain: dict[str, Any] = {
        "contract": "fire-line",
        "ticket_id": 1,
        "person": person,
        "way": "sms",
        "kind": "sms",
        "further": ("voice",),
        "purpose": "page",
        "next_at": NOW,
        "created_at": NOW,
    }
    return Relay(**(plain | changes))


async def put(store: Store, *texts: Relay) -> list[int]:
    """Keep them, and say their ids."""
    return [await store.write(lambda tx, text=text: relays.put(tx, text)) for text in texts]  # type: ignore[misc]


async def claim(store: Store, now: Any = NOW) -> list[int]:
    """The ids that may go now."""
    return [text.id for text in await store.write(lambda tx: relays.claim(tx, now))]


async def test_what_is_kept_is_read_back(store: Store) -> None:
    """Every field survives; the ways that are left keep their order."""
    text = relay(further=("voice", "mail"), clock="response", version=3, urgent=True, letter_id=7, beside=True)
    [id_] = await put(store, text)
    [found] = await store.read(lambda tx: relays.of_ticket(tx, 1))
    assert (found.id, found.further, found.clock, found.letter_id) == (id_, ("voice", "mail"), "response", 7)
    assert (found.urgent, found.beside, found.repeat, found.state) == (True, True, False, State.NEW)


async def test_one_person_is_written_to_once_at_a_time(store: Store) -> None:
    """All that waits for a person goes together, nothing while something is on its way; others do not wait."""
    first, second, other = await put(store, relay(), relay(ticket_id=2), relay("lead-1"))
    assert await claim(store) == [first, second]
    [third] = await put(store, relay(ticket_id=3))
    assert await store.read(relays.next_at) == NOW  # of the other person
    assert await claim(store) == [other]
    assert await claim(store) == [] and await store.read(relays.next_at) is None
    await store.write(lambda tx: relays.settle(tx, [first, second], State.SENT, minutes(1)))
    assert await claim(store) == [third]
    assert await store.read(lambda tx: relays.last_taken(tx, "engineer-1", "sms")) == NOW


async def test_the_gravest_goes_first(store: Store) -> None:
    """What is urgent overtakes, and what waits for the same person goes with it, even if its own time has not come."""
    early, later, urgent = await put(store, relay("lead-1"), relay(next_at=minutes(1)), relay(urgent=True))
    assert await claim(store) == [later, urgent]
    assert await claim(store) == [early]


async def test_a_failed_text_is_tried_again(store: Store) -> None:
    """It waits for its time, and its attempts are counted."""
    [id_] = await put(store, relay())
    await claim(store)
    await store.write(lambda tx: relays.again(tx, id_, minutes(1), "refused"))
    assert await claim(store) == [] and await store.read(relays.next_at) == minutes(1)
    assert await claim(store, minutes(1)) == [id_]
    [found] = await store.read(lambda tx: relays.of_ticket(tx, 1))
    assert (found.attempts, found.error) == (1, "refused")


async def test_texts_on_their_way_are_found_after_a_crash(store: Store) -> None:
    """Those that somebody took a while ago, and no others."""
    [id_] = await put(store, relay())
    await put(store, relay("lead-1"))
    await claim(store)
    assert [text.id for text in await store.read(lambda tx: relays.astray(tx, NOW))] == [id_]
    assert await store.read(lambda tx: relays.astray(tx, NOW - (minutes(1) - NOW))) == []


async def test_two_relays_never_take_the_same_text(store: Store) -> None:
    """Several at once share what waits, and nothing is taken twice."""
    ids = await put(store, *(relay(f"engineer-{number}") for number in range(20)))
    taken = [claimed for batch in range(7) for claimed in await asyncio.gather(*(claim(store) for _ in range(3)))]
    assert sorted(id_ for claimed in taken for id_ in claimed) == ids


async def late(store: Store, now: Any, levels: tuple[str, ...] = ()) -> Letter | None:
    """The letter that has waited for more than eight seconds."""
    patience = minutes(8) - NOW

    async def work(tx: Transaction) -> Letter | None:
        found = await lateness.first(tx, now, patience, PAGES, levels)
        assert await lateness.is_any(tx, now, patience, PAGES, levels) is (found is not None)
        return found

    return await store.write(work)


def page(chat: int = 1, **changes: Any) -> Letter:
    """An urgent letter."""
    return samples.letter(chat, **{"lane": Lane.URGENT, **changes})


async def write(store: Store, *letters: Letter) -> list[int]:
    """Letters in the outbox."""
    return await samples.put(store, *letters)


async def test_a_late_letter_is_found_once(store: Store) -> None:
    """Only what is urgent, has waited too long, and was not moved on from."""
    await write(store, page(purpose="answer"), page(2, lane=Lane.INFO))
    [id_] = await write(store, page(3))
    assert await late(store, minutes(7)) is None
    found = await late(store, minutes(8))
    assert found is not None and found.id == id_
    assert await store.read(lambda tx: lateness.oldest_since(tx, minutes(-1), PAGES)) == NOW
    await store.write(lambda tx: lateness.move_on(tx, found, minutes(8)))
    assert await late(store, minutes(9)) is None
    assert await store.read(lambda tx: lateness.was_moved_on(tx, found))
    [again] = await write(store, page(3, payload={"repeat": True}))
    repeated = next(one for one in await store.read(lambda tx: outbox.of_ticket(tx, 1)) if one.id == again)
    assert await store.read(lambda tx: lateness.was_moved_on(tx, repeated))


async def test_a_letter_whose_repeat_arrived_is_not_late(store: Store) -> None:
    """The first may or may not have arrived; the second did."""
    first, second = await write(store, page(), page())
    await store.write(lambda tx: outbox.settle(tx, first, Fate.UNCERTAIN, NOW))
    found = await late(store, minutes(8))
    assert found is not None and found.id == first
    await store.write(lambda tx: outbox.settle(tx, second, Fate.SENT, minutes(1)))
    assert await late(store, minutes(8)) is None


async def test_a_chat_that_has_much_to_take_is_reached(store: Store) -> None:
    """What waits behind others in a chat that takes letters is not late, unless its ticket is of the gravest level."""
    await store.write(lambda tx: samples.happen(tx, samples.reported(), NOW))
    sent, waits = await write(store, page(ticket_id=2), page())
    await store.write(lambda tx: outbox.settle(tx, sent, Fate.SENT, minutes(1)))
    assert await late(store, minutes(9)) is None
    found = await late(store, minutes(9), ("major",))
    assert found is not None and found.id == waits


async def test_whether_the_line_lives(store: Store) -> None:
    """It does if anything that was written later was taken."""
    first, second = await write(store, page(1), page(2))
    assert not await store.read(lambda tx: lateness.line_lives(tx, first))
    await store.write(lambda tx: outbox.settle(tx, second, Fate.SENT, minutes(1)))
    assert await store.read(lambda tx: lateness.line_lives(tx, first))
    assert await store.read(lambda tx: lateness.has_arrived(tx, second))
    assert await store.read(lambda tx: lateness.newest_urgent(tx, 1, 2)) == second
