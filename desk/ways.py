"""Which further ways a person is told by, beside Telegram or in its stead, and in what order."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from desk.house import Desk, Way
from sla.notices import Notice, Say
from sla.terms import Clock, Terms, WayKind
from sla.ticket import Ticket
from storage import lateness, relays
from storage.relays import Relay

_PAGES = frozenset({Say.PAGE, Say.RAISED, Say.ONSITE, Say.UNREACHABLE})
_SAME_NEWS = timedelta(minutes=1)
# Between two messages to one person by one way: what comes meanwhile is told together. The gravest level never waits.
BREATH = timedelta(seconds=30)


def has_any(desk: Desk, person: str) -> bool:
    """Whether there is any further way to this person."""
    return bool(desk.house.ways.get(person))


async def instead(
    desk: Desk,
    ticket: Ticket,
    terms: Terms,
    say: Say,
    person: str,
    *,
    clock: Clock | None = None,
    letter_id: int | None = None,
) -> bool:
    """Tell a person by the first further way, because Telegram does not reach them; false if there is none."""
    ways = _in_order(desk, person, _demanded(ticket, terms, say))
    if not ways:
        return False
    if not await _told_just_now(desk, ticket, say, person):
        await _put(desk, ticket, terms, say, person, ways, clock=clock, letter_id=letter_id)
    return True


async def note(desk: Desk, contract: str, person: str, purpose: str, about: int) -> bool:
    """Tell a person by the first further way of something that is no ticket; false if there is none."""
    ways = desk.house.ways.get(person, ())
    if not ways:
        return False
    relay = Relay(
        contract=contract,
        about=about,
        person=person,
        way=ways[0].key,
        kind=ways[0].kind.value,
        further=tuple(one.key for one in ways[1:]),
        purpose=purpose,
        next_at=desk.now,
        created_at=desk.now,
    )
    await relays.put(desk.tx, relay)
    return True


async def takes_over(
    desk: Desk,
    ticket: Ticket,
    terms: Terms,
    say: Say,
    person: str,
    *,
    clock: Clock | None = None,
    letter_id: int,
) -> bool:
    """The same for a letter that cannot arrive: what goes beside it already, and its further ways, are enough."""
    beside_it = [relay for relay in await relays.of_ticket(desk.tx, ticket.id) if relay.letter_id == letter_id]
    return bool(beside_it) or await instead(desk, ticket, terms, say, person, clock=clock, letter_id=letter_id)


async def beside(desk: Desk, ticket: Ticket, terms: Terms, notice: Notice, person: str, chat_id: int) -> bool:
    """Where the level demands it, tell a person by a further way as well; false if that is demanded and cannot be."""
    demanded = _demanded(ticket, terms, notice.say)
    ways = _in_order(desk, person, demanded)
    if not demanded:
        return True
    if not ways or ways[0].kind not in demanded:
        return False
    letter = await lateness.newest_urgent(desk.tx, ticket.id, chat_id)
    await _put(desk, ticket, terms, notice.say, person, ways, clock=notice.clock, letter_id=letter, goes_beside=True)
    return True


def lacks(desk: Desk, ticket: Ticket, terms: Terms, say: Say, person: str) -> bool:
    """Whether the level demands a way that this person does not have."""
    demanded = _demanded(ticket, terms, say)
    return bool(demanded) and all(way.kind not in demanded for way in desk.house.ways.get(person, ()))


async def onward(desk: Desk, relay: Relay) -> bool:
    """Go on to the next way of the same person, at once; false if there is none."""
    kinds = {way.key: way.kind for way in desk.house.ways.get(relay.person, ())}
    left = [key for key in relay.further if key in kinds]
    if not left:
        return False
    further = replace(_anew(desk, relay), way=left[0], kind=kinds[left[0]].value, further=tuple(left[1:]), repeat=False)
    await relays.put(desk.tx, further)
    return True


async def repeat(desk: Desk, relay: Relay) -> None:
    """Nobody knows whether it went out: say it once more by the same way, marked."""
    await relays.put(desk.tx, replace(_anew(desk, relay), repeat=True))


def _demanded(ticket: Ticket, terms: Terms, say: Say) -> Sequence[WayKind]:
    return terms.levels[ticket.level].also_by if say in _PAGES and ticket.level in terms.levels else ()


def _in_order(desk: Desk, person: str, demanded: Sequence[WayKind]) -> list[Way]:
    """What the level demands first, then the person's own order."""
    ways = desk.house.ways.get(person, ())
    first = [way for kind in demanded for way in ways if way.kind == kind]
    return [*first, *(way for way in ways if way not in first)]


async def _told_just_now(desk: Desk, ticket: Ticket, say: Say, person: str) -> bool:
    """Several people who cannot be reached at once are one reason to disturb the next one, not several."""
    if say is not Say.UNREACHABLE:
        return False
    return any(
        relay.person == person and relay.purpose == say.value and desk.now - relay.created_at < _SAME_NEWS
        for relay in await relays.of_ticket(desk.tx, ticket.id)
    )


async def _put(
    desk: Desk,
    ticket: Ticket,
    terms: Terms,
    say: Say,
    person: str,
    ways: Sequence[Way],
    *,
    clock: Clock | None,
    letter_id: int | None,
    goes_beside: bool = False,
) -> None:
    gravest = ticket.level in terms.levels and terms.rank(ticket.level) == 0
    way, further = ways[0], ways[1:]
    next_at = desk.now
    if not gravest:
        last = await relays.last_taken(desk.tx, person, way.key)
        next_at = desk.now if last is None else max(desk.now, last + BREATH)
    await relays.put(
        desk.tx,
        Relay(
            contract=ticket.contract,
            ticket_id=ticket.id,
            person=person,
            way=way.key,
            kind=way.kind.value,
            further=tuple(one.key for one in further),
            purpose=say.value,
            clock=clock.value if clock else None,
            version=ticket.version,
            urgent=gravest,
            letter_id=letter_id,
            beside=goes_beside,
            next_at=next_at,
            created_at=desk.now,
        ),
    )


def _anew(desk: Desk, relay: Relay) -> Relay:
    return replace(
        relay,
        id=0,
        text="",
        state=relays.State.NEW,
        attempts=0,
        next_at=desk.now,
        created_at=desk.now,
        taken_at=None,
        sent_at=None,
        error="",
    )
