"""A manager sends somebody to stand in: written at once, told to both, and confirmed by the one who stands in."""

from dataclasses import replace
from datetime import datetime, timedelta

from desk.errors import Refusal
from desk.house import Desk
from desk.shifts import data, plan, vacancy
from desk.shifts.data import Pressed
from desk.ways import note
from desk.words import clipped
from sla.duty import Override, Shift
from sla.events import CLOCK
from sla.profile.handover import HandoverTable
from storage import attendance, overrides, swaps
from storage.people import Person
from storage.relays import Relay
from storage.swaps import State, Swap

PURPOSE, RECEIVE = "order", "rcv"
_SOON = timedelta(hours=1)  # whoever stands in that soon is rung up, at whatever hour


async def give(desk: Desk, by: Person, asked: Swap, why: str) -> Swap:
    """The plan is changed, and everybody whom it concerns is told; a shift that has begun is changed from now on."""
    start = max(asked.start, desk.second)
    order = replace(asked, by=by.key, start=start, why=why, state=State.ORDERED, asked_at=desk.now)
    if order.id:
        await swaps.save(desk.tx, order)
    else:
        order = replace(order, id=await swaps.put(desk.tx, order))
    await overrides.add(desk.tx, override_of(order, start, order.end, order.person, order.colleague, desk.now))
    await enter(desk, order, "stand_in_ordered", by.key, why=why)
    await _tell_stand_in(desk, order, "order.told")
    if order.person != by.key:
        left_out = await desk.person(order.person)
        markup = desk.say(left_out, "order.relieved", **await facts(desk, order, left_out))
        await plan.tell(desk, order.contract, left_out, markup, purpose=PURPOSE)
    for person in await plan.answering(desk, order.contract, but=by.key):
        if person.key not in (order.person, order.colleague):
            markup = desk.say(person, "order.news", **await facts(desk, order, person))
            await plan.tell(desk, order.contract, person, markup, purpose=PURPOSE)
    return order


async def by_alarm(desk: Desk, pressed: Pressed) -> str:
    """One tap under the alarm: the reserve that it names stands in for the whole shift."""
    question, person = await attendance.load(desk.tx, pressed.row), pressed.person
    if question is None or question.contract not in desk.house.contracts:
        raise Refusal("refuse.shift_button")
    place = (question.contract, question.role, question.post)
    if not plan.manages(person, question.contract):
        raise Refusal("order.managers_only")
    if question.answered_at is not None:
        raise Refusal("order.is_there", name=await desk.name(question.person))
    if desk.now >= question.until:
        raise Refusal("order.too_late")
    if question.person not in await plan.serving(desk, place, max(question.start, desk.now)):
        raise Refusal("order.done_already")
    reserve = await vacancy.reserve_for(desk, question)
    if reserve is None or data.short(reserve.key) != pressed.value:
        raise Refusal("order.not_free")
    why = desk.house.words.plain(desk.house.language, "order.why_missing")
    asked = Swap(
        contract=question.contract,
        role=question.role,
        post=question.post,
        by=person.key,
        person=question.person,
        start=question.start,
        end=question.until,
        colleague=reserve.key,
        made_at=desk.now,
    )
    await give(desk, person, asked, why)
    return desk.house.words.plain(desk.language_of(person), "order.done", name=reserve.name)


async def receive(desk: Desk, pressed: Pressed) -> str:
    """The person who stands in knows of it."""
    order, person = await swaps.load(desk.tx, pressed.row), pressed.person
    if order is None or order.colleague != person.key or order.state not in (State.ORDERED, State.RECEIVED):
        raise Refusal("refuse.shift_button")
    done = desk.house.words.plain(desk.language_of(person), "order.received")
    if order.state is State.RECEIVED:
        return done
    if order.contract not in desk.house.contracts or desk.now >= order.end:
        raise Refusal("order.too_late")
    await swaps.save(desk.tx, replace(order, state=State.RECEIVED, settled_at=desk.second))
    await enter(desk, order, "stand_in_received", person.key)
    giver = await desk.person(order.by)
    markup = desk.say(giver, "order.confirmed", **await facts(desk, order, giver))
    await plan.tell(desk, order.contract, giver, markup, purpose=PURPOSE)
    return done


async def remind(desk: Desk, contract: str, table: HandoverTable) -> list[datetime]:
    """Orders that nobody has confirmed are told again, and at last those who answer for the staff; when next."""
    moments = []
    for order in await swaps.standing(desk.tx, contract, [State.ORDERED], desk.now):
        if order.told_at is not None:
            continue
        every = _spaced(order, table)
        due = (order.asked_at or order.made_at) + every * (order.reminded + 1)
        if due <= desk.now:
            order = await _again(desk, order, table)
            due = desk.now + every / 2
        if order.told_at is None:
            moments.append(due)
    return moments


async def is_sent_for(desk: Desk, shift: Shift, since: datetime) -> bool:
    """Whether the person was sent to this shift only just now: confirming the order is answer enough."""
    return any(
        (order.colleague, order.role, order.post, order.start) == (shift.person, shift.role, shift.post, shift.start)
        and order.made_at >= since
        for order in await swaps.standing(desk.tx, shift.contract, [State.ORDERED, State.RECEIVED], desk.now)
    )


async def told_by_text(desk: Desk, relay: Relay) -> str | None:
    """What the person who stands in reads by another way; nothing once it is confirmed."""
    order = await swaps.load(desk.tx, relay.about or 0)
    if order is None or order.state is not State.ORDERED or order.end <= desk.now:
        return None
    language = desk.language_of(await desk.person(order.colleague))
    return desk.house.words.plain(language, "relay.order", at=plan.clock(desk, order.contract, order.start))


def override_of(swap: Swap, start: datetime, end: datetime, absent: str, person: str, now: datetime) -> Override:
    """For this span the one serves instead of the other."""
    return Override(
        contract=swap.contract,
        role=swap.role,
        post=swap.post,
        start=start,
        end=end,
        absent=absent,
        person=person,
        by=swap.by,
        at=now,
        why=swap.why,
    )


async def facts(desk: Desk, swap: Swap, reader: Person | None) -> dict[str, str]:
    """What sentences about a swap or an order name."""
    other, said = "", "" if desk.house.minimal else clipped(swap.why, 100)
    if swap.other_start is not None and swap.other_end is not None:
        other = plan.between(desk, reader, swap.contract, swap.other_start, swap.other_end)
    return {
        "contract": desk.contract(swap.contract).profile.name,
        "place": plan.place_name(desk, reader, (swap.contract, swap.role, swap.post)),
        "shift": plan.between(desk, reader, swap.contract, swap.start, swap.end),
        "other": other,
        "name": await desk.name(swap.person),
        "colleague": await desk.name(swap.colleague),
        "by": await desk.name(swap.by),
        "why": desk.house.words.plain(desk.language_of(reader), "order.reason", why=said) if said else "",
    }


async def enter(desk: Desk, swap: Swap, kind: str, by: str, **more: object) -> None:
    """One entry of the ledger about a swap or an order."""
    place = plan.at_place((swap.contract, swap.role, swap.post))
    shifts = {"start": swap.start, "end": swap.end, "other_start": swap.other_start, "other_end": swap.other_end}
    who = {"swap": swap.id, "person": swap.person, "colleague": swap.colleague}
    await plan.enter(desk, swap.contract, kind, by=by, **place, **who, **shifts, **more)


def _spaced(order: Swap, table: HandoverTable) -> timedelta:
    """An order for next week is not repeated every few minutes, but over the time that is left."""
    left = order.start - (order.asked_at or order.made_at)
    return max(table.remind_every, left / (table.repeats_before_then + 2))


async def _again(desk: Desk, order: Swap, table: HandoverTable) -> Swap:
    if order.reminded < table.repeats_before_then:
        again = replace(order, reminded=order.reminded + 1)
        await swaps.save(desk.tx, again)
        await _tell_stand_in(desk, again, "order.again")
        return again
    told = replace(order, told_at=desk.now)
    await swaps.save(desk.tx, told)
    for person in await plan.answering(desk, order.contract, but=order.colleague):
        markup = desk.say(person, "order.unconfirmed", **await facts(desk, order, person))
        await plan.tell(desk, order.contract, person, markup, purpose=PURPOSE, urgent=True)
    await enter(desk, told, "stand_in_unconfirmed", CLOCK)
    return told


async def _tell_stand_in(desk: Desk, order: Swap, key: str) -> None:
    reader = await desk.person(order.colleague)
    markup = desk.say(reader, key, **await facts(desk, order, reader))
    rows = ((data.button(desk, reader, "order.act_receive", RECEIVE, order.id),),)
    soon = order.start - desk.now < _SOON
    quietly = order.reminded > 0 and not soon
    sent = await plan.tell(desk, order.contract, reader, markup, rows, purpose=PURPOSE, urgent=soon, silent=quietly)
    if not sent:
        await note(desk, order.contract, order.colleague, PURPOSE, order.id)
