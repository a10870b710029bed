"""What becomes of a text that goes by a further way, and of a letter that Telegram does not take in time."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from desk import bundles, buttons, recipients, telling, ways, wording
from desk.house import Desk
from desk.shifts import attendance, orders, vacancy
from desk.words import moment
from sla import promises
from sla.events import CLOCK
from sla.notices import Say
from sla.terms import Clock, Terms, WayKind
from sla.ticket import ENDED, Stage, Ticket
from storage import cards, lateness, ledger, relays, tickets
from storage.letters import Letter
from storage.outbox import CARD
from storage.relays import Relay, State
from storage.transaction import Transaction

# Looked for once a second: what is not accepted is moved on from within ten seconds in all.
PATIENCE = timedelta(seconds=8)
_PAGES = (Say.PAGE, Say.CALL, Say.CALL_AGAIN, Say.OFFERED, Say.RAISED, Say.ONSITE, Say.UNREACHABLE)
PURPOSES = (
    CARD,
    bundles.BUNDLE,
    *(say.value for say in _PAGES),
)
_TRIES = (timedelta(seconds=30), timedelta(minutes=1), timedelta(minutes=2))
_NEEDS_SOMEBODY = frozenset({Say.PAGE, Say.RAISED, Say.UNREACHABLE})
_DONE = ENDED | {Stage.UNDER_TEST, Stage.CLEARED}
_LATE = "late"
# What is not about a ticket: what is still to be said of it, or nothing.
NOTES: Mapping[str, Callable[[Desk, Relay], Awaitable[str | None]]] = {
    attendance.PURPOSE: attendance.asked_by_text,
    vacancy.PURPOSE: vacancy.alarm_by_text,
    orders.PURPOSE: orders.told_by_text,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand:
    """One message to one person by one way, for as many texts as waited there."""

    relays: tuple[Relay, ...]
    text: str
    title: str

    @property
    def ids(self) -> list[int]:
        """The texts that it stands for."""
        return [relay.id for relay in self.relays]


async def prepare(desk: Desk, claimed: Sequence[Relay]) -> Errand | None:
    """Word what is still true, all in one message; put away the rest."""
    told = [(relay, ticket) for relay in claimed if (ticket := await _wanted(desk, relay)) is not None]
    notes = {relay.id: body for relay in claimed if (body := await _note(desk, relay)) is not None}
    due = {relay.id for relay, _ in told} | notes.keys()
    wanted, done = [one for one in claimed if one.id in due], [one.id for one in claimed if one.id not in due]
    if done:
        await relays.settle(desk.tx, done, State.SUPERSEDED, desk.now)
    if not wanted:
        return None
    person = await desk.person(wanted[0].person)
    language, words = desk.language_of(person), desk.house.words
    body = "".join([*([await _about_tickets(desk, told, language)] if told else ()), *notes.values()])
    hotline = words.plain(language, "relay.hotline")
    mark = words.plain(language, "mark.repeat") if any(relay.repeat for relay in wanted) else ""
    text = words.plain(language, "relay.frame", hotline=hotline, mark=mark, text=body)
    await relays.word(desk.tx, [relay.id for relay in wanted], text)
    return Errand(relays=tuple(wanted), text=text, title=hotline if wanted[0].kind == WayKind.MAIL else "")


async def _note(desk: Desk, relay: Relay) -> str | None:
    """What is still to be said that is not about a ticket."""
    if relay.ticket_id is not None or relay.contract not in desk.house.contracts:
        return None
    return await NOTES[relay.purpose](desk, relay)


async def _about_tickets(desk: Desk, told: Sequence[tuple[Relay, Ticket]], language: str) -> str:
    if len({ticket.id for _, ticket in told}) == 1:
        return await _worded(desk, *told[-1], language)
    gravest, terms = await _gravest(desk, [ticket for _, ticket in told])
    level = buttons.level_name(desk.house.words, language, terms, gravest.level)
    count = len({ticket.id for _, ticket in told})
    return desk.house.words.plain(language, "relay.many", n=count, level=level, number=gravest.number)


async def accepted(desk: Desk, errand: Errand) -> None:
    """The gateway took it: that is evidence."""
    await relays.settle(desk.tx, errand.ids, State.SENT, desk.now)
    for relay in errand.relays:
        await _record(desk, relay, "relayed", {})


async def refused(desk: Desk, taken: Sequence[Relay], error: str) -> None:
    """The gateway did not take it: the next way or the next person at once; this one is tried again meanwhile."""
    for relay in taken:
        if relay.attempts == 0:
            await _record(desk, relay, "undelivered", {"error": error})
            await _move_on(desk, relay)
        if relay.attempts < len(_TRIES):
            await relays.again(desk.tx, relay.id, desk.now + _TRIES[relay.attempts], error)
        else:
            await relays.settle(desk.tx, [relay.id], State.DEAD, desk.now, error=error)


async def unanswered(desk: Desk, taken: Sequence[Relay], error: str) -> None:
    """No answer in time: it may have gone out, but nobody waits for it any longer."""
    for relay in taken:
        await relays.settle(desk.tx, [relay.id], State.UNCERTAIN, desk.now, error=error)
        await _record(desk, relay, "uncertain", {"error": error})
        await _move_on(desk, relay)


async def cut_off(desk: Desk, relay: Relay, error: str) -> None:
    """The program stopped while it was on its way: said once more, marked; a second time others take over."""
    if relay.repeat:
        await unanswered(desk, [relay], error)
        return
    await relays.settle(desk.tx, [relay.id], State.UNCERTAIN, desk.now, error=error)
    await _record(desk, relay, "uncertain", {"error": error})
    await ways.repeat(desk, relay)


async def look(desk: Desk) -> Letter | None:
    """Take over from one letter that Telegram has not taken in time; the letter, if there was one."""
    letter = await lateness.first(desk.tx, desk.now, PATIENCE, PURPOSES, gravest_levels(desk))
    if letter is None or letter.ticket_id is None:
        return None
    known = await lateness.was_moved_on(desk.tx, letter)
    await lateness.move_on(desk.tx, letter, desk.now)
    for one in () if known else bundles.about(letter):
        await _take_over(desk, one)
    return letter


async def _take_over(desk: Desk, letter: Letter) -> None:
    ticket = await tickets.load(desk.tx, letter.ticket_id or 0)
    if ticket is None or ticket.contract not in desk.house.contracts:
        return
    terms = await desk.terms(ticket)
    say = _say_of(letter)
    if not _still_due(desk, _as_relay(letter), ticket, terms) or await _is_shown(desk, letter):
        return
    told = {"letter": letter.id, "say": letter.purpose, "to": letter.person or str(letter.chat_id), "failure": _LATE}
    await _append(desk, letter.contract, ticket.id, "undelivered", told)
    clock = Clock(letter.clock) if letter.clock else None
    if letter.person is None or not await ways.takes_over(
        desk, ticket, terms, say, letter.person, clock=clock, letter_id=letter.id
    ):
        await _next_person(desk, ticket, terms, say, letter.person or "", letter.id)


async def due_at(tx: Transaction, now: datetime) -> datetime | None:
    """When a text may go next, or a letter will have waited too long; something overdue is left out."""
    oldest = await lateness.oldest_since(tx, now - PATIENCE, PURPOSES)
    moments = (await relays.next_at(tx), None if oldest is None else oldest + PATIENCE)
    return min((at for at in moments if at is not None), default=None)


def gravest_levels(desk: Desk) -> list[str]:
    """The gravest level of each contract."""
    terms = [contract.terms for contract in desk.house.contracts.values()]
    return sorted({key for one in terms for key in one.levels if one.rank(key) == 0})


async def _wanted(desk: Desk, relay: Relay) -> Ticket | None:
    """The ticket, if the text is still true and nobody has told the person meanwhile."""
    if relay.ticket_id is None:
        return None
    ticket = await tickets.load(desk.tx, relay.ticket_id, lock=False)
    if ticket is None or ticket.contract not in desk.house.contracts:
        return None
    if relay.letter_id is not None and not relay.beside and await lateness.has_arrived(desk.tx, relay.letter_id):
        return None
    if relay.attempts and await _told_otherwise(desk, relay, ticket):
        return None
    return ticket if _still_due(desk, relay, ticket, await desk.terms(ticket)) else None


async def _told_otherwise(desk: Desk, relay: Relay, ticket: Ticket) -> bool:
    return any(
        (other.person, other.purpose, other.version, other.clock, other.state)
        == (relay.person, relay.purpose, relay.version, relay.clock, State.SENT)
        for other in await relays.of_ticket(desk.tx, ticket.id)
    )


def _still_due(desk: Desk, relay: Relay, ticket: Ticket, terms: Terms) -> bool:
    """Whether somebody still has to be disturbed: a card may come late, a telephone must not ring for nothing."""
    if relay.purpose in _NEEDS_SOMEBODY:
        taken = ticket.acknowledged_at is not None and ticket.acknowledged_at >= relay.created_at.replace(microsecond=0)
        return ticket.stage not in _DONE and not taken and ticket.hold is None
    return telling.still_true(_as_letter(relay), ticket, terms, desk.now)


def _say_of(letter: Letter) -> Say:
    return Say.PAGE if letter.purpose == CARD else Say(letter.purpose)


async def _is_shown(desk: Desk, letter: Letter) -> bool:
    """An edit of a card that is there already calls nobody."""
    if letter.purpose != CARD or letter.ticket_id is None:
        return False
    shown = await cards.at(desk.tx, letter.ticket_id, letter.chat_id)
    return shown is not None and shown.message_id is not None


async def _move_on(desk: Desk, relay: Relay) -> None:
    """The next way of the same person, and only after the last one the next person."""
    if await ways.onward(desk, relay):
        return
    if relay.ticket_id is None:
        await telling.tell_admins(desk, relay.contract, "admin.duty_undelivered", missed=relay.person)
        return
    ticket = await tickets.load(desk.tx, relay.ticket_id)
    if ticket is None or ticket.contract not in desk.house.contracts:
        return
    arrived = relay.letter_id is not None and await lateness.has_arrived(desk.tx, relay.letter_id)
    if arrived or relay.purpose not in PURPOSES:
        await telling.tell_admins(desk, relay.contract, "admin.undelivered", ticket, missed=relay.person)
        return
    terms = await desk.terms(ticket)
    await _next_person(desk, ticket, terms, Say(relay.purpose), relay.person, relay.letter_id)


async def _next_person(desk: Desk, ticket: Ticket, terms: Terms, say: Say, missed: str, letter_id: int | None) -> None:
    """The next step of the ladder; by further ways only while Telegram takes nothing from us at all."""
    if letter_id is None or await lateness.line_lives(desk.tx, letter_id):
        await telling.tell_next_step(desk, ticket, terms, say, missed)
        return
    for step in (terms.ladder.on_breach, terms.ladder.then, ()):
        keys = await _meant(desk, ticket, step)
        told = [key for key in keys if key != missed and await ways.instead(desk, ticket, terms, Say.UNREACHABLE, key)]
        if told:
            data = {"missed": missed, "say": say.value, "to": list(step or told)}
            await _append(desk, ticket.contract, ticket.id, "next_step", data)
            return


async def _meant(desk: Desk, ticket: Ticket, step: Sequence[str]) -> list[str]:
    """The people of a step; of no step, those who look after the bot."""
    if not step:
        return [person.key for person in await recipients.admins(desk, ticket.contract)]
    reached = await recipients.resolve(desk, ticket, step)
    return [*(reader.person.key for reader in reached.readers if reader.person), *reached.unreached]


async def _gravest(desk: Desk, many: Sequence[Ticket]) -> tuple[Ticket, Terms]:
    judged = [(ticket, await desk.terms(ticket)) for ticket in many]
    return min(judged, key=lambda one: (one[1].rank(one[0].level), one[0].id))


async def _worded(desk: Desk, relay: Relay, ticket: Ticket, language: str) -> str:
    """Number, level and deadline: nothing of what was said, and nobody's name."""
    words, terms = desk.house.words, await desk.terms(ticket)
    clock = Clock(relay.clock) if relay.clock else Clock.RESPONSE
    promise = promises.find(ticket, terms, clock)
    due = ""
    if promise is not None and promise.due_at is not None and promise.ended_at is None:
        zone = desk.contract(ticket.contract).profile.zone
        name = wording.clock(words, language, clock, terms)
        due = words.plain(language, "relay.due", clock=name, due=moment(promise.due_at, zone, desk.now))
    key = f"relay.{relay.purpose}" if words.has(f"relay.{relay.purpose}") else "relay.other"
    if relay.clock == Clock.HELP and relay.purpose in telling.CALLS:
        key = "relay.help"
    level = buttons.level_name(words, language, terms, ticket.level)
    return words.plain(language, key, number=ticket.number, level=level, due=due)


def _as_relay(letter: Letter) -> Relay:
    return Relay(
        contract=letter.contract,
        ticket_id=letter.ticket_id or 0,
        person=letter.person or "",
        way="",
        kind="",
        purpose=_say_of(letter).value,
        clock=letter.clock,
        version=letter.version,
        next_at=letter.next_at,
        created_at=letter.created_at,
    )


def _as_letter(relay: Relay) -> Letter:
    return Letter(
        contract=relay.contract,
        ticket_id=relay.ticket_id,
        method="relay",
        chat_id=0,
        payload={},
        purpose=relay.purpose,
        clock=relay.clock,
        version=relay.version,
        next_at=relay.next_at,
        created_at=relay.created_at,
    )


async def _record(desk: Desk, relay: Relay, kind: str, data: Mapping[str, Any]) -> None:
    whole = {"relay": relay.id, "say": relay.purpose, "to": relay.person, "way": relay.kind, **data}
    await _append(desk, relay.contract, relay.ticket_id, kind, whole)


async def _append(desk: Desk, contract: str, ticket_id: int | None, kind: str, data: Mapping[str, Any]) -> None:
    await ledger.append(
        desk.tx, contract, ticket_id=ticket_id, kind=kind, at=desk.now, noted_at=desk.now, by=CLOCK, data=data
    )
