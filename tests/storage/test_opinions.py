"""Second opinions: given out once, after the page of their ticket, and not for long."""

import asyncio
from datetime import datetime, timedelta
from typing import Any

import pytest

from storage import opinions, outbox, relays
from storage.letters import Lane, Letter, State
from storage.relays import Relay
from storage.store import Store
from tests.storage.samples import BIG, NOW, minutes

CONTRACTS = ["fire-line"]
WAVE = "bundle"
SECOND = timedelta(seconds=1)


async def wished(store: Store, *tickets: int, contract: str = "fire-line", at: datetime = NOW) -> None:
    """An opinion is wished for of each of these tickets."""
    for ticket in tickets:
        await store.write(lambda tx, ticket=ticket: opinions.wish(tx, ticket, contract, at))  # type: ignore[misc]


async def claim(store: Store, now: datetime = NOW, most: int = 9) -> list[int]:
    """The tickets that may be asked about."""
    due = await store.read(lambda tx: opinions.is_due(tx, now, CONTRACTS, WAVE))
    taken = await store.write(lambda tx: opinions.claim(tx, now, CONTRACTS, WAVE, most))
    assert due or not taken
    return taken


async def page(store: Store, ticket: int | None = 1, **changes: Any) -> int:
    """A letter about a ticket; its id."""
    plain: dict[str, Any] = {
        **{"contract": "fire-line", "ticket_id": ticket, "lane": Lane.URGENT, "method": "card", "chat_id": 7},
        **{"payload": {}, "purpose": "card", "next_at": NOW, "created_at": NOW},
    }
    await store.write(lambda tx: outbox.put(tx, Letter(**(plain | changes))))
    return (await store.read(lambda tx: outbox.of_ticket(tx, ticket or 0)))[-1].id


async def settled(store: Store, letter: int, state: State) -> None:
    """This became of the letter."""
    await store.write(lambda tx: outbox.settle(tx, letter, state, NOW))


async def test_each_wish_is_given_out_once(store: Store) -> None:
    """The oldest first, as many as there are hands, and nothing twice."""
    await wished(store, 3, at=NOW + SECOND)
    await wished(store, 1, 2, BIG)
    assert await claim(store, NOW + SECOND, most=3) == [1, 2, BIG]
    assert await store.read(opinions.is_any)
    assert await claim(store, NOW + SECOND) == [3]
    assert await claim(store, NOW + SECOND) == []
    assert not await store.read(opinions.is_any)


async def test_two_who_ask_never_take_the_same(store: Store) -> None:
    """Several at once share what waits."""
    await wished(store, *range(1, 21))
    taken = [
        one
        for _ in range(7)
        for some in await asyncio.gather(*(claim(store, most=1) for _ in range(3)))
        for one in some
    ]
    assert sorted(taken) == list(range(1, 21))


@pytest.mark.parametrize("state", [State.SENT, State.UNCERTAIN, State.DEAD, State.SUPERSEDED])
async def test_the_page_goes_first(store: Store, state: State) -> None:
    """While it waits or is on its way nothing is asked; afterwards, and where it never can go, it is."""
    await wished(store, 1)
    letter = await page(store)
    assert await claim(store) == []
    await store.write(lambda tx: outbox.claim(tx, NOW))
    assert await claim(store) == []
    await settled(store, letter, state)
    assert await claim(store) == [1]


async def test_a_page_that_has_to_be_sent_again_is_waited_for(store: Store) -> None:
    """The Bot API did not take it yet."""
    await wished(store, 1)
    letter = await page(store)
    await store.write(lambda tx: outbox.claim(tx, NOW))
    await store.write(lambda tx: outbox.retry(tx, letter, minutes(1), "429"))
    assert await claim(store) == []


async def test_information_and_other_tickets_are_not_waited_for(store: Store) -> None:
    """The reporter's own card, and the page of somebody else's fault."""
    await wished(store, 1)
    await page(store, lane=Lane.NORMAL)
    await page(store, ticket=2)
    assert await claim(store) == [1]


async def test_a_wave_holds_all_its_tickets_back(store: Store) -> None:
    """A page that is told with others is in their letter; that of another contract is not."""
    await wished(store, 2)
    wave = await page(store, ticket=1, purpose=WAVE, method="send")
    assert await claim(store) == []
    await settled(store, wave, State.SENT)
    await page(store, ticket=1, purpose=WAVE, contract="water-line")
    assert await claim(store) == [2]


async def test_a_text_by_a_further_way_goes_first(store: Store) -> None:
    """Whoever is called by telephone is called before anything is asked; what failed is not waited for."""
    await wished(store, 1)
    text = Relay(
        contract="fire-line",
        ticket_id=1,
        person="a",
        way="sms",
        kind="sms",
        purpose="page",
        next_at=NOW,
        created_at=NOW,
    )
    id_ = await store.write(lambda tx: relays.put(tx, text))
    assert await claim(store) == []
    await store.write(lambda tx: relays.again(tx, id_, minutes(1), "refused"))
    assert await claim(store) == [1]


@pytest.mark.parametrize("later", [timedelta(minutes=1), timedelta(days=1), -timedelta(minutes=2)])
async def test_what_is_old_is_dropped(store: Store, later: timedelta) -> None:
    """After a minute nobody is asked any more, nor where the clock was set back."""
    await wished(store, 1)
    await page(store)
    assert await claim(store, NOW + later) == []
    assert not await store.read(opinions.is_any)


async def test_a_contract_that_is_not_served_waits_for_who_serves_it(store: Store) -> None:
    """Another replica may know it."""
    await wished(store, 1, contract="water-line")
    assert await claim(store) == []
    assert await store.read(opinions.is_any)
