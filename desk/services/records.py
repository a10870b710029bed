"""Entering what was done, and the bureau's word on it: rows that are only added, each with its entry in the ledger."""

from dataclasses import replace
from functools import partial

from desk import access, sending
from desk.buttons import Button
from desk.errors import Refusal
from desk.house import Desk
from desk.services import standing
from desk.services.entry import Details
from sla import services
from sla.services import Record, Service, Verdict
from sla.terms import Role
from storage import ledger, people
from storage import services as kept
from storage.people import Person

PREFIX = "sv"
CONFIRM, REFUSE = "ok", "no"
_SAID = {Verdict.CONFIRMED: "service_confirmed", Verdict.REFUSED: "service_refused"}


async def enter(
    desk: Desk, person: Person, contract: str, service: Service, said: Details, corrects: int | None
) -> str:
    """Keep what was done, or is planned for a day to come; the bureau is asked to confirm what was done."""
    if not access.may_enter_service(person, contract):
        raise Refusal("refuse.command")
    planned = said.day > standing.today(desk, contract)
    _check(service, said, planned=planned, corrects=corrects is not None)
    record = Record(
        contract=contract,
        service=service.key,
        day=said.day,
        amount=said.amount,
        planned=planned,
        people=said.people,
        remark=said.remark,
        by=person.key,
        at=desk.second,
        corrects=await _corrected(desk, contract, service, corrects),
    )
    record = replace(record, id=await kept.add(desk.tx, record))
    await _enter_in_ledger(desk, record, "service_planned" if planned else "service_done")
    own_word = not planned and access.may_settle_service(person, record)
    if own_word:
        await _settle(desk, person, record, Verdict.CONFIRMED)
    elif not planned:
        await _ask(desk, record, service)
    return await _answered(desk, person, record, service, own_word=own_word)


async def settle(desk: Desk, person: Person, number: int, verdict: Verdict) -> str:
    """The bureau confirms a record, or sends it back; whoever entered it is told."""
    record = await kept.by_id(desk.tx, number)
    if record is None or not access.may_see_services(person, record.contract):
        raise Refusal("refuse.button")
    service = service_of(desk, record.contract, record.service)
    if record.planned or not access.may_settle_service(person, record):
        raise Refusal("service.not_yours")
    if record.verdict is not None:
        raise Refusal("service.settled", name=await desk.name(record.settled_by))
    everything = await kept.of_contract(desk.tx, record.contract)
    if not _still_asked(record, everything):
        raise Refusal("service.replaced")
    if not await _settle(desk, person, record, verdict):
        raise Refusal("refuse.settled")
    said = replace(record, verdict=verdict)
    await _tell_enterer(desk, person, said, service)
    say = partial(desk.house.words.plain, desk.language_of(person))
    return say("service.confirmed" if verdict is Verdict.CONFIRMED else "service.refused", id=record.id)


def service_of(desk: Desk, contract: str, key: str) -> Service:
    """A service of a contract that is served now."""
    found = desk.house.contracts.get(contract)
    service = next((row for row in found.profile.service_rows if row.key == key), None) if found else None
    if service is None:
        raise Refusal("refuse.button")
    return service


def _check(service: Service, said: Details, *, planned: bool, corrects: bool) -> None:
    if services.period_of(service, said.day) is None:
        raise Refusal("service.outside", name=service.name, first=service.starts, last=service.ends)
    if said.amount == 0 and not corrects:
        raise Refusal("service.no_amount", name=service.name, unit=service.unit)
    if service.at_least_people > 1 and said.people is None and said.amount and not planned:
        raise Refusal("service.how_many_people", name=service.name, n=service.at_least_people)


async def _corrected(desk: Desk, contract: str, service: Service, corrects: int | None) -> int | None:
    """The record that is corrected, if it still counts."""
    if corrects is None:
        return None
    counting = services.valid(await kept.of_contract(desk.tx, contract))
    if all((one.id, one.service) != (corrects, service.key) for one in counting):
        raise Refusal("service.replaced")
    return corrects


def _still_asked(record: Record, everything: list[Record]) -> bool:
    """A record that a correction has replaced is asked no more."""
    if record.corrects is None:
        return record in services.valid(everything)
    confirmed = [replace(one, verdict=Verdict.CONFIRMED) if one.id == record.id else one for one in everything]
    return any(one.id == record.id for one in services.valid(confirmed))


async def _settle(desk: Desk, person: Person, record: Record, verdict: Verdict) -> bool:
    if not await kept.settle(desk.tx, record.id, verdict, person.key, desk.second):
        return False
    await _enter_in_ledger(desk, replace(record, by=person.key), _SAID[verdict])
    return True


async def _enter_in_ledger(desk: Desk, record: Record, kind: str) -> None:
    data = {
        "record": record.id,
        "service": record.service,
        "day": record.day.isoformat(),
        "amount": record.amount,
        "people": record.people,
        "remark": record.remark,
        "corrects": record.corrects,
    }
    await ledger.append(
        desk.tx,
        record.contract,
        ticket_id=None,
        kind=kind,
        at=desk.second,
        noted_at=desk.now,
        by=record.by,
        data=data,
    )


async def _ask(desk: Desk, record: Record, service: Service) -> None:
    for officer in await people.holding(desk.tx, record.contract, Role.SUPERVISING_OFFICER.value):
        if officer.telegram_id is None or not officer.reachable or not access.may_settle_service(officer, record):
            continue
        say = partial(desk.house.words.plain, desk.language_of(officer))
        rows = (
            (
                Button(label=say("service.confirm"), data=f"{PREFIX}:{CONFIRM}:{record.id}"),
                Button(label=say("service.refuse"), data=f"{PREFIX}:{REFUSE}:{record.id}"),
            ),
        )
        text = await _told(desk, officer, record, service, "service.ask")
        await sending.send_text(
            desk, record.contract, officer.telegram_id, text, person=officer, purpose="service", rows=rows
        )


async def _tell_enterer(desk: Desk, person: Person, record: Record, service: Service) -> None:
    enterer = await desk.person(record.by)
    if enterer is None or not enterer.active or enterer.telegram_id is None or not enterer.reachable:
        return
    key = "service.was_confirmed" if record.verdict is Verdict.CONFIRMED else "service.was_refused"
    text = await _told(desk, enterer, record, service, key, officer=person)
    await sending.send_text(desk, record.contract, enterer.telegram_id, text, person=enterer, purpose="service")


async def _told(
    desk: Desk, reader: Person, record: Record, service: Service, key: str, officer: Person | None = None
) -> str:
    words, language, minimal = desk.house.words, desk.language_of(reader), desk.house.minimal
    say = partial(words.html, language)
    profile = desk.contract(record.contract).profile
    stands = services.standing(service, await kept.of_contract(desk.tx, record.contract), record.day)
    nobody = words.plain(language, "nobody")
    by = nobody if minimal else await desk.name(record.by)
    text = say(
        key,
        contract=profile.ticket_prefix if minimal else profile.name,
        by=by,
        officer=nobody if minimal or officer is None else officer.name,
        line=standing.record_line(say, service, record, minimal=minimal),
        left=stands.left if stands else service.count,
        unit=service.unit,
    )
    return text + await _remarks(desk, reader, record, service)


async def _remarks(desk: Desk, reader: Person, record: Record, service: Service) -> str:
    """What does not go together with the contract: too few people, more than it counts."""
    say = partial(desk.house.words.html, desk.language_of(reader))
    found = ""
    if record.people is not None and record.people < service.at_least_people:
        found += "\n" + say("service.too_few_people", n=service.at_least_people)
    stands = services.standing(service, await kept.of_contract(desk.tx, record.contract), record.day)
    if stands is not None and stands.used > stands.count:
        found += "\n" + say("service.too_many", n=stands.used - stands.count, unit=service.unit)
    return found


async def _answered(desk: Desk, person: Person, record: Record, service: Service, *, own_word: bool) -> str:
    say = partial(desk.house.words.html, desk.language_of(person))
    shown = replace(record, verdict=Verdict.CONFIRMED) if own_word else record
    key = "service.planned" if record.planned else "service.entered_confirmed" if own_word else "service.entered"
    line = standing.record_line(say, service, shown, minimal=desk.house.minimal)
    return say(key, line=line) + await _remarks(desk, person, record, service)
