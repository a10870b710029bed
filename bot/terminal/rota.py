"""`hotline calendar import`: a rota kept in a calendar becomes changes of the roster, shown before they are made."""

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from icalendar import Calendar

from bot.checks.database import opened
from bot.config.findings import nearest
from bot.config.settings import Settings
from bot.engine import lock
from bot.reader import Reader, Stop
from bot.terminal.inside import house_of
from desk.house import Desk
from sla.duty import Override
from sla.rota import Changes, Wish, changes
from storage import ledger, overrides
from storage.backup import file_of
from storage.store import Store, Transaction

AHEAD = timedelta(days=92)
BY = "ics"
_LARGEST = 1_000_000
_MOST = 2_000
_COARSE = {"DAILY", "WEEKLY", "MONTHLY", "YEARLY"}
_LEAVE = re.compile(r"请假|休假|年假|病假|调休|\bleave\b|\bday off\b|\bvacation\b", re.IGNORECASE)
_SIMILAR = 0.4


async def taken(
    settings: Settings, file: Path, contract: str, role: str, post: str, now: datetime, reader: Reader, *, apply: bool
) -> list[str]:
    """What the calendar would change in the roster of one place, and, if asked for, the change itself."""
    if contract not in settings.contracts:
        raise Stop(reader.say("cli.no_contract", word=contract) + nearest(reader, contract, settings.contracts))
    posts = _posts(settings, contract, role)
    if post not in posts:
        named = reader.say("calendar.and").join(sorted(one for one in posts if one)) or "—"
        raise Stop(reader.say("rota.no_post", role=role, post=post, posts=named) + nearest(reader, post, posts))
    zone = settings.contracts[contract].zone
    people = _people(settings, contract, role)
    wishes = _wishes(_calendar(file, reader), people, zone, now, reader)
    place = (contract, role, post)

    async def work(tx: Transaction) -> Changes:
        desk = Desk(tx=tx, house=house_of(settings), now=now)
        shifts = await desk.shifts(contract, now, now + AHEAD)
        found = changes(wishes, shifts, place)
        if apply and found.overrides:
            await _keep(tx, found.overrides, contract, file.name, now)
        return found

    with ExitStack() as stack:
        database = file_of(settings.storage_url)
        if apply and database is not None:  # a hotline that runs on this file would not hear of the change
            stack.enter_context(lock.held(database.with_name(f"{database.name}.lock")))
        async with opened(settings, reader) as store:
            found = await (store.write(work) if apply else store.read(work))
            await _ring(store, apply=apply)
    return list(_lines(found, settings, zone, reader, apply=apply))


async def _keep(tx: Transaction, found: Iterable[Override], contract: str, name: str, now: datetime) -> None:
    kept = [await overrides.add(tx, replace(one, by=BY, at=now, why=name)) for one in found]
    data = [
        {
            "id": one.id,
            "role": one.role,
            "post": one.post,
            "from": one.start.isoformat(),
            "until": one.end.isoformat(),
            "absent": one.absent,
            "person": one.person,
        }
        for one in kept
    ]
    entry: dict[str, Any] = {"file": name, "changes": data}
    await ledger.append(tx, contract, ticket_id=None, kind="roster_imported", at=now, noted_at=now, by=BY, data=entry)


async def _ring(store: Store, *, apply: bool) -> None:
    if apply and store.url_kind == "postgresql":
        await store.ring(BY, {overrides.WAKE})


def _posts(settings: Settings, contract: str, role: str) -> set[str]:
    """Where somebody can serve in this role: as the rosters have it, or as the contract wants it."""
    lines = {one.post for one in settings.rosters if (one.contract, one.role) == (contract, role)}
    return lines | {one.post for one in settings.contracts[contract].posts if one.role == role}


def _people(settings: Settings, contract: str, role: str) -> Mapping[str, str]:
    """Whoever holds the role: what they may be called, key or name, and their key."""
    holding = [
        person
        for person in settings.people
        if any((held.contract, held.role) == (contract, role) for held in person.roles)
    ]
    return {called: person.key for person in holding for called in (person.key, person.name)}


def _calendar(file: Path, reader: Reader) -> Calendar:
    try:
        if file.stat().st_size > _LARGEST:
            raise Stop(reader.say("rota.too_large", file=file))
        found = Calendar.from_ical(file.read_bytes())
    except OSError as error:
        raise Stop(reader.say("rota.unreadable", file=file)) from error
    except (ValueError, IndexError, KeyError) as error:
        raise Stop(reader.say("rota.no_calendar", file=file)) from error
    if not isinstance(found, Calendar):
        raise Stop(reader.say("rota.no_calendar", file=file))
    for event in found.walk("VEVENT"):
        rule = event.get("RRULE")
        rules = rule if isinstance(rule, list) else [rule] if rule else []
        if any(str(each).upper() not in _COARSE for one in rules for each in one.get("FREQ", [])):
            raise Stop(reader.say("rota.too_often", title=str(event.get("SUMMARY", ""))))
    return found


def _wishes(calendar: Calendar, people: Mapping[str, str], zone: ZoneInfo, now: datetime, reader: Reader) -> list[Wish]:
    """Everybody's spans from now on; `Stop` with every entry in which nobody is known."""
    import recurring_ical_events

    end = now + AHEAD
    found: list[Wish] = []
    strange: dict[str, str] = {}
    for number, event in enumerate(recurring_ical_events.of(calendar).between(now, end)):
        if number >= _MOST:
            raise Stop(reader.say("rota.too_many", n=_MOST))
        if str(event.get("STATUS", "")).upper() == "CANCELLED":
            continue
        title = str(event.get("SUMMARY", ""))
        begins, ends = _span(event, zone)
        keys = _named(event, title, people)
        if not keys:
            strange.setdefault(title, _hint(title, people, reader))
        begins, ends = max(begins, now), min(ends, end)
        if begins < ends:
            leave = bool(_LEAVE.search(title))
            found += [Wish(person=key, start=begins, end=ends, leave=leave) for key in keys]
    if strange:
        raise Stop("\n".join(reader.say("rota.nobody", title=title) + hint for title, hint in strange.items()))
    return found


def _span(event: Any, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """From when to when in UTC; a whole day is that of the contract, and a time without a zone is its time."""
    begins = event["DTSTART"].dt
    if "DTEND" in event:
        ends = event["DTEND"].dt
    else:
        ends = begins + (event["DURATION"].dt if "DURATION" in event else timedelta(days=1))
    return _instant(begins, zone), _instant(ends, zone)


def _instant(value: date | datetime, zone: ZoneInfo) -> datetime:
    if not isinstance(value, datetime):
        value = datetime.combine(value, time(), tzinfo=zone)
    return (value if value.tzinfo else value.replace(tzinfo=zone)).astimezone(UTC)


def _named(event: Any, title: str, people: Mapping[str, str]) -> list[str]:
    """Whom the title names by name or key, or who is invited under one of them; the longest name is meant."""
    attendees = event.get("ATTENDEE", [])
    attendees = attendees if isinstance(attendees, list) else [attendees]
    for one in attendees:
        account = re.sub(r"(?i)^mailto:", "", str(one)).partition("@")[0]
        invited = [people[name] for name in (str(one.params.get("CN", "")), account) if name in people]
        if invited:
            return list(dict.fromkeys(invited))
    found, rest = [], title
    for name in sorted(people, key=len, reverse=True):
        pattern = rf"(?<![\w-]){re.escape(name)}(?![\w-])" if name.isascii() else re.escape(name)
        if re.search(pattern, rest):
            found.append(people[name])
            rest = re.sub(pattern, " ", rest)
    return list(dict.fromkeys(found))


def _hint(title: str, people: Mapping[str, str], reader: Reader) -> str:
    words = [title, *re.split(r"[\s:：,，()（）/]+", title)]
    near = next((found[0] for word in words if (found := difflib.get_close_matches(word, people, 1, _SIMILAR))), "")
    return reader.say("settings.nearest", word=near) if near else ""


def _lines(found: Changes, settings: Settings, zone: ZoneInfo, reader: Reader, *, apply: bool) -> Iterator[str]:
    names = {person.key: person.name for person in settings.people}
    for one in found.overrides:
        key = "rota.leave" if not one.person else "rota.instead" if one.absent else "rota.beside"
        facts = {"person": names.get(one.person, one.person), "absent": names.get(one.absent, one.absent)}
        yield reader.say(key, span=_shown(one.start, one.end, zone, reader), **facts)
    for shift in found.kept:
        span = _shown(shift.start, shift.end, zone, reader)
        yield reader.say("rota.kept", span=span, person=names.get(shift.person, shift.person))
    number = len(found.overrides)
    yield reader.say("rota.same" if not number else "rota.done" if apply else "rota.preview", n=number)


def _shown(start: datetime, end: datetime, zone: ZoneInfo, reader: Reader) -> str:
    begins, ends = (f"{at.astimezone(zone):%Y-%m-%d %H:%M}" for at in (start, end))
    return reader.say("rota.span", begins=begins, ends=ends)
