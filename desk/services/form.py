"""/service: pick a service, say how many; a tap for today, or a line with day, people and remark."""

from functools import partial

from desk import access, sending
from desk.access import Command
from desk.buttons import Button, Rows
from desk.errors import Refusal
from desk.house import Desk
from desk.incoming import Message
from desk.services import entry, records, standing
from desk.services.records import PREFIX as PREFIX
from sla import services
from sla.services import Record, Service, Verdict
from storage import forms
from storage import services as kept
from storage.forms import Form
from storage.people import Person

PURPOSE = "service"
_PICK, _TODAY, _CORRECT = "p", "d", "c"
_RECENT = 3
_VERDICTS = {records.CONFIRM: Verdict.CONFIRMED, records.REFUSE: Verdict.REFUSED}


async def start(desk: Desk, person: Person, chat_id: int, words: str) -> None:
    """With words it is entered at once; without, the services are offered."""
    rows = standing.served(desk, person, Command.SERVICE)
    if not rows:
        raise Refusal("quota.none")
    if not words:
        await _offer(desk, person, chat_id, rows)
        return
    found = entry.named(words, rows)
    if found is None:
        raise Refusal("service.unknown", names="、".join(service.name for _, service in rows))
    slug, service, rest = found
    if rest:
        await _enter(desk, person, chat_id, slug, service, rest, None)
    else:
        await _ask(desk, person, chat_id, slug, service)


async def answer(desk: Desk, person: Person, form: Form, message: Message) -> bool:
    """The line that was asked for."""
    if not message.text:
        return False
    slug, corrects = form.data["contract"], form.data.get("corrects")
    service = records.service_of(desk, slug, form.data["service"])
    await _enter(desk, person, message.chat_id, slug, service, message.text, int(corrects) if corrects else None)
    await forms.drop(desk.tx, person.key, message.chat_id)
    return True


async def press(desk: Desk, person: Person, data: str, chat_id: int) -> str:
    """A button of this form, or the bureau's word on a record."""
    parts = data.split(":")
    match parts[1:]:
        case [verb, number] if verb in _VERDICTS and _is_number(number):
            return await records.settle(desk, person, int(number), _VERDICTS[verb])
        case ["p", prefix, key]:
            slug, service = _picked(desk, person, prefix, key)
            await _ask(desk, person, _private(person, chat_id), slug, service)
            return desk.house.words.plain(desk.language_of(person), "done.prompted")
        case ["d", prefix, key, amount] if _is_number(amount):
            slug, service = _picked(desk, person, prefix, key)
            await _enter(desk, person, _private(person, chat_id), slug, service, amount, None)
            await forms.drop(desk.tx, person.key, _private(person, chat_id))
            return ""
        case ["c", number] if _is_number(number):
            return await _correct(desk, person, _private(person, chat_id), int(number))
    raise Refusal("refuse.button")


async def _correct(desk: Desk, person: Person, chat_id: int, number: int) -> str:
    record = await kept.by_id(desk.tx, number)
    if record is None or not access.may_enter_service(person, record.contract):
        raise Refusal("refuse.button")
    service = records.service_of(desk, record.contract, record.service)
    await _put(desk, person, chat_id, record.contract, service, number)
    say = partial(desk.house.words.html, desk.language_of(person))
    text = say("service.ask_correction", line=standing.record_line(say, service, record, minimal=desk.house.minimal))
    await sending.send_text(desk, record.contract, chat_id, text, person=person, purpose="prompt")
    return desk.house.words.plain(desk.language_of(person), "done.prompted")


async def _enter(
    desk: Desk, person: Person, chat_id: int, slug: str, service: Service, text: str, corrects: int | None
) -> None:
    said = entry.read(text, service, standing.today(desk, slug))
    done = await records.enter(desk, person, slug, service, said, corrects)
    await sending.send_text(desk, slug, chat_id, done, person=person)


async def _offer(desk: Desk, person: Person, chat_id: int, rows: list[tuple[str, Service]]) -> None:
    several = len({slug for slug, _ in rows}) > 1
    buttons: Rows = tuple(
        (
            Button(
                label=f"{service.name} {desk.contract(slug).profile.ticket_prefix}" if several else service.name,
                data=_data(desk, _PICK, slug, service),
            ),
        )
        for slug, service in rows
    )
    await sending.send_text(
        desk, rows[0][0], chat_id, desk.say(person, "service.which"), person=person, purpose="prompt", rows=buttons
    )


async def _ask(desk: Desk, person: Person, chat_id: int, slug: str, service: Service) -> None:
    await _put(desk, person, chat_id, slug, service, None)
    say = partial(desk.house.words.html, desk.language_of(person))
    everything = await kept.of_contract(desk.tx, slug)
    stands = standing.line(say, service, everything, standing.today(desk, slug))
    people = say("service.with_people", n=service.at_least_people) if service.at_least_people > 1 else ""
    text = say("service.ask_details", line=stands, unit=service.unit, people=people)
    rows = (*_quick(desk, person, slug, service, everything), *_recent(desk, person, service, everything))
    await sending.send_text(desk, slug, chat_id, text, person=person, purpose="prompt", rows=rows)


def _quick(desk: Desk, person: Person, slug: str, service: Service, everything: list[Record]) -> Rows:
    """One, a full round, or all that is left, done today; where people have to be named, a tap is not enough."""
    stands = services.standing(service, everything, standing.today(desk, slug))
    if stands is None or service.at_least_people > 1:
        return ()
    amounts = sorted({1, service.full_round or 1, stands.left or 1})
    plain = partial(desk.house.words.plain, desk.language_of(person))
    return tuple(
        (
            Button(
                label=plain("service.today", n=amount, unit=service.unit),
                data=f"{_data(desk, _TODAY, slug, service)}:{amount}",
            ),
        )
        for amount in amounts
        if amount <= max(stands.left, 1)
    )


def _recent(desk: Desk, person: Person, service: Service, everything: list[Record]) -> Rows:
    plain = partial(desk.house.words.plain, desk.language_of(person))
    counting = [one for one in services.valid(everything) if one.service == service.key and one.amount]
    return tuple(
        (
            Button(
                label=plain("service.correct", day=one.day, n=one.amount, unit=service.unit),
                data=f"{PREFIX}:{_CORRECT}:{one.id}",
            ),
        )
        for one in counting[-_RECENT:]
    )


async def _put(desk: Desk, person: Person, chat_id: int, slug: str, service: Service, corrects: int | None) -> None:
    data = {"contract": slug, "service": service.key}
    if corrects is not None:
        data["corrects"] = str(corrects)
    await forms.put(desk.tx, Form(person=person.key, chat_id=chat_id, purpose=PURPOSE, data=data, made_at=desk.now))


def _picked(desk: Desk, person: Person, prefix: str, key: str) -> tuple[str, Service]:
    for slug, service in standing.served(desk, person, Command.SERVICE):
        if (desk.contract(slug).profile.ticket_prefix, service.key) == (prefix, key):
            return slug, service
    raise Refusal("refuse.button")


def _data(desk: Desk, verb: str, slug: str, service: Service) -> str:
    """At most 2 + 2 + 9 + 33 bytes, and an amount: Telegram allows 64."""
    return f"{PREFIX}:{verb}:{desk.contract(slug).profile.ticket_prefix}:{service.key}"


def _private(person: Person, chat_id: int) -> int:
    return person.telegram_id or chat_id


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 10
