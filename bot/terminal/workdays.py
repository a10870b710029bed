"""`hotline calendar`: a period of days counted as the contracts count it, with the days that were counted."""

from argparse import Namespace
from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from bot.config.findings import nearest
from bot.config.settings import Settings
from bot.reader import Reader, Stop
from sla.calendar import Reckoned


def counted(settings: Settings, args: Namespace, reader: Reader) -> list[str]:
    """The last day of the period, and how it was found."""
    calendar, start = settings.calendar, args.start
    if args.workdays is not None:
        found, key, number = calendar.working_days_after(start, args.workdays), "workdays", args.workdays
    else:
        roll = _rolls(settings, args.contract, reader)
        found, key, number = calendar.calendar_days_after(start, args.days, roll=roll), "days", args.days
    unknown = sorted({day.year for day in (found.day, *found.counted, *found.passed) if calendar.is_provisional(day)})
    years = reader.say("calendar.and").join(map(str, unknown))
    provisional = reader.say("calendar.provisional", years=years) if found.provisional else ""
    facts = {"start": _day(start, reader), "n": abs(number), "day": _day(found.day, reader), "provisional": provisional}
    lines = [reader.say(f"calendar.{key}{'_back' if number < 0 else ''}", **facts), *_days(found, reader)]
    if key == "days" and number > 0:
        lines.append(reader.say("calendar.deemed", day=_day(found.day + timedelta(days=1), reader)))
    return lines


def _rolls(settings: Settings, contract: str | None, reader: Reader) -> bool:
    """Whether a last day of rest gives way to the next working day, as the law has it unless the contract says else."""
    if contract is None:
        return True
    if contract not in settings.contracts:
        raise Stop(reader.say("cli.no_contract", word=contract) + nearest(reader, contract, settings.contracts))
    return settings.contracts[contract].counting.calendar_day_roll


def _days(found: Reckoned, reader: Reader) -> Iterator[str]:
    for key, days in (("counted", found.counted), ("passed", found.passed)):
        if days:
            yield reader.say(f"calendar.{key}", n=len(days), days=_listed(sorted(days), reader))


def _listed(days: Sequence[date], reader: Reader) -> str:
    """Runs of days as "from to", so that a month still fits on a line."""
    runs: list[list[date]] = []
    for day in days:
        if runs and day - runs[-1][-1] == timedelta(days=1):
            runs[-1].append(day)
        else:
            runs.append([day])
    ends = (dict.fromkeys((run[0], run[-1])) for run in runs)
    return reader.say("calendar.and").join(
        reader.say("calendar.between").join(_day(day, reader) for day in run) for run in ends
    )


def _day(day: date, reader: Reader) -> str:
    return reader.say("calendar.day", date=day, weekday=reader.say(f"calendar.weekday_{day.isoweekday()}"))
