"""The hand-over card: what is open, in whose hands it is, what it waits for, and what the one who goes has to say."""

from desk import buttons, lists
from desk.access import Act
from desk.buttons import Button, Rows
from desk.duty import plan as duty
from desk.house import Desk
from desk.shifts import data, plan
from desk.words import Html, clipped, length
from sla import holds
from sla.ticket import WORKING, Stage, Ticket
from storage import key_periods, ledger, tickets
from storage.handovers import Handover
from storage.people import Person

ACCEPT, REMARK, ALL = "acc", "rmk", "all"
_MOST, _LOOKED_AT, _LONGEST_REMARK = 10, 200, 900
_OFFERABLE = WORKING | {Stage.REPORTED}


async def open_tickets(desk: Desk, contract: str) -> list[Ticket]:
    """What is open under the contract, what is gravest first."""
    found = await tickets.open_in(desk.tx, [contract], _LOOKED_AT)
    ranked = [((await desk.terms(ticket)).rank(ticket.level), ticket) for ticket in found]
    return [ticket for _, ticket in sorted(ranked, key=lambda one: (one[0], one[1].reported_at, one[1].id))]


def in_hand(found: list[Ticket], person: str) -> list[Ticket]:
    """What a person works on and could give to somebody else."""
    return [ticket for ticket in found if ticket.handler == person and ticket.stage in _OFFERABLE]


async def for_outgoing(desk: Desk, handover: Handover, reader: Person) -> tuple[Html, Rows]:
    """What the person who goes reads, who may add a remark and give everything away."""
    found = await open_tickets(desk, handover.contract)
    incoming = await desk.name(handover.incoming)
    head = desk.say(
        reader,
        "handover.out" if found else "handover.out_none",
        incoming=incoming,
        **_facts(desk, handover, reader, found),
    )
    body = [head, *await _key_periods(desk, handover, reader), *await _listed(desk, reader, found)]
    rows: list[tuple[Button, ...]] = [(data.button(desk, reader, "handover.act_remark", REMARK, handover.id),)]
    if mine := in_hand(found, handover.outgoing):
        body.append(desk.say(reader, "handover.yours", n=len(mine)))
        rows.append((data.button(desk, reader, "handover.act_all", ALL, handover.id, n=len(mine)),))
    body.append(desk.say(reader, "handover.out_hint"))
    return plan.lines(body), tuple(rows)


async def for_incoming(desk: Desk, handover: Handover, reader: Person) -> tuple[Html, Rows]:
    """What the person who comes reads, and accepts."""
    found = await open_tickets(desk, handover.contract)
    body = [
        desk.say(reader, "handover.in" if found else "handover.in_none", **_facts(desk, handover, reader, found)),
        *await _key_periods(desk, handover, reader),
        *await _listed(desk, reader, found),
    ]
    if handover.outgoing and (held := in_hand(found, handover.outgoing)):
        body.append(desk.say(reader, "handover.theirs", n=len(held), name=await desk.name(handover.outgoing)))
    if handover.remark and not desk.house.minimal:
        name = await desk.name(handover.outgoing)
        body.append(desk.say(reader, "handover.remark", name=name, text=clipped(handover.remark, _LONGEST_REMARK)))
    late = desk.now - handover.at
    if late.total_seconds() >= 60:
        span = length(desk.house.words, desk.language_of(reader), late)
        body.append(desk.say(reader, "handover.late", at=plan.clock(desk, handover.contract, handover.at), length=span))
    body.append(desk.say(reader, "handover.in_hint"))
    shown = tuple((Button(label=one.number, data=buttons.data_of(one, Act.SHOW)),) for one in found[:_MOST])
    return plan.lines(body), (accept_row(desk, handover, reader), *shown)


def accept_row(desk: Desk, handover: Handover, reader: Person) -> tuple[Button, ...]:
    """The one button that the person who comes has to press."""
    return (data.button(desk, reader, "handover.act_accept", ACCEPT, handover.id),)


def _facts(desk: Desk, handover: Handover, reader: Person, found: list[Ticket]) -> dict[str, object]:
    place = (handover.contract, handover.role, handover.post)
    return {
        "contract": desk.contract(handover.contract).profile.name,
        "place": plan.place_name(desk, reader, place),
        "at": plan.clock(desk, handover.contract, handover.at),
        "n": len(found),
    }


async def _key_periods(desk: Desk, handover: Handover, reader: Person) -> list[Html]:
    """The key periods that run, or that begin within a day of the change."""
    zone = desk.contract(handover.contract).profile.zone
    return [
        desk.say(reader, "handover.key_period", name=one.name, span=duty.span(one.start, one.end, zone))
        for one in await key_periods.valid(desk.tx, handover.contract, desk.now)
        if one.end > desk.now and one.start < handover.at + duty.DAY
    ]


async def _listed(desk: Desk, reader: Person, found: list[Ticket]) -> list[str]:
    parts: list[str] = []
    for ticket in found[:_MOST]:
        parts.append(await lists.line(desk, reader, ticket))
        parts += await _more(desk, reader, ticket)
    if len(found) > _MOST:
        parts.append(desk.say(reader, "handover.more", n=len(found) - _MOST))
    return parts


async def _more(desk: Desk, reader: Person, ticket: Ticket) -> list[Html]:
    """In whose hands it is, why it rests, whom it waits for, and how it went on last."""
    if desk.house.minimal:
        return []
    parts = []
    if ticket.handler:
        parts.append(desk.say(reader, "card.handler", name=await desk.name(ticket.handler)))
    if ticket.offered_to:
        parts.append(desk.say(reader, "card.offered", name=await desk.name(ticket.offered_to)))
    if ticket.hold is not None:
        parts.append(desk.say(reader, "card.held", reason=clipped(ticket.hold.reason, 60)))
    parts += [desk.say(reader, f"handover.waits_{ask.kind.value}") for ask in ticket.asks]
    if holds.unanswered_transmission(ticket) is not None:
        parts.append(desk.say(reader, "handover.waits_transmission"))
    notes = [entry for entry in await ledger.entries_of(desk.tx, ticket.id) if entry.kind == "noted"]
    if notes:
        parts.append(desk.say(reader, "handover.note", text=clipped(str(notes[-1].data.get("text", "")), 60)))
    return parts
