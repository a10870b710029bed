"""Services that a contract counts: so many scans, drills or trainings in a period, how many are done, what is owed.

A record says that something was done, or is planned for a day that has not come. None is ever changed: a correction
is a record of its own that replaces another, at once while nobody has confirmed that one, else once it is confirmed.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from fractions import Fraction

from sla.calendar import Calendar, months_later

_DAY = timedelta(days=1)
_STILL_NEWS = timedelta(days=31)  # what was missed longer ago is history, above all of a contract that has ended


class ServiceKind(StrEnum):
    """What is done."""

    SCAN = "scan"
    HARDENING = "hardening"
    DRILL = "drill"
    JOINT_TEST = "joint_test"
    TRAINING = "training"
    INSPECTION = "inspection"
    OTHER = "other"


class Per(StrEnum):
    """For how long a count stands; years and quarters begin with the contract, months are those of the calendar."""

    TERM = "term"
    YEAR = "year"
    QUARTER = "quarter"
    MONTH = "month"


class Verdict(StrEnum):
    """What the bureau said to a record."""

    CONFIRMED = "confirmed"
    REFUSED = "refused"


class Step(StrEnum):
    """What a reminder is about."""

    AHEAD = "ahead"
    DUE = "due"
    MISSED = "missed"
    PLAN = "plan"


_MONTHS = {Per.YEAR: 12, Per.QUARTER: 3}


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """One service row of a contract."""

    key: str
    name: str
    unit: str
    kind: ServiceKind
    count: int
    per: Per
    starts: date
    ends: date
    even: bool = False
    at_least_people: int = 1
    remind_before: tuple[int, ...] = ()
    plan_by: Fraction | None = None
    before_key_periods: bool = False
    full_round: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One entry: what was done on a day, or is planned for it; who entered it, and what the bureau said."""

    contract: str
    service: str
    day: date
    amount: int
    planned: bool = False
    people: int | None = None
    remark: str = ""
    by: str
    at: datetime
    id: int = 0
    corrects: int | None = None
    verdict: Verdict | None = None
    settled_by: str | None = None
    settled_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """The days for which a count stands, up to the first that is not among them."""

    begin: date
    end: date

    @property
    def days(self) -> int:
        """How many there are."""
        return (self.end - self.begin).days

    @property
    def last(self) -> date:
        """The last of them."""
        return self.end - _DAY

    def __contains__(self, day: date) -> bool:
        return self.begin <= day < self.end


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a service stands in one period, on one day."""

    period: Period
    count: int
    confirmed: int
    waiting: int
    planned: int
    due_now: int
    overdue: int
    next_due: date | None

    @property
    def used(self) -> int:
        """What is done, confirmed or not."""
        return self.confirmed + self.waiting

    @property
    def left(self) -> int:
        """What may still be asked for."""
        return max(self.count - self.used, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminder:
    """Something that has to be said once: of which period, up to which number, and by when."""

    step: Step
    period: Period
    number: int
    due: date
    before: int = 0
    provisional: bool = False

    @property
    def mark(self) -> str:
        """What is the same for the same reminder, and for no other."""
        return f"{self.period.begin}:{self.number}:{self.step}:{self.before}"


def period_of(service: Service, day: date) -> Period | None:
    """The period to which a day belongs; none before the service begins and after it ends."""
    after = service.ends + _DAY
    if not service.starts <= day < after:
        return None
    if service.per is Per.TERM:
        return Period(begin=service.starts, end=after)
    if service.per is Per.MONTH:
        first = day.replace(day=1)
        return Period(begin=max(first, service.starts), end=min(months_later(first, 1), after))
    step, turn = _MONTHS[service.per], 0
    while months_later(service.starts, (turn + 1) * step) <= day:
        turn += 1
    end = months_later(service.starts, (turn + 1) * step)
    return Period(begin=months_later(service.starts, turn * step), end=min(end, after))


def due_day(service: Service, period: Period, number: int) -> date:
    """The last day on which so many have to be done: the end of the period, or of their part if spread evenly."""
    parts = -(-number * period.days // service.count) if service.even else period.days
    return period.begin + (parts - 1) * _DAY


def due_until(service: Service, period: Period, day: date) -> int:
    """How many have to be done by the end of this day."""
    if day >= period.last:
        return service.count
    if day < period.begin or not service.even:
        return 0
    return ((day - period.begin).days + 1) * service.count // period.days


def valid(records: Iterable[Record]) -> list[Record]:
    """The records that count: nothing refused, nothing that a correction replaced, and no correction still in doubt."""
    standing: dict[int, Record] = {}
    for record in sorted(records, key=lambda record: record.id):
        if record.verdict is Verdict.REFUSED:
            continue
        if record.corrects is None:
            standing[record.id] = record
        elif record.corrects in standing and replaces(record, standing[record.corrects]):
            del standing[record.corrects]
            standing[record.id] = record
    return list(standing.values())


def replaces(correction: Record, old: Record) -> bool:
    """Whether a correction takes the place of the other: what was confirmed stands until it is confirmed too."""
    return correction.verdict is Verdict.CONFIRMED or old.verdict is None


def standing(service: Service, records: Iterable[Record], day: date) -> Standing | None:
    """How the service stands on this day, in the period to which it belongs."""
    period = period_of(service, day)
    return None if period is None else _standing(service, period, _of(service, period, records), day)


def reminders(service: Service, records: Iterable[Record], day: date, calendar: Calendar) -> list[Reminder]:
    """What has to be said on this working day, if it was not said before: of this period, and of the one before."""
    kept = list(records)
    found: list[Reminder] = []
    period = period_of(service, day)
    earlier = period_of(service, (period.begin if period else service.ends + _DAY) - _DAY)
    if earlier is not None and timedelta() < day - earlier.last <= _STILL_NEWS:
        found += _missed(service, earlier, _of(service, earlier, kept), day)
    if period is not None:
        mine = _of(service, period, kept)
        found += _missed(service, period, mine, day)
        found += _coming(service, period, mine, day, calendar)
        found += _unplanned(service, period, mine, day)
    return found


def done_before(service: Service, records: Iterable[Record], since: date, start: date) -> int:
    """How much was done after a special period was announced and before it begins."""
    own = (one for one in valid(records) if one.service == service.key and not one.planned)
    return sum(one.amount for one in own if since <= one.day <= start)


def _of(service: Service, period: Period, records: Iterable[Record]) -> list[Record]:
    return [one for one in valid(records) if one.service == service.key and one.day in period]


def _standing(service: Service, period: Period, mine: Sequence[Record], day: date) -> Standing:
    done = [one for one in mine if not one.planned]
    confirmed = sum(one.amount for one in done if one.verdict is Verdict.CONFIRMED)
    used = sum(one.amount for one in done)
    return Standing(
        period=period,
        count=service.count,
        confirmed=confirmed,
        waiting=used - confirmed,
        planned=sum(one.amount for one in mine if one.planned and one.day >= day),
        due_now=due_until(service, period, day),
        overdue=max(due_until(service, period, day - _DAY) - used, 0),
        next_due=due_day(service, period, used + 1) if used < service.count else None,
    )


def _missed(service: Service, period: Period, mine: Sequence[Record], day: date) -> list[Reminder]:
    owed = due_until(service, period, day - _DAY)
    if _standing(service, period, mine, day).used >= owed:
        return []
    return [Reminder(step=Step.MISSED, period=period, number=owed, due=due_day(service, period, owed))]


def _coming(service: Service, period: Period, mine: Sequence[Record], day: date, calendar: Calendar) -> list[Reminder]:
    owed = due_until(service, period, day - _DAY)
    if owed >= service.count:
        return []
    due = due_day(service, period, owed + 1)
    number = due_until(service, period, due)
    if _standing(service, period, mine, day).used >= number:
        return []
    last = calendar.workday_until(due)
    if day >= last.day:
        return [Reminder(step=Step.DUE, period=period, number=number, due=due, provisional=last.provisional)]
    for before in sorted(service.remind_before):
        first = calendar.working_days_after(last.day, -before)
        if day >= first.day:
            provisional = first.provisional or last.provisional
            return [
                Reminder(step=Step.AHEAD, period=period, number=number, due=due, before=before, provisional=provisional)
            ]
    return []


def _unplanned(service: Service, period: Period, mine: Sequence[Record], day: date) -> list[Reminder]:
    """By this share of the period as many have to be planned or done as the contract counts."""
    if service.plan_by is None:
        return []
    by = period.begin + int(service.plan_by * period.days) * _DAY
    stands = _standing(service, period, mine, day)
    if day < by or stands.used + stands.planned >= service.count:
        return []
    return [Reminder(step=Step.PLAN, period=period, number=service.count, due=period.last)]
