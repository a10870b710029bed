"""Acts that need words: one question in the person's private chat; what they type next is the answer."""

from desk import sending
from desk.access import Act
from desk.errors import Refusal
from desk.house import Desk
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
    markup = desk.say(person, f"ask.{act.value}", number=ticket.number)
    await sending.send_text(
        desk, ticket.contract, person.telegram_id, markup, person=person, purpose="prompt", ticket=ticket
    )


async def cancel(desk: Desk, person: Person, chat_id: int) -> str:
    """Put the open question away; what was filled in before stays."""
    form = await forms.get(desk.tx, person.key, chat_id)
    if form is None:
        return desk.say(person, "cancel.nothing")
    await forms.drop(desk.tx, person.key, chat_id)
    return desk.say(person, "cancel.done")
