"""Picking a ticket's device: one tap on a proposal, or a few letters and then one tap."""

from desk import access, buttons, equipment, prompts, reports, saving, sending, which
from desk.access import Act
from desk.buttons import Button
from desk.errors import Refusal
from desk.house import Desk
from desk.incoming import Message
from desk.pressed import Pressed
from desk.words import clipped
from sla import events
from sla.devices import Chosen
from sla.illegal import IllegalMove
from sla.ticket import Ticket
from storage import forms, tickets
from storage.forms import Form
from storage.people import Person

PURPOSE = Act.FIND_DEVICE.value
_MOST = 6
_SEARCH_WORDS = 10  # what is longer and names nothing is no search, but something that somebody reports


async def choose(desk: Desk, pressed: Pressed) -> str:
    """This row, or none of them, is what the ticket is about."""
    ticket, person = pressed.ticket, pressed.person
    device = await _chosen(desk, ticket, pressed.press.value)
    await _drop_question(desk, person, ticket)
    await saving.carry_out(desk, ticket, events.DeviceChosen(at=pressed.at, by=person.key, device=device))
    language = desk.language_of(person)
    return desk.house.words.plain(language, "done.dev", name=equipment.name_of(desk, device, language))


async def find(desk: Desk, pressed: Pressed) -> str:
    """Ask for a few letters of its name; what is typed next is searched for."""
    if not buttons.is_possible(Act.FIND_DEVICE, pressed.ticket, pressed.terms):
        raise IllegalMove(pressed.ticket, events.Deed(at=desk.now, by=pressed.person.key))
    if desk.house.minimal:
        raise Refusal("refuse.no_names_here")
    await prompts.ask(desk, pressed.person, pressed.ticket, Act.FIND_DEVICE)
    return desk.house.words.plain(desk.language_of(pressed.person), "done.prompted")


async def typed(desk: Desk, person: Person, form: Form, message: Message) -> bool:
    """Offer what the words may mean; false if they search for nothing, and are something new."""
    ticket = await tickets.load(desk.tx, form.ticket_id) if form.ticket_id else None
    searches = ticket is not None and message.text and ticket.is_open and access.may_see(person, ticket)
    found = (await equipment.index(desk, ticket.contract)).search(message.text, _MOST) if ticket and searches else ()
    if ticket is None or not searches or (not found and len(message.text) > _SEARCH_WORDS):
        await forms.drop(desk.tx, person.key, message.chat_id)
        return False
    await reports.keep(desk, person, ticket, message, first=False)
    language = desk.language_of(person)
    label = desk.house.words.plain(language, "intake.new")
    new = Button(label=label, data=which.button_data(which.NEW, message, ticket))
    rows = (*equipment.choices(ticket, found), (equipment.nowhere(desk, ticket, language), new))
    key = "device.which" if found else "device.none"
    markup = desk.say(person, key, number=ticket.number, words=clipped(message.text, 30))
    await sending.send_text(desk, ticket.contract, message.chat_id, markup, person=person, rows=rows, ticket=ticket)
    return True


async def _chosen(desk: Desk, ticket: Ticket, code: str) -> Chosen:
    if code == equipment.NOWHERE:
        return Chosen()
    device = (await equipment.index(desk, ticket.contract)).by_code(code)
    if device is None:
        raise Refusal("refuse.device_gone")
    return Chosen.of(device)


async def _drop_question(desk: Desk, person: Person, ticket: Ticket) -> None:
    """The pick answers the question for a few letters."""
    if person.telegram_id is None:
        return
    form = await forms.get(desk.tx, person.key, person.telegram_id)
    if form is not None and form.purpose == PURPOSE and form.ticket_id == ticket.id:
        await forms.drop(desk.tx, person.key, person.telegram_id)
