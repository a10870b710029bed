"""Reports: opening a ticket, adding to it, correcting it, moving it to the contract it belongs to."""

from dataclasses import replace
from datetime import datetime, timedelta

from desk import access, cards, equipment, opinions, saving, sending
from desk.cards import Reader
from desk.errors import Refusal
from desk.house import Desk
from desk.incoming import PLACE, Message, words_of
from sla import events, severity
from sla.terms import Kind
from sla.ticket import Ticket
from sla.understanding import Proposal, propose
from storage import files, messages, tickets
from storage.outbox import Lane
from storage.people import Person

_FRESH = timedelta(minutes=30)


async def contract_of(desk: Desk, person: Person, message: Message) -> str:
    """The group's contract; in private the person's own, the most recently used first."""
    if message.group is not None:
        if not access.roles(person, message.group.contract):
            raise Refusal("refuse.stranger")
        return message.group.contract
    mine = access.contracts(person, desk.house.contracts)
    if not mine:
        raise Refusal("refuse.no_contract")
    latest = await tickets.latest_contract_of(desk.tx, person.key) if len(mine) > 1 else mine[0]
    return latest if latest in mine else mine[0]


async def open_ticket(
    desk: Desk, person: Person, contract: str, message: Message, *, channel: str | None = None
) -> Ticket:
    """Open a ticket at once, with a proposed level; its clocks run from the message's own date."""
    served = desk.contract(contract)
    proposal = await _proposed(desk, contract, message.text)
    if message.kind is not None and proposal.kind is not message.kind:
        level = severity.level_of_kind(message.kind, served.terms) or severity.usual_fault(served.terms)
        proposal = replace(proposal, kind=level.kind, level=level.key, why="", unsure=())
    local_day = message.at.astimezone(served.profile.zone).date()
    ticket_id, number = await tickets.allocate(desk.tx, contract, served.profile.ticket_prefix, local_day)
    report = events.Reported(
        at=message.at,
        by=person.key,
        ticket=ticket_id,
        contract=contract,
        number=number,
        terms=served.digest,
        kind=proposal.kind,
        level=proposal.level,
        text=words_of(message),
        channel=channel or message.channel,
        received_at=desk.now,
        why=proposal.why,
        unsure=proposal.unsure,
    )
    ticket = await saving.carry_out(desk, None, report)
    if message.kind in (None, Kind.FAULT):
        await opinions.wish(desk, ticket)
    await keep(desk, person, ticket, message, first=True)
    await cards.show(desk, ticket, served.terms, _reader(person, message), lane=Lane.NORMAL, reply_to=_reply(message))
    return ticket


async def amend(desk: Desk, person: Person, chat_id: int, message_id: int, text: str, at: datetime) -> None:
    """An edit is a correction of the ticket that the message belongs to; any other edit is nobody's business."""
    link = await messages.at(desk.tx, chat_id, message_id)
    ticket = await tickets.load(desk.tx, link.ticket_id) if link and link.person == person.key else None
    if link is None or ticket is None or not ticket.is_open or not text or text == link.text:
        return
    await messages.reword(desk.tx, chat_id, message_id, text)
    fact = events.Amended(at=at, by=person.key, text=text, first=link.first, level=await _level_of(desk, ticket, text))
    await saving.carry_out(desk, ticket, fact)


async def supplement(desk: Desk, person: Person, ticket: Ticket, message: Message, *, asked: bool) -> Ticket:
    """Add a message to an open ticket, and tell those who work on it."""
    await keep(desk, person, ticket, message, first=False)
    text = words_of(message)
    graver = await _level_of(desk, ticket, text)
    item = message.items[0].kind if message.items else "text"
    fact = events.Supplemented(at=message.at, by=person.key, text=text, item=item, level=graver)
    ticket = await saving.carry_out(desk, ticket, fact)
    if not asked and message.album is None:
        markup = desk.say(person, "intake.added", number=ticket.number)
        await sending.send_text(
            desk, ticket.contract, message.chat_id, markup, person=person, ticket=ticket, lane=Lane.INFO
        )
    return ticket


async def merged_into(desk: Desk, ticket: Ticket) -> Ticket:
    """The ticket that goes on for this one: itself, or the one into which it was merged."""
    while ticket.merged_into and (into := await tickets.by_number(desk.tx, ticket.merged_into)) is not None:
        ticket = into
    return ticket


async def place_shared(desk: Desk, person: Person, ticket: Ticket, at: datetime) -> str:
    """The last place that the person shared for this ticket, if it is fresh enough to prove where they are."""
    said = [one for one in await messages.of_ticket(desk.tx, ticket.id) if one.person == person.key]
    fresh = [one.text for one in said if one.text.startswith(PLACE) and at - _FRESH <= one.at <= at]
    return fresh[-1] if fresh else ""


async def reopen_under(desk: Desk, person: Person, ticket: Ticket, contract: str) -> str:
    """The report was taken for the wrong contract: void there, open here, with the same words and date."""
    said = await messages.of_ticket(desk.tx, ticket.id)
    # The other contract is nobody's business here: its name is not said.
    reason = desk.house.words.plain(desk.house.language, "intake.moved")
    await saving.carry_out(desk, ticket, events.Voided(at=desk.second, by=person.key, reason=reason))
    head = next((one for one in said if one.first), None)
    chat_id, message_id = (head.chat_id, head.message_id) if head else (person.telegram_id or 0, 0)
    message = Message(chat_id=chat_id, message_id=message_id, at=ticket.reported_at, text=ticket.text)
    new = await open_ticket(desk, person, contract, message)
    for one in said:
        await files.move(desk.tx, one.chat_id, one.message_id, new.id)
        await messages.relink(desk.tx, one.chat_id, one.message_id, new.id)
    return new.number


async def keep(desk: Desk, person: Person, ticket: Ticket, message: Message, *, first: bool) -> None:
    """Link the message to its ticket and queue its files for keeping."""
    await messages.link(
        desk.tx,
        message.chat_id,
        message.message_id,
        ticket.id,
        person=person.key,
        album=message.album,
        first=first,
        at=message.at,
        text=words_of(message),
    )
    for item in message.items:
        if item.file_id:
            await files.add(
                desk.tx,
                contract=ticket.contract,
                ticket_id=ticket.id,
                person=person.key,
                kind=item.kind,
                file_id=item.file_id,
                file_unique_id=item.unique_id,
                name=item.name,
                mime=item.mime,
                size=item.size,
                chat_id=message.chat_id,
                message_id=message.message_id,
                added_at=desk.now,
            )


async def _level_of(desk: Desk, ticket: Ticket, text: str) -> str | None:
    """What these words alone suggest, if they say enough to suggest anything."""
    proposal = await _proposed(desk, ticket.contract, text) if text else None
    return proposal.level if proposal is not None and proposal.why and not proposal.unsure else None


async def _proposed(desk: Desk, contract: str, text: str) -> Proposal:
    served = desk.contract(contract)
    return propose(text, served.profile.word_list, served.terms, await equipment.index(desk, contract))


def _reader(person: Person, message: Message) -> Reader:
    if message.group is not None:
        return Reader(chat_id=message.chat_id, audience=message.group.audience)
    return Reader(chat_id=message.chat_id, person=person)


def _reply(message: Message) -> int | None:
    return message.message_id or None
