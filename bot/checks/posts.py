"""Whether the posts are staffed, nobody serves too long, and enough people hold the roles."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

from bot.checks.database import Changes
from bot.checks.remarks import Remark, remark
from bot.checks.staffing import is_served
from bot.config.settings import Settings
from sla import duty, staffing
from sla.calendar import Calendar
from sla.duty import Shift
from sla.profile import Profile
from sla.staffing import WEEK, Demand
from sla.terms import Role

AHEAD = timedelta(days=14)
_WEEKS = 4
_MOST = 5


def remarks(settings: Settings, changed: Mapping[str, Changes], now: datetime) -> Iterator[Remark]:
    """A line for each gap and each overload that can be seen from here."""
    for profile in (one for slug, one in settings.contracts.items() if is_served(settings, slug)):
        changes = changed.get(profile.slug, Changes())
        yield from _gaps(settings, profile, changes, now)
        yield from _arithmetic(profile, settings.calendar)
        yield from _holders(settings, profile)
        yield from _key_periods(settings, profile, changes, now)
    yield from _overloads(settings, changed, now)


def shifts(settings: Settings, slug: str, changes: Changes, start: datetime, until: datetime) -> list[Shift]:
    """The shifts of a contract, as the duty file and the changes in the chat have them."""
    rosters = [roster for roster in settings.rosters if roster.contract == slug]
    laid = [one for one in (*settings.overrides, *changes.overrides) if one.contract == slug]
    return duty.shifts(rosters, start, until, settings.contracts[slug].opening(settings.calendar), laid)


def demand(profile: Profile, changes: Changes, calendar: Calendar) -> Demand:
    """What the contract wants staffed."""
    return Demand(
        posts=profile.posts,
        office=profile.opening(calendar),
        roster=profile.roster,
        key_periods=profile.key_periods,
        periods=changes.periods,
    )


def _gaps(settings: Settings, profile: Profile, changes: Changes, now: datetime) -> Iterator[Remark]:
    found = shifts(settings, profile.slug, changes, now, now + AHEAD)
    gaps = staffing.gaps(found, demand(profile, changes, settings.calendar), now, now + AHEAD)
    for post in profile.posts:
        mine = [gap for gap in gaps if gap.post == post]
        for gap in mine[:_MOST]:
            span = _span(gap.start, gap.end, profile.zone)
            facts = {"post": post.name, "present": gap.present, "needed": gap.needed}
            yield remark("post_gap", contract=profile.slug, **span, **facts)
        if len(mine) > _MOST:
            yield remark("post_gaps_more", contract=profile.slug, post=post.name, count=len(mine) - _MOST)


def _arithmetic(profile: Profile, calendar: Calendar) -> Iterator[Remark]:
    """What no rota can mend: too few people are named for the post."""
    roster = profile.roster
    for post in profile.posts:
        if post.people and not (post.double_hat and roster.allow_double_hat):
            hours = staffing.share(post, profile.opening(calendar))
            if roster.weekly_hours_warn is not None and hours > roster.weekly_hours_warn:
                people = staffing.people_needed(post, profile.opening(calendar), roster.weekly_hours)
                facts = {"people": post.people, "hours": staffing.decimal(hours), "needed": people}
                limits = {"most": roster.weekly_hours_warn, "normal": roster.weekly_hours}
                yield remark("post_thin", contract=profile.slug, post=post.name, **facts, **limits)


def _holders(settings: Settings, profile: Profile) -> Iterator[Remark]:
    held: dict[Role, int] = {}
    trained: dict[tuple[Role, str], int] = {}
    for person in settings.people:
        mine = [one for one in person.roles if one.contract == profile.slug]
        for role in {Role(one.role) for one in mine}:
            held[role] = held.get(role, 0) + 1
        for place in {(Role(one.role), one.post) for one in mine if one.post}:
            trained[place] = trained.get(place, 0) + 1
    for role, (present, needed) in staffing.missing_holders(profile.roster.holders, held).items():
        yield remark("few_holders", contract=profile.slug, role=role.value, present=present, needed=needed)
    for post in profile.posts:
        present = trained.get((post.role, post.post), 0) if post.post else held.get(post.role, 0)
        if present < post.people and not (post.double_hat and profile.roster.allow_double_hat):
            yield remark("few_at_post", contract=profile.slug, post=post.name, present=present, needed=post.people)


def _overloads(settings: Settings, changed: Mapping[str, Changes], now: datetime) -> Iterator[Remark]:
    """The heaviest of the coming weeks of each person, over all contracts; the strictest of their limits counts."""
    first = next(iter(settings.contracts.values()), None)
    if first is None:
        return
    monday = staffing.week_of(now, first.opening(settings.calendar))
    found = [
        shift
        for slug in settings.contracts
        for shift in shifts(settings, slug, changed.get(slug, Changes()), monday, monday + _WEEKS * WEEK)
    ]
    names = {person.key: person.name for person in settings.people}
    worst: dict[str, tuple[Fraction, datetime]] = {}
    for week in range(_WEEKS):
        start = monday + week * WEEK
        for person, hours in staffing.hours(found, start, start + WEEK).items():
            worst[person] = max(worst.get(person, (Fraction(0), start)), (hours, start), key=lambda one: one[0])
    for person, (hours, start) in worst.items():
        slugs = list(dict.fromkeys(shift.contract for shift in found if shift.person == person))
        limits = (settings.contracts[slug].roster.weekly_hours_warn for slug in slugs)
        most = min((limit for limit in limits if limit is not None), default=None)
        if most is not None and hours > most:
            facts = {"hours": staffing.decimal(hours), "most": most, "contracts": "、".join(slugs)}
            week_day = f"{start.astimezone(first.zone):%m-%d}"
            yield remark("overload", person=person, name=names.get(person, person), week=week_day, **facts)


def _key_periods(settings: Settings, profile: Profile, changes: Changes, now: datetime) -> Iterator[Remark]:
    holders: dict[str, Sequence[str]] = {}
    for person in settings.people:
        for one in person.roles:
            if one.contract == profile.slug:
                holders[one.role] = [*holders.get(one.role, ()), person.key]
    for period in changes.periods:
        if period.end <= now:
            continue
        found = shifts(settings, profile.slug, changes, period.start, period.end)
        watches = changes.watches.get(period.id, ())
        lacks = staffing.shortage(period, watches, found, profile.key_periods, holders)
        facts = {"contract": profile.slug, "name": period.name, **_span(period.start, period.end, profile.zone)}
        if lacks.unnamed:
            yield remark("key_period_unnamed", **facts, count=lacks.unnamed, needed=period.people)
        if lacks.absent:
            yield remark("key_period_absent", **facts, people="、".join(lacks.absent))
        for begin, end, present in lacks.thin[:_MOST]:
            span = _span(begin, end, profile.zone)
            yield remark("key_period_thin", **(facts | span), present=present, needed=period.people)


def _span(start: datetime, end: datetime, zone: ZoneInfo) -> dict[str, str]:
    return {"begin": f"{start.astimezone(zone):%m-%d %H:%M}", "end": f"{end.astimezone(zone):%m-%d %H:%M}"}
