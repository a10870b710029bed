"""What becomes of a letter: is it still true, did it arrive, and whose turn is it if it did not."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum
from typing import Any

from desk import bundles, cards, telling, ways
from desk.cards import CARD
from desk.house import Desk
from desk.words import moment, plain_of
from sla.events import CLOCK
from sla.notices import Say
from sla.terms import Clock
from sla.ticket import Ticket
from storage import groups, lateness, ledger, messages, outbox, people, tickets
from storage.outbox import Letter, State
from storage.shapes import JSON


class Failure(StrEnum):
    """Why a letter can never arrive as it is."""

    UNREACHABLE = "unreachable"
    MARKUP = "markup"
    CARD_GONE = "card_gone"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """A letter that is ready to go: a new message, or an edit of the message named."""

    letter: Letter
    edits: int | None
    html: str
    plain: bool
    buttons: list[list[list[str]]]
    silent: bool
    reply_to: int | None


_HELD_UP = timedelta(seconds=60)
_EDIT_AGAIN = timedelta(seconds=1)
_PAGES = frozenset({CARD, Say.PAGE, Say.CALL, Say.CALL_AGAIN, Say.OFFERED, Say.RAISED, Say.ONSITE, Say.UNREACHABLE})


async def prepare(desk: Desk, letter: Letter) -> Parcel | None:
    """Make a letter ready, or put it away because it is no longer true."""
    if not await telling.is_true(desk, letter):
        await outbox.settle(desk.tx, letter.id, State.SUPERSEDED, desk.now, holder=letter.holder)
        return None
    edits = None
    if letter.method == CARD and letter.ticket_id is not None:
        card = (await cards.shown(desk, letter.ticket_id)).get(letter.chat_id)
        edits = card.message_id if card else None
    payload = await _dated(desk, letter)
    if letter.method == CARD and edits is None:
        payload = await _marked(desk, letter, payload)
    reply_to = payload.get("reply_to")
    return Parcel(
        letter=replace(letter, payload=payload),
        edits=edits,
        html=str(payload["html"]),
        plain=bool(payload.get("plain")),
        buttons=payload.get("buttons") or [],  # type: ignore[arg-type]
        silent=bool(payload.get("silent")) or (letter.method == CARD and not letter.is_urgent),
        reply_to=reply_to if isinstance(reply_to, int) else None,
    )


async def _dated(desk: Desk, letter: Letter) -> Mapping[str, JSON]:
    """An urgent notice that was held up says when it was meant to be sent; what is kept is what is sent."""
    late = letter.method != CARD and letter.is_urgent and desk.now - letter.created_at > _HELD_UP
    if not late or letter.contract not in desk.house.contracts or letter.payload.get("dated"):
        return letter.payload
    zone = desk.contract(letter.contract).profile.zone
    person = await desk.person(letter.person) if letter.person else None
    mark = desk.say(person, "mark.held_up", at=moment(letter.created_at, zone, desk.now))
    payload = {**letter.payload, "html": f"{letter.payload['html']}\n{mark}", "dated": True}
    await outbox.rewrite(desk.tx, letter.id, payload, holder=letter.holder)
    return payload


async def _marked(desk: Desk, letter: Letter, payload: Mapping[str, JSON]) -> Mapping[str, JSON]:
    """A card that was drawn anew since still repeats the one of which nobody knows whether it arrived."""
    if letter.ticket_id is None or payload.get("repeat"):
        return payload
    if not await outbox.is_in_doubt(desk.tx, letter.ticket_id, letter.chat_id):
        return payload
    marked = _as_repeat(desk, payload)
    await outbox.rewrite(desk.tx, letter.id, marked, holder=letter.holder)
    return marked


def _as_repeat(desk: Desk, payload: Mapping[str, JSON]) -> dict[str, JSON]:
    mark = desk.house.words.html(desk.house.language, "mark.repeat")
    return {**payload, "html": f"{mark}{payload['html']}", "repeat": True}


async def sent(desk: Desk, parcel: Parcel, message_id: int | None) -> None:
    """The Bot API took it: remember where it stands; what is urgent becomes evidence."""
    letter = parcel.letter
    await outbox.settle(desk.tx, letter.id, State.SENT, desk.now, message_id=message_id, holder=letter.holder)
    is_new = message_id is not None and parcel.edits is None
    if message_id is not None and is_new and letter.ticket_id is not None and letter.purpose != bundles.BUNDLE:
        await messages.link(desk.tx, letter.chat_id, message_id, letter.ticket_id, at=desk.now)
        if letter.method == CARD:
            await cards.posted(desk, letter.ticket_id, letter.chat_id, message_id)
    if letter.is_urgent and parcel.edits is None and letter.ticket_id is not None:
        await _record(desk, letter, "delivered", {})


async def uncertain(desk: Desk, parcel: Parcel, error: str) -> None:
    """Sent or not, nobody knows: an edit is simply made again, an urgent message is repeated once and marked."""
    letter = parcel.letter
    if parcel.edits is not None:
        if await _newer_card(desk, letter) is None:
            await outbox.retry(desk.tx, letter.id, desk.now + _EDIT_AGAIN, error, holder=letter.holder)
        else:
            await outbox.settle(desk.tx, letter.id, State.SUPERSEDED, desk.now, error=error, holder=letter.holder)
        return
    await outbox.settle(desk.tx, letter.id, State.UNCERTAIN, desk.now, error=error, holder=letter.holder)
    await _record(desk, letter, "uncertain", {"error": error})
    if (letter.is_urgent or letter.method == CARD) and not letter.payload.get("repeat"):
        await _again(desk, letter, _as_repeat(desk, letter.payload))
    elif letter.method == CARD:
        await _undrawn(desk, letter)


async def failed(desk: Desk, parcel: Parcel, failure: Failure, error: str) -> None:
    """It will never arrive like this: another way, or another person, at once."""
    letter = parcel.letter
    await outbox.settle(desk.tx, letter.id, State.DEAD, desk.now, error=error, holder=letter.holder)
    if failure is Failure.MARKUP and not parcel.plain:
        await _again(desk, letter, {**letter.payload, "html": plain_of(parcel.html), "plain": True})
        return
    if failure is Failure.CARD_GONE and letter.ticket_id is not None:
        await cards.renewed(desk, letter.ticket_id, letter.chat_id, letter.person)
        await _again(desk, letter, letter.payload)
        return
    if letter.method == CARD:
        await _undrawn(desk, letter)
    await _record(desk, letter, "undelivered", {"error": error, "failure": failure.value})
    known = False
    if failure is Failure.UNREACHABLE and letter.person is not None:
        person = await desk.person(letter.person)
        known = person is not None and not person.reachable
        await people.set_reachable(desk.tx, letter.person, False, desk.now)
    if letter.is_urgent or (letter.purpose in _PAGES and not known):
        await _next_in_line(desk, letter, failure)


async def migrated(desk: Desk, letter: Letter, new_chat: int) -> None:
    """The group has a new id: everything is re-pointed, and this letter goes there."""
    await groups.migrate(desk.tx, letter.chat_id, new_chat)
    await outbox.settle(desk.tx, letter.id, State.SUPERSEDED, desk.now, error="migrated", holder=letter.holder)
    await _again(desk, replace(letter, chat_id=new_chat), letter.payload)


async def _again(desk: Desk, letter: Letter, payload: Mapping[str, Any]) -> None:
    again = replace(
        letter,
        id=0,
        payload=payload,
        state=State.NEW,
        attempts=0,
        next_at=desk.now,
        created_at=desk.now,
        sent_at=None,
        message_id=None,
        error="",
        holder=None,
    )
    if letter.method != CARD:
        await outbox.put(desk.tx, again)
        return
    newer = await _newer_card(desk, letter)
    await outbox.put_card(desk.tx, replace(again, payload=newer.payload, version=newer.version) if newer else again)


async def _newer_card(desk: Desk, letter: Letter) -> Letter | None:
    """The card as it was drawn since, if it waits for the same chat: it is never put back to what it was."""
    if letter.ticket_id is None:
        return None
    waiting = [
        other
        for other in await outbox.of_ticket(desk.tx, letter.ticket_id)
        if other.method == CARD and other.chat_id == letter.chat_id and other.state is State.NEW
    ]
    return waiting[-1] if waiting and waiting[-1].id > letter.id else None


async def _undrawn(desk: Desk, letter: Letter) -> None:
    """Nobody has seen this card, if it was one of a ticket."""
    if letter.ticket_id is not None:
        await cards.unseen(desk, letter.ticket_id, letter.chat_id)


async def _next_in_line(desk: Desk, letter: Letter, failure: Failure) -> None:
    missed = letter.person or ""
    pages = letter.is_urgent and letter.ticket_id is not None
    # Whoever was moved on from already is not called twice.
    known = pages and letter.person is not None and await lateness.was_moved_on(desk.tx, letter)
    for one in bundles.about(letter):
        ticket = None if one.ticket_id is None else await tickets.load(desk.tx, one.ticket_id)
        if ticket is not None and pages and (known or await _by_another_way(desk, one, ticket)):
            await lateness.move_on(desk.tx, letter, desk.now)
            if failure is Failure.UNREACHABLE:
                await telling.tell_admins(desk, letter.contract, "admin.relayed", ticket, missed=missed)
        elif ticket is None or not pages or one.purpose not in _PAGES:
            key = "admin.unreachable" if failure is Failure.UNREACHABLE else "admin.undelivered"
            await telling.tell_admins(desk, letter.contract, key, ticket, missed=missed)
        else:
            await telling.tell_next_step(desk, ticket, await desk.terms(ticket), _say(one.purpose), missed)


def _say(purpose: str) -> Say:
    return Say.PAGE if purpose == CARD else Say(purpose)


async def _by_another_way(desk: Desk, letter: Letter, ticket: Ticket) -> bool:
    """The person's further ways come before the next person."""
    if letter.person is None:
        return False
    terms, say, clock = await desk.terms(ticket), _say(letter.purpose), Clock(letter.clock) if letter.clock else None
    return await ways.takes_over(desk, ticket, terms, say, letter.person, clock=clock, letter_id=letter.id)


async def _record(desk: Desk, letter: Letter, kind: str, data: Mapping[str, Any]) -> None:
    for one in bundles.about(letter):
        await ledger.append(
            desk.tx,
            letter.contract,
            ticket_id=one.ticket_id,
            kind=kind,
            at=desk.now,
            noted_at=desk.now,
            by=CLOCK,
            data={"letter": letter.id, "say": one.purpose, "to": letter.person or str(letter.chat_id), **data},
        )
