"""A message comes in: it opens a ticket, belongs to one, or answers a question of the desk."""

from dataclasses import dataclass, replace
from datetime import datetime

from desk import access, cards, form_answers, saving, telling, which
from desk.cards import Reader
from desk.errors import Refusal
from desk.house import Desk
from sla import events, severity
from sla.terms import Kind
from sla.ticket import Ticket
from storage import files, messages, tickets
from storage.groups import Group
from storage.outbox import Lane
from storage.people import Person

PRIVATE, IN_GROUP, PHONE = "private", "group", "phone"


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A picture, voice message, file or place that came with a message."""

    kind: str
    file_id: str = ""
    unique_id: str = ""
    name: str = ""
    mime: str = ""
    size: int = 0
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A message as the desk sees it: `at` is its own date, from which promises are counted."""

    chat_id: int
    message_id: int
    at: datetime
    text: str = ""
    items: tuple[Item, ...] = ()
    album: str | None = None
    reply_to: int | None = None
    group: Group | None = None
    kind: Kind | None = None

    @property
    def channel(self) -> str:
        """The way on which it came."""
        return IN_GROUP if self.group else PRIVATE


async def take_in(desk: Desk, person: Person, message: Message) -> None:
    """Whatever a known person writes: nothing that is said to the desk is lost."""
    if await form_answers.take(desk, person, message):
        return
    contract = await contract_of(desk, person, message)
    ticket = await _belongs_to(desk, person, message)
    if ticket is not None:
        await supplement(desk, person, ticket, message, asked=False)
        return
    candidates = await _open_tickets(desk, person, contract)
    if not candidates or message.kind is not None:
        await open_ticket(desk, person, contract, message)
        return
    await which.ask(desk, person, candidates, message)


async def contract_of(desk: Desk, person: Person, message: Message) -> str:
    """The group's contract; in private the person's own, the most recently used first."""
    if message.group is not None:
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
    proposal = severity.classify(message.text, served.profile.word_list, served.terms)
    if message.kind is not None and proposal.kind is not message.kind:
        level = severity.level_of_kind(message.kind, served.terms) or severity.usual_fault(served.terms)
        proposal = replace(proposal, kind=level.kind, level=level.key, why="")
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
    )
    ticket = await saving.carry_out(desk, None, report)
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
    await saving.carry_out(desk, ticket, events.Amended(at=at, by=person.key, text=text, first=link.first))


async def knows_album(desk: Desk, chat_id: int, album: str) -> bool:
    """Whether an earlier picture of the album belongs to a ticket."""
    return await messages.ticket_of_album(desk.tx, chat_id, album) is not None


async def supplement(desk: Desk, person: Person, ticket: Ticket, message: Message, *, asked: bool) -> Ticket:
    """Add a message to an open ticket, and tell those who work on it."""
    await keep(desk, person, ticket, message, first=False)
    text = words_of(message)
    served = desk.contract(ticket.contract)
    level = severity.classify(text, served.profile.word_list, served.terms) if text else None
    graver = level.level if level is not None and level.why else None
    item = message.items[0].kind if message.items else "text"
    fact = events.Supplemented(at=message.at, by=person.key, text=text, item=item, level=graver)
    ticket = await saving.carry_out(desk, ticket, fact)
    if not asked and message.album is None:
        markup = desk.say(person, "intake.added", number=ticket.number)
        await telling.send_text(
            desk, ticket.contract, message.chat_id, markup, person=person, ticket=ticket, lane=Lane.INFO
        )
    return ticket


async def reopen_under(desk: Desk, person: Person, ticket: Ticket, contract: str) -> str:
    """The report was taken for the wrong contract: void there, open here, with the same words and date."""
    said = await messages.of_ticket(desk.tx, ticket.id)
    reason = desk.house.words.plain(desk.house.language, "intake.moved", contract=desk.contract(contract).profile.name)
    await saving.carry_out(desk, ticket, events.Voided(at=desk.second, by=person.key, reason=reason))
    head = next((one for one in said if one.first), None)
    chat_id, message_id = (head.chat_id, head.message_id) if head else (person.telegram_id or 0, 0)
    message = Message(chat_id=chat_id, message_id=message_id, at=ticket.reported_at, text=ticket.text)
    new = await open_ticket(desk, person, contract, message)
    for one in said:
        await files.move(desk.tx, one.chat_id, one.message_id, new.id)
        await messages.relink(desk.tx, one.chat_id, one.message_id, new.id)
    return new.number


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
    mine = await tickets.open_reported_by(desk.tx, person.key, contract)
    handled = await tickets.open_handled_by(desk.tx, person.key, contract)
    known = {ticket.id: ticket for ticket in (*mine, *handled)}
    return sorted(known.values(), key=lambda ticket: ticket.reported_at, reverse=True)


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


def words_of(message: Message) -> str:
    """What a message says, places and contacts included."""
    parts = (message.text, *(item.text for item in message.items))
    return "\n".join(part for part in parts if part)


def _reader(person: Person, message: Message) -> Reader:
    if message.group is not None:
        return Reader(chat_id=message.chat_id, audience=message.group.audience)
    return Reader(chat_id=message.chat_id, person=person)


def _reply(message: Message) -> int | None:
    return message.message_id or None
