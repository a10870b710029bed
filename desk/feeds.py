"""What a phone's calendar shows: own shifts, key periods, and days by which a counted service has to be done.

The link to it holds a word of which only the digest is kept; whoever has the link reads the calendar, and nothing else.
"""

import hashlib
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial

from desk import access, sending
from desk.access import Command
from desk.buttons import Button, Rows
from desk.duty import plan
from desk.errors import Refusal
from desk.house import Desk
from desk.services import standing
from sla import services
from sla.duty import Shift, joined
from storage import feeds, key_periods, shapes
from storage import services as records
from storage.feeds import Feed
from storage.people import Person
from storage.store import Transaction

AHEAD = timedelta(days=60)
PREFIX = "cal"
_ASK, _NEW, _OFF = "ask", "new", "off"
_DAY = timedelta(days=1)
_PERSON, _CONTRACT = "person:", "contract:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """One entry of a calendar: from instant to instant, or whole days up to the one after the last."""

    key: str
    begin: datetime | date
    end: datetime | date
    title: str
    busy: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A calendar as it is handed out: its name, its zone, what happens, and which edition that is."""

    name: str
    zone: str
    happenings: Sequence[Happening]
    feed: Feed


def owner_of(person: Person) -> str:
    """Under which name a person's calendar is kept."""
    return f"{_PERSON}{person.key}"


async def of_person(desk: Desk, person: Person) -> Sheet:
    """Own shifts, and what concerns everybody of one's contracts."""
    slugs = _slugs(desk, person)
    found = [one for slug in slugs for one in await _of_contract(desk, slug, person, person)]
    language = desk.language_of(person)
    name = desk.house.words.plain(language, "feed.name", name="" if desk.house.minimal else person.name)
    return await _sheet(desk, owner_of(person), name, slugs, found)


async def of_contract(desk: Desk, slug: str) -> Sheet:
    """Every shift of a contract, with whoever serves it."""
    profile = desk.contract(slug).profile
    name = desk.house.words.plain(
        desk.house.language, "feed.name", name=profile.ticket_prefix if desk.house.minimal else profile.name
    )
    return await _sheet(desk, f"{_CONTRACT}{slug}", name, [slug], await _of_contract(desk, slug, None, None))


async def opened_by(desk: Desk, token: str) -> Sheet | None:
    """The calendar behind a link; nothing if the link is none, or its person serves no longer."""
    feed = await feeds.by_token(desk.tx, digest_of(token))
    person = await desk.person(feed.owner.removeprefix(_PERSON)) if feed is not None else None
    if person is None or not _slugs(desk, person):
        return None
    return await of_person(desk, person)


async def is_known(tx: Transaction, token: str) -> bool:
    """Whether there is such a link."""
    return await feeds.by_token(tx, digest_of(token)) is not None


async def offer(desk: Desk, person: Person, chat_id: int) -> None:
    """The first link at once; where there is one already, a new one only on demand, for it ends the old."""
    _must_be_served(desk)
    feed = await feeds.of_owner(desk.tx, owner_of(person))
    if feed is None or feed.token_hash is None:
        await _renew(desk, person, chat_id)
        return
    plain = partial(desk.house.words.plain, desk.language_of(person))
    rows: Rows = (
        (
            Button(label=plain("feed.renew"), data=f"{PREFIX}:{_NEW}"),
            Button(label=plain("feed.stop"), data=f"{PREFIX}:{_OFF}"),
        ),
    )
    await sending.send_text(desk, "", chat_id, desk.say(person, "feed.known"), person=person, rows=rows)


async def press(desk: Desk, person: Person, data: str) -> str:
    """A new link, or none any more; both end the old one. Links are sent in private only."""
    if not access.may_use(person, Command.CALENDAR, desk.house.contracts) or person.telegram_id is None:
        raise Refusal("refuse.command")
    verb = data.removeprefix(f"{PREFIX}:")
    if verb == _ASK:
        await offer(desk, person, person.telegram_id)
        return desk.house.words.plain(desk.language_of(person), "done.prompted")
    if verb == _NEW:
        _must_be_served(desk)
        await _renew(desk, person, person.telegram_id)
        return desk.house.words.plain(desk.language_of(person), "done.prompted")
    if verb == _OFF:
        await feeds.link(desk.tx, owner_of(person), None, desk.now)
        return desk.house.words.plain(desk.language_of(person), "feed.stopped")
    raise Refusal("refuse.button")


def button(desk: Desk, person: Person) -> Rows:
    """The button for the link, where calendars are handed out at all."""
    if not desk.house.public_url or not access.may_use(person, Command.CALENDAR, desk.house.contracts):
        return ()
    label = desk.house.words.plain(desk.language_of(person), "feed.button")
    return ((Button(label=label, data=f"{PREFIX}:{_ASK}"),),)


def digest_of(token: str) -> str:
    """What is kept of the word in a link."""
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()


async def _renew(desk: Desk, person: Person, chat_id: int) -> None:
    token = secrets.token_urlsafe(32)
    await feeds.link(desk.tx, owner_of(person), digest_of(token), desk.now)
    link = f"{desk.house.public_url}/calendar/{token}.ics"
    text = desk.say(person, "feed.link", link=link, days=AHEAD.days)
    await sending.send_text(desk, "", chat_id, text, person=person)


def _must_be_served(desk: Desk) -> None:
    if not desk.house.public_url:
        raise Refusal("feed.not_served")


def _slugs(desk: Desk, person: Person) -> list[str]:
    mine = access.contracts(person, desk.house.contracts)
    return [slug for slug in mine if access.may_use(person, Command.CALENDAR, [slug])]


async def _sheet(desk: Desk, owner: str, name: str, slugs: Sequence[str], found: Iterable[Happening]) -> Sheet:
    happenings = sorted(found, key=lambda one: (str(one.begin), one.key))
    body = shapes.canonical([[one.key, str(one.begin), str(one.end), one.title] for one in happenings])
    feed = await feeds.edited(desk.tx, owner, hashlib.sha256(f"{name}\n{body}".encode()).hexdigest(), desk.now)
    zones = [desk.contract(slug).profile.timezone for slug in slugs]
    return Sheet(name=name, zone=zones[0] if zones else "UTC", happenings=happenings, feed=feed)


async def _of_contract(desk: Desk, slug: str, person: Person | None, reader: Person | None) -> list[Happening]:
    until = desk.now + AHEAD
    shifts = joined(await desk.shifts(slug, desk.now, until))
    found = [
        await _shift(desk, shift, reader, named=person is None)
        for shift in shifts
        if person is None or shift.person == person.key
    ]
    language = desk.language_of(reader)
    minimal, profile = desk.house.minimal, desk.contract(slug).profile
    for period in await key_periods.valid(desk.tx, slug, desk.now):
        if period.start < until and period.end > desk.now:
            title = desk.house.words.plain(
                language, "feed.key_period", contract=profile.ticket_prefix, name="" if minimal else period.name
            )
            found.append(
                Happening(key=f"{slug}|key|{period.id}", begin=period.start, end=period.end, title=title.strip())
            )
    return found + await _due(desk, slug, language, until)


async def _shift(desk: Desk, shift: Shift, reader: Person | None, *, named: bool) -> Happening:
    title = desk.house.words.plain(
        desk.language_of(reader),
        "feed.shift",
        contract=desk.contract(shift.contract).profile.ticket_prefix,
        post=plan.post_name(desk, reader, *shift.place),
        name=await desk.name(shift.person) if named and not desk.house.minimal else "",
    )
    place = "|".join((*shift.place, shift.person))
    return Happening(
        key=f"{place}|{shift.start.isoformat()}", begin=shift.start, end=shift.end, title=title.strip(), busy=True
    )


async def _due(desk: Desk, slug: str, language: str, until: datetime) -> list[Happening]:
    profile = desk.contract(slug).profile
    today, found = standing.today(desk, slug), []
    everything = await records.of_contract(desk.tx, slug) if profile.service_rows else []
    for row in profile.service_rows:
        stands = services.standing(row, everything, today)
        if stands is None or stands.next_due is None or stands.next_due > until.date():
            continue
        title = desk.house.words.plain(
            language, "feed.due", contract=profile.ticket_prefix, name=row.name, n=stands.left, unit=row.unit
        )
        due = stands.next_due
        found.append(Happening(key=f"{slug}|due|{row.key}|{due}", begin=due, end=due + _DAY, title=title))
    return found
