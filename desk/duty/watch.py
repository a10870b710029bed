"""The watch on site in a key period: who is named for it, and who has come and gone."""

import hashlib
from collections.abc import Mapping

from desk import access, buttons, sending
from desk.buttons import Button, Rows
from desk.duty import plan
from desk.errors import Refusal
from desk.house import Desk
from sla.key_periods import KeyPeriod, Watch
from sla.terms import Role
from storage import key_periods, ledger, people
from storage.outbox import Lane
from storage.people import Person

PREFIX = "k:"
NAME, COME, GO = "n", "i", "o"
_NAMERS = (Role.PROJECT_MANAGER, Role.SERVICE_MANAGER)
_WATCHMEN = (Role.ENGINEER, Role.TECHNICAL_LEAD, Role.EXPERT)
_MOST = 30


async def lines(desk: Desk, person: Person, slug: str) -> list[str]:
    """The period that runs, or the next one, with those who are named and those who are there."""
    coming = [one for one in await key_periods.valid(desk.tx, slug, desk.now) if one.end > desk.now]
    period = await plan.running_period(desk, slug) or next(iter(coming), None)
    if period is None:
        return []
    watches = await key_periods.watches(desk.tx, period.id)
    names = [f"{await desk.name(one.person)}{'✓' if one.is_present else ''}" for one in watches]
    key = "key_period.running" if period.covers(desk.now) else "key_period.coming"
    nobody = desk.house.words.plain(desk.language_of(person), "key_period.nobody_named")
    said = desk.say(person, key, **facts(desk, period), named=len(watches), names="、".join(names) or nobody)
    return [said]


async def rows(desk: Desk, person: Person, slug: str) -> list[tuple[Button, ...]]:
    """Buttons to come and go for whoever is named, and to name somebody for whoever has to."""
    found: list[tuple[Button, ...]] = []
    for period in await key_periods.valid(desk.tx, slug, desk.now):
        if period.end <= desk.now:
            continue
        watches = await key_periods.watches(desk.tx, period.id)
        mine = next((one for one in watches if one.person == person.key), None)
        if mine is not None and _may_come(desk, period):
            found.append(own_row(desk, person, period, mine))
        if access.names_watch(person, slug) and len(watches) < period.people:
            label = desk.house.words.plain(desk.language_of(person), "key_period.name_button", name=period.name)
            found.append((Button(label=label, data=data_of(NAME, period)),))
    return found


def own_row(desk: Desk, person: Person, period: KeyPeriod, watch: Watch) -> tuple[Button, ...]:
    """To come, or to go."""
    verb, key = (GO, "key_period.go") if watch.is_present else (COME, "key_period.come")
    label = desk.house.words.plain(desk.language_of(person), key, name=period.name)
    return (Button(label=label, data=data_of(verb, period)),)


def data_of(verb: str, period: KeyPeriod, value: str = "") -> str:
    """What stands in a button: a verb, the period, and what was chosen."""
    return f"{PREFIX}{verb}:{buttons.base36(period.id)}:{value}".rstrip(":")


def facts(desk: Desk, period: KeyPeriod) -> dict[str, object]:
    """What sentences about a period tell."""
    profile = desk.contract(period.contract).profile
    return {
        "name": period.name,
        "contract": profile.name,
        "span": plan.span(period.start, period.end, profile.zone),
        "people": period.people,
    }


async def ask_for_names(desk: Desk, period: KeyPeriod) -> None:
    """Those who answer for the staff are asked to name people, with a button for each of them."""
    for role in _NAMERS:
        for person in await people.holding(desk.tx, period.contract, role.value):
            await offer(desk, person, period)


async def offer(desk: Desk, person: Person, period: KeyPeriod) -> None:
    """Everybody who can be named, one button each; those who are named already carry a mark."""
    if person.telegram_id is None or not person.reachable:
        return
    named = {one.person for one in await key_periods.watches(desk.tx, period.id)}
    candidates = await _candidates(desk, period.contract)
    choices: Rows = tuple(
        (Button(label=f"{'✓ ' if one.key in named else ''}{one.name}", data=data_of(NAME, period, _short(one.key))),)
        for one in list(candidates.values())[:_MOST]
    )
    markup = desk.say(person, "key_period.who", **facts(desk, period), named=len(named))
    await sending.send_text(desk, period.contract, person.telegram_id, markup, person=person, rows=choices)


async def name(desk: Desk, person: Person, period: KeyPeriod, chosen: str) -> str:
    """One tap names somebody, another takes it back as long as the person has not come."""
    if not access.names_watch(person, period.contract):
        raise Refusal("refuse.key_period_namer")
    if not chosen:
        await offer(desk, person, period)
        return ""
    whom = next((one for one in (await _candidates(desk, period.contract)).values() if _short(one.key) == chosen), None)
    if whom is None:
        raise Refusal("refuse.key_period_button")
    if await key_periods.name(desk.tx, period.id, whom.key, person.key, desk.now):
        await enter(desk, period, "watch_named", person.key, person=whom.key)
        await _tell(desk, period, whom, "key_period.you")
        key = "key_period.named"
    elif await key_periods.release(desk.tx, period.id, whom.key):
        await enter(desk, period, "watch_released", person.key, person=whom.key)
        await _tell(desk, period, whom, "key_period.not_you")
        key = "key_period.released"
    else:
        raise Refusal("refuse.key_period_present", name=whom.name)
    watches = await key_periods.watches(desk.tx, period.id)
    if key == "key_period.named" and len(watches) == period.people:
        await _tell_bureau(desk, period, "key_period.complete", watches)
    language = desk.language_of(person)
    return desk.house.words.plain(language, key, name=whom.name, named=len(watches), people=period.people)


async def come_or_go(desk: Desk, person: Person, period: KeyPeriod, verb: str) -> str:
    """Whoever is named comes and goes by a tap; the bureau reads it."""
    watches = await key_periods.watches(desk.tx, period.id)
    mine = next((one for one in watches if one.person == person.key), None)
    if mine is None:
        raise Refusal("refuse.key_period_not_named")
    if verb == COME and not _may_come(desk, period):
        raise Refusal("refuse.key_period_early", **facts(desk, period))
    if mine.is_present is (verb == COME):
        raise Refusal("refuse.settled")
    if verb == COME:
        await key_periods.came(desk.tx, period.id, person.key, desk.second)
        await enter(desk, period, "watch_came", person.key, person=person.key)
    else:
        await key_periods.went(desk.tx, period.id, person.key, desk.second)
        await enter(desk, period, "watch_went", person.key, person=person.key)
    key = "came" if verb == COME else "went"
    await _tell_bureau(desk, period, f"key_period.{key}", [mine])
    return desk.house.words.plain(desk.language_of(person), f"key_period.you_{key}", name=period.name)


async def enter(desk: Desk, period: KeyPeriod, kind: str, by: str, **data: object) -> None:
    """One entry of the ledger about a period."""
    whole: Mapping[str, object] = {
        "key_period": period.id,
        "name": period.name,
        "start": period.start.isoformat(),
        "end": period.end.isoformat(),
        "people": period.people,
        **data,
    }
    await ledger.append(
        desk.tx, period.contract, ticket_id=None, kind=kind, at=desk.second, noted_at=desk.now, by=by, data=whole
    )


def _may_come(desk: Desk, period: KeyPeriod) -> bool:
    early = desk.contract(period.contract).profile.key_periods.remind_ahead
    return period.cancelled_at is None and period.start - early <= desk.now < period.end


async def _candidates(desk: Desk, slug: str) -> Mapping[str, Person]:
    found = [person for role in _WATCHMEN for person in await people.holding(desk.tx, slug, role.value)]
    return {person.key: person for person in found}


async def _tell(desk: Desk, period: KeyPeriod, person: Person, key: str) -> None:
    if person.telegram_id is None or not person.reachable:
        return
    row = own_row(desk, person, period, Watch(person=person.key, named_by="", named_at=desk.now))
    rows: Rows = (row,) if key == "key_period.you" and _may_come(desk, period) else ()
    markup = desk.say(person, key, **facts(desk, period))
    await sending.send_text(desk, period.contract, person.telegram_id, markup, person=person, rows=rows)


async def _tell_bureau(desk: Desk, period: KeyPeriod, key: str, watches: list[Watch]) -> None:
    names = "、".join([await desk.name(one.person) for one in watches])
    for officer in await people.holding(desk.tx, period.contract, Role.SUPERVISING_OFFICER.value):
        if officer.telegram_id is not None and officer.reachable:
            markup = desk.say(officer, key, **facts(desk, period), names=names)
            await sending.send_text(desk, period.contract, officer.telegram_id, markup, person=officer, lane=Lane.INFO)


def _short(key: str) -> str:
    """A person in a button, which holds 64 bytes."""
    return hashlib.sha256(key.encode()).hexdigest()[:12]
