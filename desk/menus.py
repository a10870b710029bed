"""Presses that open a choice: whom to hand over to, which ticket to merge with, which field to fill."""

import hashlib

from desk import access, buttons, cards, form_answers, prompts, record_form, reports, saving, sending
from desk.access import Act
from desk.buttons import Button, Rows
from desk.errors import Refusal
from desk.house import Desk
from desk.pressed import Pressed
from desk.words import clipped
from sla import events, record
from sla.illegal import IllegalMove
from sla.terms import Role
from sla.ticket import Ticket
from storage import forms, people, tickets
from storage.people import Person

_MOST = 12


async def fill_record(desk: Desk, pressed: Pressed) -> str:
    """Go on with the record: an offered answer was tapped, or the next missing field is asked for."""
    ticket, terms, person, code = pressed.ticket, pressed.terms, pressed.person, pressed.press.value
    if not record_form.may_fill(person, ticket, terms):
        raise IllegalMove(ticket, events.Deed(at=desk.now, by=person.key))
    if any(code in choices for choices in record.CHOICES.values()):
        form = await forms.get(desk.tx, person.key, person.telegram_id or 0)
        if form is None or form.ticket_id != ticket.id or code not in record.CHOICES.get(form.field, ()):
            raise Refusal("refuse.settled")
        await form_answers.fill(desk, person, ticket, form.field, record_form.value_of_choice(desk, form.field, code))
        return ""
    if code in record.typed(ticket, terms):
        await record_form.ask_field(desk, ticket, terms, person, code, left=len(record.missing(ticket, terms)) or 1)
        return ""
    if not await record_form.ask_next(desk, ticket, terms, person):
        await _offer_fields(desk, pressed)
    return desk.house.words.plain(desk.language_of(person), "done.prompted")


async def pause(desk: Desk, pressed: Pressed) -> str:
    """One of the contract's reasons was tapped; before that, the reason is asked for."""
    person, reason = pressed.person, pressed.press.value
    pressed.require_possible()
    if not reason:
        await prompts.ask(desk, person, pressed.ticket, Act.PAUSE)
        return desk.house.words.plain(desk.language_of(person), "done.prompted")
    if reason not in pressed.terms.pauses.reasons:
        raise Refusal("refuse.button")
    await forms.drop(desk.tx, person.key, person.telegram_id or 0)
    fact = form_answers.paused(pressed.at, person, pressed.terms, reason)
    ticket = await saving.carry_out(desk, pressed.ticket, fact)
    language = desk.language_of(person)
    key = "done.asked_pause" if isinstance(fact, events.PauseAsked) else "done.any"
    state = cards.state_name(desk, ticket, language)
    return desk.house.words.plain(language, key, number=ticket.number, state=state)


async def hand_over(desk: Desk, pressed: Pressed) -> str:
    """Choose an engineer; the ticket is offered, and stays with the handler until it is taken."""
    ticket, person, chosen = pressed.ticket, pressed.person, pressed.press.value
    candidates = [one for one in await _engineers(desk, ticket) if one.key != ticket.handler]
    if not candidates:
        raise Refusal("refuse.nobody_else")
    if chosen:
        to = next((one for one in candidates if _short(one.key) == chosen), None)
        if to is None:
            raise Refusal("refuse.button")
        fact = events.HandedOver(at=pressed.at, by=person.key, to=to.key)
        await saving.carry_out(desk, ticket, fact)
        return desk.house.words.plain(desk.language_of(person), "done.offered", name=to.name, number=ticket.number)
    duty = await desk.on_duty(ticket.contract, Role.ENGINEER.value)
    on_duty = desk.house.words.plain(desk.language_of(person), "menu.on_duty")
    rows = tuple(
        (_choice(ticket, Act.HAND_OVER, f"{one.name}{on_duty if one.key in duty else ''}", _short(one.key)),)
        for one in candidates[:_MOST]
    )
    await _offer(desk, pressed, "menu.hand_over", rows)
    return ""


async def merge(desk: Desk, pressed: Pressed) -> str:
    """The earlier report goes on for both; the graver level holds."""
    ticket, chosen = pressed.ticket, pressed.press.value
    if chosen:
        number = buttons.from_base36(chosen)
        other = await tickets.load(desk.tx, number) if number is not None else None
        if other is None or other.contract != ticket.contract or other.id == ticket.id:
            raise Refusal("refuse.button")
        return await _merged(desk, pressed, other)
    others = [one for one in await tickets.open_in(desk.tx, [ticket.contract]) if one.id != ticket.id]
    if not others:
        raise Refusal("refuse.nothing_to_merge")
    rows = tuple(
        (
            _choice(
                ticket,
                Act.MERGE,
                one.number if desk.house.minimal else f"{one.number} {clipped(one.text, 20)}",
                buttons.base36(one.id),
            ),
        )
        for one in others[-_MOST:]
    )
    await _offer(desk, pressed, "menu.merge", rows)
    return ""


async def move(desk: Desk, pressed: Pressed) -> str:
    """The report belongs to another contract of the reporter: it is opened there, from its own date."""
    ticket, person = pressed.ticket, pressed.person
    mine = access.other_contracts(person, ticket, desk.house.contracts)
    index = pressed.press.value
    if not index.isdecimal() or int(index) >= len(mine):
        raise Refusal("refuse.button")
    number = await reports.reopen_under(desk, person, ticket, mine[int(index)])
    return desk.house.words.plain(desk.language_of(person), "intake.opened", number=number)


async def _merged(desk: Desk, pressed: Pressed, other: Ticket) -> str:
    person = pressed.person
    early, late = sorted((pressed.ticket, other), key=lambda ticket: (ticket.reported_at, ticket.id))
    await saving.carry_out(desk, late, events.Merged(at=pressed.at, by=person.key, into=early.number))
    fact = events.Absorbed(
        at=pressed.at,
        by=person.key,
        number=late.number,
        text=late.text,
        level=late.level,
        reporter=late.reporter,
        also_reported_by=late.also_reported_by,
    )
    await saving.carry_out(desk, early, fact)
    return desk.house.words.plain(desk.language_of(person), "done.merged", late=late.number, early=early.number)


async def _engineers(desk: Desk, ticket: Ticket) -> list[Person]:
    found = [
        person
        for role in (Role.ENGINEER, Role.TECHNICAL_LEAD)
        for person in await people.holding(desk.tx, ticket.contract, role.value)
    ]
    return list({person.key: person for person in found if person.active}.values())


async def _offer_fields(desk: Desk, pressed: Pressed) -> None:
    """The record is complete: show it, with a button for each field that can be corrected."""
    words, language = desk.house.words, desk.language_of(pressed.person)
    rows = tuple(
        (_choice(pressed.ticket, Act.RECORD, words.plain(language, f"field.{field}"), field),)
        for field in record.typed(pressed.ticket, pressed.terms)
    )
    summary = await record_form.summary(desk, pressed.ticket, pressed.terms, pressed.person)
    await _offer(desk, pressed, "record.correct", rows, record=summary)


async def _offer(desk: Desk, pressed: Pressed, key: str, rows: Rows, **facts: object) -> None:
    chat = pressed.person.telegram_id or pressed.chat_id
    markup = desk.say(pressed.person, key, number=pressed.ticket.number, **facts)
    await sending.send_text(
        desk, pressed.ticket.contract, chat, markup, person=pressed.person, rows=rows, ticket=pressed.ticket
    )


def _choice(ticket: Ticket, act: Act, label: str, value: str) -> Button:
    return Button(label=label, data=buttons.data_of(ticket, act, value))


def _short(key: str) -> str:
    """A person in a button: Telegram gives 64 bytes."""
    return hashlib.sha256(key.encode()).hexdigest()[:12]
