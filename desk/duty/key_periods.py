"""Key periods: declared and called off by the bureau alone, told to both sides, each one an entry of the ledger."""

from collections.abc import Sequence
from datetime import datetime

from desk import access, buttons, sending
from desk.buttons import Button, Rows
from desk.duty import plan, watch
from desk.errors import Refusal
from desk.house import Desk
from desk.words import Html
from sla import spans
from sla.key_periods import KeyPeriod
from sla.spans import NotASpan, Span
from sla.terms import Role
from storage import forms, groups, key_periods, people
from storage.forms import Form
from storage.people import Person

PURPOSE = "key_period"
CONFIRM, DISCARD, ASK_CANCEL, CANCEL = "y", "x", "c", "C"
_BOTH_SIDES = (
    Role.SUPERVISING_OFFICER,
    Role.PROJECT_MANAGER,
    Role.SERVICE_MANAGER,
    Role.TECHNICAL_LEAD,
    Role.SERVICE_DESK,
    Role.ENGINEER,
)
_LONGEST_NAME = 40


async def asked(desk: Desk, person: Person, words: str) -> tuple[Html, Rows]:
    """/keyperiod: with words it says what it understood and asks to confirm; without, what there is already."""
    slugs = declarable(desk, person)
    if not slugs:
        raise Refusal("refuse.key_period_bureau")
    if not words:
        return await _overview(desk, person, slugs)
    if person.telegram_id is None:
        raise Refusal("refuse.private")
    try:
        span = spans.parse(words, desk.contract(slugs[0]).profile.zone, desk.now)
    except NotASpan as error:
        raise Refusal(f"refuse.key_period_{error.key}") from error
    if len(span.name) > _LONGEST_NAME:
        raise Refusal("refuse.key_period_long")
    made_at = desk.second
    data = {
        "name": span.name,
        "start": span.start.isoformat(),
        "end": span.end.isoformat(),
        "people": str(span.people or ""),
    }
    form = Form(person=person.key, chat_id=person.telegram_id, purpose=PURPOSE, data=data, made_at=made_at)
    await forms.put(desk.tx, form)
    return _confirmation(desk, person, slugs, span, made_at)


async def press(desk: Desk, person: Person, data: str) -> str:
    """A button about a key period; the answer is one sentence."""
    verb, _, rest = data.removeprefix(watch.PREFIX).partition(":")
    number, _, value = rest.partition(":")
    if verb == CONFIRM:
        return await _confirmed(desk, person, number, value)
    if verb == DISCARD:
        return await _discarded(desk, person)
    period = await _meant(desk, person, number)
    match verb:
        case watch.NAME:
            return await watch.name(desk, person, period, value)
        case watch.COME | watch.GO:
            return await watch.come_or_go(desk, person, period, verb)
        case _ if verb in (ASK_CANCEL, CANCEL):
            return await _cancelled(desk, person, period, sure=verb == CANCEL)
        case _:
            raise Refusal("refuse.key_period_button")


def declarable(desk: Desk, person: Person) -> list[str]:
    """The contracts under which the person may declare a period."""
    return [
        slug for slug in access.contracts(person, desk.house.contracts) if access.declares_key_periods(person, slug)
    ]


async def declare(desk: Desk, person: Person, slug: str, span: Span) -> KeyPeriod:
    """The bureau wants more people from then to then: kept, entered, told to both sides; people are asked for."""
    if not access.declares_key_periods(person, slug):
        raise Refusal("refuse.key_period_bureau")
    present = await key_periods.valid(desk.tx, slug, desk.now)
    if any((one.name, one.start, one.end) == (span.name, span.start, span.end) for one in present):
        raise Refusal("refuse.key_period_twice")
    asked = span.people or desk.contract(slug).profile.key_periods.at_least
    period = await key_periods.add(
        desk.tx,
        KeyPeriod(
            contract=slug,
            name=span.name,
            start=span.start,
            end=span.end,
            people=asked,
            by=person.key,
            at=desk.second,
        ),
    )
    await watch.enter(desk, period, "key_period_declared", person.key)
    await announce(desk, period, "key_period.declared", by=person.name)
    await watch.ask_for_names(desk, period)
    return period


async def announce(desk: Desk, period: KeyPeriod, key: str, **more: str) -> None:
    """Both sides hear of it: the people of both, those who keep watch, and the bound groups."""
    told: dict[str, Person] = {}
    for role in _BOTH_SIDES:
        told |= {one.key: one for one in await people.holding(desk.tx, period.contract, role.value)}
    watches = {one.person: one for one in await key_periods.watches(desk.tx, period.id)}
    for keeper in watches:
        person = await desk.person(keeper)
        if person is not None and person.active:
            told[keeper] = person
    facts = {**watch.facts(desk, period), "named": len(watches), **more}
    for person in told.values():
        if person.telegram_id is None or not person.reachable:
            continue
        mine = watches.get(person.key)
        comes = mine is not None and period.cancelled_at is None and desk.now < period.end
        rows: Rows = (watch.own_row(desk, person, period, mine),) if comes and mine is not None else ()
        markup = desk.say(person, key, **facts)
        await sending.send_text(desk, period.contract, person.telegram_id, markup, person=person, rows=rows)
    for group in await groups.of_contract(desk.tx, period.contract):
        await sending.send_text(desk, period.contract, group.chat_id, desk.say(None, key, **facts))


async def _overview(desk: Desk, person: Person, slugs: Sequence[str]) -> tuple[Html, Rows]:
    lines, rows = [], []
    for slug in slugs:
        for period in await key_periods.valid(desk.tx, slug, desk.now):
            if period.end > desk.now:
                lines.append(desk.say(person, "key_period.one", **watch.facts(desk, period)))
                rows.append((_button(desk, person, "key_period.cancel", watch.data_of(ASK_CANCEL, period), period),))
    lines = lines or [desk.say(person, "key_period.none")]
    return Html("\n".join([*lines, desk.say(person, "key_period.how")])), tuple(rows)


def _confirmation(desk: Desk, person: Person, slugs: Sequence[str], span: Span, made_at: datetime) -> tuple[Html, Rows]:
    """One button for each contract that it may be meant for."""
    words, language = desk.house.words, desk.language_of(person)
    profile = desk.contract(slugs[0]).profile
    asked = span.people or profile.key_periods.at_least
    facts = {"name": span.name, "span": plan.span(span.start, span.end, profile.zone), "people": asked}
    one = len(slugs) == 1
    key = "key_period.confirm" if one else "key_period.confirm_which"
    stamp = _stamp(made_at)
    rows = [
        (
            Button(
                label=words.plain(language, "key_period.yes") if one else desk.contract(slug).profile.name,
                data=f"{watch.PREFIX}{CONFIRM}:{stamp}:{place}",
            ),
        )
        for place, slug in enumerate(slugs)
    ]
    rows.append((Button(label=words.plain(language, "key_period.no"), data=f"{watch.PREFIX}{DISCARD}"),))
    return Html(desk.say(person, key, **facts, contract=profile.name)), tuple(rows)


async def _confirmed(desk: Desk, person: Person, stamp: str, place: str) -> str:
    form = await forms.get(desk.tx, person.key, person.telegram_id or 0)
    slugs = declarable(desk, person)
    if form is None or form.purpose != PURPOSE or _stamp(form.made_at) != stamp:
        raise Refusal("refuse.settled")
    if not place.isdecimal() or int(place) >= len(slugs):
        raise Refusal("refuse.key_period_button")
    number = form.data["people"]
    span = Span(
        name=form.data["name"],
        start=datetime.fromisoformat(form.data["start"]),
        end=datetime.fromisoformat(form.data["end"]),
        people=int(number) if number else None,
    )
    if span.end <= desk.now:
        raise Refusal("refuse.key_period_past")
    await forms.drop(desk.tx, person.key, form.chat_id)
    await declare(desk, person, slugs[int(place)], span)
    return desk.house.words.plain(desk.language_of(person), "key_period.done")


async def _discarded(desk: Desk, person: Person) -> str:
    form = await forms.get(desk.tx, person.key, person.telegram_id or 0)
    if form is not None and form.purpose == PURPOSE:
        await forms.drop(desk.tx, person.key, form.chat_id)
    return desk.house.words.plain(desk.language_of(person), "key_period.discarded")


async def _cancelled(desk: Desk, person: Person, period: KeyPeriod, *, sure: bool) -> str:
    """The first press asks, the second one does it."""
    if not access.declares_key_periods(person, period.contract):
        raise Refusal("refuse.key_period_bureau")
    words, language = desk.house.words, desk.language_of(person)
    if not sure:
        if person.telegram_id is None:
            raise Refusal("refuse.private")
        button = _button(desk, person, "key_period.cancel_sure", watch.data_of(CANCEL, period), period)
        markup = desk.say(person, "key_period.ask_cancel", **watch.facts(desk, period))
        await sending.send_text(desk, period.contract, person.telegram_id, markup, person=person, rows=((button,),))
        return ""
    await key_periods.cancel(desk.tx, period.id, person.key, desk.second)
    await watch.enter(desk, period, "key_period_cancelled", person.key)
    gone = await key_periods.by_id(desk.tx, period.id) or period
    await announce(desk, gone, "key_period.cancelled", by=person.name)
    return words.plain(language, "key_period.cancel_done")


async def _meant(desk: Desk, person: Person, number: str) -> KeyPeriod:
    """The period of a button; one that is over, called off or somebody else's is no longer there."""
    id_ = buttons.from_base36(number)
    period = await key_periods.by_id(desk.tx, id_) if id_ else None
    if period is None or not access.roles(person, period.contract):
        raise Refusal("refuse.key_period_button")
    if period.cancelled_at is not None or period.end <= desk.now:
        raise Refusal("refuse.key_period_over")
    return period


def _button(desk: Desk, person: Person, key: str, data: str, period: KeyPeriod) -> Button:
    return Button(label=desk.house.words.plain(desk.language_of(person), key, name=period.name), data=data)


def _stamp(at: datetime) -> str:
    """When something was asked, to the second: an older question is not answered by a newer button."""
    return f"{int(at.timestamp())}"
