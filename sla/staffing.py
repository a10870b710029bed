"""Whether enough people are on duty: gaps of posts, hours of people, watches of key periods. Exact, without floats."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from itertools import pairwise

from sla.duty import Shift
from sla.key_periods import KeyPeriod, Watch, running
from sla.profile.duty import KeyPeriodsTable, PostTable, RosterTable
from sla.roster import BusinessHours, Hours
from sla.terms import Role

HOUR = timedelta(hours=1)
WEEK = timedelta(days=7)
_WORKING_DAYS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """What one contract wants staffed, and the key periods in which it wants more."""

    posts: Sequence[PostTable]
    office: BusinessHours
    roster: RosterTable = field(default_factory=RosterTable)
    key_periods: KeyPeriodsTable = field(default_factory=KeyPeriodsTable)
    periods: Sequence[KeyPeriod] = ()

    def needed(self, post: PostTable, now: datetime) -> int:
        """How many people the post needs at this instant."""
        if post.hours is Hours.BUSINESS_HOURS and not self.office.include(now):
            return 0
        more = self.key_periods.extra.get(post.post, 0) if running(self.periods, now) else 0
        return post.at_least + more


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """A span in which a post has fewer people than it needs, at its thinnest."""

    post: PostTable
    start: datetime
    end: datetime
    present: int
    needed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortage:
    """What a key period lacks: named people, people of whom everybody takes part, hours in which too few are there."""

    period: KeyPeriod
    unnamed: int = 0
    absent: tuple[str, ...] = ()
    thin: tuple[tuple[datetime, datetime, int], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.unnamed or self.absent or self.thin)


def gaps(found: Collection[Shift], demand: Demand, start: datetime, until: datetime) -> list[Gap]:
    """Every span from `start` to `until` in which a post has too few people, by its beginning."""
    short = [gap for post in demand.posts for gap in _of_post(found, demand, post, start, until)]
    return sorted(short, key=lambda gap: gap.start)


def hours(found: Iterable[Shift], start: datetime, until: datetime) -> Mapping[str, Fraction]:
    """How many hours each person is on duty between two instants; an hour at two posts at once is one hour."""
    spans: dict[str, list[tuple[datetime, datetime]]] = {}
    for shift in found:
        spans.setdefault(shift.person, []).append((max(shift.start, start), min(shift.end, until)))
    return {person: _length(mine) for person, mine in spans.items() if _length(mine)}


def share(post: PostTable, office: BusinessHours) -> Fraction:
    """The hours that each of the post's people has to serve in a week, if they share it equally."""
    return post.at_least * _open_hours(post, office) / post.people


def people_needed(post: PostTable, office: BusinessHours, weekly_hours: int) -> int:
    """How many people the post takes if nobody serves longer than so many hours a week."""
    return -(-post.at_least * _open_hours(post, office) // weekly_hours)


def team(posts: Iterable[PostTable], holders: Mapping[Role, int]) -> int:
    """How many people the contract names: those of the posts, and the holders of roles without people of a post."""
    manned = [post for post in posts if post.people]
    others = (count for role, count in holders.items() if role not in {post.role for post in manned})
    return sum(post.people for post in manned) + sum(others)


def shortage(
    period: KeyPeriod,
    watches: Collection[Watch],
    found: Collection[Shift],
    table: KeyPeriodsTable,
    holders: Mapping[str, Sequence[str]],
) -> Shortage:
    """What a period lacks; `holders` are the people of each role."""
    named = {watch.person for watch in watches}
    everybody = dict.fromkeys(key for role in table.everybody for key in holders.get(role, ()))
    thin: list[tuple[datetime, datetime, int]] = []
    if table.mode == "7x24":
        for begin, end in pairwise(_edges(found, period.start, period.end)):
            present = len({shift.person for shift in found if shift.start <= begin < shift.end})
            if present < period.people:
                joins = bool(thin) and thin[-1][1] == begin
                thin[-1:] = (
                    [(thin[-1][0], end, min(present, thin[-1][2]))] if joins else [*thin[-1:], (begin, end, present)]
                )
    return Shortage(
        period=period,
        unnamed=max(period.people - len(named), 0),
        absent=tuple(key for key in everybody if key not in named),
        thin=tuple(thin),
    )


def missing_holders(holders: Mapping[Role, int], held: Mapping[Role, int]) -> Mapping[Role, tuple[int, int]]:
    """The roles that too few people hold: how many there are, and how many there must be."""
    return {role: (held.get(role, 0), least) for role, least in holders.items() if held.get(role, 0) < least}


def week_of(now: datetime, office: BusinessHours) -> datetime:
    """The Monday, at local midnight, with which the week of an instant begins."""
    local = now.astimezone(office.zone)
    monday = (local - timedelta(days=local.weekday())).replace(hour=0, minute=0, second=0, microsecond=0)
    return monday.astimezone(UTC)


def _of_post(
    found: Collection[Shift], demand: Demand, post: PostTable, start: datetime, until: datetime
) -> Iterable[Gap]:
    edges = _edges(found, start, until)
    if post.hours is Hours.BUSINESS_HOURS:
        edges += [edge for edge in demand.office.edges(start, until) if start < edge < until]
    for period in demand.periods:
        edges += [edge for edge in (period.start, period.end) if start < edge < until]
    short: list[Gap] = []
    for begin, end in pairwise(sorted(set(edges))):
        needed = demand.needed(post, begin)
        present = len(_present(found, demand, post, begin))
        if present >= needed:
            continue
        if short and short[-1].end == begin:
            short[-1] = replace(short[-1], end=end, present=min(present, short[-1].present))
        else:
            short.append(Gap(post=post, start=begin, end=end, present=present, needed=needed))
    return short


def _present(found: Iterable[Shift], demand: Demand, post: PostTable, now: datetime) -> set[str]:
    """Who counts for the post: its own people; of a post that may be double-hatted, whoever is on duty anywhere."""
    covered = post.double_hat and demand.roster.allow_double_hat
    return {
        shift.person
        for shift in found
        if shift.start <= now < shift.end and (covered or (shift.role == post.role and post.post in ("", shift.post)))
    }


def _edges(found: Iterable[Shift], start: datetime, until: datetime) -> list[datetime]:
    inner = (edge for shift in found for edge in (shift.start, shift.end) if start < edge < until)
    return sorted({start, until, *inner})


def _length(spans: Sequence[tuple[datetime, datetime]]) -> Fraction:
    whole, end = timedelta(), datetime.min.replace(tzinfo=UTC)
    for begin, until in sorted(spans):
        whole += max(until - max(begin, end), timedelta())
        end = max(end, until)
    return Fraction(whole // timedelta(seconds=1), HOUR // timedelta(seconds=1))


def _open_hours(post: PostTable, office: BusinessHours) -> Fraction:
    if post.hours is Hours.ALWAYS:
        return Fraction(WEEK // HOUR)
    opens, closes = (
        timedelta(hours=one.hour, minutes=one.minute, seconds=one.second) for one in (office.opens, office.closes)
    )
    return _WORKING_DAYS * Fraction((closes - opens) // timedelta(seconds=1), HOUR // timedelta(seconds=1))


def decimal(value: Fraction) -> str:
    """An exact number as people read it, to a tenth: 67.2, and 56 for a whole one."""
    tenths = round(value * 10)
    whole, rest = divmod(tenths, 10)
    return f"{whole}.{rest}" if rest else str(whole)
