"""A calendar as phones read it (RFC 5545): instants in UTC, whole days as days, the edition as SEQUENCE."""

import hashlib
from datetime import timedelta

from icalendar import Calendar, Event

from desk.feeds import Happening, Sheet

TYPE = "text/calendar; charset=utf-8"
_EVERY = timedelta(hours=1)


def written(sheet: Sheet) -> bytes:
    """The calendar as text."""
    calendar = Calendar()
    for name, value in (
        ("prodid", "-//hotline//duty//ZH"),
        ("version", "2.0"),
        ("calscale", "GREGORIAN"),
        ("method", "PUBLISH"),
        ("name", sheet.name),
        ("x-wr-calname", sheet.name),
        ("x-wr-timezone", sheet.zone),
        ("x-published-ttl", "PT1H"),
    ):
        calendar.add(name, value)
    calendar.add("refresh-interval", _EVERY, parameters={"VALUE": "DURATION"})
    for happening in sheet.happenings:
        calendar.add_component(_event(happening, sheet))
    text: bytes = calendar.to_ical()
    return text


def _event(happening: Happening, sheet: Sheet) -> Event:
    event = Event()
    for name, value in (
        ("uid", f"{hashlib.sha256(happening.key.encode()).hexdigest()[:32]}@hotline"),
        ("sequence", sheet.feed.edition),
        ("dtstamp", sheet.feed.changed_at),
        ("last-modified", sheet.feed.changed_at),
        ("dtstart", happening.begin),
        ("dtend", happening.end),
        ("summary", happening.title),
        ("transp", "OPAQUE" if happening.busy else "TRANSPARENT"),
    ):
        event.add(name, value)
    return event
