"""A shift that may stay empty: those who answer for the staff are told, with the name of a reserve and one button."""

from collections.abc import Sequence

from desk.buttons import Rows
from desk.house import Desk
from desk.shifts import data, plan, standins
from desk.ways import note
from storage import attendance
from storage.attendance import Question
from storage.people import Person
from storage.relays import Relay

PURPOSE, STAND_IN = "vacancy", "sub"


async def tell(desk: Desk, question: Question, why: str) -> list[str]:
    """Tell them; who was told."""
    reserve = await reserve_for(desk, question)
    told = []
    for person in await plan.answering(desk, question.contract, but=question.person):
        facts = await _facts(desk, question, person)
        key = "vacancy.reserve" if reserve else "vacancy.no_reserve"
        hint = desk.say(person, key, name=reserve.name if reserve else "", missing=facts["name"])
        markup = plan.lines([desk.say(person, f"vacancy.{why}", **facts), hint])
        rows: Rows = ()
        if reserve is not None and reserve.key != person.key:
            label = data.button(
                desk, person, "vacancy.act_stand_in", STAND_IN, question.id, data.short(reserve.key), name=reserve.name
            )
            rows = ((label,),)
        sent = await plan.tell(desk, question.contract, person, markup, rows, purpose=PURPOSE, urgent=True)
        if sent or await note(desk, question.contract, person.key, PURPOSE, question.id):
            told.append(person.key)
    return told


async def is_filled(desk: Desk, question: Question) -> None:
    """The person has turned up after all."""
    for person in await plan.answering(desk, question.contract, but=question.person):
        markup = desk.say(person, "vacancy.filled", **await _facts(desk, question, person))
        await plan.tell(desk, question.contract, person, markup, purpose=PURPOSE)


async def tell_of_missing_way(desk: Desk, question: Question, kinds: Sequence[str]) -> None:
    """The contract demands a further way that this person does not have: a grave page would go by Telegram alone."""
    for person in await plan.answering(desk, question.contract, but=question.person):
        language = desk.language_of(person)
        named = "、".join(desk.house.words.plain(language, f"way.{kind}") for kind in kinds)
        markup = desk.say(person, "vacancy.no_way", kinds=named, **await _facts(desk, question, person))
        await plan.tell(desk, question.contract, person, markup, purpose=PURPOSE)


async def reserve_for(desk: Desk, question: Question) -> Person | None:
    """The first who may stand in and can be reached."""
    place = (question.contract, question.role, question.post)
    found = await standins.free(desk, place, question.start, question.until, but=question.person)
    return next((one for one in found if plan.is_reached(one)), None)


async def alarm_by_text(desk: Desk, relay: Relay) -> str | None:
    """What a manager reads by another way; nothing once the person has answered."""
    question = await attendance.load(desk.tx, relay.about or 0)
    if question is None or question.answered_at is not None:
        return None
    language = desk.language_of(await desk.person(relay.person))
    return desk.house.words.plain(language, "relay.vacancy", at=plan.clock(desk, question.contract, question.start))


async def _facts(desk: Desk, question: Question, reader: Person) -> dict[str, str]:
    place = (question.contract, question.role, question.post)
    return {
        "at": plan.clock(desk, question.contract, question.start),
        "contract": desk.contract(question.contract).profile.name,
        "place": plan.place_name(desk, reader, place),
        "name": await desk.name(question.person),
    }
