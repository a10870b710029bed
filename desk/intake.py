"""A message comes in: it opens a ticket, belongs to one, or answers a question of the desk."""

from collections.abc import Sequence

from desk import access, form_answers, reports, small_talk, which
from desk.house import Desk
from desk.incoming import Message
from sla.ticket import Stage, Ticket
from storage import messages, tickets
from storage.people import Person

_LATEST = 5


async def take_in(desk: Desk, person: Person, message: Message) -> None:
    """Whatever a known person writes: nothing that is said to the desk is lost."""
    if await form_answers.take(desk, person, message):
        return
    contract = await reports.contract_of(desk, person, message)
    ticket = await _belongs_to(desk, person, message)
    if ticket is not None:
        await reports.supplement(desk, person, ticket, message, asked=False)
        return
    if message.kind is not None:
        await reports.open_ticket(desk, person, contract, message)
        return
    candidates = await _open_tickets(desk, person, contract)
    if await small_talk.take(desk, person, contract, candidates, message):
        return
    if candidates:
        await which.ask(desk, person, candidates, message)
    else:
        await reports.open_ticket(desk, person, contract, message)


async def knows_album(desk: Desk, chat_id: int, album: str) -> bool:
    """Whether an earlier picture of the album belongs to a ticket."""
    return await messages.ticket_of_album(desk.tx, chat_id, album) is not None


async def _belongs_to(desk: Desk, person: Person, message: Message) -> Ticket | None:
    """The ticket of the album, or of the message that this one replies to; a closed one takes no more reports."""
    linked: int | None = None
    if message.album is not None:
        linked = await messages.ticket_of_album(desk.tx, message.chat_id, message.album)
    if linked is None and message.reply_to is not None:
        link = await messages.at(desk.tx, message.chat_id, message.reply_to)
        linked = link.ticket_id if link else None
    ticket = await tickets.load(desk.tx, linked) if linked is not None else None
    if ticket is None or not ticket.is_open:
        return None
    seen = access.may_see(person, ticket) or message.group is not None
    return ticket if seen else None


async def _open_tickets(desk: Desk, person: Person, contract: str) -> list[Ticket]:
    """What the person may mean, the newest report first: tickets reported or handled, or what took them in."""
    around = await tickets.around(desk.tx, person.key, contract, _LATEST)
    waiting = [ticket for ticket in around if ticket.is_open]
    mine = [one for one in waiting if one.reporter == person.key and one.stage is not Stage.CLEARED]
    handled = [one for one in waiting if one.handler == person.key]
    mine = mine or await _merged(desk, person, around)
    known = {ticket.id: ticket for ticket in (*mine, *handled)}
    return sorted(known.values(), key=lambda ticket: ticket.reported_at, reverse=True)


async def _merged(desk: Desk, person: Person, latest: Sequence[Ticket]) -> list[Ticket]:
    """The open tickets into which the person's latest reports were merged."""
    found = [await reports.merged_into(desk, ticket) for ticket in latest]
    waiting = [ticket for ticket in found if ticket.is_open and ticket.stage is not Stage.CLEARED]
    return [ticket for ticket in waiting if access.may_see(person, ticket)]
