"""What people ask to see: their tickets, the open ones, one of them."""

import re
from collections.abc import Sequence

from desk import access, buttons, cards, wording
from desk.access import Act
from desk.buttons import Button, Rows
from desk.cards import Reader
from desk.errors import Refusal
from desk.house import Desk
from desk.words import Html, clipped, moment
from sla import promises, record
from sla.promises import Standing
from sla.terms import Clock, Terms
from sla.ticket import Ticket
from storage import ledger, tickets
from storage.ledger import LedgerEntry
from storage.people import Person

_MOST = 10
_NUMBER = re.compile(r"[A-Za-z0-9]{1,8}-\d{8}-\d{1,6}")
_SPOKEN = frozenset({"supplemented", "noted", "amended"})


def number_in(text: str) -> str | None:
    """The ticket number that somebody wrote, if any."""
    match = _NUMBER.search(text)
    return match.group() if match else None


def without_number(text: str) -> str:
    """What somebody wrote beside the number."""
    return _NUMBER.sub("", text).strip()


async def mine(desk: Desk, person: Person) -> tuple[Html, Rows]:
    """What the person reported or handles, newest first."""
    found = [ticket for ticket in await tickets.of_person(desk.tx, person.key, _MOST) if access.may_see(person, ticket)]
    return await _listed(desk, person, found, "list.mine", "list.mine_none")


async def open_ones(desk: Desk, person: Person) -> tuple[Html, Rows]:
    """What is open under the person's contracts, oldest report first."""
    if not access.may_use(person, access.Command.OPEN, desk.house.contracts):
        raise Refusal("refuse.command")
    slugs = [
        slug
        for slug in access.contracts(person, desk.house.contracts)
        if access.roles(person, slug) & access.COMMANDS[access.Command.OPEN]
    ]
    found = await tickets.open_in(desk.tx, slugs)
    return await _listed(desk, person, found[:_MOST], "list.open", "list.open_none", total=len(found))


async def one(desk: Desk, person: Person, words: str) -> tuple[Html, Ticket]:
    """One ticket in full; a number that does not exist and one that is not yours get the same answer."""
    number = number_in(words)
    if number is None:
        raise Refusal("refuse.which_ticket")
    ticket = await tickets.by_number(desk.tx, number)
    if ticket is None or not access.may_see(person, ticket):
        raise Refusal("refuse.absent")
    return await _in_full(desk, person, ticket), ticket


def card_button(desk: Desk, person: Person, ticket: Ticket) -> Rows:
    """A button that sends the ticket's card, with everything that can be done."""
    label = desk.house.words.plain(desk.language_of(person), "act.see")
    return ((Button(label=label, data=buttons.data_of(ticket, Act.SHOW)),),)


async def _listed(
    desk: Desk, person: Person, found: Sequence[Ticket], key: str, none: str, total: int | None = None
) -> tuple[Html, Rows]:
    if not found:
        return Html(desk.say(person, none)), ()
    lines = [desk.say(person, key, n=total or len(found))]
    rows = []
    for ticket in found:
        lines.append(await line(desk, person, ticket))
        rows.append((Button(label=ticket.number, data=buttons.data_of(ticket, Act.SHOW)),))
    return Html("\n".join(lines)), tuple(rows)


async def line(desk: Desk, person: Person, ticket: Ticket) -> Html:
    """One ticket in a list: how it stands, and what is due next."""
    terms = await desk.terms(ticket)
    language = desk.language_of(person)
    owed = [promise for promise in promises.promises(ticket, terms) if promise.ended_at is None and promise.due_at]
    nearest = min(owed, key=lambda promise: promise.due_at or desk.now, default=None) if ticket.is_open else None
    clock = ""
    if nearest is not None and nearest.due_at is not None:
        late = promises.standing(nearest, desk.now) is Standing.OVERDUE
        zone = desk.contract(ticket.contract).profile.zone
        clock = desk.house.words.plain(
            language,
            "list.late" if late else "list.due",
            clock=wording.clock(desk.house.words, language, nearest.clock, terms),
            due=moment(nearest.due_at, zone, desk.now),
        )
    return desk.house.words.html(
        language,
        "list.line",
        number=ticket.number,
        level=buttons.level_name(desk.house.words, language, terms, ticket.level),
        state=cards.state_name(desk, ticket, language),
        clock=clock,
        text="" if desk.house.minimal else clipped(ticket.text, 30),
    )


async def _in_full(desk: Desk, person: Person, ticket: Ticket) -> Html:
    """The card, every added word, the record, and the course of events."""
    terms = await desk.terms(ticket)
    parts = [await cards.render(desk, ticket, terms, Reader(chat_id=0, person=person))]
    zone = desk.contract(ticket.contract).profile.zone
    entries = await ledger.entries_of(desk.tx, ticket.id)
    if not desk.house.minimal:
        for entry in entries:
            if entry.kind in _SPOKEN:
                said = clipped(str(entry.data.get("text", "")))
                at = moment(entry.at, zone, desk.now)
                parts.append(desk.say(person, "full.added", at=at, by=await desk.name(entry.by), text=said))
        filled = [line for line in record.lines(ticket, terms) if line.field in ticket.record]
        language = desk.language_of(person)
        for line in filled:
            name = desk.house.words.plain(language, f"field.{line.field}")
            parts.append(desk.say(person, "record.line", field=name, value=clipped(str(line.value))))
    for entry in entries:
        key = f"event.{entry.kind}"
        if desk.house.words.has(key):
            at = moment(entry.at, zone, desk.now)
            facts = _event_facts(desk, ticket, terms, entry, desk.language_of(person))
            parts.append(desk.say(person, key, at=at, by=await desk.name(entry.by), **facts))
    return Html("\n".join(parts))


def _event_facts(desk: Desk, ticket: Ticket, terms: Terms, entry: LedgerEntry, language: str) -> dict[str, str]:
    level = str(entry.data.get("level") or ticket.level)
    clock = entry.data.get("clock")
    return {
        "level": buttons.level_name(desk.house.words, language, terms, level),
        "clock": wording.clock(desk.house.words, language, Clock(clock), terms) if clock else "",
    }
