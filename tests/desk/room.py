"""A desk with its database and a clock that stands still: people write and press, and letters lie in the outbox."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from desk import alarms, buttons, delivery, saving
from desk.access import Act
from desk.delivery import Parcel
from desk.errors import Refusal
from desk.house import Desk, House, keep_terms
from desk.words import plain_of
from handlers import updates
from handlers.presses import Toast
from handlers.updates import Bot
from sla import events
from sla.terms import Terms
from sla.ticket import Ticket
from storage import groups, ledger, outbox, people, tickets
from storage.letters import Letter
from storage.people import Person
from storage.store import Store, Transaction
from tests.desk import payloads
from tests.desk.people import ACCOUNTS, MINE

T = TypeVar("T")
NOW = datetime(2026, 11, 21, 2, 30, tzinfo=UTC)  # 10:30 in the contract's zone, a Saturday
BOT = Bot(id=payloads.BOT_ID, username=payloads.BOT_NAME)


class Undone(Exception):
    """Thrown to leave the database as it was."""


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What a person was answered at once: the toast of a press, or why not."""

    toast: Toast | None = None
    refusal: str = ""

    @property
    def text(self) -> str:
        """The toast's words."""
        return self.toast.text if self.toast else ""


@dataclass(frozen=True, kw_only=True)
class Said:
    """A message that reached a chat."""

    chat: int
    text: str
    buttons: Mapping[str, str]
    letter: Letter


@dataclass
class Room:
    """Everything that a test of the desk works with."""

    store: Store
    house: House
    now: datetime = NOW
    last_message: int = 1_000_000

    async def opens(self, everybody: Sequence[Person]) -> None:
        """The people file and the terms are read."""
        await self.work(lambda desk: people.upsert(desk.tx, everybody))
        await self.work(lambda desk: keep_terms(desk.tx, self.house, self.now))

    def passes(self, **span: float) -> None:
        """Time goes by; nothing rings by itself."""
        self.now += timedelta(**span)

    def desk(self, tx: Transaction) -> Desk:
        """The desk in a transaction, now."""
        return Desk(tx=tx, house=self.house, now=self.now)

    async def work(self, work: Callable[[Desk], Awaitable[T]]) -> T:
        """Do something at the desk in a transaction of its own."""
        return await self.store.write(lambda tx: work(self.desk(tx)))

    async def hears(self, payload: Mapping[str, Any]) -> Answer:
        """One update, handled as the worker handles it: a refusal undoes it, and is said."""
        update = payloads.parsed(payload)
        try:
            return Answer(toast=await self.work(lambda desk: updates.handle(desk, update, BOT)))
        except Refusal as refusal:
            said = refusal
        toast = await self.work(lambda desk: updates.refuse(desk, update, said))
        return Answer(toast=toast, refusal=said.key)

    async def tries(self, payload: Mapping[str, Any]) -> Answer:
        """The same, but everything is undone afterwards."""
        update, answer = payloads.parsed(payload), Answer()

        async def work(desk: Desk) -> None:
            nonlocal answer
            answer = Answer(toast=await updates.handle(desk, update, BOT))
            raise Undone

        try:
            await self.work(work)
        except Undone:
            return answer
        except Refusal as refusal:
            return Answer(refusal=refusal.key)
        raise AssertionError("the transaction was kept")

    async def says(self, who: str, text: str = "", chat: dict[str, Any] | None = None, **content: Any) -> Answer:
        """A person writes, in private unless a chat is named."""
        return await self.hears(payloads.written(payloads.message(ACCOUNTS[who], self.now, text, chat, **content)))

    async def presses(self, who: str, data: str | None, chat: dict[str, Any] | None = None) -> Answer:
        """A person presses the button with these data."""
        return await self.hears(payloads.pressed(ACCOUNTS[who], data, self.now, chat))

    async def does(self, who: str, act: Act, number: int = 1, value: str = "") -> Answer:
        """A person presses a button as it would be drawn now."""
        return await self.presses(who, buttons.data_of(await self.ticket(number), act, value))

    async def ticket(self, number: int = 1) -> Ticket:
        """A ticket as it stands."""
        found = await self.store.read(lambda tx: tickets.load(tx, number))
        assert found is not None
        return found

    async def tickets(self) -> list[Ticket]:
        """Every ticket there is, in order."""
        found: list[Ticket] = []
        while ticket := await self.store.read(lambda tx: tickets.load(tx, len(found) + 1)):
            found.append(ticket)
        return found

    async def rings(self) -> bool:
        """The alarm that is due the longest rings; false if none is due."""

        async def work(desk: Desk) -> bool:
            taken = await alarms.due(desk, 1)
            await alarms.ring(desk, taken)
            return bool(taken)

        return await self.work(work)

    async def meets(self, number: int, *facts: events.Fact) -> Ticket:
        """Facts happen to a ticket without anybody pressing anything."""
        for fact in facts:
            ticket = await self.ticket(number)

            async def work(desk: Desk, ticket: Ticket = ticket, fact: events.Fact = fact) -> Ticket:
                return await saving.carry_out(desk, ticket, fact)

            await self.work(work)
        return await self.ticket(number)

    async def reported(self, level: str = "major", slug: str = MINE, **other: Any) -> Ticket:
        """The first reporter has opened a ticket, now."""
        contract = self.house.contracts[slug]

        async def work(desk: Desk) -> Ticket:
            ticket, number = await tickets.allocate(desk.tx, slug, contract.profile.ticket_prefix, self.now.date())
            fact = events.Reported(
                at=self.now,
                by="reporter-1",
                ticket=ticket,
                contract=slug,
                number=number,
                terms=contract.digest,
                kind=contract.terms.levels[level].kind,
                level=level,
                text="指挥大厅黑屏",
                channel="private",
                received_at=self.now,
            )
            return await saving.carry_out(desk, None, replace(fact, **other))

        return await self.work(work)

    async def letters(self, number: int = 1) -> list[Letter]:
        """Everything that was ever written about a ticket."""
        return await self.store.read(lambda tx: outbox.of_ticket(tx, number))

    async def ledger(self, number: int = 1) -> list[ledger.LedgerEntry]:
        """The entries of a ticket."""
        return await self.store.read(lambda tx: ledger.entries_of(tx, number))

    async def seq(self) -> dict[str, int]:
        """How far each contract's ledger has come."""
        return {head.contract: head.seq for head in await self.store.read(ledger.heads)}

    async def parcels(self) -> list[Parcel]:
        """The courier calls and takes what may go; what is no longer true stays behind."""
        taken = []
        while claimed := await self.store.write(lambda tx: outbox.claim(tx, self.now)):
            for letter in claimed:
                parcel = await self.work(lambda desk, letter=letter: delivery.prepare(desk, letter))  # type: ignore[misc]
                if parcel is not None:
                    taken.append(parcel)
                    self.last_message += 1
                    await self.work(
                        lambda desk, parcel=parcel: delivery.sent(desk, parcel, self.last_message)  # type: ignore[misc]
                    )
        return taken

    async def said(self) -> list[Said]:
        """Everything waiting reaches its chat."""
        return [
            Said(
                chat=parcel.letter.chat_id,
                text=plain_of(parcel.html),
                buttons={label: data for row in parcel.buttons for label, data in row},
                letter=parcel.letter,
            )
            for parcel in await self.parcels()
        ]

    async def told(self, who: str) -> list[Said]:
        """What reaches one person; what reaches others is let go."""
        return [one for one in await self.said() if one.chat == ACCOUNTS[who]]

    async def bind_group(self, audience: str = "joint", contract: str = MINE, chat: int = payloads.GROUP) -> None:
        """The group belongs to a contract."""
        await self.work(lambda desk: groups.put(desk.tx, [(chat, contract, audience)]))

    def terms(self, contract: str = MINE) -> Terms:
        """The terms of a contract as it is served."""
        return self.house.contracts[contract].terms
