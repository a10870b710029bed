"""Notices become letters: roles become people, facts become words, and who was told becomes an entry."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from desk import buttons, cards, recipients, record_form, sending, ways, wording
from desk.access import Act
from desk.cards import Reader
from desk.house import Desk
from desk.words import clipped, length, moment
from sla import escalation, moves, promises, record, reporting, visits
from sla.events import CLOCK
from sla.notices import Notice, Say
from sla.terms import Clock, Kind, LocateMetric, Terms
from sla.ticket import Ticket
from storage import ledger, outbox, tickets
from storage.outbox import Lane, Letter, State

_AS_CARD = frozenset({Say.PAGE, Say.REPORT_AT_ONCE, Say.OFFERED})
_NOT_TO_THE_DOER = frozenset(
    {
        Say.TAKEN,
        Say.ARRIVED,
        Say.VISIT_WAIVED,
        Say.FINAL,
        Say.SUPPLEMENT,
        Say.GRAVER_WORDS,
        Say.RAISED,
        Say.LOWERED,
        Say.PAUSED,
        Say.RESUMED,
        Say.TRANSMISSION_RETURNED,
        Say.NOTE,
        Say.ANSWER,
        Say.CALL_ENDED,
        Say.CALL_TAKEN,
        Say.MERGED,
        Say.VOIDED,
    }
)
_DONE = (Act.REPAIR, Act.MEETING_WENT_WELL, Act.MEETING_INTERRUPTED)
_BUTTONS: Mapping[Say, tuple[Act, ...]] = {
    Say.PAGE: (Act.ACKNOWLEDGE,),
    Say.RAISED: (Act.ACKNOWLEDGE,),
    Say.OFFERED: (Act.ACKNOWLEDGE,),
    Say.ONSITE: (Act.ACKNOWLEDGE, Act.SET_OUT, Act.ARRIVE),
    Say.PROGRESS_DUE: (Act.NOTE,),
    Say.WARNING: (Act.ACKNOWLEDGE, Act.ARRIVE, *_DONE),
    Say.CALL: (Act.ACKNOWLEDGE, Act.TAKE_CALL),
    Say.CALL_AGAIN: (Act.ACKNOWLEDGE, Act.TAKE_CALL),
    Say.UNREACHABLE: (Act.ACKNOWLEDGE, Act.TAKE_CALL),
    Say.BREACH: (Act.ACKNOWLEDGE, Act.ARRIVE, *_DONE),
    Say.TEST: (Act.CONFIRM, Act.REJECT),
    Say.SENT_BACK: (Act.ARRIVE, Act.FIX_REMOTELY, *_DONE),
    Say.ASK_LOWER: (Act.AGREE_LOWER, Act.REFUSE_LOWER),
    Say.ASK_PAUSE: (Act.AGREE_PAUSE, Act.REFUSE_PAUSE),
    Say.ASK_TRANSMISSION: (Act.CONFIRM_TRANSMISSION, Act.REFUSE_TRANSMISSION),
    Say.ANSWER: (Act.SATISFIED, Act.DISSATISFIED),
    Say.FOLLOW_UP: (Act.SATISFIED, Act.DISSATISFIED),
    Say.RECORD: (Act.RECORD,),
}
_FREE_TEXT = frozenset({"text", *record.FINAL})
_REASONED = frozenset({Say.ASK_PAUSE, Say.PAUSED})
CALLS = frozenset({Say.CALL, Say.CALL_AGAIN})
_QUESTIONS = frozenset(
    {
        Say.TEST,
        Say.OFFERED,
        Say.ASK_LOWER,
        Say.ASK_PAUSE,
        Say.ASK_TRANSMISSION,
        Say.FOLLOW_UP,
        Say.RECORD,
    }
)
_AT_ONCE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """Who was told what, for the ledger."""

    say: Say
    to: tuple[str, ...]
    unreached: tuple[str, ...]


async def tell(desk: Desk, ticket: Ticket, terms: Terms, spoken: Sequence[Notice], doer: str) -> None:
    """Say every notice to everybody it means, once in each chat, and record it."""
    said: set[int] = set()
    told = [await _tell_one(desk, ticket, terms, notice, doer, said) for notice in spoken]
    for report in told:
        data = {"say": report.say.value, "to": list(report.to), "unreached": list(report.unreached)}
        await _record(desk, ticket, "told", data)


async def tell_next_step(desk: Desk, ticket: Ticket, terms: Terms, say: Say, missed: str) -> None:
    """Somebody could not be told something urgent: the next step of the ladder is told at once, and the admin."""
    if ticket.is_open:
        for step in (terms.ladder.on_breach, terms.ladder.then):
            reached = await recipients.resolve(desk, ticket, step)
            readers = [reader for reader in reached.readers if not (reader.person and reader.person.key == missed)]
            if await _told_just_now(desk, ticket, readers):
                break
            others = [key for key in reached.unreached if key != missed]
            relayed = [key for key in others if await ways.instead(desk, ticket, terms, Say.UNREACHABLE, key)]
            if readers or relayed:
                notice = Notice(say=Say.UNREACHABLE, to=step, urgent=True, words={"missed": missed})
                for reader in readers:
                    await _send(desk, ticket, terms, notice, reader)
                    await _also(desk, ticket, terms, notice, reader)
                await _record(desk, ticket, "next_step", {"missed": missed, "say": say.value, "to": list(step)})
                break
        else:
            await _nobody_left(desk, ticket, terms, say, missed)
    await tell_admins(desk, ticket.contract, "admin.unreachable", ticket, missed=missed)


async def _nobody_left(desk: Desk, ticket: Ticket, terms: Terms, say: Say, missed: str) -> None:
    """No step of the ladder reaches anybody: that is an entry, and those who look after the bot are called instead."""
    keys = [person.key for person in await recipients.admins(desk, ticket.contract) if person.key != missed]
    for key in keys:
        await ways.instead(desk, ticket, terms, Say.UNREACHABLE, key)
    await _record(desk, ticket, "next_step", {"missed": missed, "say": say.value, "to": [], "admins": keys})


async def _also(desk: Desk, ticket: Ticket, terms: Terms, notice: Notice, reader: Reader) -> None:
    """What the level demands beside Telegram; whoever lacks it is reported."""
    if reader.person is None:
        return
    if not await ways.beside(desk, ticket, terms, notice, reader.person.key, reader.chat_id):
        await tell_admins(desk, ticket.contract, "admin.no_way", ticket, missed=reader.person.key)


async def _told_just_now(desk: Desk, ticket: Ticket, readers: Sequence[Reader]) -> bool:
    """Several people who cannot be reached at once are one reason to call the next step, not several."""
    chats = {reader.chat_id for reader in readers}
    told = {
        letter.chat_id
        for letter in await outbox.of_ticket(desk.tx, ticket.id)
        if letter.purpose == Say.UNREACHABLE.value
        and desk.now - letter.created_at < _AT_ONCE
        and letter.state is not State.DEAD
    }
    return bool(chats) and chats <= told


async def tell_admins(desk: Desk, contract: str, key: str, ticket: Ticket | None = None, **facts: Any) -> None:
    """Tell those who look after the bot."""
    for person in await recipients.admins(desk, contract):
        if person.telegram_id is None or not person.reachable:
            continue
        nobody = desk.house.words.plain(desk.language_of(person), "nobody")
        named = {name: await desk.name(value) or nobody for name, value in facts.items()}
        markup = desk.say(person, key, number=ticket.number if ticket else "", **named)
        await sending.send_text(desk, contract, person.telegram_id, markup, person=person, purpose="admin")


async def _tell_one(desk: Desk, ticket: Ticket, terms: Terms, notice: Notice, doer: str, said: set[int]) -> Told:
    reached = await recipients.resolve(desk, ticket, notice.to)
    told = []
    for reader in reached.readers:
        by_the_doer = reader.person is not None and reader.person.key == doer and notice.say in _NOT_TO_THE_DOER
        if reader.chat_id in said or by_the_doer:
            continue
        said.add(reader.chat_id)
        told.append(reader.person.key if reader.person else str(reader.chat_id))
        await _say(desk, ticket, terms, notice, reader)
        await _also(desk, ticket, terms, notice, reader)
    if notice.urgent:
        await _report_unreached(desk, ticket, terms, notice, reached, told)
    return Told(say=notice.say, to=tuple(told), unreached=tuple(reached.unreached))


async def _report_unreached(
    desk: Desk, ticket: Ticket, terms: Terms, notice: Notice, reached: recipients.Reached, told: Sequence[str]
) -> None:
    """Whom Telegram does not reach is told by other ways; an empty step is never waited out: the next one is told."""
    relayed = []
    for key in reached.unreached:
        if await ways.instead(desk, ticket, terms, notice.say, key, clock=notice.clock):
            relayed.append(key)
            if ways.lacks(desk, ticket, terms, notice.say, key):
                await tell_admins(desk, ticket.contract, "admin.no_way", ticket, missed=key)
    unreached = [key for key in reached.unreached if key not in relayed]
    empty = not reached.readers and not relayed
    nobody = empty and notice.say in (Say.PAGE, Say.CALL, Say.CALL_AGAIN, Say.OFFERED, Say.ONSITE)
    for missed in unreached or ([""] if nobody else []):
        if nobody:
            await tell_next_step(desk, ticket, terms, notice.say, missed)
            return
        await tell_admins(desk, ticket.contract, "admin.unreachable", ticket, missed=missed)


async def _say(desk: Desk, ticket: Ticket, terms: Terms, notice: Notice, reader: Reader) -> None:
    if notice.say in _AS_CARD:
        new = await cards.show(desk, ticket, terms, reader, lane=_urgently(ticket, terms))
        if new and notice.say is not Say.OFFERED:
            return
    elif notice.say in (Say.CALL, Say.CALL_AGAIN, Say.TEST):
        await cards.show(desk, ticket, terms, reader, lane=Lane.NORMAL)
    if (
        notice.say is Say.RECORD
        and reader.person
        and await record_form.start_record(desk, ticket, terms, reader.person)
    ):
        return
    await _send(desk, ticket, terms, notice, reader)


async def _send(desk: Desk, ticket: Ticket, terms: Terms, notice: Notice, reader: Reader) -> None:
    language = desk.language_of(reader.person)
    acts = _acts(ticket, terms, notice, reader)
    row = tuple(buttons.labelled(desk.house.words, language, ticket, act) for act in acts)
    rows = (row,) if row else ()
    key = _key(desk, ticket, notice, acts)
    said = desk.house.words.html(language, key, **await _facts(desk, ticket, terms, notice, language))
    markup = "\n".join(line for line in said.split("\n") if line.strip())
    shown = (await cards.shown(desk, ticket.id)).get(reader.chat_id)
    payload: dict[str, Any] = {
        "html": markup,
        "buttons": cards.plain_rows(rows),
        "silent": not notice.urgent,
    }
    if shown is not None and shown.message_id is not None:
        payload["reply_to"] = shown.message_id
    letter = Letter(
        contract=ticket.contract,
        ticket_id=ticket.id,
        lane=_urgently(ticket, terms) if notice.urgent else Lane.INFO,
        method="send",
        chat_id=reader.chat_id,
        person=reader.person.key if reader.person else None,
        payload=payload,
        purpose=notice.say.value,
        clock=notice.clock.value if notice.clock else None,
        version=ticket.version,
        next_at=desk.now,
        created_at=desk.now,
    )
    if notice.say in CALLS:
        await outbox.overtake(desk.tx, letter, CALLS)
    await outbox.put(desk.tx, letter)


def _urgently(ticket: Ticket, terms: Terms) -> Lane:
    """In a storm of reports the gravest fault passes all the others."""
    gravest = ticket.kind is Kind.FAULT and terms.rank(ticket.level) == 0
    return Lane.GRAVE if gravest else Lane.URGENT


def _key(desk: Desk, ticket: Ticket, notice: Notice, acts: Sequence[Act]) -> str:
    if notice.say in CALLS and notice.clock is Clock.HELP:
        return f"say.{notice.say.value}_help"
    if notice.say is Say.UNREACHABLE and Act.HAND_OVER in acts:
        return "say.unreachable_handler"
    if notice.say is Say.UNREACHABLE and not acts:
        return "say.unreachable_to_bureau"
    return wording.of_kind(desk.house.words, f"say.{notice.say.value}", ticket.kind)


async def _facts(desk: Desk, ticket: Ticket, terms: Terms, notice: Notice, language: str) -> dict[str, Any]:
    words, zone = desk.house.words, desk.contract(ticket.contract).profile.zone
    facts: dict[str, Any] = {
        "by": "",
        "text": "",
        "from": "",
        "to": "",
        "missed": "",
        "due": "",
        "left": "",
        "late": "",
    }
    facts |= dict.fromkeys(record.FINAL, "")
    facts |= {"number": ticket.number, "count": notice.count, "words": _said(desk, ticket), "clock": ""}
    facts["level"] = buttons.level_name(words, language, terms, ticket.level)
    facts["subject"] = subject(desk, ticket, terms, language)
    facts["state"] = cards.state_name(desk, ticket, language)
    if notice.clock:
        facts["clock"] = wording.clock(words, language, notice.clock, terms)
    if notice.due_at:
        facts["due"] = moment(notice.due_at, zone, desk.now)
        facts["left"] = length(words, language, notice.due_at - desk.now)
        facts["late"] = length(words, language, desk.now - notice.due_at)
    for name, value in notice.words.items():
        if name in ("by", "missed"):
            facts[name] = await desk.name(value) or words.plain(language, "nobody")
        elif name in ("from", "to"):
            facts[name] = buttons.level_name(words, language, terms, value)
        elif name in record.FINAL and not desk.house.minimal:
            field = words.plain(language, f"field.{name}")
            facts[name] = words.plain(language, "record.line", field=field, value=clipped(value))
        else:
            hidden = desk.house.minimal and name in _FREE_TEXT
            facts[name] = "" if hidden else clipped(_reason(desk, notice, language, value))
    return facts


def _reason(desk: Desk, notice: Notice, language: str, given: str) -> str:
    return wording.reason(desk.house.words, language, given) if notice.say in _REASONED else given


def subject(desk: Desk, ticket: Ticket, terms: Terms, language: str) -> str:
    """What a ticket is about, in one line: its level, and what was said if that may be sent."""
    words = desk.house.words
    level, said = buttons.level_name(words, language, terms, ticket.level), _said(desk, ticket)
    return words.plain(language, "subject" if said else "subject_alone", level=level, words=said)


def _said(desk: Desk, ticket: Ticket) -> str:
    return "" if desk.house.minimal or not ticket.text else clipped(ticket.text, 80)


def _acts(ticket: Ticket, terms: Terms, notice: Notice, reader: Reader) -> Sequence[Act]:
    """What the reader can do about the notice; a ticket that somebody has who cannot be reached is handed over."""

    def shown(acts: Sequence[Act]) -> list[Act]:
        return [act for act in acts if buttons.shown(act, ticket, terms, reader.person, reader.audience)]

    possible = _BUTTONS.get(notice.say, ())
    located = notice.clock is Clock.LOCATE and terms.locate_metric is LocateMetric.LOCATED
    if located and notice.say in (Say.WARNING, Say.BREACH):
        possible = (Act.ACKNOWLEDGE, Act.LOCATE)
    return shown(possible) or (shown((Act.HAND_OVER,)) if notice.say is Say.UNREACHABLE else [])


async def _record(desk: Desk, ticket: Ticket, kind: str, data: Mapping[str, Any]) -> None:
    await ledger.append(
        desk.tx, ticket.contract, ticket_id=ticket.id, kind=kind, at=desk.now, noted_at=desk.now, by=CLOCK, data=data
    )


async def is_true(desk: Desk, letter: Letter) -> bool:
    """Whether a waiting letter still says what is so; a card is always drawn from the newest state."""
    if letter.expires_at is not None and letter.expires_at < desk.now:
        return False
    if letter.ticket_id is None or letter.method == cards.CARD:
        return True
    ticket = await tickets.load(desk.tx, letter.ticket_id, lock=False)
    return ticket is None or still_true(letter, ticket, await desk.terms(ticket), desk.now)


def still_true(letter: Letter, ticket: Ticket, terms: Terms, now: datetime) -> bool:
    """Whether a waiting notice still says what is so; a card is always drawn from the newest state."""
    if letter.purpose not in set(Say):
        return True
    say, clock = Say(letter.purpose), Clock(letter.clock) if letter.clock else None
    if say in CALLS and clock is not None:
        return any(rung.clock is clock for rung in escalation.open_calls(ticket, terms))
    if say in (Say.WARNING, Say.BREACH) and clock is not None:
        return ticket.is_open and _owed(ticket, terms, clock, now, overdue=say is Say.BREACH)
    if say is Say.ONSITE:
        return ticket.is_open and visits.is_needed(ticket, terms)
    if say is Say.PROGRESS_DUE:
        missed = reporting.next_at(ticket, terms) is not None
        return missed and ticket.progress_at is not None and ticket.progress_at <= letter.created_at
    if say in _QUESTIONS:
        return any(_still_asked(act, letter.version, ticket, terms) for act in _BUTTONS[say])
    return ticket.is_open or say is not Say.UNREACHABLE


def _still_asked(act: Act, version: int, ticket: Ticket, terms: Terms) -> bool:
    """A question of an earlier round is settled, though the same may have been asked again since."""
    stale = moves.is_stale(ticket, version, buttons.ASKS.get(act))
    return buttons.is_possible(act, ticket, terms) and not stale


def _owed(ticket: Ticket, terms: Terms, clock: Clock, now: datetime, *, overdue: bool) -> bool:
    promise = promises.find(ticket, terms, clock)
    if promise is None or promise.ended_at is not None or promise.due_at is None:
        return False
    return promises.is_late(now, promise.due_at) is overdue
