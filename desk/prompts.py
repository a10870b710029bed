"""Acts that need words: one question in the person's private chat; what they type next is the answer."""

from desk import buttons, sending, wording
from desk.access import Act
from desk.buttons import Button, Rows
from desk.errors import Refusal
from desk.house import Desk
from sla import holds
from sla.ticket import Ticket
from storage import forms
from storage.forms import Form
from storage.people import Person


async def ask(desk: Desk, person: Person, ticket: Ticket, act: Act) -> None:
    """Ask for the words that the act needs."""
    if person.telegram_id is None:
        raise Refusal("refuse.private")
    form = Form(
        person=person.key,
        chat_id=person.telegram_id,
        purpose=act.value,
        ticket_id=ticket.id,
        field="",
        data={},
        made_at=desk.now,
    )
    await forms.put(desk.tx, form)
    key, rows = f"ask.{act.value}", await _reasons(desk, person, ticket) if act is Act.PAUSE else ()
    if rows:
        own_words = holds.OWN_WORDS in (await desk.terms(ticket)).pauses.reasons
        key = "ask.pau_or_words" if own_words else "ask.pau_named"
    markup = desk.say(person, key, number=ticket.number)
    await sending.send_text(
        desk, ticket.contract, person.telegram_id, markup, person=person, purpose="prompt", rows=rows, ticket=ticket
    )


async def _reasons(desk: Desk, person: Person, ticket: Ticket) -> Rows:
    """The reasons for a pause that the contract names, one below the other; own words are typed."""
    words, language = desk.house.words, desk.language_of(person)
    named = (await desk.terms(ticket)).pauses.reasons
    return tuple(
        (Button(label=wording.reason(words, language, one), data=buttons.data_of(ticket, Act.PAUSE, one)),)
        for one in named
        if one != holds.OWN_WORDS
    )


async def cancel(desk: Desk, person: Person, chat_id: int) -> str:
    """Put the open question away; what was filled in before stays."""
    form = await forms.get(desk.tx, person.key, chat_id)
    if form is None:
        return desk.say(person, "cancel.nothing")
    await forms.drop(desk.tx, person.key, chat_id)
    return desk.say(person, "cancel.done")
