"""The card of a ticket: one message for each chat, edited in place as the ticket moves."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from desk import access, buttons, equipment, wording
from desk.buttons import Button
from desk.house import Desk
from desk.incoming import PHONE
from desk.words import Html, clipped, length, moment
from sla import promises
from sla.promises import Promise, Standing
from sla.terms import Kind, LocateMetric, Terms
from sla.ticket import Stage, Ticket
from storage import cards, groups, outbox
from storage.cards import Card
from storage.outbox import Lane, Letter
from storage.people import Person
from storage.shapes import JSON, canonical

CARD = "card"
_LATE = timedelta(minutes=1)  # a report that waited so long at Telegram says so
_PRIVATE = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Who looks at a card: a person in a private chat, or a group with its audience."""

    chat_id: int
    person: Person | None = None
    audience: str = _PRIVATE


def opened(desk: Desk, ticket: Ticket) -> None:
    """The ticket is opened in this transaction: it has no card yet."""
    desk.shown[ticket.id] = {}
    desk.opened.add(ticket.id)


async def shown(desk: Desk, ticket_id: int) -> dict[int, Card]:
    """The ticket's cards by chat, read once in a transaction."""
    if ticket_id not in desk.shown:
        desk.shown[ticket_id] = {card.chat_id: card for card in await cards.of_ticket(desk.tx, ticket_id)}
    return desk.shown[ticket_id]


async def read_all(desk: Desk, ticket_ids: Sequence[int]) -> None:
    """Read the cards of many tickets at once: soon each of them will be asked for."""
    found: dict[int, dict[int, Card]] = {ticket_id: {} for ticket_id in ticket_ids}
    for card in await cards.of_tickets(desk.tx, list(found)) if found else ():
        found[card.ticket_id][card.chat_id] = card
    desk.shown.update(found)


async def posted(desk: Desk, ticket_id: int, chat_id: int, message_id: int) -> None:
    """The card is this message now."""
    await cards.shown(desk.tx, ticket_id, chat_id, message_id)
    desk.shown.pop(ticket_id, None)


async def gone(desk: Desk, ticket_id: int, chat_id: int) -> None:
    """The card's message is there no more: the next one is a new message."""
    await cards.forget(desk.tx, ticket_id, chat_id)
    desk.shown.pop(ticket_id, None)


async def renewed(desk: Desk, ticket_id: int, chat_id: int, person: str | None) -> None:
    """The chat has the card still, but it has to be posted anew."""
    await gone(desk, ticket_id, chat_id)
    await cards.keep(desk.tx, Card(ticket_id=ticket_id, chat_id=chat_id, person=person))


async def unseen(desk: Desk, ticket_id: int, chat_id: int) -> None:
    """What was drawn was never shown: the next refresh draws it again, even if it looks the same."""
    await cards.draw(desk.tx, ticket_id, chat_id, "")
    desk.shown.pop(ticket_id, None)


async def reader_of(desk: Desk, card: Card) -> Reader:
    """The reader of a card that is shown already."""
    person = await desk.person(card.person) if card.person else None
    if person is not None and person.telegram_id == card.chat_id:
        return Reader(chat_id=card.chat_id, person=person)
    group = await groups.by_chat(desk.tx, card.chat_id)
    return Reader(chat_id=card.chat_id, audience=group.audience if group else "vendor")


async def refresh(desk: Desk, ticket: Ticket, terms: Terms) -> None:
    """Bring every card of the ticket up to date, as information; nothing is sent to whom it cannot reach."""
    for card in list((await shown(desk, ticket.id)).values()):
        reader = await reader_of(desk, card)
        if reader.person is None or reader.person.reachable:
            await _put(desk, ticket, terms, reader, _lane_for(ticket, reader), drawn=card.drawn)


def _lane_for(ticket: Ticket, reader: Reader) -> Lane:
    """Information; but when a new round begins, old buttons die, and those who press next wait for new ones."""
    begins = ticket.round_began == ticket.version
    taking_part = reader.person is not None and reader.person.key in (*ticket.handlers, *ticket.reporters)
    return Lane.NORMAL if begins and taking_part else Lane.INFO


async def show(
    desk: Desk,
    ticket: Ticket,
    terms: Terms,
    reader: Reader,
    *,
    lane: Lane,
    reply_to: int | None = None,
) -> bool:
    """Make sure that a chat has the ticket's card; answers whether it is new there."""
    card = (await shown(desk, ticket.id)).get(reader.chat_id)
    await _put(desk, ticket, terms, reader, lane, reply_to=reply_to, drawn=card.drawn if card else "")
    return card is None


async def show_again(desk: Desk, ticket: Ticket, terms: Terms, reader: Reader) -> None:
    """Send the card anew at the end of the chat: somebody asked for it."""
    await gone(desk, ticket.id, reader.chat_id)
    await show(desk, ticket, terms, reader, lane=Lane.NORMAL)


async def render(desk: Desk, ticket: Ticket, terms: Terms, reader: Reader) -> Html:
    """The card's text."""
    language = desk.language_of(reader.person)
    words = desk.house.words
    lines = [_heading(desk, ticket, terms, language), _doubt(desk, ticket, terms, language)]
    lines.append(_second_opinion(desk, ticket, terms, reader, language))
    if not desk.house.minimal:
        lines += await _story(desk, ticket, language)
    lines += [*_clocks(desk, ticket, terms, language), *_milestones(desk, ticket, terms, language)]
    if ticket.stage is Stage.REPORTED and not ticket.text and reader.person and reader.person.key == ticket.reporter:
        lines.append(words.html(language, "card.say_more"))
    hint = wording.of_kind(words, f"hint.{_hint_for(ticket, terms, reader)}", ticket.kind)
    if words.has(hint):
        lines.append(words.html(language, hint))
    return Html("\n".join(line for line in lines if line))


def _clocks(desk: Desk, ticket: Ticket, terms: Terms, language: str) -> list[Html]:
    """Every clock; what no limit binds says so."""
    words = desk.house.words
    if not terms.levels[ticket.level].limits:
        level = buttons.level_name(words, language, terms, ticket.level)
        return [words.html(language, "card.no_limit" if terms.has_limits else "card.no_limits", level=level)]
    lines = []
    for promise in promises.promises(ticket, terms):
        lines.append(line_of_clock(desk, ticket, terms, promise, language))
        if promise.first_due_at is not None:
            first = moment(promise.first_due_at, desk.contract(ticket.contract).profile.zone, desk.now)
            lines.append(words.html(language, "card.restarted", first=first))
    return lines


def _milestones(desk: Desk, ticket: Ticket, terms: Terms, language: str) -> list[Html]:
    """What happened on the way and ends no clock of its own."""
    words, zone = desk.house.words, desk.contract(ticket.contract).profile.zone
    lines = []
    if ticket.onsite_requested_at:
        asked = moment(ticket.onsite_requested_at, zone, desk.now)
        lines.append(words.html(language, "card.onsite_requested", at=asked))
    if ticket.located_at and terms.locate_metric is LocateMetric.REPAIRED:
        lines.append(words.html(language, "card.located", at=moment(ticket.located_at, zone, desk.now)))
    if ticket.interrupted is not None:
        lines.append(words.html(language, "card.interrupted" if ticket.interrupted else "card.uninterrupted"))
    return lines


def line_of_clock(desk: Desk, ticket: Ticket, terms: Terms, promise: Promise, language: str) -> Html:
    """One clock: its deadline and how it stands."""
    zone = desk.contract(ticket.contract).profile.zone
    stands = promises.standing(promise, desk.now)
    words = desk.house.words
    facts: dict[str, Any] = {"clock": wording.clock(words, language, promise.clock, terms)}
    facts["due"] = moment(promise.due_at, zone, desk.now) if promise.due_at else ""
    facts["at"] = moment(promise.ended_at, zone, desk.now) if promise.ended_at else ""
    until = promise.ended_at or desk.now
    facts["late"] = length(words, language, until - promise.due_at) if promise.due_at and until > promise.due_at else ""
    facts["limit"] = length(words, language, promise.limit)
    agreed = promise.waived and ticket.visit_waived_by is not None
    key = f"standing.{stands.value}"
    return words.html(language, words.variant(key, "agreed") if agreed else key, **facts)


def _heading(desk: Desk, ticket: Ticket, terms: Terms, language: str) -> Html:
    words = desk.house.words
    late = any(promises.standing(promise, desk.now) is Standing.OVERDUE for promise in promises.promises(ticket, terms))
    mark = "done" if not ticket.is_open else "late" if late else "held" if ticket.hold else ticket.kind.value
    if mark == Kind.FAULT.value and terms.rank(ticket.level) == 0:
        mark = "grave"
    return words.html(
        language,
        "card.heading",
        mark=words.plain(language, f"mark.{mark}"),
        level=buttons.level_name(words, language, terms, ticket.level),
        state=state_name(desk, ticket, language),
        number=ticket.number,
        system="" if desk.house.minimal else desk.contract(ticket.contract).profile.name,
    )


def _doubt(desk: Desk, ticket: Ticket, terms: Terms, language: str) -> Html:
    """The question that one tap answers; the first level holds until then."""
    asked = [key for key in ticket.unsure if key in terms.levels]
    if len(asked) < 2 or not buttons.is_possible(access.Act.LEVEL, ticket, terms):
        return Html("")
    first, second = (buttons.level_name(desk.house.words, language, terms, key) for key in asked[:2])
    return desk.house.words.html(language, "card.unsure", first=first, second=second)


def _second_opinion(desk: Desk, ticket: Ticket, terms: Terms, reader: Reader, language: str) -> Html:
    """The level that was suggested, to whoever may choose it; what agrees needs no words."""
    suggested = ticket.suggested
    if suggested is None or suggested == ticket.level or suggested not in terms.levels:
        return Html("")
    if not buttons.may_level(ticket, terms, reader.person, reader.audience):
        return Html("")
    level = buttons.level_name(desk.house.words, language, terms, suggested)
    return desk.house.words.html(language, "card.suggested", level=level)


def state_name(desk: Desk, ticket: Ticket, language: str) -> str:
    """The ticket's state in words."""
    if ticket.merged_into:
        return desk.house.words.plain(language, "state.merged", into=ticket.merged_into)
    key = f"state.{ticket.state.value}"
    return desk.house.words.plain(language, wording.of_kind(desk.house.words, key, ticket.kind))


async def _story(desk: Desk, ticket: Ticket, language: str) -> list[Html]:
    words = desk.house.words
    zone = desk.contract(ticket.contract).profile.zone
    lines = [words.html(language, "card.text", text=clipped(ticket.text))] if ticket.text else []
    if ticket.why:
        lines.append(words.html(language, "card.why", why=ticket.why))
    by = await desk.name(ticket.reporter)
    lines += await equipment.lines(desk, ticket, language)
    channel = words.plain(language, f"channel.{ticket.channel}")
    reported = moment(ticket.reported_at, zone, desk.now)
    lines.append(words.html(language, "card.reported", by=by, at=reported, channel=channel))
    if ticket.channel != PHONE and ticket.received_at - ticket.reported_at > _LATE:
        received = moment(ticket.received_at, zone, desk.now)
        lines.append(words.html(language, "card.late", at=received))
    if ticket.added:
        lines.append(words.html(language, "card.added", n=ticket.added))
    if ticket.absorbed:
        lines.append(words.html(language, "card.absorbed", numbers="、".join(ticket.absorbed)))
    if ticket.handler:
        lines.append(words.html(language, "card.handler", name=await desk.name(ticket.handler)))
    if ticket.offered_to:
        lines.append(words.html(language, "card.offered", name=await desk.name(ticket.offered_to)))
    if ticket.hold:
        why = wording.reason(words, language, ticket.hold.reason)
        lines.append(words.html(language, "card.held", reason=clipped(why)))
    if ticket.reopened:
        lines.append(words.html(language, "card.reopened", n=ticket.reopened))
    if ticket.cleared_by and ticket.cleared_at:
        signed = moment(ticket.cleared_at, zone, desk.now)
        lines.append(
            words.html(
                language,
                wording.of_kind(words, "card.cleared", ticket.kind),
                name=await desk.name(ticket.cleared_by),
                at=signed,
            )
        )
    if ticket.record.get("answer"):
        lines.append(words.html(language, "card.answer", text=clipped(ticket.record["answer"])))
    return lines


def _hint_for(ticket: Ticket, terms: Terms, reader: Reader) -> str:
    """Which next step the card names to its reader."""
    if reader.person is None:
        return ""
    side = "vendor" if access.may_do(reader.person, access.Act.ACKNOWLEDGE, ticket, terms) else "bureau"
    return f"{side}.{ticket.state.value}"


async def _put(
    desk: Desk,
    ticket: Ticket,
    terms: Terms,
    reader: Reader,
    lane: Lane,
    *,
    reply_to: int | None = None,
    drawn: str = "",
) -> None:
    """Write the card as a letter, unless it looks as it was drawn last."""
    language = desk.language_of(reader.person)
    rows = buttons.of_card(ticket, terms, desk.house.words, language, reader.person, reader.audience)
    rows += await equipment.rows(desk, ticket, terms, reader.person, reader.audience)
    rows += _other_contracts(desk, ticket, reader)
    payload: dict[str, JSON] = {"html": await render(desk, ticket, terms, reader), "buttons": plain_rows(rows)}
    digest = hashlib.sha256(canonical(payload).encode()).hexdigest()[:16]
    if digest == drawn:
        return
    key = reader.person.key if reader.person else None
    before = desk.shown[ticket.id].get(reader.chat_id) or Card(ticket_id=ticket.id, chat_id=reader.chat_id, person=key)
    desk.shown[ticket.id][reader.chat_id] = card = replace(before, drawn=digest)
    await cards.keep(desk.tx, card)
    if reply_to:
        payload["reply_to"] = reply_to
    await outbox.put_card(
        desk.tx,
        Letter(
            contract=ticket.contract,
            ticket_id=ticket.id,
            lane=lane,
            method=CARD,
            chat_id=reader.chat_id,
            person=key,
            payload=payload,
            purpose=CARD,
            version=ticket.version,
            next_at=desk.now,
            created_at=desk.now,
        ),
        first=ticket.id in desk.opened,
    )


def _other_contracts(desk: Desk, ticket: Ticket, reader: Reader) -> buttons.Rows:
    """Whoever reports under several contracts can say in one tap that it was meant for another one."""
    if reader.person is None or reader.person.key != ticket.reporter or ticket.stage is not Stage.REPORTED:
        return ()
    others = access.other_contracts(reader.person, ticket, desk.house.contracts)
    language = desk.language_of(reader.person)
    return tuple(
        (
            Button(
                label=desk.house.words.plain(language, "card.move_to", contract=desk.contract(slug).profile.name),
                data=buttons.data_of(ticket, access.Act.MOVE, str(index)),
            ),
        )
        for index, slug in enumerate(others)
    )


def plain_rows(rows: buttons.Rows) -> list[JSON]:
    """Buttons as they are stored with a letter."""
    return [[[button.label, button.data] for button in row] for row in rows]
