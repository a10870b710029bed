"""The promises of the hotline, each as a question to the database and to the chats; an answer is what breaks it."""

from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Iterator
from typing import Any

import sqlalchemy as sa

from desk.house import Contract
from sandbox.chats import Chat
from sandbox.messages import Message
from sla import escalation, promises
from sla.escalation import Alarm
from sla.events import Breached
from sla.notices import Say
from sla.replay import replay
from sla.terms import Clock, Terms
from sla.ticket import Ticket
from storage import ledger, letters, outbox, tickets
from storage.ledger import LedgerEntry
from storage.outbox import Letter, State
from storage.schema import ALARMS, INBOX, MESSAGES, OUTBOX, TICKETS
from storage.store import Transaction
from tests.chaos.house import House
from tests.chaos.people import is_card, number_of

REPEAT = "（重发）"
DEEDS = {
    "接单": "acknowledged",
    "到场": "arrived",
    "修复": "repaired",
    "已恢复，销障": "recovery_confirmed",
}
_PAGES = frozenset({Say.PAGE, Say.CALL, Say.CALL_AGAIN})


class Books:
    """What the database holds when a round is over, read at one instant."""

    def __init__(self, house: House, tx: Transaction, contract: Contract) -> None:
        self.house, self.tx, self.contract = house, tx, contract
        self.tickets: list[Ticket] = []
        self.entries: dict[int, list[LedgerEntry]] = {}
        self.letters: list[Letter] = []

    async def read(self) -> None:
        """Read everything."""
        self.tickets = [ticket async for ticket in _tickets(self.tx)]
        self.entries = {ticket.id: await ledger.entries_of(self.tx, ticket.id) for ticket in self.tickets}
        rows = (await self.tx.run(sa.select(OUTBOX).order_by(OUTBOX.c.id))).mappings()
        self.letters = [
            Letter(**{**{name: row[name] for name in letters.FIELDS}, "state": State(row["state"])}) for row in rows
        ]

    @property
    def terms(self) -> Terms:
        """The one contract's terms."""
        return self.contract.terms

    def facts(self, ticket: Ticket) -> Counter[str]:
        """How often each fact stands in the ticket's ledger."""
        return Counter(entry.kind for entry in self.entries[ticket.id])


async def lost_reports(books: Books) -> list[str]:
    """Whatever somebody wrote and the Bot API has handed over belongs to a ticket."""
    rows = await books.tx.run(
        sa.select(MESSAGES.c.chat_id, MESSAGES.c.message_id).where(MESSAGES.c.person.is_not(None))
    )
    kept = {(row.chat_id, row.message_id) for row in rows}
    # An answer to a question of the record is kept as what it answers, not as a message.
    recorded = {value for ticket in books.tickets for value in ticket.record.values()}
    return [
        f"lost: message {message.id} of {message.author}"
        for message in books.house.said
        if (message.chat.id, message.id) not in kept and message.text not in recorded
    ]


async def unsettled_updates(books: Books) -> list[str]:
    """Every update that was taken in was handled, and none was put aside."""
    rows = await books.tx.run(sa.select(INBOX.c.update_id, INBOX.c.state).where(INBOX.c.state != "done"))
    return [f"update {row.update_id} is {row.state}" for row in rows]


async def doubled_reports(books: Books) -> list[str]:
    """No message opened two tickets."""
    rows = await books.tx.run(sa.select(MESSAGES.c.ticket_id).where(MESSAGES.c.first))
    opened = Counter(rows.scalars().all())
    found = [f"{ticket.number} has no message of its own" for ticket in books.tickets if not opened[ticket.id]]
    return found + [f"ticket {id_} was opened by {count} messages" for id_, count in opened.items() if count > 1]


async def wrong_state_changes(books: Books) -> list[str]:
    """Each act that somebody asked for by pressing stands in the ledger exactly once, and nothing else does."""
    asked = {(number, DEEDS[label]) for number, label, _ in books.house.presses if label in DEEDS}
    found = []
    for ticket in books.tickets:
        facts = books.facts(ticket)
        for kind in ("reported", *DEEDS.values()):
            wanted = 1 if kind == "reported" or (ticket.number, kind) in asked else 0
            if facts[kind] != wanted:
                found.append(f"{ticket.number}: {kind} stands {facts[kind]} times in the ledger, not {wanted}")
    return found


async def replay_differences(books: Books) -> list[str]:
    """The ledger alone gives the same ticket, and each clock has exactly the alarm that it needs."""
    found = []
    for ticket in books.tickets:
        if replay(await ledger.facts_of(books.tx, ticket.id), books.terms) != ticket:
            found.append(f"{ticket.number}: its ledger tells another story")
        rows = await books.tx.run(sa.select(ALARMS.c.clock, ALARMS.c.due_at).where(ALARMS.c.ticket_id == ticket.id))
        kept = {Alarm(clock=Clock(row.clock), due_at=row.due_at) for row in rows}
        if kept != set(escalation.alarms(ticket, books.terms)):
            found.append(f"{ticket.number}: its alarms are not those that it needs")
    return found


async def ledger_flaws(books: Books) -> list[str]:
    """The chain holds from the first entry to the last."""
    return [f"ledger: {flaw}" for flaw in await ledger.verify(books.tx)]


async def false_breaches(books: Books) -> list[str]:
    """A breach stands in the ledger only where the timestamps say so."""
    found = []
    for ticket in books.tickets:
        for fact in await ledger.facts_of(books.tx, ticket.id):
            if not isinstance(fact, Breached):
                continue
            promise = promises.find(ticket, books.terms, fact.clock)
            assert promise is not None
            if not promises.is_late(fact.at, fact.due_at):
                found.append(f"{ticket.number}: {fact.clock} was called late before it was")
            if promise.ended_at is not None and not promises.is_late(promise.ended_at, fact.due_at):
                found.append(f"{ticket.number}: {fact.clock} was kept, and called late")
    return found


async def missed_breaches(books: Books) -> list[str]:
    """What the timestamps call late stands in the ledger as a breach, or is closed within the same breath."""
    found = []
    for ticket in books.tickets:
        noted = {fact.clock for fact in await ledger.facts_of(books.tx, ticket.id) if isinstance(fact, Breached)}
        for promise in promises.promises(ticket, books.terms):
            if promise.ended_at is None and promise.due_at is not None and promise.clock not in noted:
                if promises.is_late(books.house.world.now(), promise.due_at):
                    found.append(f"{ticket.number}: {promise.clock} is late, and nobody was called")
    return found


async def letters_left_behind(books: Books) -> list[str]:
    """Nothing waits in the outbox for ever."""
    waiting = await outbox.pending(books.tx)
    return [f"outbox: {waiting} letters are not finished"] if waiting else []


async def unmarked_repeats(books: Books) -> list[str]:
    """Nobody reads the same message twice, unless the second one says that it is a repeat."""
    found = [
        f"{letter.chat_id}: {letter.purpose} of ticket {letter.ticket_id} was written twice"
        for letter in _written_twice(books)
    ]
    came = _as_they_came(books.house)
    for chat in books.house.world.chats.values():
        by_key = defaultdict(list)
        for message in _said_by_bot(books.house, chat):
            by_key[_key(message)].append(message)
        arrived = {letter.message_id for letter in books.letters if letter.chat_id == chat.id}
        for key, alike in by_key.items():
            unmarked = [one for one in alike if not came[chat.id, one.id].startswith(REPEAT)]
            if len(unmarked) > 1 and any(one.id not in arrived for one in unmarked):
                found.append(f"{chat.title} read {key!r} {len(unmarked)} times without a mark")
    return found


async def idle_repeats(books: Books) -> list[str]:
    """A mark of repetition stands only where somebody could not know whether the first one had arrived."""
    doubtful = {_about(letter) for letter in books.letters if letter.state is State.UNCERTAIN}
    return [
        f"{letter.chat_id}: {letter.purpose} of ticket {letter.ticket_id} was repeated for no reason"
        for letter in books.letters
        if letter.payload.get("repeat") and _about(letter) not in doubtful
    ]


async def unheard_pages(books: Books) -> list[str]:
    """Every page and call stands in the chat of the one who was paged, or the next in line was told."""
    found = []
    for ticket in books.tickets:
        told = [entry for entry in books.entries[ticket.id] if entry.kind == "told" and entry.data["say"] in _PAGES]
        passed_on = any(entry.kind == "next_step" for entry in books.entries[ticket.id])
        for key in {key for entry in told for key in entry.data["to"]}:
            reached = any(ticket.number in message.text for message in books.house.phones[key].chat)
            if not reached and not passed_on:
                found.append(f"{ticket.number}: {key} was never reached")
        if not told and ticket.is_open:
            found.append(f"{ticket.number}: nobody was paged")
    return found


def marked(house: House) -> int:
    """How many messages came with the mark of a repeat."""
    return sum(text.startswith(REPEAT) for text in _as_they_came(house).values())


def _said_by_bot(house: House, chat: Chat) -> Iterator[Message]:
    return (one for one in chat.messages.values() if one.sender is house.world.bot)


def _as_they_came(house: House) -> dict[tuple[int, int], str]:
    """What the bot's messages said at first: a card that was edited since has lost the mark that it came with."""
    came: dict[tuple[int, int], str] = {}
    for entry in house.world.transcript:
        if entry.by_bot and entry.message_id is not None:
            came.setdefault((entry.chat_id, entry.message_id), entry.what)
    return came


def _key(message: Message) -> str:
    text = message.text.removeprefix(REPEAT)
    return f"card {number_of(message)}" if is_card(message) else text.split("\n（本应")[0]


def _about(letter: Letter) -> tuple[Any, ...]:
    return letter.chat_id, letter.ticket_id, letter.purpose, letter.clock


def _written_twice(books: Books) -> list[Letter]:
    """Letters about a ticket that went out after another one that says the same of the same version."""
    seen: set[tuple[Any, ...]] = set()
    again = []
    for letter in books.letters:
        if letter.state is State.SENT and letter.method == "send" and letter.ticket_id is not None:
            key = (*_about(letter), letter.version, str(letter.payload["html"]))
            again += [letter] if key in seen else []
            seen.add(key)
    return again


async def _tickets(tx: Transaction) -> AsyncIterator[Ticket]:
    for id_ in (await tx.run(sa.select(TICKETS.c.id).order_by(TICKETS.c.id))).scalars().all():
        ticket = await tickets.load(tx, id_)
        assert ticket is not None
        yield ticket
