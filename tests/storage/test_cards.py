"""Cards, messages, forms and files of tickets."""

from dataclasses import replace
from functools import partial

from sqlalchemy import text

from storage import cards, files, forms, groups, messages, outbox, tickets
from storage.cards import Card
from storage.files import State
from storage.forms import Form
from storage.groups import Group
from storage.store import Store, Transaction
from tests.storage import samples
from tests.storage.samples import BIG, NOW, minutes


async def seed(tx: Transaction) -> None:
    """Two tickets."""
    await tickets.insert(tx, samples.ticket(1))
    await tickets.insert(tx, samples.ticket(2))


async def test_a_chat_has_one_card_of_a_ticket(store: Store) -> None:
    """A card has a message when it was posted, keeps it when it is drawn anew, and can be forgotten."""
    await store.write(seed)
    card = Card(ticket_id=1, chat_id=BIG, person="engineer-1", drawn="a")
    await store.write(lambda tx: cards.keep(tx, card))
    assert await store.read(lambda tx: cards.at(tx, 1, BIG)) == card
    await store.write(lambda tx: cards.shown(tx, 1, BIG, 77))
    await store.write(lambda tx: cards.keep(tx, replace(card, drawn="b")))
    await store.write(lambda tx: cards.draw(tx, 1, BIG, "ab"))
    shown = Card(ticket_id=1, chat_id=BIG, person="engineer-1", message_id=77, drawn="ab")
    assert await store.read(lambda tx: cards.of_ticket(tx, 1)) == [shown]
    await store.write(lambda tx: cards.forget(tx, 1, BIG))
    assert await store.read(lambda tx: cards.at(tx, 1, BIG)) is None


async def test_a_message_leads_to_its_ticket(store: Store) -> None:
    """A reply finds the ticket of the message, a picture that of its album; a merge leads both elsewhere."""
    await store.write(seed)
    await store.write(lambda tx: messages.link(tx, 10, 5, 1, person="reporter-1", album="a1", first=True, at=NOW))
    link = await store.read(lambda tx: messages.at(tx, 10, 5))
    assert link is not None
    assert (link.ticket_id, link.person, link.first, link.at) == (1, "reporter-1", True, NOW)
    assert await store.read(lambda tx: messages.at(tx, 11, 5)) is None
    assert await store.read(lambda tx: messages.ticket_of_album(tx, 10, "a1")) == 1
    assert await store.read(lambda tx: messages.ticket_of_album(tx, 11, "a1")) is None
    await store.write(lambda tx: messages.relink(tx, 10, 5, 2))
    assert await store.read(lambda tx: messages.ticket_of_album(tx, 10, "a1")) == 2


async def test_what_a_person_added_can_be_taken_out_again(store: Store) -> None:
    """A burst is what one person added from one message on; neither the opening message nor other people's words."""
    await store.write(seed)

    async def work(tx: Transaction) -> None:
        await messages.link(tx, 10, 5, 1, person="reporter-1", first=True, at=NOW)
        await messages.link(tx, 10, 6, 1, person="reporter-1", at=NOW, text="一")
        await messages.link(tx, 10, 7, 1, person="engineer-1", at=NOW)
        await messages.link(tx, 10, 8, 1, at=NOW)
        await messages.link(tx, 10, 9, 1, person="reporter-1", at=NOW, text="二")
        await messages.asked(tx, 10, 6)
        await messages.reword(tx, 10, 9, "三")

    await store.write(work)
    burst = await store.read(lambda tx: messages.burst(tx, 10, "reporter-1", 1, 6))
    assert [(one.message_id, one.text) for one in burst] == [(6, "一"), (9, "三")]
    assert [one.message_id for one in await store.read(lambda tx: messages.of_ticket(tx, 1))] == [5, 6, 7, 9]
    assert await store.read(lambda tx: messages.was_asked_since(tx, 10, "reporter-1", NOW))
    assert not await store.read(lambda tx: messages.was_asked_since(tx, 10, "reporter-1", minutes(1)))


async def test_a_form_survives_and_is_replaced(store: Store) -> None:
    """A person answers one form in a chat at a time; the newest question counts."""
    form = Form(
        person="engineer-1", chat_id=BIG, purpose="record", ticket_id=1, field="cause", data={"a": "1"}, made_at=NOW
    )
    other = Form(person="engineer-1", chat_id=10, purpose="reason", data={}, made_at=NOW)
    for one in (form, other):
        await store.write(partial(forms.put, form=one))
    assert await store.read(lambda tx: forms.get(tx, "engineer-1", BIG)) == form
    newer = Form(person="engineer-1", chat_id=BIG, purpose="note", ticket_id=2, data={}, made_at=minutes(1))
    await store.write(lambda tx: forms.put(tx, newer))
    assert await store.read(lambda tx: forms.of_ticket(tx, 1)) == []
    assert await store.read(lambda tx: forms.of_ticket(tx, 2)) == [newer]
    await store.write(lambda tx: forms.drop(tx, "engineer-1", BIG))
    assert await store.read(lambda tx: forms.get(tx, "engineer-1", BIG)) is None
    assert await store.read(lambda tx: forms.get(tx, "engineer-1", 10)) == other


async def test_a_file_is_wanted_until_it_is_kept(store: Store) -> None:
    """A file that could not be fetched is tried again later; a kept one knows where it is."""
    heard: list[frozenset[str]] = []
    store.on_commit(heard.append)

    async def add(tx: Transaction) -> int:
        return await files.add(
            tx,
            contract="fire-line",
            ticket_id=1,
            person="reporter-1",
            kind="photo",
            file_id="AgAC",
            file_unique_id="AQAD",
            name="大屏.jpg",
            size=BIG,
            added_at=NOW,
        )

    first, second = await store.write(add), await store.write(add)
    assert heard == [frozenset({"files"})] * 2
    await store.write(lambda tx: files.failed(tx, first, State.WANTED, minutes(5), "timed out"))
    assert [one.id for one in await store.read(lambda tx: files.wanted(tx, NOW, 10))] == [second]
    await store.write(lambda tx: files.failed(tx, second, State.TOO_BIG, None, "file is too big"))
    assert await store.read(files.next_at) == minutes(5)
    await store.write(lambda tx: files.kept(tx, first, "fire-line/1/a.jpg", "ab" * 32, 9))
    assert await store.read(lambda tx: files.wanted(tx, minutes(9), 10)) == []
    kept, big = await store.read(lambda tx: files.of_ticket(tx, 1))
    assert (kept.state, kept.path, kept.sha256, kept.size) == (State.KEPT, "fire-line/1/a.jpg", "ab" * 32, 9)
    assert (kept.attempts, kept.name) == (1, "大屏.jpg")
    assert (big.state, big.size, big.error) == (State.TOO_BIG, BIG, "file is too big")


GROUPS = [(-10, "fire-line", "vendor"), (-11, "fire-line", "joint"), (-12, "cloud", "joint")]


async def test_groups_are_those_of_the_file(store: Store) -> None:
    """A group belongs to one contract; one that is no longer named is nobody's."""
    await store.write(lambda tx: groups.put(tx, GROUPS))
    joint, vendor = await store.read(lambda tx: groups.of_contract(tx, "fire-line"))
    assert vendor == Group(chat_id=-10, contract="fire-line", audience="vendor")
    assert await store.read(lambda tx: groups.by_chat(tx, -11)) == joint
    await store.write(lambda tx: groups.put(tx, GROUPS[:1]))
    assert await store.read(lambda tx: groups.of_contract(tx, "fire-line")) == [vendor]
    assert await store.read(lambda tx: groups.by_chat(tx, -12)) is None


async def test_a_group_that_changes_its_id_stays_the_same_group(store: Store) -> None:
    """Cards are posted anew there, forms and waiting letters go along, a restart does not bring the old id back."""
    new = -100 - BIG
    await store.write(seed)
    await store.write(lambda tx: groups.put(tx, GROUPS))

    async def work(tx: Transaction) -> None:
        for ticket_id in (1, 2):
            await cards.keep(tx, Card(ticket_id=ticket_id, chat_id=-10))
        await cards.keep(tx, Card(ticket_id=1, chat_id=new))  # somebody was faster in the new chat
        await cards.shown(tx, 1, new, 3)
        await cards.shown(tx, 2, -10, 4)
        await messages.link(tx, -10, 5, 1, at=NOW)
        await forms.put(tx, Form(person="engineer-1", chat_id=-10, purpose="note", data={}, made_at=NOW))

    await store.write(work)
    sent, _ = await samples.put(store, *[samples.letter(-10)] * 2)
    await store.write(lambda tx: outbox.settle(tx, sent, outbox.State.SENT, NOW))
    for _ in range(2):  # both chats tell of it
        await store.write(lambda tx: groups.migrate(tx, -10, new))
    await store.write(lambda tx: groups.put(tx, GROUPS))
    group = await store.read(lambda tx: groups.by_chat(tx, new))
    assert group == Group(chat_id=new, contract="fire-line", audience="vendor")
    assert await store.read(lambda tx: groups.by_chat(tx, -10)) is None
    card = await store.read(lambda tx: cards.at(tx, 1, new))
    assert card is not None
    assert card.message_id == 3
    moved = await store.read(lambda tx: cards.at(tx, 2, new))
    assert moved is not None
    assert moved.message_id is None
    assert await store.read(lambda tx: messages.at(tx, new, 5)) is None
    assert await store.read(lambda tx: forms.get(tx, "engineer-1", new)) is not None
    assert [one.chat_id for one in await store.read(lambda tx: outbox.of_ticket(tx, 1))] == [-10, new]


async def test_the_file_may_name_the_new_id_later(store: Store) -> None:
    """Once the operator writes the new id, it is one group, not two; both ids at once are one too."""
    await store.write(lambda tx: groups.put(tx, GROUPS[:1]))
    await store.write(lambda tx: groups.migrate(tx, -10, -20))
    await store.write(lambda tx: groups.put(tx, [*GROUPS[:1], (-20, "fire-line", "joint")]))
    assert await store.read(lambda tx: groups.of_contract(tx, "fire-line")) == [
        Group(chat_id=-20, contract="fire-line", audience="joint")
    ]
    await store.write(lambda tx: groups.put(tx, [(-20, "fire-line", "vendor")]))
    count = await store.read(lambda tx: tx.run(text("SELECT chat_id FROM groups")))
    assert len(count.all()) == 1
