"""What becomes of letters: no longer true, arrived, nobody knows, never."""

import pytest

from desk import delivery
from desk.access import Act
from desk.delivery import Failure, Parcel
from sla import events
from storage import cards, outbox
from storage.letters import Lane, Letter, State
from tests.desk import payloads, scenes
from tests.desk.people import ACCOUNTS
from tests.desk.room import Room
from tests.desk.test_telling import cannot_reach, rings


async def waiting(room: Room, purpose: str, who: str, number: int = 1) -> Letter:
    """A letter that lies in the outbox."""
    found = [one for one in await room.letters(number) if one.purpose == purpose and one.chat_id == ACCOUNTS[who]]
    assert found, [(one.purpose, one.person) for one in await room.letters(number)]
    return found[-1]


async def prepared(room: Room, letter: Letter) -> Parcel:
    """The letter in the courier's hands."""
    parcel = await room.work(lambda desk: delivery.prepare(desk, letter))
    assert parcel is not None
    return parcel


async def states(room: Room, purpose: str) -> set[State]:
    """What became of the letters of one purpose."""
    return {one.state for one in await room.letters() if one.purpose == purpose}


async def breached(room: Room) -> None:
    """Nobody has answered, and the call lies in the outbox."""
    await room.reported("general")
    await rings(room, minutes=9)
    room.passes(minutes=2)
    while await room.rings():
        pass


async def test_a_call_that_is_no_longer_true_is_not_made(room: Room) -> None:
    """If the engineer answers while the call still waits, the call is put away, and said nowhere."""
    await breached(room)
    await room.does("engineer-1", Act.ACKNOWLEDGE)
    said = await room.said()
    assert not any("请接手" in one.text for one in said)
    assert await states(room, "call") == {State.SUPERSEDED} == await states(room, "breach")


async def test_a_warning_for_a_kept_promise_is_not_given(room: Room) -> None:
    """Whoever arrives while the warning waits is not warned."""
    await room.reported("general")
    await room.meets(1, *(step(room, "engineer-1") for step in scenes.TAKEN))
    await room.said()
    room.passes(minutes=61)
    while await room.rings():
        pass
    await room.meets(1, events.Arrived(at=room.now, by="engineer-1"))
    await room.said()
    assert State.SUPERSEDED in await states(room, "warning")


async def test_a_card_is_always_the_newest(room: Room) -> None:
    """Cards that wait are not sent one after the other: one edit shows where the ticket stands now."""
    await room.says("reporter-1", "大屏花屏")
    await room.said()
    await room.does("engineer-1", Act.ACKNOWLEDGE)
    await room.does("engineer-1", Act.ARRIVE)
    cards_ = [parcel for parcel in await room.parcels() if parcel.letter.chat_id == ACCOUNTS["reporter-1"]]
    edits = [parcel for parcel in cards_ if parcel.letter.method == "card"]
    assert len(edits) == 1 and edits[0].edits is not None and "已到场" in edits[0].html


async def test_an_urgent_letter_that_may_have_arrived_is_repeated_once_and_marked(room: Room) -> None:
    """Nobody knows whether the call went out: it is made once more, marked, and then never again."""
    await breached(room)
    parcel = await prepared(room, await waiting(room, "call", "manager-1"))
    await room.work(lambda desk: delivery.uncertain(desk, parcel, "ReadTimeout"))
    again = await waiting(room, "call", "manager-1")
    assert again.id != parcel.letter.id and str(again.payload["html"]).startswith("（重发）")
    count = len(await room.letters())
    second = await prepared(room, again)
    await room.work(lambda desk: delivery.uncertain(desk, second, "ReadTimeout"))
    assert len(await room.letters()) == count
    assert [entry.kind for entry in await room.ledger()].count("uncertain") == 2


async def test_information_that_may_have_arrived_is_not_repeated(room: Room) -> None:
    """A notice without urgency is left as it is."""
    await room.reported()
    await room.meets(1, *(step(room, "engineer-1") for step in scenes.TAKEN))
    parcel = await prepared(room, await waiting(room, "taken", "reporter-1"))
    count = len(await room.letters())
    await room.work(lambda desk: delivery.uncertain(desk, parcel, "ReadTimeout"))
    assert len(await room.letters()) == count
    assert (await waiting(room, "taken", "reporter-1")).state is State.UNCERTAIN


async def test_a_first_card_that_may_have_arrived_is_sent_once_more(room: Room) -> None:
    """Without its card a reporter has nothing: it is sent again, marked, and then never again."""
    await room.says("reporter-1", "大屏花屏")
    parcel = await prepared(room, await waiting(room, "card", "reporter-1"))
    assert parcel.edits is None and parcel.letter.lane is Lane.NORMAL
    await room.work(lambda desk: delivery.uncertain(desk, parcel, "ReadTimeout"))
    again = await prepared(room, await waiting(room, "card", "reporter-1"))
    assert again.letter.id != parcel.letter.id and again.html.startswith("（重发）")
    assert again.buttons == parcel.buttons
    count = len(await room.letters())
    await room.work(lambda desk: delivery.uncertain(desk, again, "ReadTimeout"))
    assert len(await room.letters()) == count


@pytest.mark.parametrize("meanwhile", [True, False], ids=["while on its way", "while the repeat waits"])
async def test_a_repeated_card_that_was_drawn_anew_keeps_its_mark(room: Room, meanwhile: bool) -> None:
    """Whoever may have two cards of a ticket reads on the second one that it is a repeat; then all doubt is over."""
    await room.says("reporter-1", "大屏花屏")
    while await room.store.write(lambda tx: outbox.claim(tx, room.now)):
        pass
    parcel = await prepared(room, await waiting(room, "card", "reporter-1"))
    raised = events.Reclassified(at=room.now, by="officer-1", level="major")
    if meanwhile:
        await room.meets(1, raised)
    await room.work(lambda desk: delivery.uncertain(desk, parcel, "ReadTimeout"))
    if not meanwhile:
        await room.meets(1, raised)
    again = await prepared(room, await waiting(room, "card", "reporter-1"))
    assert again.edits is None and again.html.startswith("（重发）") and "重大故障" in again.html
    await room.work(lambda desk: delivery.sent(desk, again, 77))
    assert not await room.store.read(lambda tx: outbox.is_in_doubt(tx, 1, ACCOUNTS["reporter-1"]))


async def test_an_edit_that_may_have_arrived_is_made_again_a_second_later(room: Room) -> None:
    """The same edit twice does no harm, but not at once: the line may be down."""
    await room.says("reporter-1", "大屏花屏")
    await room.said()
    await room.does("engineer-1", Act.ACKNOWLEDGE)
    edit = await prepared(room, await waiting(room, "card", "reporter-1"))
    assert edit.edits is not None
    await room.work(lambda desk: delivery.uncertain(desk, edit, "ReadTimeout"))
    assert not any(one.chat == ACCOUNTS["reporter-1"] for one in await room.said() if one.letter.method == "card")
    room.passes(seconds=1)
    assert [one.letter.id for one in await room.told("reporter-1") if one.letter.method == "card"] == [edit.letter.id]


@pytest.mark.parametrize("first", [True, False], ids=["first card", "edit"])
async def test_a_card_is_never_put_back_to_what_it_was(room: Room, first: bool) -> None:
    """If the ticket moved on while the card was on its way, what waits since is sent, not the older card again."""
    await room.says("reporter-1", "大屏花屏")
    if not first:
        await room.said()
        await room.does("engineer-1", Act.ACKNOWLEDGE)
    while await room.store.write(lambda tx: outbox.claim(tx, room.now)):
        pass
    old = await prepared(room, await waiting(room, "card", "reporter-1"))
    assert (old.edits is None) is first
    await room.meets(1, events.Reclassified(at=room.now, by="officer-1", level="major"))
    await room.work(lambda desk: delivery.uncertain(desk, old, "ReadTimeout"))
    room.passes(seconds=2)
    shown = [one.text for one in await room.told("reporter-1") if one.letter.method == "card"]
    assert len(shown) == 1 and "重大故障" in shown[0]


@pytest.mark.parametrize(
    ("failure", "words"), [(Failure.UNREACHABLE, "联系不上〔reporter-1〕"), (Failure.OTHER, "没有送到〔reporter-1〕")]
)
async def test_the_admin_reads_why_something_did_not_arrive(room: Room, failure: Failure, words: str) -> None:
    """Only a person who cannot be reached is to be reminded; anything else is a matter for whoever reads the log."""
    await room.says("reporter-1", "大屏花屏")
    parcel = await prepared(room, await waiting(room, "card", "reporter-1"))
    await room.work(lambda desk: delivery.failed(desk, parcel, failure, "400"))
    said = [one.text for one in await room.told("admin-1")]
    assert len(said) == 1 and words in said[0] and ("查看日志" in said[0]) is (failure is Failure.OTHER)


async def test_a_page_that_cannot_arrive_goes_to_the_next_person_at_once(room: Room) -> None:
    """A 403 on the page: the person counts as unreachable, the manager is called, the admin is told."""
    await room.reported()
    parcel = await prepared(room, await waiting(room, "card", "engineer-1"))
    assert parcel.letter.lane is Lane.GRAVE
    await room.work(lambda desk: delivery.failed(desk, parcel, Failure.UNREACHABLE, "403"))
    said = await room.said()
    assert any("呼叫不到〔engineer-1〕" in one.text for one in said if one.chat == ACCOUNTS["manager-1"])
    assert any("〔engineer-1〕" in one.text for one in said if one.chat == ACCOUNTS["admin-1"])
    assert "undelivered" in [entry.kind for entry in await room.ledger()]
    person = await room.work(lambda desk: desk.person("engineer-1"))
    assert person is not None and not person.reachable


async def test_a_manager_who_cannot_be_called_is_passed_over(room: Room) -> None:
    """If the call itself cannot arrive, the officer of the next step is called instead of the manager again."""
    await breached(room)
    parcel = await prepared(room, await waiting(room, "call", "manager-1"))
    await room.work(lambda desk: delivery.failed(desk, parcel, Failure.UNREACHABLE, "403"))
    [told] = [one for one in await room.told("officer-1") if "〔manager-1〕" in one.text]
    assert "呼叫不到维保方的〔manager-1〕" in told.text and "电话联系维保方" in told.text and not told.buttons


async def test_nobody_at_all_can_be_reached(room: Room) -> None:
    """With every step unreachable nothing fails: the ledger says whom the page did not reach."""
    await cannot_reach(room, *(key for key in ACCOUNTS if key not in ("stranger", "reporter-1")))
    assert (await room.says("reporter-1", "大屏瘫痪")).refusal == ""
    told = next(entry for entry in await room.ledger() if entry.kind == "told")
    assert "engineer-1" in told.data["unreached"] and told.data["to"] == []


async def test_refused_markup_goes_out_as_plain_text(room: Room) -> None:
    """If Telegram refuses the markup the same words go at once without it, and only once."""
    await breached(room)
    parcel = await prepared(room, await waiting(room, "call", "manager-1"))
    await room.work(lambda desk: delivery.failed(desk, parcel, Failure.MARKUP, "400 markup"))
    again = await prepared(room, await waiting(room, "call", "manager-1"))
    assert again.plain and "<b>" not in again.html and "请接手" in again.html
    assert again.buttons == parcel.buttons
    count = len(await room.letters())
    await room.work(lambda desk: delivery.failed(desk, again, Failure.MARKUP, "400 markup"))
    assert not any(one.payload.get("plain") for one in (await room.letters())[count:])


async def test_a_card_that_was_deleted_is_sent_anew(room: Room) -> None:
    """An edit of a message that is gone becomes a new card."""
    await room.says("reporter-1", "大屏花屏")
    await room.said()
    await room.does("engineer-1", Act.ACKNOWLEDGE)
    edit = await prepared(room, await waiting(room, "card", "reporter-1"))
    assert edit.edits is not None
    await room.work(lambda desk: delivery.failed(desk, edit, Failure.CARD_GONE, "400"))
    parcels = [one for one in await room.parcels() if one.letter.chat_id == ACCOUNTS["reporter-1"]]
    new = [one for one in parcels if one.letter.method == "card"]
    assert len(new) == 1 and new[0].edits is None


async def test_a_group_that_became_a_supergroup_is_followed(room: Room) -> None:
    """The letter that was refused goes to the new chat, and so does everything after it."""
    await room.bind_group("joint")
    await room.says("reporter-1", "/report 大屏花屏", payloads.group())
    await room.said()
    await room.does("engineer-1", Act.ACKNOWLEDGE)
    [letter] = [one for one in await room.letters() if one.chat_id == payloads.GROUP and one.state is State.NEW][:1]
    new = -1_009_999_999_999
    await room.work(lambda desk: delivery.migrated(desk, letter, new))
    said = await room.said()
    assert payloads.GROUP not in {one.chat for one in said} and new in {one.chat for one in said}
    shown = await room.work(lambda desk: cards.at(desk.tx, 1, new))
    assert shown is not None and shown.message_id is not None


async def test_what_was_delivered_urgently_is_evidence(room: Room) -> None:
    """Each page that Telegram took stands in the ledger with its reader."""
    await room.reported()
    await room.said()
    delivered = {entry.data["to"] for entry in await room.ledger() if entry.kind == "delivered"}
    assert {"engineer-1", "lead-1", "officer-1"} <= delivered
