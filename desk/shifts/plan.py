"""The plan of duty as the desk sees it: coming shifts, who may be told of them, and how they are called."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from desk import access, sending
from desk.buttons import Rows
from desk.house import Desk
from desk.words import Html, moment
from sla.duty import Place, Shift, joined
from sla.events import CLOCK
from sla.notices import CONTACTS
from sla.selectors import ON_DUTY, post_of, role_of
from sla.terms import Role
from storage import ledger, overrides, people
from storage.outbox import Lane
from storage.people import Person

WAKES = frozenset({people.WAKE, overrides.WAKE})
_WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_A_MINUTE = timedelta(minutes=1)


async def coming(desk: Desk, contract: str, ahead: timedelta) -> list[Shift]:
    """The shifts that have not begun, turns of one person that follow each other made one."""
    found = await desk.shifts(contract, desk.now, desk.now + ahead)
    return [shift for shift in joined(found) if shift.start > desk.now]


async def serving(desk: Desk, place: Place, at: datetime) -> list[str]:
    """Who serves in one place at an instant."""
    found = await desk.shifts(place[0], at, at + _A_MINUTE)
    return [shift.person for shift in found if shift.place == place and shift.start <= at < shift.end]


async def answering(desk: Desk, contract: str, but: str = "") -> list[Person]:
    """Who answers for the staff: those whom the contract names for it, or any contact, or who looks after the bot."""
    then = desk.contract(contract).profile.handover.then
    for selectors in (then, CONTACTS, (Role.ADMIN.value,)):
        found = [person for person in await _meant(desk, contract, selectors) if person.key != but]
        if found:
            return found
    return []


async def _meant(desk: Desk, contract: str, selectors: Iterable[str]) -> list[Person]:
    """The people behind roles, each once; the person on duty where a selector says so."""
    found: dict[str, Person] = {}
    for selector in selectors:
        role = role_of(selector)
        held = await people.holding(desk.tx, contract, role)
        if selector.startswith(ON_DUTY):
            present = await desk.on_duty(contract, role, post_of(selector))
            held = [person for person in held if person.key in present] or held
        found |= {person.key: person for person in held if person.active}
    return list(found.values())


def manages(person: Person, contract: str) -> bool:
    """Whether the person answers for the staff: they may change the plan by their own word."""
    return access.is_contact(person, contract)


def is_reached(person: Person | None) -> bool:
    """Whether the bot can write to this person, who still serves."""
    return person is not None and person.active and person.reachable and person.telegram_id is not None


async def tell(
    desk: Desk,
    contract: str,
    person: Person | None,
    markup: str,
    rows: Rows = (),
    *,
    purpose: str,
    urgent: bool = False,
    silent: bool = False,
    until: datetime | None = None,
) -> bool:
    """One message to a person in private; false if Telegram does not reach them. After `until` it is worth nothing."""
    if person is None or person.telegram_id is None or not is_reached(person):
        return False
    await sending.send_text(
        desk,
        contract,
        person.telegram_id,
        markup,
        person=person,
        purpose=purpose,
        lane=Lane.URGENT if urgent else Lane.NORMAL,
        rows=rows,
        silent=silent,
        expires_at=until,
    )
    return True


def place_name(desk: Desk, person: Person | None, place: Place) -> str:
    """What a place is called: as the contract names the post, or by its role."""
    contract, role, post = place
    named = [one.name for one in desk.contract(contract).profile.posts if (one.role, one.post) == (role, post)]
    if post and named:
        return named[0]
    name = desk.house.words.plain(desk.language_of(person), f"role.{role}")
    return f"{name}（{post}）" if post else name


def span(desk: Desk, person: Person | None, shift: Shift) -> str:
    """A shift in one line: its day, and from when to when."""
    return between(desk, person, shift.contract, shift.start, shift.end)


def between(desk: Desk, person: Person | None, contract: str, start: datetime, end: datetime) -> str:
    """The same for a span."""
    zone, words, language = desk.contract(contract).profile.zone, desk.house.words, desk.language_of(person)
    begins, ends = start.astimezone(zone), end.astimezone(zone)
    until = f"{ends:%H:%M}"
    if ends.date() == begins.date() + timedelta(days=1):
        until = words.plain(language, "shift.next_day", at=until)
    elif ends.date() != begins.date():
        until = f"{ends:%m-%d %H:%M}"
    weekday = words.plain(language, f"weekday.{_WEEK[begins.weekday()]}")
    day, begin = f"{begins:%m-%d}", f"{begins:%H:%M}"
    return words.plain(language, "shift.span", date=day, weekday=weekday, begins=begin, ends=until)


def clock(desk: Desk, contract: str, at: datetime) -> str:
    """When a shift changes: the time to the minute, with the date if it is not today's."""
    return moment(at, desk.contract(contract).profile.zone, desk.now).removesuffix(":00")


async def enter(desk: Desk, contract: str, kind: str, by: str = CLOCK, **data: Any) -> None:
    """One entry of the ledger that belongs to no ticket."""
    written = {name: value.isoformat() if isinstance(value, datetime) else value for name, value in data.items()}
    await ledger.append(
        desk.tx, contract, ticket_id=None, kind=kind, at=desk.now, noted_at=desk.now, by=by, data=written
    )


def at_place(place: Place) -> dict[str, str]:
    """A place in the ledger."""
    return {"role": place[1], "post": place[2]}


def lines(parts: Sequence[str]) -> Html:
    """Several sentences, one below the other."""
    return Html("\n".join(part for part in parts if part))
