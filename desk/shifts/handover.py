"""At each change of shift: the card for who goes, the card for who comes, and reminders until that one accepts."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from desk.house import Desk
from desk.shifts import card, plan
from sla.changes import Change, Pair, changes
from sla.duty import Place
from sla.events import CLOCK
from sla.profile.handover import HandoverTable
from storage import handovers, notes, tickets
from storage.handovers import Handover

PURPOSE = "handover"
WAKES = plan.WAKES | {handovers.WAKE}
_AROUND = timedelta(days=8)  # a change that is longer ago is nobody's hand-over any more


async def look(desk: Desk) -> datetime | None:
    """Do what is due in every contract that has hand-over cards; when to look again."""
    moments: list[datetime] = []
    for slug, contract in desk.house.contracts.items():
        table = contract.profile.handover
        if table.lead is not None:
            moments += await _changes(desk, slug, table.lead)
            moments += await _reminders(desk, slug, table)
    return min(moments, default=None)


async def _changes(desk: Desk, contract: str, lead: timedelta) -> list[datetime]:
    start, until = desk.now - _AROUND, desk.now + _AROUND
    shifts = await desk.shifts(contract, start, until)
    found = changes(shifts, start, until)
    moments = [desk.now + _AROUND / 2] if shifts else []
    for place in dict.fromkeys(shift.place for shift in shifts):
        theirs = [change for change in found if change.place == place]
        past = [change for change in theirs if change.at <= desk.now]
        await _begin(desk, place, past[-1] if past else None)
        for change in [change for change in theirs if change.at > desk.now][:1]:
            due = change.left_at - lead
            moments.append(change.at if due <= desk.now else due)
            if due <= desk.now:
                await _announce(desk, change)
    return moments


async def _announce(desk: Desk, change: Change) -> None:
    """Who goes gets the card early enough to say something; once, though the plan is looked at again."""
    known = {one.outgoing: one for one in await handovers.of_change(desk.tx, *change.place, change.at)}
    for pair in change.pairs:
        given = known.get(pair.outgoing)
        if pair.outgoing and given is None:
            made = await handovers.put(desk.tx, _made(change, pair))
            if made is not None:
                await _give(desk, replace(_made(change, pair), id=made))
        elif given is not None and given.outgoing and given.incoming != pair.incoming:
            await _to_somebody_else(desk, replace(given, incoming=pair.incoming))


async def _to_somebody_else(desk: Desk, handover: Handover) -> None:
    """The plan was changed after the card was given: who goes hears who really comes."""
    await handovers.save(desk.tx, handover)
    reader = await desk.person(handover.outgoing)
    at, name = plan.clock(desk, handover.contract, handover.at), await desk.name(handover.incoming)
    markup = desk.say(reader, "handover.somebody_else", at=at, name=name)
    await plan.tell(desk, handover.contract, reader, markup, purpose=PURPOSE)


async def _begin(desk: Desk, place: Place, change: Change | None) -> None:
    """The newest change of a place, once; those before the hotline looked for the first time are not its own."""
    key = f"handover:{':'.join(place)}"
    last = await notes.take(desk.tx, key)
    if last is None:
        await notes.put(desk.tx, key, desk.now.isoformat())
    elif change is not None and change.at > datetime.fromisoformat(last):
        await notes.put(desk.tx, key, change.at.isoformat())
        await _end_earlier(desk, change)
        known = await handovers.of_change(desk.tx, *place, change.at)
        for pair in change.pairs:
            await _hand_over(desk, change, pair, known)


async def _end_earlier(desk: Desk, change: Change) -> None:
    for one in await handovers.waiting(desk.tx, change.place[0]):
        if (one.contract, one.role, one.post) == change.place and one.at < change.at:
            await handovers.save(desk.tx, replace(one, ended_at=desk.now))
            await _enter(desk, one, "handover_unaccepted")


async def _hand_over(desk: Desk, change: Change, pair: Pair, known: Sequence[Handover]) -> None:
    """The card for who comes; who goes gets it now, too, if nobody could give it earlier."""
    given = next((one for one in known if pair.outgoing and one.outgoing == pair.outgoing), None)
    if given is None:
        made = await handovers.put(desk.tx, _made(change, pair))
        if made is None:
            return
        given = replace(_made(change, pair), id=made)
    begun = replace(given, incoming=pair.incoming, begun_at=desk.now)
    await handovers.save(desk.tx, begun)
    if begun.outgoing and begun.given_at is None:
        begun = await _give(desk, begun)
    reader = await desk.person(begun.incoming)
    open_now = await tickets.open_in(desk.tx, [begun.contract])
    await _enter(desk, begun, "handover_begun", tickets=[ticket.number for ticket in open_now])
    if reader is not None:
        markup, rows = await card.for_incoming(desk, begun, reader)
        await plan.tell(desk, begun.contract, reader, markup, rows, purpose=PURPOSE)


async def _give(desk: Desk, handover: Handover) -> Handover:
    given = replace(handover, given_at=desk.now)
    await handovers.save(desk.tx, given)
    reader = await desk.person(handover.outgoing)
    if reader is not None and plan.is_reached(reader):
        markup, rows = await card.for_outgoing(desk, given, reader)
        await plan.tell(desk, handover.contract, reader, markup, rows, purpose=PURPOSE)
    return given


async def _reminders(desk: Desk, contract: str, table: HandoverTable) -> list[datetime]:
    moments = []
    for one in await handovers.waiting(desk.tx, contract):
        if one.begun_at is None or one.told_at is not None:
            continue
        if not plan.is_reached(await desk.person(one.incoming)):
            await _tell_others(desk, one, "handover.unreached")
            continue
        due = one.begun_at + table.remind_every * (one.reminded + 1)
        if due <= desk.now:
            one = await _remind(desk, one, table)
            due = max(due + table.remind_every, desk.now + table.remind_every / 2)
        if one.told_at is None and one.ended_at is None:
            moments.append(due)
    return moments


async def _remind(desk: Desk, handover: Handover, table: HandoverTable) -> Handover:
    """Once more, and after so many times those who answer for the staff; whoever serves no longer is left alone."""
    place = (handover.contract, handover.role, handover.post)
    if handover.incoming not in await plan.serving(desk, place, desk.now):
        ended = replace(handover, ended_at=desk.now)
        await handovers.save(desk.tx, ended)
        await _enter(desk, ended, "handover_unaccepted")
        return ended
    if handover.reminded >= table.repeats_before_then:
        await _tell_others(desk, handover, "handover.not_accepted")
        return replace(handover, told_at=desk.now)
    again = replace(handover, reminded=handover.reminded + 1)
    await handovers.save(desk.tx, again)
    reader = await desk.person(handover.incoming)
    if reader is not None:
        found = await card.open_tickets(desk, handover.contract)
        at = plan.clock(desk, handover.contract, handover.at)
        markup = desk.say(reader, "handover.again", at=at, n=len(found))
        rows = (card.accept_row(desk, handover, reader),)
        await plan.tell(desk, handover.contract, reader, markup, rows, purpose=PURPOSE)
    return again


async def _tell_others(desk: Desk, handover: Handover, key: str) -> None:
    """Pages go to who is on duty all the same; somebody should telephone."""
    told = []
    for person in await plan.answering(desk, handover.contract, but=handover.incoming):
        facts = {
            "at": plan.clock(desk, handover.contract, handover.at),
            "name": await desk.name(handover.incoming),
            "count": handover.reminded,
        }
        markup = desk.say(person, key, **facts)
        if await plan.tell(desk, handover.contract, person, markup, purpose=PURPOSE, urgent=True):
            told.append(person.key)
    await handovers.save(desk.tx, replace(handover, told_at=desk.now))
    await _enter(desk, handover, "handover_told", told=told)


def _made(change: Change, pair: Pair) -> Handover:
    contract, role, post = change.place
    return Handover(
        contract=contract,
        role=role,
        post=post,
        at=change.at,
        left_at=change.left_at,
        outgoing=pair.outgoing,
        incoming=pair.incoming,
    )


async def _enter(desk: Desk, handover: Handover, kind: str, **data: object) -> None:
    place = plan.at_place((handover.contract, handover.role, handover.post))
    span = {"at": handover.at, "from": handover.outgoing, "to": handover.incoming}
    await plan.enter(desk, handover.contract, kind, CLOCK, **place, **span, **data)
