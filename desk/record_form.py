"""The fault record, asked for field by field; half-filled ones live in the database and survive a restart."""

from collections.abc import Sequence
from datetime import datetime

from desk import access, buttons, sending, wording
from desk.access import Act
from desk.buttons import Button
from desk.house import Desk
from desk.words import Html, moment
from sla import record
from sla.record import Line
from sla.terms import Terms
from sla.ticket import Stage, Ticket
from storage import forms
from storage.forms import Form
from storage.people import Person

PURPOSE = "record"
_PER_ROW = 3


async def start_record(desk: Desk, ticket: Ticket, terms: Terms, person: Person) -> bool:
    """Ask for the first missing field; not while the person is in the middle of another form."""
    if person.telegram_id is None or await forms.get(desk.tx, person.key, person.telegram_id) is not None:
        return False
    return await ask_next(desk, ticket, terms, person)


async def ask_next(desk: Desk, ticket: Ticket, terms: Terms, person: Person) -> bool:
    """Ask for the next missing field in the person's private chat; answers whether there was one."""
    missing = record.missing(ticket, terms)
    if not missing or person.telegram_id is None:
        return False
    await ask_field(desk, ticket, terms, person, missing[0], left=len(missing))
    return True


async def ask_field(desk: Desk, ticket: Ticket, terms: Terms, person: Person, field: str, left: int) -> None:
    """Ask for one field; whatever the person types next is its value."""
    if person.telegram_id is None:
        return
    language = desk.language_of(person)
    words = desk.house.words
    markup = words.html(
        language,
        wording.of_kind(words, "record.ask", ticket.kind),
        number=ticket.number,
        field=words.plain(language, f"field.{field}"),
        hint=words.plain(language, f"field_hint.{field}") if words.has(f"field_hint.{field}") else "",
        left=left,
    )
    chat = person.telegram_id
    form = Form(
        person=person.key, chat_id=chat, purpose=PURPOSE, ticket_id=ticket.id, field=field, data={}, made_at=desk.now
    )
    await forms.put(desk.tx, form)
    rows = _choices(desk, ticket, field, terms.choices.get(field, ()), language)
    await sending.send_text(
        desk, ticket.contract, chat, markup, person=person, purpose=PURPOSE, rows=rows, ticket=ticket
    )


def value_of_choice(desk: Desk, field: str, code: str) -> str:
    """An offered answer as it stands in the record: the contract's word, not ours."""
    return desk.house.words.plain(desk.house.language, f"{field}.{code}")


async def summary(desk: Desk, ticket: Ticket, terms: Terms, person: Person | None) -> Html:
    """The whole record as it stands, with what is missing marked; minimal messages leave it out."""
    if desk.house.minimal:
        return Html("")
    language = desk.language_of(person)
    lines = [await _line(desk, ticket, line, language) for line in record.lines(ticket, terms)]
    return Html("\n".join(lines))


def may_fill(person: Person, ticket: Ticket, terms: Terms) -> bool:
    """Whether the person may write the record now."""
    return (
        ticket.is_open
        and ticket.stage is not Stage.REPORTED
        and (person.key in ticket.handlers or access.may_do(person, Act.RECORD, ticket, terms))
    )


async def _line(desk: Desk, ticket: Ticket, line: Line, language: str) -> Html:
    words = desk.house.words
    name = words.plain(language, f"field.{line.field}")
    if line.value in (None, "", ()):
        return words.html(language, "record.missing", field=name)
    value: str
    if isinstance(line.value, bool):
        value = words.plain(language, "record.yes" if line.value else "record.no")
    elif isinstance(line.value, datetime):
        value = moment(line.value, desk.contract(ticket.contract).profile.zone, desk.now)
    elif isinstance(line.value, tuple):
        value = "、".join([await desk.name(key) for key in line.value])
    else:
        value = line.value or ""
    return words.html(language, "record.line", field=name, value=value)


def _choices(desk: Desk, ticket: Ticket, field: str, offered: Sequence[str], language: str) -> buttons.Rows:
    """The contract's answers as buttons; typed words are taken as well."""
    drawn = [
        Button(
            label=desk.house.words.plain(language, f"{field}.{code}"),
            data=buttons.data_of(ticket, Act.RECORD, code),
        )
        for code in offered
    ]
    return tuple(tuple(drawn[start : start + _PER_ROW]) for start in range(0, len(drawn), _PER_ROW))
