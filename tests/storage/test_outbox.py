"""The outbox: nothing is lost, nothing overtakes in a chat, the urgent waits for nobody."""

import asyncio
from functools import partial

import pytest

from storage import outbox, replicas
from storage.letters import ANY_ROOM
from storage.outbox import Lane, Letter, Room, State
from storage.replicas import Share
from storage.store import Store, TakenOver, Transaction
from tests.storage import samples
from tests.storage.samples import NOW, letter_ids, minutes, put


async def claim(store: Store, room: Room = ANY_ROOM) -> list[int]:
    """The ids of what may go at NOW."""
    taken = await store.write(lambda tx: outbox.claim(tx, NOW, room))
    assert all(letter.state is State.SENDING for letter in taken)
    return [letter.id for letter in taken]


async def settled(store: Store, id_: int) -> None:
    """This letter arrived."""
    await store.write(lambda tx: outbox.settle(tx, id_, State.SENT, NOW))


async def put_card(store: Store, letter: Letter) -> int:
    """The id of the letter with this card: the one that waited already, or the last."""
    before = await letter_ids(store)
    await store.write(lambda tx: outbox.put_card(tx, letter))
    after = await letter_ids(store)
    if len(after) > len(before):
        return after[-1]
    return next(one.id for one in await store.read(lambda tx: outbox.of_ticket(tx, 1)) if one.version == letter.version)


async def test_a_letter_comes_back_whole(store: Store) -> None:
    """Every field of a letter is kept, and who sends letters is told of it."""
    heard: list[frozenset[str]] = []
    store.on_commit(heard.append)
    whole = samples.letter(
        samples.BIG,
        lane=Lane.URGENT,
        person="engineer-1",
        payload={"text": "大屏花屏 😀", "buttons": [["接单", "t:1:1"]], "silent": False, "nothing": None},
        clock="response",
        version=3,
        expires_at=minutes(60),
        fallback={"chat_id": -samples.BIG},
    )
    (id_,) = await put(store, whole)
    (kept,) = await store.read(lambda tx: outbox.of_ticket(tx, 1))
    assert kept == Letter(**{**{name: getattr(whole, name) for name in Letter.__dataclass_fields__}, "id": id_})
    assert heard == [frozenset({"outbox"})]


async def test_the_urgent_goes_first(store: Store) -> None:
    """Letters go by lane, then by age; those of later are not due yet."""
    ids = await put(
        store,
        samples.letter(1, lane=Lane.INFO),
        samples.letter(2),
        samples.letter(3, lane=Lane.URGENT),
        samples.letter(4, lane=Lane.URGENT, next_at=minutes(1)),
    )
    assert await claim(store, Room(most=2)) == [ids[2], ids[1]]
    assert await claim(store) == [ids[0]]
    assert await claim(store) == []


async def test_what_is_less_urgent_may_have_less_room(store: Store) -> None:
    """Each class of letters has room and open chats of its own; the gravest has them all."""
    ids = await put(
        store,
        samples.letter(1),
        samples.letter(2, lane=Lane.URGENT),
        samples.letter(3, lane=Lane.INFO),
        samples.letter(3, lane=Lane.GRAVE),
    )
    assert await claim(store, Room(others=0, closed_to_urgent={2, 3}, closed_to_others={3})) == [ids[3]]
    await settled(store, ids[3])
    assert await claim(store, Room(others=1)) == [ids[1]]
    assert await claim(store, Room(closed_to_others={3})) == [ids[0]]
    assert await claim(store, Room(others=1)) == [ids[2]]


async def test_what_waits_behind_a_letter_is_found(store: Store) -> None:
    """The letters behind one in its chat and lane, in order; not those of another lane, nor those that are not due."""
    ids = await put(
        store,
        *[samples.letter(1)] * 3,
        samples.letter(2),
        samples.letter(1, lane=Lane.INFO),
        samples.letter(1, next_at=minutes(1)),
    )

    async def work(tx: Transaction) -> dict[int, list[int]]:
        taken = await outbox.claim(tx, NOW)
        behind = await outbox.behind(tx, taken, NOW, 10)
        return {id_: [letter.id for letter in letters] for id_, letters in behind.items()}

    assert await store.write(work) == {ids[0]: [ids[1], ids[2]], ids[3]: []}
    assert await store.read(lambda tx: outbox.behind(tx, [], NOW, 10)) == {}


async def test_a_clock_that_is_set_back_holds_up_no_letter(store: Store) -> None:
    """A next try that is further off than any pause was meant for a clock that has been set back since."""
    soon, stuck = await put(store, samples.letter(1, next_at=minutes(2)), samples.letter(2, next_at=minutes(30)))
    assert await claim(store) == [stuck]
    assert [letter.id for letter in await store.write(lambda tx: outbox.claim(tx, minutes(2)))] == [soon]


async def test_letters_of_a_chat_go_in_order(store: Store) -> None:
    """In one chat one letter at a time, the first first; other chats do not wait."""
    ids = await put(store, samples.letter(1), samples.letter(1), samples.letter(2))
    assert await claim(store) == [ids[0], ids[2]]
    assert await claim(store) == []
    await store.write(lambda tx: outbox.settle(tx, ids[0], State.SENT, NOW, message_id=77))
    assert await claim(store) == [ids[1]]


async def test_the_urgent_overtakes_in_its_own_chat(store: Store) -> None:
    """An urgent letter goes before older information to the same chat, but not while one is on its way."""
    (first, second, urgent) = await put(
        store, samples.letter(1), samples.letter(1), samples.letter(1, lane=Lane.URGENT)
    )
    assert await claim(store) == [urgent]
    assert await claim(store) == []
    await store.write(lambda tx: outbox.settle(tx, urgent, State.DEAD, NOW, error="chat not found"))
    assert await claim(store) == [first]
    assert second > first


async def test_a_letter_that_is_tried_again_keeps_its_place(store: Store) -> None:
    """Behind a letter that waits for its next try the chat's lane waits too; the attempts are counted."""
    first, second, other = await put(store, samples.letter(1), samples.letter(1), samples.letter(2))
    assert await claim(store) == [first, other]
    await store.write(lambda tx: outbox.retry(tx, first, minutes(1), "timed out"))
    assert await claim(store) == []
    assert await store.read(outbox.next_at) == NOW  # of the second, which waits behind it
    again = await store.write(lambda tx: outbox.claim(tx, minutes(1)))
    assert [(letter.id, letter.attempts, letter.error) for letter in again] == [(first, 1, "timed out")]
    assert second not in [letter.id for letter in again]


async def test_busy_chats_are_passed_over(store: Store) -> None:
    """A chat that must not be written to now is left out; the others are served."""
    ids = await put(store, samples.letter(1), samples.letter(2))
    assert await claim(store, Room(closed_to_all={1}, closed_to_urgent={1}, closed_to_others={1})) == [ids[1]]
    assert await claim(store) == [ids[0]]


async def test_two_workers_never_get_the_same_letter(store: Store) -> None:
    """Four workers send eighty letters to twenty chats: each once, and in each chat in order."""
    letters = [samples.letter(chat) for _ in range(4) for chat in range(20)]
    ids = await put(store, *letters)
    sent: list[tuple[int, int]] = []

    async def worker() -> None:
        while True:
            taken = await store.write(lambda tx: outbox.claim(tx, NOW, Room(most=3)))
            for letter in taken:
                sent.append((letter.chat_id, letter.id))
                await store.write(partial(outbox.settle, id=letter.id, state=State.SENT, now=NOW))
            if not taken and await store.read(outbox.pending) == 0:
                return

    async with asyncio.timeout(30):
        await asyncio.gather(*(worker() for _ in range(4)))
    assert sorted(id_ for _, id_ in sent) == ids
    by_chat = {chat: [id_ for to, id_ in sent if to == chat] for chat in range(20)}
    assert all(order == sorted(order) for order in by_chat.values())


async def test_what_became_of_a_letter_is_kept(store: Store) -> None:
    """A sent letter keeps its time and message, a dead one its reason; both are finished."""
    sent, dead = await put(store, samples.letter(1), samples.letter(2))
    await claim(store)
    await store.write(lambda tx: outbox.settle(tx, sent, State.SENT, minutes(1), message_id=samples.BIG))
    await store.write(lambda tx: outbox.settle(tx, dead, State.DEAD, minutes(2), error="bot was blocked"))
    first, second = await store.read(lambda tx: outbox.of_ticket(tx, 1))
    assert (first.state, first.sent_at, first.message_id) == (State.SENT, minutes(1), samples.BIG)
    assert (second.state, second.sent_at, second.error) == (State.DEAD, None, "bot was blocked")
    assert second.settled_at == minutes(2)
    assert await store.read(outbox.pending) == 0
    assert await store.read(outbox.next_at) is None


async def test_letters_on_their_way_are_found_after_a_crash(store: Store) -> None:
    """What somebody began to send is found by the next start, and by nobody else's claim."""
    ids = await put(store, samples.letter(1), samples.letter(2))
    assert await claim(store, Room(most=1)) == ids[:1]
    assert [letter.id for letter in await store.read(outbox.left_sending)] == ids[:1]
    assert await store.read(outbox.pending) == 2


async def test_edits_of_a_card_are_one_letter(store: Store) -> None:
    """A card that still waits is brought up to date; it goes as early as the most urgent of its versions."""

    async def card(version: int, lane: Lane, method: str, chat: int = 1) -> int:
        letter = samples.letter(
            chat, purpose="card", version=version, lane=lane, method=method, payload={"text": f"第{version}版"}
        )
        return await put_card(store, letter)

    first = await card(1, Lane.NORMAL, "send")
    assert await card(2, Lane.URGENT, "edit") == first
    assert await card(3, Lane.INFO, "edit") == first
    assert await card(3, Lane.INFO, "edit", chat=2) != first
    taken = (await store.write(lambda tx: outbox.claim(tx, NOW)))[0]
    assert (taken.id, taken.version, taken.lane, taken.payload) == (first, 3, Lane.URGENT, {"text": "第3版"})
    assert taken.method == "send"  # it was never posted: there is nothing to edit
    assert await card(4, Lane.NORMAL, "edit") != first  # that one is on its way with the third


async def test_a_card_that_must_be_posted_anew_is_posted(store: Store) -> None:
    """A new posting that meets a waiting edit makes it a posting."""
    edit = samples.letter(1, purpose="card", method="edit")
    first = await put_card(store, edit)
    send = samples.letter(1, purpose="card", method="send")
    assert await put_card(store, send) == first
    assert await letter_ids(store) == [first]
    assert (await store.write(lambda tx: outbox.claim(tx, NOW)))[0].method == "send"


async def test_what_is_true_no_longer_is_not_sent(store: Store) -> None:
    """Waiting letters of a purpose are withdrawn for one ticket; those on their way are not."""
    await put(store, samples.letter(1, purpose="warning"))
    await claim(store)
    await put(
        store,
        samples.letter(2, purpose="warning"),
        samples.letter(3, purpose="page"),
        samples.letter(4, purpose="warning", ticket_id=2),
    )
    assert await store.write(lambda tx: outbox.supersede(tx, 1, ["warning", "call"])) == 1
    states = [letter.state for letter in await store.read(lambda tx: outbox.of_ticket(tx, 1))]
    assert states == [State.SENDING, State.SUPERSEDED, State.NEW]


async def test_cards_of_one_transaction_are_one_letter(store: Store) -> None:
    """A card that is drawn twice before it is written goes once, in its newest form and most urgent lane."""

    async def work(tx: Transaction) -> None:
        for version, lane in enumerate((Lane.INFO, Lane.URGENT, Lane.NORMAL)):
            await outbox.put_card(tx, samples.letter(1, purpose="card", version=version, lane=lane), first=True)

    await store.write(work)
    (kept,) = await store.read(lambda tx: outbox.of_ticket(tx, 1))
    assert (kept.version, kept.lane) == (2, Lane.URGENT)


async def test_a_letter_is_seen_in_its_own_transaction(store: Store) -> None:
    """Letters are written together, but nobody who asks for them has to know that."""

    async def work(tx: Transaction) -> list[int]:
        for version in range(3):
            await outbox.put(tx, samples.letter(1, version=version))
        return [letter.version for letter in await outbox.of_ticket(tx, 1)]

    assert await store.write(work) == [0, 1, 2]


async def test_of_several_calls_the_newest_waits_alone(store: Store) -> None:
    """An earlier call about the same clock for the same chat is put away; another clock, another chat stay."""
    letters = [
        samples.letter(chat, purpose="call", clock=clock)
        for chat, clock in ((10, "response"), (10, "arrival"), (11, "response"))
    ]

    async def work(tx: Transaction) -> list[str]:
        for letter in letters:
            await outbox.put(tx, letter)
        await outbox.overtake(tx, letters[0], ["call", "call_again"])
        return [letter.state.value for letter in await outbox.of_ticket(tx, 1)]

    assert await store.write(work) == ["superseded", "new", "new"]


async def test_only_its_holder_settles_a_letter(store: Store) -> None:
    """A letter that somebody else has taken over is not settled, tried again or rewritten by its first holder."""
    (id_,) = await put(store, samples.letter(1))
    await claim(store, Room(holder="a"))
    await store.write(lambda tx: outbox.settle(tx, id_, State.UNCERTAIN, NOW, holder="a"))
    if store.url_kind == "postgresql":  # on SQLite there is nobody else
        with pytest.raises(TakenOver):
            await store.write(lambda tx: outbox.settle(tx, id_, State.SENT, NOW, holder="a"))
    for late in (
        lambda tx: outbox.retry(tx, id_, NOW, "", holder="a"),
        lambda tx: outbox.rewrite(tx, id_, {}, holder="a"),
    ):
        with pytest.raises(TakenOver):
            await store.write(late)
    assert (await store.read(lambda tx: outbox.of_ticket(tx, 1)))[0].state is State.UNCERTAIN


async def test_letters_of_the_living_are_left_to_them(store: Store) -> None:
    """What was left on its way is one's own and that of whoever is no longer there."""
    ids = await put(store, *(samples.letter(chat) for chat in range(3)))
    await store.write(lambda tx: replicas.join(tx, "b"))
    for holder in ("a", "b", "gone"):
        await claim(store, Room(holder=holder, most=1))
    left = await store.read(lambda tx: outbox.left_sending(tx, "a"))
    assert [(letter.id, letter.holder) for letter in left] == [(ids[0], "a"), (ids[2], "gone")]
    await store.write(lambda tx: replicas.leave(tx, "b"))
    assert len(await store.read(lambda tx: outbox.left_sending(tx, "a"))) == 3


async def test_a_replica_takes_the_letters_of_its_chats(store: Store) -> None:
    """Each chat is written to by one replica only, and nobody waits for letters that are not its own."""
    ids = await put(store, *(samples.letter(chat) for chat in (-10, 11, 12)))
    assert await store.read(lambda tx: outbox.next_at(tx, Share(3, 7))) == NOW
    assert await store.read(lambda tx: outbox.next_at(tx, Share(0, 7))) is None
    assert await claim(store, Room(share=Share(0, 2))) == [ids[0], ids[2]]
    assert await claim(store, Room(share=Share(1, 2))) == [ids[1]]
