"""Reminding of services: on working days from the hour at which the office opens, each step of each period once."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from functools import partial

from desk import sending
from desk.house import Contract, Desk
from desk.services import standing
from sla import services
from sla.key_periods import KeyPeriod
from sla.services import Record, Reminder, Service, Step
from sla.terms import Role
from storage import key_periods, marks, people
from storage import services as kept
from storage.overrides import WAKE as DUTY
from storage.people import Person

WAKES = frozenset({DUTY})  # a special period was announced
_OWE = (Role.PROJECT_MANAGER, Role.SERVICE_MANAGER, Role.TECHNICAL_LEAD)
_ALSO = (Role.SUPERVISING_OFFICER,)
_ELSE = (Role.ENGINEER, Role.ADMIN)  # rather somebody than nobody
_GRAVE = {Step.MISSED, Step.PLAN}
_DAY = timedelta(days=1)


async def look(desk: Desk) -> datetime | None:
    """Remind where the office is open on this working day; again when the next one opens."""
    openings = []
    for slug, contract in desk.house.contracts.items():
        rows = contract.profile.service_rows
        if rows:
            local = desk.now.astimezone(contract.profile.zone)
            if local >= _opening(contract, local.date()) and desk.house.calendar.is_workday(local.date()):
                await _remind(desk, slug, rows, local.date())
            ahead = local.date() if local < _opening(contract, local.date()) else local.date() + _DAY
            openings.append(_opening(contract, ahead).astimezone(UTC))
    return min(openings, default=None)


def _opening(contract: Contract, day: date) -> datetime:
    return datetime.combine(day, contract.profile.business_hours.opens, tzinfo=contract.profile.zone)


async def _remind(desk: Desk, slug: str, rows: Sequence[Service], today: date) -> None:
    records = await kept.of_contract(desk.tx, slug)
    for row in rows:
        for reminder in services.reminders(row, records, today, desk.house.calendar):
            if await marks.first_time(desk.tx, f"service:{slug}:{row.key}:{reminder.mark}", desk.now):
                await _say(desk, slug, row, records, reminder)
    special = [row for row in rows if row.before_key_periods]
    if special:
        for period in await key_periods.valid(desk.tx, slug, desk.now):
            for row in special:
                await _before(desk, slug, row, records, period, today)


async def _before(
    desk: Desk, slug: str, row: Service, records: Sequence[Record], period: KeyPeriod, today: date
) -> None:
    """When a special period is announced, and on the last working day before it if nothing was entered since."""
    zone = desk.contract(slug).profile.zone
    start, announced = period.start.astimezone(zone).date(), period.at.astimezone(zone).date()
    if today >= start or services.done_before(row, records, announced, start):
        return
    is_last = today >= desk.house.calendar.workday_until(start - _DAY).day
    mark = f"service:{slug}:{row.key}:key_period:{period.id}"
    if is_last and await marks.first_time(desk.tx, f"{mark}:due", desk.now):
        await marks.first_time(desk.tx, f"{mark}:announced", desk.now)
    elif is_last or not await marks.first_time(desk.tx, f"{mark}:announced", desk.now):
        return
    for person in await _told(desk, slug, ()):
        say = partial(desk.house.words.html, desk.language_of(person))
        facts = {
            "contract": _named(desk, slug),
            "period": "" if desk.house.minimal else period.name,
            "start": start,
            "name": row.name,
            "line": standing.line(say, row, records, today),
        }
        text = say("remind.key_period_due", **facts) if is_last else say("remind.key_period", **facts)
        await _send(desk, slug, person, text)


async def _say(desk: Desk, slug: str, row: Service, records: Sequence[Record], reminder: Reminder) -> None:
    stands = services.standing(row, records, min(reminder.period.last, standing.today(desk, slug)))
    for person in await _told(desk, slug, _ALSO if reminder.step in _GRAVE else ()):
        say = partial(desk.house.words.html, desk.language_of(person))
        text = say(
            f"remind.{reminder.step.value}",
            contract=_named(desk, slug),
            name=row.name,
            unit=row.unit,
            number=reminder.number,
            due=reminder.due,
            before=reminder.before,
            provisional=say("remind.provisional") if reminder.provisional else "",
            used=stands.used if stands else 0,
            planned=stands.planned if stands else 0,
        )
        await _send(desk, slug, person, text)


async def _told(desk: Desk, slug: str, also: Sequence[Role]) -> list[Person]:
    """Whoever owes it, and the bureau where it matters to it; else anybody whom the bot can write to."""
    owing = await _reached(desk, slug, _OWE)
    for role in _ELSE:
        owing = owing or await _reached(desk, slug, (role,))
    found = [*owing, *await _reached(desk, slug, also)]
    return list({person.key: person for person in found}.values())


async def _reached(desk: Desk, slug: str, roles: Sequence[Role]) -> list[Person]:
    found = [person for role in roles for person in await people.holding(desk.tx, slug, role.value)]
    return [person for person in found if person.telegram_id is not None and person.reachable]


async def _send(desk: Desk, slug: str, person: Person, text: str) -> None:
    if person.telegram_id is not None:
        await sending.send_text(desk, slug, person.telegram_id, text, person=person, purpose="service")


def _named(desk: Desk, slug: str) -> str:
    profile = desk.contract(slug).profile
    return profile.ticket_prefix if desk.house.minimal else profile.name
