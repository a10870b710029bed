"""/swap: which shift, who serves it, and how; each step is one tap, or everything is typed in one line."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from desk import access, sending
from desk.access import Command
from desk.buttons import Button, Rows, base36, from_base36
from desk.errors import Refusal
from desk.house import Desk
from desk.incoming import Message
from desk.shifts import consent, data, days, orders, plan, standins
from desk.shifts.data import Pressed
from desk.words import Html
from sla.duty import Shift
from sla.staffing import decimal
from storage import forms, swaps
from storage.forms import Form
from storage.people import Person
from storage.swaps import State, Swap

PICK, WHO, COVER, EXCHANGE, OTHER = "pic", "who", "cov", "exc", "oth"
PURPOSE = "order_reason"
AHEAD = timedelta(days=14)
_MOST = 10


async def start(desk: Desk, person: Person, words: str) -> tuple[Html, Rows]:
    """The shifts to choose from; those of one day if a day was written, and further if a name was, too."""
    slugs = [slug for slug in desk.house.contracts if access.may_use(person, Command.SWAP, [slug])]
    found = [shift for slug in slugs for shift in await _choices(desk, person, slug)]
    if not found:
        manages = any(plan.manages(person, slug) for slug in slugs)
        return desk.say(person, "swap.none_to_order" if manages else "swap.none"), ()
    zone = desk.contract(found[0].contract).profile.zone
    day, name = days.read(words, desk.second.astimezone(zone).date())
    if day is not None:
        found = [shift for shift in found if shift.start.astimezone(zone).date() == day]
        if not found:
            raise Refusal("swap.no_shift_then")
    if name and len(found) == 1:
        return await _named(desk, person, found[0], name)
    if len(found) == 1:
        return await _ask_who(desk, person, await _draft(desk, person, found[0]))
    several = len({shift.contract for shift in found}) > 1
    rows = tuple([(await _shift_button(desk, person, shift, several=several),) for shift in found[:_MOST]])
    return desk.say(person, "swap.which"), rows


async def pick(desk: Desk, pressed: Pressed) -> str:
    """The shift is chosen: who serves it?"""
    person = pressed.person
    for slug in access.contracts(person, desk.house.contracts):
        for shift in await _choices(desk, person, slug):
            if (_seconds(shift), _short(shift)) == (pressed.row, pressed.value):
                return await _say(desk, person, slug, *await _ask_who(desk, person, await _draft(desk, person, shift)))
    raise Refusal("swap.begun" if pressed.row <= desk.now.timestamp() else "swap.plan_changed")


async def who(desk: Desk, pressed: Pressed) -> str:
    """The colleague is chosen: how? A manager is asked for the reason instead."""
    draft = await _mine(desk, pressed)
    place = (draft.contract, draft.role, draft.post)
    free = await standins.free(desk, place, max(draft.start, desk.now), draft.end, but=draft.person)
    to = next((one for one in free if data.short(one.key) == pressed.value), None)
    if to is None:
        raise Refusal("swap.plan_changed")
    return await _say(desk, pressed.person, draft.contract, *await _ask_how(desk, pressed.person, draft, to))


async def cover(desk: Desk, pressed: Pressed) -> str:
    """The colleague simply serves the shift."""
    draft = await _mine(desk, pressed)
    return await consent.ask(desk, pressed.person, replace(draft, other_start=None, other_end=None))


async def exchange(desk: Desk, pressed: Pressed) -> str:
    """Which of the colleague's shifts does the asker serve in return?"""
    draft, person = await _mine(desk, pressed), pressed.person
    found = await _in_return(desk, draft)
    if not found:
        raise Refusal("swap.nothing_in_return", name=await desk.name(draft.colleague))
    rows = tuple(
        (data.labelled(plan.span(desk, person, one), OTHER, draft.id, base36(_seconds(one))),) for one in found[:_MOST]
    )
    markup = desk.say(person, "swap.which_in_return", **await orders.facts(desk, draft, person))
    return await _say(desk, person, draft.contract, markup, rows)


async def other(desk: Desk, pressed: Pressed) -> str:
    """The shift in return is chosen: the colleague is asked."""
    draft = await _mine(desk, pressed)
    seconds = from_base36(pressed.value)
    chosen = [one for one in await _in_return(desk, draft) if _seconds(one) == seconds]
    if not chosen:
        raise Refusal("swap.plan_changed")
    return await consent.ask(desk, pressed.person, replace(draft, other_start=chosen[0].start, other_end=chosen[0].end))


async def reason(desk: Desk, person: Person, form: Form, message: Message) -> bool:
    """A manager has typed why: the order is given."""
    draft = await swaps.load(desk.tx, int(form.data["swap"]))
    if draft is None or not message.text or draft.contract not in desk.house.contracts:
        return False
    await forms.drop(desk.tx, person.key, message.chat_id)
    problem = await consent.problem_of_order(desk, person, draft)
    if problem is not None:
        markup = desk.say(person, problem.key, **problem.facts)
    else:
        await orders.give(desk, person, draft, message.text)
        markup = desk.say(person, "order.done", name=await desk.name(draft.colleague))
    await sending.send_text(desk, draft.contract, message.chat_id, markup, person=person)
    return True


async def _choices(desk: Desk, person: Person, contract: str) -> list[Shift]:
    """An engineer swaps what is his and has not begun; a manager sends somebody to whatever is not over."""
    if not access.may_use(person, Command.SWAP, [contract]):
        return []
    found = await desk.shifts(contract, desk.now, desk.now + AHEAD)
    if plan.manages(person, contract):
        return [shift for shift in found if shift.end > desk.now]
    return [shift for shift in found if shift.person == person.key and shift.start > desk.now]


async def _named(desk: Desk, person: Person, shift: Shift, name: str) -> tuple[Html, Rows]:
    """Typed in one line: the colleague whose name ends with these words."""
    free = await standins.free(desk, shift.place, max(shift.start, desk.now), shift.end, but=shift.person)
    meant = [one for one in free if name in one.name] or [one for one in free if one.name in name]
    if len(meant) != 1:
        raise Refusal("swap.unknown_name", name=name)
    return await _ask_how(desk, person, await _draft(desk, person, shift), meant[0])


async def _draft(desk: Desk, person: Person, shift: Shift) -> Swap:
    draft = Swap(
        contract=shift.contract,
        role=shift.role,
        post=shift.post,
        by=person.key,
        person=shift.person,
        start=shift.start,
        end=shift.end,
        made_at=desk.now,
    )
    return replace(draft, id=await swaps.put(desk.tx, draft))


async def _ask_who(desk: Desk, person: Person, draft: Swap) -> tuple[Html, Rows]:
    place = (draft.contract, draft.role, draft.post)
    free = await standins.free(desk, place, max(draft.start, desk.now), draft.end, but=draft.person)
    if not free:
        raise Refusal("swap.nobody")
    rows: list[tuple[Button, ...]] = []
    for one in free[:_MOST]:
        load = await standins.load(desk, one, consent.shift_of(draft))
        key = "swap.who_too_much" if load.is_too_much else "swap.who_label"
        label = data.button(
            desk, person, key, WHO, draft.id, data.short(one.key), name=one.name, hours=decimal(load.hours)
        )
        rows.append((label,))
    return desk.say(person, "swap.who", **await orders.facts(desk, draft, person)), tuple(rows)


async def _ask_how(desk: Desk, person: Person, draft: Swap, to: Person) -> tuple[Html, Rows]:
    draft = replace(draft, colleague=to.key)
    await swaps.save(desk.tx, draft)
    facts = await orders.facts(desk, draft, person)
    warning = await consent.warning(desk, person, draft, "swap.too_much")
    if not plan.manages(person, draft.contract):
        rows = (
            (
                data.button(desk, person, "swap.act_cover", COVER, draft.id),
                data.button(desk, person, "swap.act_exchange", EXCHANGE, draft.id),
            ),
        )
        return plan.lines([desk.say(person, "swap.how", **facts), warning]), rows
    if person.telegram_id is None:
        raise Refusal("refuse.private")
    form = Form(
        person=person.key,
        chat_id=person.telegram_id,
        purpose=PURPOSE,
        data={"swap": str(draft.id)},
        made_at=desk.now,
    )
    await forms.put(desk.tx, form)
    return plan.lines([desk.say(person, "order.ask_reason", **facts), warning]), ()


async def _in_return(desk: Desk, draft: Swap) -> list[Shift]:
    """The colleague's shifts of the same place that the asker could serve."""
    place = (draft.contract, draft.role, draft.post)
    found = []
    for shift in await desk.shifts(draft.contract, desk.now, desk.now + AHEAD):
        if (shift.place, shift.person) == (place, draft.colleague) and shift.start > desk.now:
            free = await standins.free(desk, place, shift.start, shift.end, but=draft.colleague)
            if draft.person in {one.key for one in free}:
                found.append(shift)
    return found


async def _mine(desk: Desk, pressed: Pressed) -> Swap:
    draft = await swaps.load(desk.tx, pressed.row)
    if draft is None or draft.by != pressed.person.key or draft.contract not in desk.house.contracts:
        raise Refusal("refuse.shift_button")
    if draft.state is not State.DRAFT:
        raise Refusal(f"swap.was_{draft.state.value}")
    return draft


async def _say(desk: Desk, person: Person, contract: str, markup: Html, rows: Rows) -> str:
    if not await plan.tell(desk, contract, person, markup, rows, purpose="swap"):
        raise Refusal("refuse.private")
    return ""


async def _shift_button(desk: Desk, person: Person, shift: Shift, *, several: bool) -> Button:
    parts: Sequence[str] = (
        plan.span(desk, person, shift),
        "" if shift.person == person.key else await desk.name(shift.person),
        shift.post,
        desk.contract(shift.contract).profile.name if several else "",
    )
    label = " ".join(part for part in parts if part)
    return data.labelled(label, PICK, _seconds(shift), _short(shift))


def _seconds(shift: Shift) -> int:
    return int(shift.start.timestamp())


def _short(shift: Shift) -> str:
    return data.short(":".join((*shift.place, shift.person)))
