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
    """Whether this letter may be told together with others: a first page, or news without a button."""
    if letter.payload.get("repeat") or letter.attempts:
        return False
    if letter.method == CARD:
        return letter.lane is Lane.URGENT
    has_buttons = bool(letter.payload.get("buttons"))
    return letter.lane is Lane.INFO and letter.purpose in set(Say) and not has_buttons


async def gather(desk: Desk, letter: Letter, behind: Sequence[Letter]) -> Letter:
    """The letter, or in its place one that tells of all those behind it as well, which need not be sent then."""

    def alike(other: Letter) -> bool:
        return may(other) and other.method == letter.method and other.contract == letter.contract

    together = [letter, *takewhile(alike, behind)][:_MOST]
    if len(together) < _FEWEST or letter.contract not in desk.house.contracts:
        return letter
    payload = await (_pages(desk, together) if letter.method == CARD else _news(desk, together))
    if payload is None:
        return letter
    payload["about"] = [[other.ticket_id, other.purpose] for other in together]
    bundle = replace(letter, method="send", payload=payload, purpose=BUNDLE, clock=None, version=0)
    await outbox.become(desk.tx, bundle)
    for other in together[1:]:
        await outbox.settle(desk.tx, other.id, State.SUPERSEDED, desk.now, error=f"{BUNDLE} {letter.id}")
    return bundle


def about(letter: Letter) -> list[tuple[int | None, str]]:
    """The tickets that a letter tells of, each with what it says of it."""
    told: Any = letter.payload.get("about") if letter.purpose == BUNDLE else None
    return [(letter.ticket_id, letter.purpose)] if told is None else [(ticket, say) for ticket, say in told]


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


async def _news(desk: Desk, together: Sequence[Letter]) -> dict[str, JSON] | None:
    reader = await _reader(desk, together[0])
    lines = [str(letter.payload["html"]) for letter in together]
    if sum(map(len, lines)) > _LONGEST:
        return None
    markup = Html("\n".join(lines))
    said = desk.house.words.html(desk.language_of(reader.person), "bundle.news", count=len(lines), lines=markup)
    return {"html": said, "buttons": [], "silent": True}


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
