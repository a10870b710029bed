"""The house looks at itself: what it must find, and what it must not."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from desk import audit
from desk.access import Act
from desk.audit import Finding, Kind, Memory
from desk.house import Desk
from sla import events
from sla.terms import Clock
from storage import alarms, inbox, outbox
from storage.letters import Lane, Letter, State
from storage.schema import ALARMS, TERMS, TICKETS
from storage.store import Store
from tests.desk.people import GOV_CLOUD, MINE, OTHER, contract, house, people
from tests.desk.room import NOW, Room
from tests.desk.scenes import BEFORE, scene
from tests.storage.samples import put_one

BOT = 100


@pytest.fixture(params=["sqlite", "postgresql"])
async def room(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Room]:
    """A room on one database and on the other."""
    sqlite = request.param == "sqlite"
    store = await Store.open(f"sqlite:///{tmp_path}/hotline.db" if sqlite else request.getfixturevalue("postgres_url"))
    await store.migrate(NOW)
    room = Room(store=store, house=house())
    await room.opens(people())
    yield room
    await store.close()


async def looked(room: Room, memory: Memory | None = None) -> list[Finding]:
    """Everything that is found now."""
    kept = memory or Memory()

    async def rows(desk: Desk) -> list[Finding]:
        found = await audit.of_rows(desk, await audit.counted(desk), kept)
        tickets = await audit.of_tickets(desk, await audit.unjudged(desk, kept), kept)
        tickets += await audit.of_clocks(desk, await audit.uncompared(desk, kept), kept)
        return audit.merged([*found, *audit.gathered(tickets, desk.now)])

    return await room.store.read(lambda tx: rows(room.desk(tx)))


async def silenced(room: Room, *tickets: int) -> None:
    """The alarms of these tickets vanish."""
    await room.work(lambda desk: desk.tx.run(sa.delete(ALARMS).where(ALARMS.c.ticket_id.in_(tickets))))


def letter(lane: Lane, **changes: object) -> Letter:
    """A letter of this lane, from now."""
    plain = Letter(
        contract=MINE, lane=lane, method="send", chat_id=1, payload={}, purpose="answer", next_at=NOW, created_at=NOW
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize("act", [*BEFORE, Act.MERGE], ids=str)
async def test_nothing_is_found_in_a_house_where_all_is_well(room: Room, act: Act) -> None:
    """Whatever can be done to a ticket, before it is done the ticket has its next step or its person."""
    await scene(room, act, "engineer-1")
    await room.said()
    assert await looked(room) == []


async def test_a_ticket_without_its_alarms(room: Room) -> None:
    """It owes a call and would never make it, whether somebody has it or not."""
    first, second = await room.reported(), await room.reported()
    await room.meets(second.id, events.Acknowledged(at=room.now, by="engineer-1"))
    await room.said()
    await silenced(room, first.id, second.id)
    room.passes(minutes=3)
    [found] = await looked(room)
    assert found == Finding(kind=Kind.STRANDED, count=2, age=timedelta(minutes=3), first=first.number)
    assert not audit.is_well([found])


async def test_a_ticket_that_waits_for_nobody(room: Room) -> None:
    """It is being worked on, but by whom? No limit binds it either."""
    ticket = await room.reported("other")
    await room.meets(ticket.id, events.Acknowledged(at=room.now, by="engineer-1"))
    await room.said()
    assert await looked(room) == []
    nobody = replace(await room.ticket(ticket.id), handler=None, rungs={}, version=9)
    await room.work(lambda desk: _put(desk, nobody))
    assert [finding.kind for finding in await looked(room)] == [Kind.STRANDED]


async def _put(desk: Desk, ticket: object) -> None:
    from storage import tickets

    row = tickets._row(ticket)  # type: ignore[arg-type]
    await desk.tx.run(sa.update(TICKETS).where(TICKETS.c.id == row.pop("id")).values(row))


async def test_a_request_that_no_limit_binds_and_nobody_takes(room: Room) -> None:
    """After an hour it is said, but it is no fault of the program."""
    await room.reported("other", slug=OTHER)
    await room.said()
    room.passes(minutes=60)
    assert await looked(room) == []
    room.passes(minutes=1)
    [found] = await looked(room)
    assert (found.kind, found.count, found.age) == (Kind.UNTAKEN, 1, timedelta(minutes=61))
    assert audit.is_well([found])


async def test_a_ticket_whose_terms_are_lost(room: Room) -> None:
    """Nobody can tell what was promised: a person has to see to it."""
    ticket = await room.reported()
    await room.said()
    await room.meets(ticket.id, events.Acknowledged(at=room.now, by="engineer-1"))
    await room.said()
    room.house = house({MINE: contract(GOV_CLOUD.replace("gov-cloud", MINE))})
    await room.work(lambda desk: desk.tx.run(sa.delete(TERMS).where(TERMS.c.digest == ticket.terms)))
    assert [finding.kind for finding in await looked(room)] == [Kind.STRANDED]
    await silenced(room, ticket.id)
    assert [finding.kind for finding in await looked(room)] == [Kind.STRANDED]


async def test_a_ticket_is_read_once_for_each_version(room: Room) -> None:
    """Thousands that wait for their people are not read again every minute."""
    ticket = await room.reported("other")
    await room.meets(ticket.id, events.Acknowledged(at=room.now, by="engineer-1"))
    await room.said()
    memory = Memory()
    assert await looked(room, memory) == []
    assert memory.waiting == {ticket.id: 2}
    assert await room.store.read(lambda tx: audit.unjudged(room.desk(tx), memory)) == []
    await room.meets(ticket.id, events.Noted(at=room.now, by="engineer-1", text="在路上"))
    assert await room.store.read(lambda tx: audit.unjudged(room.desk(tx), memory)) == [ticket.id]
    await room.meets(ticket.id, events.Voided(at=room.now, by="reporter-1", reason="误报"))
    assert await room.store.read(lambda tx: audit.unjudged(room.desk(tx), memory)) == []
    assert memory.waiting == {}


async def test_an_alarm_that_does_not_ring(room: Room) -> None:
    """Twenty seconds after its instant it should have been looked at."""
    ticket = await room.reported()
    await room.said()
    room.passes(minutes=5, seconds=20)
    assert await looked(room) == []
    room.passes(seconds=1)
    assert await looked(room) == [Finding(kind=Kind.OVERDUE, count=1, age=timedelta(seconds=21), first=ticket.number)]


async def test_one_alarm_of_several_is_gone(room: Room) -> None:
    """The response is watched and the handling is not: the ticket would fall silent later; seen until it is mended."""
    ticket, memory = await room.reported(), Memory()
    await room.said()
    gone = (ALARMS.c.ticket_id == ticket.id) & (ALARMS.c.clock == "handling")
    await room.work(lambda desk: desk.tx.run(sa.delete(ALARMS).where(gone)))
    for _ in range(2):
        [found] = await looked(room, memory)
        assert (found.kind, found.first) == (Kind.STRANDED, ticket.number)
    await room.meets(ticket.id, events.Acknowledged(at=room.now, by="engineer-1"))
    await room.said()
    assert await looked(room, memory) == []
    assert memory.suspects == set()


async def test_an_alarm_that_is_put_off_for_ever(room: Room) -> None:
    """It is never overdue by its row, because it is always put off; but its ticket knows when it was meant to ring."""
    ticket = await room.reported()
    await room.said()
    room.passes(minutes=6)
    later = room.now + timedelta(seconds=30)
    await room.work(lambda desk: alarms.put_off(desk.tx, ticket.id, Clock.RESPONSE, later))
    [found] = await looked(room)
    assert (found.kind, found.count, found.first) == (Kind.OVERDUE, 1, ticket.number)


async def test_every_ticket_has_its_turn(room: Room) -> None:
    """With more tickets than are compared at once, each comes up in its turn, and then the first again."""
    first, second, third = [(await room.reported()).id for _ in range(3)]
    memory, turns = Memory(), []
    for _ in range(5):
        ids = await room.store.read(lambda tx: audit.uncompared(room.desk(tx), memory, most=1))
        turns.append(set(ids) - {first})  # the first is the next due, each time
    assert turns == [set(), {second}, {third}, set(), set()]


@pytest.mark.parametrize(
    ("lane", "kind"),
    [(Lane.URGENT, Kind.LATE_URGENT), (Lane.NORMAL, Kind.LATE_NORMAL), (Lane.INFO, Kind.LATE_INFO)],
)
async def test_a_letter_that_waits_too_long(room: Room, lane: Lane, kind: Kind) -> None:
    """Each lane has its time, and a letter that is put off again and again is as late as one that nobody tried."""
    tried = await room.work(lambda desk: put_one(desk.tx, letter(lane)))
    await room.work(lambda desk: outbox.put(desk.tx, letter(lane)))
    room.passes(seconds=audit.ALLOWED[lane].total_seconds())
    await room.work(lambda desk: outbox.retry(desk.tx, tried, room.now + timedelta(hours=1), "429"))
    assert await looked(room) == []
    room.passes(seconds=1)
    late = audit.ALLOWED[lane] + timedelta(seconds=1)
    assert await looked(room) == [Finding(kind=kind, count=2, age=late, first=tried)]


async def test_a_letter_for_later_is_not_late(room: Room) -> None:
    """What is not to go before a certain instant waits from then on."""
    await room.work(lambda desk: outbox.put(desk.tx, letter(Lane.URGENT, next_at=NOW + timedelta(hours=1))))
    room.passes(minutes=60)
    assert await looked(room) == []


async def test_a_letter_that_is_never_sent_to_its_end(room: Room) -> None:
    """Seen on its way at one look and, the same try, at another a minute later; a new try counts anew."""
    id_ = await room.work(lambda desk: put_one(desk.tx, letter(Lane.URGENT)))
    memory = Memory()

    async def taken() -> None:
        await room.work(lambda desk: outbox.claim(desk.tx, room.now))

    await taken()
    assert await looked(room, memory) == []
    room.passes(minutes=1)
    assert await looked(room, memory) == [Finding(kind=Kind.STUCK, count=1, age=timedelta(minutes=1), first=id_)]
    await room.work(lambda desk: outbox.retry(desk.tx, id_, room.now, "429"))
    await taken()
    assert await looked(room, memory) == []
    await room.work(lambda desk: outbox.settle(desk.tx, id_, State.SENT, room.now))
    assert await looked(room, memory) == []
    assert memory.sending == {}


async def test_an_update_that_nobody_handles(room: Room) -> None:
    """Half a minute is long for something that takes milliseconds."""
    await room.work(lambda desk: inbox.add(desk.tx, BOT, [(7, "{}", "")], room.now))
    room.passes(seconds=30)
    assert await looked(room) == []
    room.passes(seconds=1)
    assert await looked(room) == [Finding(kind=Kind.UNHANDLED, count=1, age=timedelta(seconds=31), first=7)]


async def test_an_update_that_was_put_aside(room: Room) -> None:
    """It is named for an hour; then it still lies there, but does not make the house ill for ever."""
    await room.work(lambda desk: inbox.add(desk.tx, BOT, [(7, "{}", "")], room.now))
    await room.work(lambda desk: inbox.settle(desk.tx, BOT, 7, inbox.State.POISON, room.now, "failed"))
    room.passes(minutes=60)
    assert await looked(room) == [Finding(kind=Kind.PUT_ASIDE, count=1, age=timedelta(hours=1), first=7)]
    room.passes(seconds=1)
    assert await looked(room) == []
    assert (await room.store.read(lambda tx: audit.counted(room.desk(tx)))).poison == 1
