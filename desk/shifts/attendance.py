"""Before a shift: one silent question with one button; whoever does not press is looked for, and others are told."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from desk.errors import Refusal
from desk.house import Desk
from desk.shifts import data, orders, plan, vacancy
from desk.shifts.data import Pressed
from desk.ways import note
from sla.duty import Shift
from sla.events import CLOCK
from sla.profile.handover import HandoverTable
from storage import attendance
from storage.attendance import Question
from storage.people import Person
from storage.relays import Relay

PURPOSE, HERE = "attendance", "her"
WAKES = plan.WAKES | {attendance.WAKE}
_AHEAD = timedelta(days=8)


async def look(desk: Desk) -> datetime | None:
    """Ask and follow up in every contract that checks before a shift; when to look again."""
    moments: list[datetime] = []
    for slug, contract in desk.house.contracts.items():
        table = contract.profile.handover
        if table.check_before is not None:
            moments += await _of_contract(desk, slug, table, table.check_before)
    return min(moments, default=None)


async def _of_contract(desk: Desk, contract: str, table: HandoverTable, before: timedelta) -> list[datetime]:
    shifts = await plan.coming(desk, contract, _AHEAD)
    moments = [desk.now + _AHEAD / 2] if await desk.shifts(contract, desk.now, desk.now + _AHEAD) else []
    for shift in shifts:
        if shift.start - before > desk.now:
            moments.append(shift.start - before)
        elif not await orders.is_sent_for(desk, shift, shift.start - before):
            await _ask(desk, shift)
    for question in await attendance.coming(desk.tx, contract, desk.now):
        if question.answered_at or question.alarmed_at or not _is_planned(question, shifts):
            continue
        due = _answer_by(question, table)
        reached = plan.is_reached(await desk.person(question.person))
        if reached and due > desk.now:
            moments.append(due)
        else:
            await _alarm(desk, question, reached=reached)
    return moments


async def _ask(desk: Desk, shift: Shift) -> None:
    question = Question(
        contract=shift.contract,
        role=shift.role,
        post=shift.post,
        person=shift.person,
        start=shift.start,
        until=shift.end,
        asked_at=desk.now,
    )
    id_ = await attendance.ask(desk.tx, question)
    if id_ is None:
        return
    person = await desk.person(shift.person)
    at = plan.clock(desk, shift.contract, shift.start)
    name = desk.contract(shift.contract).profile.name
    markup = desk.say(person, "attendance.ask", at=at, contract=name)
    rows = ((data.button(desk, person, "attendance.act_here", HERE, id_),),)
    asked = await plan.tell(desk, shift.contract, person, markup, rows, purpose=PURPOSE, silent=True, until=shift.start)
    await _enter(desk, question, "attendance_asked", asked=asked)
    missing = _missing_ways(desk, shift.contract, shift.person)
    if missing:
        await vacancy.tell_of_missing_way(desk, question, missing)


async def _alarm(desk: Desk, question: Question, *, reached: bool) -> None:
    """Nobody answers, or Telegram does not reach the person: by the next way, and those who can send somebody else."""
    await attendance.alarmed(desk.tx, question.id, desk.now)
    relayed = await note(desk, question.contract, question.person, PURPOSE, question.id)
    why = "silent" if reached else "unbound" if await _is_unbound(desk, question.person) else "blocked"
    told = await vacancy.tell(desk, question, why)
    await _enter(desk, question, "attendance_missing", why=why, relayed=relayed, told=told)


async def here(desk: Desk, pressed: Pressed) -> str:
    """The person is there; those who were alarmed are told."""
    question, person = await attendance.load(desk.tx, pressed.row), pressed.person
    if question is None or question.person != person.key or question.contract not in desk.house.contracts:
        raise Refusal("refuse.shift_button")
    at = plan.clock(desk, question.contract, question.start)
    done = desk.house.words.plain(desk.language_of(person), "attendance.done", at=at)
    if question.answered_at is not None:
        return done
    if not await _serves(desk, question):
        raise Refusal("attendance.replaced", at=at)
    await attendance.answered(desk.tx, question.id, desk.second)
    await _enter(desk, question, "attendance_confirmed", by=person.key)
    if question.alarmed_at is not None:
        await vacancy.is_filled(desk, question)
    return done


async def asked_by_text(desk: Desk, relay: Relay) -> str | None:
    """What a person reads by another way; nothing once it is answered, or somebody else serves."""
    question = await attendance.load(desk.tx, relay.about or 0)
    if question is None or question.answered_at is not None or not await _serves(desk, question):
        return None
    language = desk.language_of(await desk.person(question.person))
    at = plan.clock(desk, question.contract, question.start)
    return desk.house.words.plain(language, "relay.attendance", at=at)


async def _serves(desk: Desk, question: Question) -> bool:
    place = (question.contract, question.role, question.post)
    return question.person in await plan.serving(desk, place, max(question.start, desk.now))


def _is_planned(question: Question, shifts: Sequence[Shift]) -> bool:
    place = (question.contract, question.role, question.post)
    return any((one.place, one.person, one.start) == (place, question.person, question.start) for one in shifts)


def _answer_by(question: Question, table: HandoverTable) -> datetime:
    """Whoever was asked late, because the hotline was down, has half of the time that was left."""
    due = question.start - table.answer_by
    return due if question.asked_at < due else question.asked_at + (question.start - question.asked_at) / 2


def _missing_ways(desk: Desk, contract: str, person: str) -> list[str]:
    """The kinds of way of which a level demands one, if the person has none of them."""
    has = {way.kind for way in desk.house.ways.get(person, ())}
    levels = desk.contract(contract).terms.levels.values()
    unmet = [level.also_by for level in levels if level.also_by and not has & set(level.also_by)]
    return list(dict.fromkeys(kind.value for kinds in unmet for kind in kinds))


async def _is_unbound(desk: Desk, key: str) -> bool:
    person: Person | None = await desk.person(key)
    return person is None or person.telegram_id is None


async def _enter(desk: Desk, question: Question, kind: str, by: str = CLOCK, **facts: object) -> None:
    place = plan.at_place((question.contract, question.role, question.post))
    await plan.enter(
        desk, question.contract, kind, by=by, **place, start=question.start, person=question.person, **facts
    )
