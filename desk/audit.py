"""The house looks at itself: has every open ticket a next step, is anything late, is anything forgotten?"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from desk.house import Desk
from sla import waiting
from sla.terms import Terms
from sla.ticket import Stage, Ticket
from storage import audit
from storage.audit import Queue, Tally
from storage.letters import Lane


class Kind(StrEnum):
    """What can be found."""

    STRANDED = "stranded"
    UNTAKEN = "untaken"
    OVERDUE = "overdue"
    LATE_GRAVE = "late_grave"
    LATE_URGENT = "late_urgent"
    LATE_NORMAL = "late_normal"
    LATE_INFO = "late_info"
    STUCK = "stuck"
    UNHANDLED = "unhandled"
    PUT_ASIDE = "put_aside"
    LINE = "line"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something that should not be: how often, for how long, and which one for example (a ticket by its number)."""

    kind: Kind
    count: int
    age: timedelta
    first: int | str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How much there is of everything, at one instant."""

    queues: Mapping[Lane, Queue]
    open_tickets: Mapping[str, int]
    poison: int


@dataclass(slots=True)
class Memory:
    """What one auditor remembers from one time to the next."""

    waiting: dict[int, int] = field(default_factory=dict)  # tickets that wait for somebody, by the version judged
    sending: dict[tuple[int, int], datetime] = field(default_factory=dict)  # letters on their way, since when seen
    suspects: set[int] = field(default_factory=set)  # tickets with a wrong alarm, looked at again each time
    compared: int = 0  # how far the comparison of alarms has come


# From a minute on a page says itself that it was held up. An answer may wait out a chat that takes twenty messages a
# minute, and information a storm in such a chat.
ALLOWED = {
    Lane.GRAVE: timedelta(seconds=30),
    Lane.URGENT: timedelta(minutes=1),
    Lane.NORMAL: timedelta(minutes=5),
    Lane.INFO: timedelta(minutes=30),
}
# One sweep of the ticker, and the patience with a busy database.
ALARM_GRACE = timedelta(seconds=20)
UPDATE_GRACE = timedelta(seconds=30)
# A call gives up after thirteen seconds; a minute later it is neither sent nor written down.
SENDING_GRACE = timedelta(minutes=1)
# Somebody has to read what was put aside; for so long it is said that there is something.
ASIDE_FOR = timedelta(hours=1)
# Nobody is called again about a request that no limit binds, so it is said when nobody took it.
TAKEN_WITHIN = timedelta(hours=1)
_COMPARED_AT_ONCE = 100  # so every ticket's alarms are compared now and then, and those that come next each time
_OF_PEOPLE = frozenset({Kind.UNTAKEN})  # the program did its part
_LATE = {
    Lane.GRAVE: Kind.LATE_GRAVE,
    Lane.URGENT: Kind.LATE_URGENT,
    Lane.NORMAL: Kind.LATE_NORMAL,
    Lane.INFO: Kind.LATE_INFO,
}


def is_well(findings: Collection[Finding]) -> bool:
    """Whether the program does its part."""
    return all(finding.kind in _OF_PEOPLE for finding in findings)


async def counted(desk: Desk) -> Counts:
    """How much there is, for whoever measures."""
    return Counts(
        queues=await audit.queues(desk.tx, {lane: desk.now - span for lane, span in ALLOWED.items()}),
        open_tickets=await audit.open_by_contract(desk.tx),
        poison=await audit.poison(desk.tx),
    )


async def of_rows(desk: Desk, counts: Counts, memory: Memory) -> list[Finding]:
    """What is late, stuck or put aside."""
    tx, now = desk.tx, desk.now
    tallies = {kind: counts.queues[lane].late for lane, kind in _LATE.items()}
    tallies[Kind.OVERDUE] = await audit.overdue(tx, now - ALARM_GRACE)
    tallies[Kind.UNHANDLED] = await audit.unhandled(tx, now - UPDATE_GRACE)
    tallies[Kind.PUT_ASIDE] = await audit.put_aside(tx, now - ASIDE_FOR)
    tallies[Kind.STUCK] = _stuck(await audit.on_their_way(tx), memory, now)
    return [_finding(kind, tally, now) for kind, tally in tallies.items() if tally.count]


async def unjudged(desk: Desk, memory: Memory) -> list[int]:
    """The open tickets without an alarm that have changed since somebody was found to have them."""
    there = await audit.clockless(desk.tx)
    memory.waiting = {id_: version for id_, version in memory.waiting.items() if there.get(id_) == version}
    return sorted(there.keys() - memory.waiting.keys())


async def of_tickets(desk: Desk, ids: Collection[int], memory: Memory) -> list[tuple[Kind, Ticket]]:
    """Those of these tickets that will never speak again, and that nobody has."""
    found = []
    for ticket in await audit.clockless_among(desk.tx, ids):
        kind = await _judged(desk, ticket)
        if kind is not None:
            found.append((kind, ticket))
        elif waiting.awaited(ticket):
            memory.waiting[ticket.id] = ticket.version
    return found


async def uncompared(desk: Desk, memory: Memory, most: int = _COMPARED_AT_ONCE) -> list[int]:
    """Tickets whose alarms are to be compared with those that they need: suspects, the next due, and some in turn."""
    turn = await audit.with_alarms(desk.tx, memory.compared, most)
    memory.compared = turn[-1] if len(turn) == most else 0
    return sorted({*turn, *memory.suspects, *await audit.due_next(desk.tx, desk.now, most)})


async def of_clocks(desk: Desk, ids: Collection[int], memory: Memory) -> list[tuple[Kind, Ticket]]:
    """Those of these tickets that lack one alarm of several, or whose alarm is put off again and again."""
    memory.suspects -= set(ids)
    found = []
    for ticket, kept in await audit.clocks_among(desk.tx, ids):
        if not kept or ticket.contract not in desk.house.contracts:
            continue  # without any alarm it is judged elsewhere; while nobody can be told, its alarms are put off
        terms = await _terms(desk, ticket)
        unheard = waiting.unheard(ticket, terms, kept) if terms else ()
        if terms is None or {alarm.clock for alarm in unheard} - {alarm.clock for alarm in kept}:
            found.append((Kind.STRANDED, ticket))
        elif any(desk.now - alarm.due_at > ALARM_GRACE for alarm in unheard):
            found.append((Kind.OVERDUE, ticket))
    memory.suspects |= {ticket.id for _, ticket in found}
    return found


def merged(findings: Collection[Finding]) -> list[Finding]:
    """At most one finding of each kind: counts added up, with the oldest as the example."""
    by_kind: dict[Kind, Finding] = {}
    for finding in findings:
        known = by_kind.get(finding.kind, finding)
        oldest = max(known, finding, key=lambda one: one.age)
        count = finding.count if known is finding else known.count + finding.count
        by_kind[finding.kind] = replace(oldest, count=count)
    return list(by_kind.values())


def gathered(found: Collection[tuple[Kind, Ticket]], now: datetime) -> list[Finding]:
    """Tickets as findings, one for each kind."""
    findings = []
    for kind in dict.fromkeys(kind for kind, _ in found):
        tickets = [ticket for which, ticket in found if which is kind]
        oldest = min(tickets, key=lambda ticket: (ticket.reported_at, ticket.id))
        tally = Tally(count=len(tickets), since=oldest.reported_at, first=oldest.number)
        findings.append(_finding(kind, tally, now))
    return findings


async def _judged(desk: Desk, ticket: Ticket) -> Kind | None:
    terms = await _terms(desk, ticket)
    if terms is None or waiting.owes_an_alarm(ticket, terms):
        return Kind.STRANDED
    if waiting.awaited(ticket):
        return None
    if ticket.stage is not Stage.REPORTED:
        return Kind.STRANDED
    return Kind.UNTAKEN if desk.now - ticket.received_at > TAKEN_WITHIN else None


async def _terms(desk: Desk, ticket: Ticket) -> Terms | None:
    """What was promised; whoever cannot tell cannot keep it."""
    try:
        return await desk.own_terms(ticket)
    except LookupError:
        return None


def _stuck(sending: Collection[tuple[int, int]], memory: Memory, now: datetime) -> Tally:
    memory.sending = {letter: memory.sending.get(letter, now) for letter in sending}
    stuck = {letter: since for letter, since in memory.sending.items() if now - since >= SENDING_GRACE}
    if not stuck:
        return Tally()
    return Tally(count=len(stuck), since=min(stuck.values()), first=min(stuck)[0])


def _finding(kind: Kind, tally: Tally, now: datetime) -> Finding:
    age = max(now - tally.since, timedelta()) if tally.since else timedelta()
    return Finding(kind=kind, count=tally.count, age=age, first=tally.first)
