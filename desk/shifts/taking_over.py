"""What people do with a hand-over card: accept it, add a remark, give their tickets to the one who comes."""

from dataclasses import replace

from desk import saving, sending
from desk.errors import Refusal
from desk.house import Desk
from desk.incoming import Message
from desk.shifts import card, plan
from desk.shifts.data import Pressed
from desk.words import clipped
from sla import events
from sla.illegal import IllegalMove
from storage import forms, handovers, tickets
from storage.forms import Form
from storage.handovers import Handover
from storage.people import Person

PURPOSE = "handover_remark"


async def accept(desk: Desk, pressed: Pressed) -> str:
    """The person who comes has read it; everybody who waited for that is told."""
    handover, person = await _handover(desk, pressed), pressed.person
    if person.key != handover.incoming:
        raise Refusal("handover.not_yours", name=await desk.name(handover.incoming))
    if handover.ended_at is not None:
        raise Refusal("handover.accepted_already" if handover.accepted else "handover.over")
    await handovers.save(desk.tx, replace(handover, ended_at=desk.second, accepted=True))
    await _enter(desk, handover, "handover_accepted", person)
    at = plan.clock(desk, handover.contract, desk.second)
    waiting = [handover.outgoing] if handover.outgoing else []
    if handover.told_at is not None:
        waiting += [one.key for one in await plan.answering(desk, handover.contract)]
    for key in dict.fromkeys(waiting):
        reader = await desk.person(key)
        if key != person.key and reader is not None:
            markup = desk.say(reader, "handover.accepted", name=person.name, at=at)
            await plan.tell(desk, handover.contract, reader, markup, purpose="handover")
    return desk.house.words.plain(desk.language_of(person), "handover.done_accepted")


async def ask_remark(desk: Desk, pressed: Pressed) -> str:
    """What the person who goes types next is the remark."""
    handover, person = await _mine(desk, pressed), pressed.person
    if person.telegram_id is None:
        raise Refusal("refuse.private")
    await forms.put(
        desk.tx,
        Form(
            person=person.key,
            chat_id=person.telegram_id,
            purpose=PURPOSE,
            data={"handover": str(handover.id)},
            made_at=desk.now,
        ),
    )
    incoming = await desk.name(handover.incoming)
    markup = desk.say(person, "handover.ask_remark", name=incoming)
    await sending.send_text(desk, handover.contract, person.telegram_id, markup, person=person, purpose="prompt")
    return desk.house.words.plain(desk.language_of(person), "done.prompted")


async def remark(desk: Desk, person: Person, form: Form, message: Message) -> bool:
    """Keep the remark; whoever has taken over already reads it at once."""
    handover = await handovers.load(desk.tx, int(form.data["handover"]))
    if handover is None or not message.text or handover.contract not in desk.house.contracts:
        return False
    await forms.drop(desk.tx, person.key, message.chat_id)
    said = "\n".join(part for part in (handover.remark, message.text) if part)
    await handovers.save(desk.tx, replace(handover, remark=said))
    await _enter(desk, handover, "handover_remark", person, text=message.text)
    if handover.begun_at is not None:
        reader = await desk.person(handover.incoming)
        text = "…" if desk.house.minimal else clipped(message.text)
        markup = desk.say(reader, "handover.remark", name=person.name, text=text)
        await plan.tell(desk, handover.contract, reader, markup, purpose="handover")
    markup = desk.say(person, "handover.remarked", name=await desk.name(handover.incoming))
    await sending.send_text(desk, handover.contract, message.chat_id, markup, person=person)
    return True


async def give_all(desk: Desk, pressed: Pressed) -> str:
    """Each ticket of the person who goes is offered to the one who comes, and stays his until it is taken."""
    handover, person = await _mine(desk, pressed), pressed.person
    found = card.in_hand(await card.open_tickets(desk, handover.contract), person.key)
    offered = 0
    for known in found:
        ticket = await tickets.load(desk.tx, known.id)
        if ticket is None or ticket.handler != person.key or ticket.offered_to == handover.incoming:
            continue
        try:
            await saving.carry_out(desk, ticket, events.HandedOver(at=desk.second, by=person.key, to=handover.incoming))
        except IllegalMove:
            continue  # it moved on meanwhile: nothing is left to hand over
        offered += 1
    if not offered:
        raise Refusal("handover.offered_already" if found else "handover.nothing_to_give")
    name = await desk.name(handover.incoming)
    return desk.house.words.plain(desk.language_of(person), "handover.done_all", n=offered, name=name)


async def _handover(desk: Desk, pressed: Pressed) -> Handover:
    handover = await handovers.load(desk.tx, pressed.row)
    if handover is None or handover.contract not in desk.house.contracts:
        raise Refusal("refuse.shift_button")
    return handover


async def _mine(desk: Desk, pressed: Pressed) -> Handover:
    handover = await _handover(desk, pressed)
    if pressed.person.key != handover.outgoing:
        raise Refusal("handover.not_yours", name=await desk.name(handover.outgoing))
    return handover


async def _enter(desk: Desk, handover: Handover, kind: str, person: Person, **data: object) -> None:
    place = plan.at_place((handover.contract, handover.role, handover.post))
    span = {"at": handover.at, "from": handover.outgoing, "to": handover.incoming}
    await plan.enter(desk, handover.contract, kind, by=person.key, **place, **span, **data)
