"""A wave of reports: what waits for one chat is told in one message. What concerns the gravest level never is."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import takewhile
from typing import Any

from desk import buttons, cards, telling
from desk.access import Act
from desk.cards import CARD, Reader
from desk.house import Desk
from desk.words import Html, moment
from sla import promises
from sla.notices import Say
from sla.terms import Clock
from sla.ticket import Ticket
from storage import outbox, tickets
from storage.outbox import Lane, Letter, State
from storage.shapes import JSON

BUNDLE = "bundle"
_FEWEST, _MOST = 4, 10
_IN_A_ROW = 2
_LONGEST = 3500


def may(letter: Letter) -> bool:
    """Whether it may be told together with others: a first page, an urgent notice, or news without a button."""
    if letter.payload.get("repeat") or letter.attempts or letter.ticket_id is None:
        return False
    if letter.lane is Lane.URGENT:
        return letter.method == CARD or letter.purpose in set(Say)
    return letter.lane is Lane.INFO and letter.purpose in set(Say) and not letter.payload.get("buttons")


async def gather(desk: Desk, letter: Letter, behind: Sequence[Letter]) -> Letter:
    """The letter, or in its place one that tells of all those behind it as well, which need not be sent then."""

    def alike(other: Letter) -> bool:
        return may(other) and other.method == letter.method and other.contract == letter.contract

    waiting = list(takewhile(alike, behind))
    if len(waiting) < _FEWEST - 1 or letter.contract not in desk.house.contracts:
        return letter
    together = [other for other in [letter, *waiting][:_MOST] if other is letter or await telling.is_true(desk, other)]
    payload = await (_pages(desk, together) if letter.method == CARD else _notices(desk, together))
    if payload is None:
        return letter
    payload["about"] = [[other.ticket_id, other.purpose, other.clock] for other in together]
    bundle = replace(letter, method="send", payload=payload, purpose=BUNDLE, clock=None, version=0)
    await outbox.become(desk.tx, bundle)
    for other in together[1:]:
        await outbox.settle(desk.tx, other.id, State.SUPERSEDED, desk.now, error=f"{BUNDLE} {letter.id}")
    return bundle


def about(letter: Letter) -> list[Letter]:
    """The letter as it would be for each ticket that it tells of."""
    told: Any = letter.payload.get("about") if letter.purpose == BUNDLE else None
    if told is None:
        return [letter]
    return [replace(letter, ticket_id=ticket, purpose=say, clock=clock) for ticket, say, clock in told]


async def _pages(desk: Desk, together: Sequence[Letter]) -> dict[str, JSON] | None:
    reader = await _reader(desk, together[0])
    language = desk.language_of(reader.person)
    lines, takes = [], []
    for letter in together:
        ticket = await tickets.load(desk.tx, letter.ticket_id or 0, lock=False)
        if ticket is None or await _is_posted(desk, ticket, letter.chat_id):
            return None
        lines.append(await _line(desk, ticket, language))
        if buttons.shown(Act.ACKNOWLEDGE, ticket, await desk.terms(ticket), reader.person, reader.audience):
            takes.append(_take(desk, ticket, language))
    rows = tuple(tuple(takes[place : place + _IN_A_ROW]) for place in range(0, len(takes), _IN_A_ROW))
    said = desk.house.words.html(language, "bundle.pages", count=len(lines), lines=Html("\n".join(lines)))
    return {"html": said, "buttons": cards.plain_rows(rows), "silent": False}


async def _notices(desk: Desk, together: Sequence[Letter]) -> dict[str, JSON] | None:
    """Urgent ones with their buttons, each with the end of its ticket's number; news without any."""
    reader = await _reader(desk, together[0])
    lines = [str(letter.payload["html"]) for letter in together]
    if sum(map(len, lines)) > _LONGEST:
        return None
    presses = []
    for letter in together:
        ticket = await tickets.load(desk.tx, letter.ticket_id or 0, lock=False)
        if ticket is not None:
            presses += _numbered(letter, ticket)
    rows: list[JSON] = [list(presses[place : place + _IN_A_ROW]) for place in range(0, len(presses), _IN_A_ROW)]
    urgent = together[0].is_urgent
    key = "bundle.notices" if urgent else "bundle.news"
    said = desk.house.words.html(desk.language_of(reader.person), key, count=len(lines), lines=Html("\n".join(lines)))
    return {"html": said, "buttons": rows, "silent": not urgent}


def _numbered(letter: Letter, ticket: Ticket) -> list[JSON]:
    rows: Any = letter.payload.get("buttons") or []
    end = ticket.number.rpartition("-")[2]
    return [[f"{label} {end}", data] for row in rows for label, data in row]


async def _reader(desk: Desk, letter: Letter) -> Reader:
    person = await desk.person(letter.person) if letter.person else None
    shown: dict[int, Any] = await cards.shown(desk, letter.ticket_id) if letter.ticket_id else {}
    card = shown.get(letter.chat_id)
    return await cards.reader_of(desk, card) if card else Reader(chat_id=letter.chat_id, person=person)


async def _is_posted(desk: Desk, ticket: Ticket, chat_id: int) -> bool:
    card = (await cards.shown(desk, ticket.id)).get(chat_id)
    return card is not None and card.message_id is not None


async def _line(desk: Desk, ticket: Ticket, language: str) -> Html:
    terms, zone = await desk.terms(ticket), desk.contract(ticket.contract).profile.zone
    response = promises.find(ticket, terms, Clock.RESPONSE)
    waits = response is not None and response.due_at is not None and response.ended_at is None
    due = moment(response.due_at, zone, desk.now) if waits and response and response.due_at else ""
    return desk.house.words.html(
        language,
        "bundle.page" if waits else "bundle.page_taken",
        mark=desk.house.words.plain(language, f"mark.{ticket.kind.value}"),
        number=ticket.number,
        subject=telling.subject(desk, ticket, terms, language),
        state=cards.state_name(desk, ticket, language),
        due=due,
    )


def _take(desk: Desk, ticket: Ticket, language: str) -> buttons.Button:
    label = desk.house.words.plain(language, "bundle.take", number=ticket.number.rpartition("-")[2])
    return buttons.Button(label=label, data=buttons.data_of(ticket, Act.ACKNOWLEDGE))
