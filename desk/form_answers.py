"""What people type while the desk has asked them something."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta

from desk import device_choice, phone_log, prompts, record_form, refusals, reports, saving, sending, which, wording
from desk.access import Act
from desk.buttons import Button
from desk.house import Desk
from desk.incoming import Message
from desk.services import form as service_form
from desk.shifts import swap_menu, taking_over
from sla import events, holds
from sla.events import Fact
from sla.illegal import IllegalMove
from sla.terms import Terms
from sla.ticket import Ticket
from storage import forms, messages, tickets
from storage.forms import Form
from storage.people import Person

_PROMPT_LIVES = timedelta(minutes=30)
_RECORD_LIVES = timedelta(hours=12)


def paused(at: datetime, person: Person, terms: Terms, reason: str) -> events.PauseAsked | events.Paused:
    """What a reason for a pause means under this contract: the bureau is asked, or clocks stop at once."""
    kind = events.PauseAsked if terms.pauses.consent else events.Paused
    return kind(at=at, by=person.key, reason=reason)


_FACTS: Mapping[Act, Callable[[Desk, Person, Terms, str], Fact]] = {
    Act.PAUSE: lambda desk, person, terms, text: paused(desk.second, person, terms, text),
    Act.TRANSMISSION: lambda desk, person, _, text: events.TransmissionDeclared(
        at=desk.second, by=person.key, reason=text
    ),
    Act.VOID: lambda desk, person, _, text: events.Voided(at=desk.second, by=person.key, reason=text),
    Act.ANSWER: lambda desk, person, _, text: events.Answered(at=desk.second, by=person.key, text=text),
    Act.NOTE: lambda desk, person, _, text: events.Noted(at=desk.second, by=person.key, text=text),
    Act.REJECT: lambda desk, person, _, text: events.Supplemented(at=desk.second, by=person.key, text=text),
    Act.DISSATISFIED: lambda desk, person, _, text: events.Supplemented(at=desk.second, by=person.key, text=text),
}

# Questions that are not about a ticket.
_OTHERS: Mapping[str, Callable[[Desk, Person, Form, Message], Awaitable[bool]]] = {
    phone_log.PURPOSE: phone_log.answer,
    device_choice.PURPOSE: device_choice.typed,
    service_form.PURPOSE: service_form.answer,
    taking_over.PURPOSE: taking_over.remark,
    swap_menu.PURPOSE: swap_menu.reason,
}


async def take(desk: Desk, person: Person, message: Message) -> bool:
    """Use the message as the answer to an open question; false if it is none."""
    form = await forms.get(desk.tx, person.key, message.chat_id)
    if form is None or message.kind is not None:
        return False
    lives = _RECORD_LIVES if form.purpose == record_form.PURPOSE else _PROMPT_LIVES
    if desk.now - form.made_at > lives:
        await forms.drop(desk.tx, person.key, message.chat_id)
        return False
    if form.purpose in _OTHERS:
        return await _OTHERS[form.purpose](desk, person, form, message)
    ticket = await tickets.load(desk.tx, form.ticket_id) if form.ticket_id else None
    if ticket is None or await _meant_for_another(desk, form, message):
        return False
    await reports.keep(desk, person, ticket, message, first=False)
    if not message.text:
        markup = desk.say(person, "intake.added", number=ticket.number)
        await sending.send_text(desk, ticket.contract, message.chat_id, markup, person=person, ticket=ticket)
        return True
    await _answer(desk, person, form, ticket, message)
    return True


async def _answer(desk: Desk, person: Person, form: Form, ticket: Ticket, message: Message) -> None:
    if form.purpose == Act.PAUSE and not holds.may_be_reason(message.text, await desk.terms(ticket)):
        await prompts.ask(desk, person, ticket, Act.PAUSE)
        return
    try:
        if form.purpose == record_form.PURPOSE:
            await fill(desk, person, ticket, form.field, message.text)
        else:
            await forms.drop(desk.tx, person.key, message.chat_id)
            fact = _FACTS[Act(form.purpose)](desk, person, await desk.terms(ticket), message.text)
            await saving.carry_out(desk, ticket, fact)
    except IllegalMove as error:
        await forms.drop(desk.tx, person.key, message.chat_id)
        act = Act.RECORD if form.purpose == record_form.PURPOSE else Act(form.purpose)
        refusal = await refusals.illegal(desk, person, act, error)
        markup = desk.say(person, refusal.key, **refusal.facts)
        await sending.send_text(desk, ticket.contract, message.chat_id, markup, person=person, ticket=ticket)
        return
    if form.purpose != record_form.PURPOSE:
        await _confirm(desk, person, form, ticket, message)


async def fill(desk: Desk, person: Person, ticket: Ticket, field: str, value: str) -> None:
    """Fill one field of the record and ask for the next; the last one closes a ticket that is signed off."""
    fact = events.RecordFilled(at=desk.second, by=person.key, field=field, value=value)
    if person.telegram_id is not None:
        await forms.drop(desk.tx, person.key, person.telegram_id)
    filled = await saving.carry_out(desk, ticket, fact)
    terms = await desk.terms(filled)
    if filled.is_open and await record_form.ask_next(desk, filled, terms, person):
        return
    if person.telegram_id is None:
        return
    summary = await record_form.summary(desk, filled, terms, person)
    waits = wording.of_kind(desk.house.words, "record.waits", filled.kind)
    key = waits if filled.is_open else "record.complete"
    markup = desk.say(person, key, number=filled.number, record=summary)
    await sending.send_text(desk, filled.contract, person.telegram_id, markup, person=person, ticket=filled)


async def _confirm(desk: Desk, person: Person, form: Form, ticket: Ticket, message: Message) -> None:
    """Say what the words were taken for; one tap makes a new report of them instead."""
    act = desk.house.words.plain(desk.language_of(person), f"act.{form.purpose}")
    markup = desk.say(person, "ask.taken", number=ticket.number, act=act)
    label = desk.house.words.plain(desk.language_of(person), "intake.new")
    rows = ((Button(label=label, data=which.button_data(which.NEW, message, ticket)),),)
    await sending.send_text(desk, ticket.contract, message.chat_id, markup, person=person, rows=rows, ticket=ticket)


async def _meant_for_another(desk: Desk, form: Form, message: Message) -> bool:
    """A reply to another ticket's message is for that ticket."""
    if message.reply_to is None:
        return False
    link = await messages.at(desk.tx, message.chat_id, message.reply_to)
    return link is not None and link.ticket_id != form.ticket_id
