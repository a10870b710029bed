"""`hotline duty`: who serves when, as the duty file and the changes in the chat have it, with gaps and key periods."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from bot.checks import database, posts
from bot.checks.database import Changes
from bot.config.findings import nearest
from bot.config.settings import Settings
from bot.reader import Reader, Stop
from desk.duty import plan
from sla import staffing
from sla.duty import Shift
from sla.profile import Profile
from sla.profile.duty import PostTable


async def listed(settings: Settings, slug: str, days: int, now: datetime, reader: Reader) -> list[str]:
    """The plan of one contract for so many days from today's local midnight on."""
    if slug not in settings.contracts:
        raise Stop(reader.say("cli.no_contract", word=slug) + nearest(reader, slug, settings.contracts))
    found = await database.look(settings, reader)
    return list(_lines(settings, settings.contracts[slug], found.duty.get(slug, Changes()), days, now, reader))


def _lines(
    settings: Settings, profile: Profile, changes: Changes, days: int, now: datetime, reader: Reader
) -> Iterator[str]:
    zone = profile.zone
    start = plan.day_begins(now, zone)
    end = start + timedelta(days=days)
    names = {person.key: person.name for person in settings.people}
    shifts = posts.shifts(settings, profile.slug, changes, start, end)
    yield reader.say("plan.head", name=profile.name, slug=profile.slug, span=plan.span(start, end, zone))
    for period in changes.periods:
        if period.end > now:
            watches = changes.watches.get(period.id, ())
            people = reader.say("settings.and").join(names.get(one.person, one.person) for one in watches)
            facts = {"name": period.name, "people": period.people, "named": len(watches), "names": people or "-"}
            yield reader.say("plan.key_period", span=plan.span(period.start, period.end, zone), **facts)
    for label, found, post in _places(profile, shifts):
        yield reader.say("plan.post", post=label)
        together: dict[tuple[datetime, datetime], list[str]] = {}
        for shift in found:
            who = names.get(shift.person, shift.person)
            if shift.stands_in_for:
                who = reader.say("plan.instead", who=who, absent=names.get(shift.stands_in_for, shift.stands_in_for))
            together.setdefault((shift.start, shift.end), []).append(who)
        for (begins, ends), served in together.items():
            people = reader.say("settings.and").join(dict.fromkeys(served))
            yield reader.say("plan.span", span=plan.span(begins, ends, zone), people=people)
        if not together:
            covered = post is not None and post.double_hat and profile.roster.allow_double_hat and shifts
            yield reader.say("plan.covered" if covered else "plan.nobody")
    for gap in staffing.gaps(shifts, posts.demand(profile, changes, settings.calendar), start, end):
        facts = {"post": gap.post.name, "present": gap.present, "needed": gap.needed}
        yield reader.say("plan.gap", span=plan.span(gap.start, gap.end, zone), **facts)


def _places(profile: Profile, found: list[Shift]) -> Iterator[tuple[str, list[Shift], PostTable | None]]:
    """The posts of the contract in its order, then whatever else somebody serves at."""
    tables: list[PostTable] = list(profile.posts)
    for post in tables:
        yield post.name, plan.of_post(found, post.role.value, post), post
    whole = {post.role.value for post in tables if not post.post}
    known = {(post.role.value, post.post) for post in tables}
    others = dict.fromkeys((one.role, one.post) for one in found)
    for role, key in others:
        if (role, key) not in known and role not in whole:
            yield f"{role}/{key}" if key else role, [one for one in found if (one.role, one.post) == (role, key)], None
