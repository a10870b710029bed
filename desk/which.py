"""A second message while a ticket is open: same fault or new? Kept with the open one at once, settled in one tap."""

from collections.abc import Sequence
from datetime import timedelta

from desk import access, buttons, reports, saving, sending
from desk.access import Act
from desk.buttons import Button
from desk.errors import Refusal
from desk.house import Desk
from desk.incoming import PLACE, Message, words_of
from desk.words import clipped
from sla import events
from sla.ticket import Stage, Ticket
from storage import files, groups, messages, tickets
from storage.messages import Link
from storage.people import Person

PREFIX = "q"
SAME, NEW = "s", "n"
_BURST = timedelta(seconds=60)
_MOST_CHOICES = 3


async def ask(desk: Desk, person: Person, candidates: Sequence[Ticket], message: Message) -> None:
    """Keep the message with the newest ticket at once, and ask in one tap whether that is right."""
    ticket = candidates[0]
    in_a_row = await messages.was_asked_since(desk.tx, message.chat_id, person.key, message.at - _BURST)
    await reports.supplement(desk, person, ticket, message, asked=True)
    silent_item = bool(message.items) and not message.text
    if message.items and message.items[0].text.startswith(PLACE):
        await _thank_for_place(desk, person, ticket, message)
    if in_a_row or silent_item or message.album is not None:
        return
    await messages.asked(desk.tx, message.chat_id, message.message_id)
    words, language = desk.house.words, desk.language_of(person)
    choices = [
        (words.plain(language, "intake.same", number=one.number), button_data(SAME, message, one))
        for one in candidates[:_MOST_CHOICES]
    ]
    choices.append((words.plain(language, "intake.new"), button_data(NEW, message, ticket)))
    rows = tuple((Button(label=label, data=data),) for label, data in choices)
    said = "…" if desk.house.minimal else clipped(words_of(message), 60)
    markup = desk.say(person, "intake.which", number=ticket.number, text=said)
    await sending.send_text(
        desk,
        ticket.contract,
        message.chat_id,
        markup,
        person=person,
        purpose="which",
        rows=rows,
        ticket=ticket,
        reply_to=message.message_id,
    )


async def _thank_for_place(desk: Desk, person: Person, ticket: Ticket, message: Message) -> None:
    """A shared place proves the arrival that is pressed next; whoever cannot press it reads that it is kept."""
    terms = await desk.terms(ticket)
    rows: buttons.Rows = ()
    if buttons.shown(Act.ARRIVE, ticket, terms, person, ""):
        rows = ((buttons.button(desk.house.words, desk.language_of(person), ticket, Act.ARRIVE),),)
    markup = desk.say(person, "intake.place" if rows else "intake.added", number=ticket.number)
    await sending.send_text(desk, ticket.contract, message.chat_id, markup, person=person, rows=rows, ticket=ticket)


def button_data(choice: str, message: Message, ticket: Ticket) -> str:
    return f"{PREFIX}:{choice}:{message.message_id}:{ticket.id}"


async def settle(desk: Desk, person: Person, data: str, chat_id: int) -> str:
    """The answer to "same fault or new": same leaves it where it is, new opens a ticket from the message's own date."""
    choice, message_id, ticket_id = _parsed(data)
    link = await messages.at(desk.tx, chat_id, message_id)
    chosen = await tickets.load(desk.tx, ticket_id)
    if link is None or chosen is None or link.person != person.key or not access.may_see(person, chosen):
        raise Refusal("refuse.button")
    if link.first:
        raise Refusal("refuse.settled")
    if choice == SAME and link.ticket_id == ticket_id:
        return desk.house.words.plain(desk.language_of(person), "intake.stays", number=chosen.number)
    if choice == SAME and chosen.stage is Stage.VOID:
        raise Refusal("refuse.settled")
    burst = await messages.burst(desk.tx, chat_id, person.key, link.ticket_id, message_id)
    if choice == SAME:
        for part in burst:
            await _move(desk, person, chosen, part)
        return desk.house.words.plain(desk.language_of(person), "intake.stays", number=chosen.number)
    return await _make_new(desk, person, chosen.contract, chat_id, burst)


async def _make_new(desk: Desk, person: Person, contract: str, chat_id: int, burst: Sequence[Link]) -> str:
    head, *rest = burst
    group = await groups.by_chat(desk.tx, chat_id)
    message = Message(chat_id=chat_id, message_id=head.message_id, at=head.at, text=head.text, group=group)
    old = await tickets.load(desk.tx, head.ticket_id)
    new = await reports.open_ticket(desk, person, contract, message)
    await files.move(desk.tx, chat_id, head.message_id, new.id)
    for part in rest:
        new = await _move(desk, person, new, part)
    if old is not None and old.stage is not Stage.VOID:
        text = desk.house.words.plain(desk.house.language, "intake.split", number=new.number)
        await saving.carry_out(desk, old, events.Amended(at=desk.now, by=person.key, text=text, first=False))
    return desk.house.words.plain(desk.language_of(person), "intake.opened", number=new.number)


async def _move(desk: Desk, person: Person, ticket: Ticket, part: Link) -> Ticket:
    await messages.relink(desk.tx, part.chat_id, part.message_id, ticket.id)
    await files.move(desk.tx, part.chat_id, part.message_id, ticket.id)
    fact = events.Supplemented(at=part.at, by=person.key, text=part.text)
    return await saving.carry_out(desk, ticket, fact)


def _parsed(data: str) -> tuple[str, int, int]:
    parts = data.split(":")
    if len(parts) != 4 or parts[0] != PREFIX or parts[1] not in (SAME, NEW):
        raise Refusal("refuse.button")
    if not (parts[2].isdecimal() and parts[3].isdecimal() and len(parts[2]) < 19 and len(parts[3]) < 19):
        raise Refusal("refuse.button")
    return parts[1], int(parts[2]), int(parts[3])
