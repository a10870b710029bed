"""Which days are worked: the library's years, and over them the tables ``[calendar.YEAR]`` of config.toml."""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from pathlib import Path

from bot.config.config_file import YearTable
from bot.config.findings import Finding, SettingsError
from bot.reader import Reader
from sla.calendar import FIXED_HOLIDAYS, SATURDAY, Calendar


def read(tables: Mapping[str, YearTable], config: Path, reader: Reader) -> Calendar:
    """The library's calendar with the tables laid over it, day by day: a day that they do not name stays as it was."""
    findings = [
        Finding(str(config), ".".join(("calendar", *key)), reason)
        for year, table in tables.items()
        for key, reason in _amiss(year, table, reader)
    ]
    if findings:
        raise SettingsError(findings)
    known = library()
    rest, work = set(known.rest), set(known.work)
    for year, table in tables.items():
        if int(year) not in known.years:  # a table that forgets one of these does not make it a working day
            rest |= {date(int(year), month, day) for month, day in FIXED_HOLIDAYS}
        rest = (rest | {*table.holidays}) - {*table.workdays}
        work = (work | {*table.workdays}) - {*table.holidays}
    return _calendar(known.years | {int(year) for year in tables}, rest, work)


@cache
def library() -> Calendar:
    """What chinesecalendar knows, taken from its tables: asked day by day it is slow, and raises outside them."""
    from chinese_calendar.constants import holidays, workdays

    return _calendar({day.year for day in holidays}, {*holidays} - {*workdays}, {*workdays})


def _calendar(years: set[int] | frozenset[int], rest: set[date], work: set[date]) -> Calendar:
    return Calendar(
        years=frozenset(years),
        rest=frozenset(day for day in rest if day.weekday() < SATURDAY),
        work=frozenset(day for day in work if day.weekday() >= SATURDAY),
    )


def _amiss(year: str, table: YearTable, reader: Reader) -> Iterator[tuple[tuple[str, ...], str]]:
    if not re.fullmatch(r"[12]\d{3}", year):
        yield (year,), reader.say("settings.calendar_year", year=year)
        return
    if not table.holidays and not table.workdays:
        yield (year,), reader.say("settings.calendar_empty", year=year)
    for key, days in (("holidays", table.holidays), ("workdays", table.workdays)):
        for place, day in enumerate(days, 1):
            if day.year != int(year):
                yield (year, f"{key}#{place}"), reader.say("settings.calendar_other_year", year=year, day=day)
    for place, day in enumerate(table.workdays, 1):
        if day in table.holidays:
            yield (year, f"workdays#{place}"), reader.say("settings.calendar_both", day=day)
