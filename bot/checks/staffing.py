"""Whether every step of every ladder has somebody on it: decided from the settings alone."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from bot.checks.remarks import Remark, remark
from bot.config.settings import Settings
from sla.duty import on_duty
from sla.profile import GROUP, ON_DUTY, Profile
from sla.roster import BusinessHours, Hours, Roster
from sla.selectors import on_duty as on_duty_in
from sla.selectors import post_of, role_of
from sla.terms import Role

AHEAD = timedelta(days=14)
_NEEDED = {Role.REPORTER: "no_reporter", Role.SUPERVISING_OFFICER: "no_officer", Role.ADMIN: "no_admin"}

Span = tuple[datetime, datetime]


def remarks(settings: Settings, now: datetime) -> list[Remark]:
    """Missing people, missing steps and empty shifts of every contract."""
    return [found for profile in settings.contracts.values() for found in _of_contract(settings, profile, now)]


def steps(profile: Profile) -> Mapping[str, Sequence[str]]:
    """Every step on which somebody is told, by its key in the profile."""
    ladder = profile.escalation
    named = {"escalation.page": ladder.page, "escalation.on_breach": ladder.on_breach, "escalation.then": ladder.then}
    levels = {f"levels.{key}.report_at_once": level.report_at_once for key, level in profile.levels.items()}
    reports = {f"reports.{key}.first": table.first for key, table in profile.reports.items()}
    reports |= {f"reports.{key}.to": table.to for key, table in profile.reports.items()}
    return named | {key: selectors for key, selectors in (levels | reports).items() if selectors}


def people_on_ladder(settings: Settings, profile: Profile) -> list[str]:
    """The keys of everybody whom a step of this contract can mean."""
    named = [selector for selectors in steps(profile).values() for selector in selectors]
    return list(dict.fromkeys(key for selector in named for key in meant(settings, profile.slug, selector)))


def meant(settings: Settings, contract: str, selector: str) -> list[str]:
    """The people behind a selector, at whatever time; a group is nobody in particular."""
    role, post = role_of(selector), post_of(selector)
    if selector.startswith(ON_DUTY):
        rosters = [one for one in _rosters(settings, contract, role) if post in (None, one.post)]
        if not rosters and is_covered(settings.contracts[contract], role, post):
            rosters = [one for one in settings.rosters if one.contract == contract]
        return [key for roster in rosters for key in (*roster.rotation.people, *roster.reserve)]
    return [person.key for person in settings.people if _holds(settings, person.key, contract, role)]


def is_served(settings: Settings, contract: str) -> bool:
    """Whether anybody has a role under the contract: of one without people it is enough to say so once."""
    return any(held.contract == contract for person in settings.people for held in person.roles)


def is_covered(profile: Profile, role: str, post: str | None = None) -> bool:
    """Whether whoever is on duty at another post may cover this one."""
    asked = [one for one in profile.posts if one.role == role and post in (None, one.post)]
    return profile.roster.allow_double_hat and bool(asked) and all(one.double_hat for one in asked)


def empty_shifts(rosters: Sequence[Roster], role: str, office: BusinessHours, start: datetime) -> list[Span]:
    """The spans of the next two weeks in which nobody is on duty in this role."""
    end = start + AHEAD
    edges = sorted({start, end, *(edge for edge in _edges(rosters, office, start) if start < edge < end)})
    spans: list[Span] = []
    for begin, until in pairwise(edges):
        if on_duty(rosters, role, begin, office):
            continue
        joined = bool(spans) and spans[-1][1] == begin
        spans = [*spans[:-1], (spans[-1][0], until)] if joined else [*spans, (begin, until)]
    return spans


def _of_contract(settings: Settings, profile: Profile, now: datetime) -> Iterator[Remark]:
    slug = profile.slug
    if not is_served(settings, slug):
        yield remark("nobody", contract=slug)
        return
    for key, selectors in steps(profile).items():
        vacant = [selector for selector in selectors if not _resolves(settings, slug, selector)]
        if len(vacant) == len(selectors):
            yield remark("no_step", contract=slug, step=key)
        else:
            yield from (remark("vacant", contract=slug, step=key, selector=selector) for selector in vacant)
    for role, sentence in _NEEDED.items():
        if not meant(settings, slug, role):
            yield remark(sentence, contract=slug)
    for role in profile.interface_roles:
        if not meant(settings, slug, role):
            yield remark("no_contact", contract=slug, role=role)
    yield from _demanded_ways(settings, profile)
    yield from _duty(settings, profile, now)


def _demanded_ways(settings: Settings, profile: Profile) -> Iterator[Remark]:
    """Whoever is paged needs one of the further ways that a level demands."""
    paged = [key for selector in profile.escalation.page for key in meant(settings, profile.slug, selector)]
    for key, level in profile.levels.items():
        for person in dict.fromkeys(paged) if level.also_by else ():
            if all(way.kind not in level.also_by for way in settings.ways.of.get(person, ())):
                kinds = "、".join(kind.value for kind in level.also_by)
                yield remark("no_demanded_way", contract=profile.slug, level=key, person=person, kinds=kinds)


def _duty(settings: Settings, profile: Profile, now: datetime) -> Iterator[Remark]:
    asked = (one for step in steps(profile).values() for one in step if one.startswith(ON_DUTY))
    for selector in dict.fromkeys(on_duty_in(role_of(one)) for one in asked):
        role = role_of(selector)
        rosters = _rosters(settings, profile.slug, role)
        if not rosters and is_covered(profile, role):
            continue
        if not rosters:
            yield remark("no_roster", contract=profile.slug, role=role)
            continue
        spans = empty_shifts(rosters, role, profile.opening(settings.calendar), now)
        posted = any(post.role == role for post in profile.posts)  # each of its gaps has a line of its own
        if spans and not posted:
            begin, end = (f"{instant.astimezone(profile.zone):%m-%d %H:%M}" for instant in spans[0])
            yield remark("gap", contract=profile.slug, role=role, count=len(spans), begin=begin, end=end)
        people = (key for roster in rosters for key in (*roster.rotation.people, *roster.reserve))
        for key in dict.fromkeys(people):
            if not _holds(settings, key, profile.slug, role):
                yield remark("duty_without_role", contract=profile.slug, person=key, role=role)


def _edges(rosters: Sequence[Roster], office: BusinessHours, start: datetime) -> Iterator[datetime]:
    yield from (roster.rotation.start.astimezone(UTC) for roster in rosters)
    if all(roster.hours is Hours.ALWAYS for roster in rosters):
        return
    first = start.astimezone(office.zone).date()
    for day in range(AHEAD.days + 2):
        for reading in (office.opens, office.closes):
            local = datetime.combine(first + timedelta(days=day), reading, tzinfo=office.zone)
            yield local.astimezone(UTC)


def _resolves(settings: Settings, contract: str, selector: str) -> bool:
    if selector.startswith(GROUP):
        audience = selector.removeprefix(GROUP)
        return any(group.contract == contract and group.audience == audience for group in settings.groups)
    return bool(meant(settings, contract, selector))


def _rosters(settings: Settings, contract: str, role: str) -> list[Roster]:
    return [roster for roster in settings.rosters if (roster.contract, roster.role) == (contract, role)]


def _holds(settings: Settings, key: str, contract: str, role: str) -> bool:
    held = (one for person in settings.people if person.key == key for one in person.roles)
    return any((one.contract, one.role) == (contract, role) for one in held)
