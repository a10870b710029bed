"""A swap needs both: the asker has asked, the colleague agrees or not; until then the old plan stands."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from desk.errors import Refusal
from desk.house import Desk
from desk.shifts import data, orders, plan, standins
from desk.shifts.data import Pressed
from desk.words import Html, length
from sla.duty import Place, Shift
from sla.events import CLOCK
from sla.staffing import decimal
from storage import overrides, swaps
from storage.people import Person
from storage.swaps import State, Swap

PURPOSE = "swap"
AGREE, REFUSE, WITHDRAW = "yes", "no", "bck"


async def ask(desk: Desk, person: Person, swap: Swap) -> str:
    """Ask the colleague; the asker reads until when, and may withdraw."""
    problem = await _problem(desk, swap)
    if problem is not None:
        raise problem
    due, table = _due(desk, swap), desk.contract(swap.contract).profile.handover
    if due <= desk.now:
        span = length(desk.house.words, desk.language_of(person), table.swap_by)
        raise Refusal("swap.too_late", length=span)
    for one in await swaps.standing(desk.tx, swap.contract, [State.ASKED], desk.now):
        if (one.person, one.start, one.role, one.post) == (swap.person, swap.start, swap.role, swap.post):
            raise Refusal("swap.asked_already", name=await desk.name(one.colleague))
    asked = replace(swap, state=State.ASKED, asked_at=desk.second)
    await swaps.save(desk.tx, asked)
    await orders.enter(desk, asked, "swap_asked", person.key)
    colleague = await desk.person(asked.colleague)
    key = "swap.ask_cover" if asked.other_start is None else "swap.ask_exchange"
    until = plan.clock(desk, asked.contract, due)
    question = desk.say(colleague, key, until=until, **await orders.facts(desk, asked, colleague))
    markup = plan.lines([question, await warning(desk, colleague, asked, "swap.too_much_you")])
    rows = (
        (
            data.button(desk, colleague, "swap.act_agree", AGREE, asked.id),
            data.button(desk, colleague, "swap.act_refuse", REFUSE, asked.id),
        ),
    )
    if not await plan.tell(desk, asked.contract, colleague, markup, rows, purpose=PURPOSE, until=due):
        raise Refusal("swap.not_reached", name=await desk.name(asked.colleague))
    facts = await orders.facts(desk, asked, person)
    sent = desk.say(person, "swap.sent", until=until, **facts)
    back = ((data.button(desk, person, "swap.act_withdraw", WITHDRAW, asked.id),),)
    await plan.tell(desk, asked.contract, person, sent, back, purpose=PURPOSE)
    return desk.house.words.plain(desk.language_of(person), "swap.done_asked", name=await desk.name(asked.colleague))


async def agree(desk: Desk, pressed: Pressed) -> str:
    """Both want it: the plan is changed, if it still is what they spoke of."""
    swap, person = await _asked(desk, pressed), pressed.person
    if person.key != swap.colleague:
        raise Refusal("refuse.shift_button")
    if desk.second >= _due(desk, swap):
        await expire(desk, swap)
        return _plain(desk, person, "swap.done_expired")
    if await _problem(desk, swap) is not None:
        await _end(desk, swap, State.OVERTAKEN, "swap_overtaken", CLOCK, {swap.person: "swap.overtaken"})
        return _plain(desk, person, "swap.done_overtaken")
    for start, end, absent, serves in _served(swap):
        await overrides.add(desk.tx, orders.override_of(swap, start, end, absent, serves, desk.now))
    kind = "cover" if swap.other_start is None else "exchange"
    told = {swap.person: f"swap.agreed_{kind}", swap.colleague: f"swap.agreed_{kind}"}
    told |= {one.key: f"swap.news_{kind}" for one in await plan.answering(desk, swap.contract) if one.key not in told}
    await _end(desk, swap, State.AGREED, "swap_agreed", person.key, told)
    return _plain(desk, person, "swap.done_agreed")


async def refuse(desk: Desk, pressed: Pressed) -> str:
    """The colleague does not want it."""
    swap, person = await _asked(desk, pressed), pressed.person
    if person.key != swap.colleague:
        raise Refusal("refuse.shift_button")
    await _end(desk, swap, State.REFUSED, "swap_refused", person.key, {swap.person: "swap.refused"})
    return _plain(desk, person, "swap.done_refused")


async def withdraw(desk: Desk, pressed: Pressed) -> str:
    """The asker does not want it any more."""
    swap, person = await _asked(desk, pressed), pressed.person
    if person.key != swap.by:
        raise Refusal("refuse.shift_button")
    await _end(desk, swap, State.WITHDRAWN, "swap_withdrawn", person.key, {swap.colleague: "swap.withdrawn"})
    return _plain(desk, person, "swap.done_withdrawn")


async def expire(desk: Desk, swap: Swap) -> None:
    """Nobody answered in time: both are told, and the old plan stands."""
    told = {swap.person: "swap.expired", swap.colleague: "swap.expired_for_colleague"}
    await _end(desk, swap, State.EXPIRED, "swap_expired", CLOCK, told)


async def follow_up(desk: Desk, contract: str) -> list[datetime]:
    """Requests that nobody answered in time; when the next one expires."""
    moments = []
    for swap in await swaps.standing(desk.tx, contract, [State.ASKED], desk.now):
        due = _due(desk, swap)
        if due <= desk.now:
            await expire(desk, swap)
        else:
            moments.append(due)
    return moments


async def warning(desk: Desk, reader: Person | None, swap: Swap, key: str) -> Html:
    """What stands beside the question if the colleague would be on duty too long; nothing if not."""
    colleague = await desk.person(swap.colleague)
    if colleague is None:
        return Html("")
    load = await standins.load(desk, colleague, shift_of(swap), _given(swap))
    if not load.is_too_much:
        return Html("")
    return desk.say(reader, key, name=colleague.name, hours=decimal(load.hours), limit=load.limit)


async def problem_of_order(desk: Desk, person: Person, draft: Swap) -> Refusal | None:
    """Why a manager cannot give this order any more, if so."""
    if not plan.manages(person, draft.contract) or draft.by != person.key:
        return Refusal("order.managers_only")
    if draft.state is not State.DRAFT:
        return Refusal("order.done_already")
    if draft.end <= desk.now:
        return Refusal("order.too_late")
    start = max(draft.start, desk.now)
    place = _place(draft)
    if draft.person not in await plan.serving(desk, place, start):
        return Refusal("swap.plan_changed")
    return await _is_free(desk, place, start, draft.end, draft.colleague, but=draft.person)


def shift_of(swap: Swap) -> Shift:
    """The shift that is to be served by the colleague."""
    return _shift(swap, swap.colleague, swap.start, swap.end)


async def _problem(desk: Desk, swap: Swap) -> Refusal | None:
    """Why it cannot be swapped any more, if so: it has begun, or the plan or the people are others now."""
    if swap.begins_at <= desk.now:
        return Refusal("swap.begun")
    place = _place(swap)
    for start, end, absent, serves in _served(swap):
        serving = await desk.shifts(swap.contract, start, end)
        if _shift(swap, absent, start, end) not in [replace(one, stands_in_for="") for one in serving]:
            return Refusal("swap.plan_changed")
        if (found := await _is_free(desk, place, start, end, serves, but=absent)) is not None:
            return found
    asker = await desk.person(swap.person)
    return None if asker is not None and standins.suits(asker, place) else Refusal("swap.plan_changed")


async def _is_free(desk: Desk, place: Place, start: datetime, end: datetime, key: str, but: str) -> Refusal | None:
    free = await standins.free(desk, place, start, end, but=but)
    return None if key in {one.key for one in free} else Refusal("swap.not_free", name=await desk.name(key))


async def _asked(desk: Desk, pressed: Pressed) -> Swap:
    swap = await swaps.load(desk.tx, pressed.row)
    if swap is None or swap.contract not in desk.house.contracts or pressed.person.key not in (swap.by, swap.colleague):
        raise Refusal("refuse.shift_button")
    if swap.state is not State.ASKED:
        raise Refusal(f"swap.was_{swap.state.value}")
    return swap


async def _end(desk: Desk, swap: Swap, state: State, kind: str, by: str, told: dict[str, str]) -> None:
    """It stands so from now on; the ledger has it, and these people read these sentences."""
    ended = replace(swap, state=state, settled_at=desk.second)
    await swaps.save(desk.tx, ended)
    await orders.enter(desk, ended, kind, by)
    for key, sentence in told.items():
        reader = await desk.person(key)
        markup = desk.say(reader, sentence, **await orders.facts(desk, ended, reader))
        await plan.tell(desk, swap.contract, reader, markup, purpose=PURPOSE)


def _due(desk: Desk, swap: Swap) -> datetime:
    return swap.begins_at - desk.contract(swap.contract).profile.handover.swap_by


def _served(swap: Swap) -> list[tuple[datetime, datetime, str, str]]:
    """Each span of it: from when to when, instead of whom, and who serves."""
    spans = [(swap.start, swap.end, swap.person, swap.colleague)]
    if swap.other_start is not None and swap.other_end is not None:
        spans.append((swap.other_start, swap.other_end, swap.colleague, swap.person))
    return spans


def _given(swap: Swap) -> Collection[Shift]:
    if swap.other_start is None or swap.other_end is None:
        return ()
    return (_shift(swap, swap.colleague, swap.other_start, swap.other_end),)


def _shift(swap: Swap, person: str, start: datetime, end: datetime) -> Shift:
    return Shift(contract=swap.contract, role=swap.role, post=swap.post, person=person, start=start, end=end)


def _place(swap: Swap) -> Place:
    return (swap.contract, swap.role, swap.post)


def _plain(desk: Desk, person: Person, key: str) -> str:
    return desk.house.words.plain(desk.language_of(person), key)
