"""The plan of one contract as the desk knows it: shifts, what is wanted, gaps; and how a span is written."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from desk.house import Desk
from desk.words import Html
from sla import staffing
from sla.duty import Shift, joined
from sla.key_periods import KeyPeriod, running
from sla.profile.duty import PostTable
from sla.staffing import Demand, Gap
from storage import key_periods, people
from storage.people import Person

DAY = timedelta(days=1)
_LONGEST = 3500  # a message takes 4096, and its buttons and a hint need some


async def shifts(desk: Desk, slug: str, start: datetime, until: datetime) -> list[Shift]:
    """Who serves where, turns of one person that follow each other made one."""
    return joined(await desk.shifts(slug, start, until))


async def demand(desk: Desk, slug: str, since: datetime) -> Demand:
    """What the contract wants staffed."""
    profile = desk.contract(slug).profile
    return Demand(
        posts=profile.posts,
        office=desk.office(slug),
        roster=profile.roster,
        key_periods=profile.key_periods,
        periods=await key_periods.valid(desk.tx, slug, since),
    )


async def gaps(desk: Desk, slug: str, start: datetime, until: datetime) -> list[Gap]:
    """Every span in which a post has too few people."""
    found = await desk.shifts(slug, start, until)
    return staffing.gaps(found, await demand(desk, slug, start), start, until)


async def running_period(desk: Desk, slug: str) -> KeyPeriod | None:
    """The key period that runs now."""
    return running(await key_periods.valid(desk.tx, slug, desk.now), desk.now)


async def posts(desk: Desk, slug: str) -> list[tuple[str, PostTable | None]]:
    """The places where somebody serves: the posts of the contract, else the roles and posts of its rosters."""
    named: list[tuple[str, PostTable | None]] = [(post.role.value, post) for post in desk.contract(slug).profile.posts]
    known = {role for role, _ in named}
    rosters = await people.rosters_of(desk.tx, slug)
    return named + [(role, None) for role in dict.fromkeys(one.role for one in rosters) if role not in known]


def of_post(found: Iterable[Shift], role: str, post: PostTable | None) -> list[Shift]:
    """The shifts of one place."""
    key = post.post if post else ""
    return [shift for shift in found if shift.role == role and key in ("", shift.post)]


def post_name(desk: Desk, person: Person | None, slug: str, role: str, post: str) -> str:
    """What a place is called: the post's own name, else its role."""
    tables = desk.contract(slug).profile.posts
    name = next((one.name for one in tables if (one.role.value, one.post) == (role, post)), "")
    return name or desk.house.words.plain(desk.language_of(person), f"role.{role}")


def day_begins(now: datetime, zone: ZoneInfo, after: int = 0) -> datetime:
    """Local midnight of today, or of a day after."""
    day = now.astimezone(zone).date() + after * DAY
    return datetime.combine(day, time(), tzinfo=zone).astimezone(UTC)


def week_ends(now: datetime, zone: ZoneInfo) -> datetime:
    """The midnight with which this week ends."""
    return day_begins(now, zone, 7 - now.astimezone(zone).weekday())


def ending(at: datetime, zone: ZoneInfo, since: datetime) -> str:
    """The end of a span: only the time on the same day, 24:00 rather than the midnight of the next one."""
    local, begun = at.astimezone(zone), since.astimezone(zone)
    if local.time() == time():
        local_day, clock = local.date() - DAY, "24:00"
    else:
        local_day, clock = local.date(), f"{local:%H:%M}"
    return clock if local_day == begun.date() else f"{local_day:%m-%d} {clock}"


def span(start: datetime, end: datetime, zone: ZoneInfo) -> str:
    """A span with its date: ``06-01 08:00–20:00``, ``06-01 08:00–06-02 08:00``."""
    return f"{start.astimezone(zone):%m-%d %H:%M}–{ending(end, zone, start)}"


def fitted(lines: Sequence[str]) -> Html:
    """As many lines as one message takes."""
    kept: list[str] = []
    length = 0
    for line in lines:
        length += len(line) + 1
        if length > _LONGEST:
            kept.append("…")
            break
        kept.append(line)
    return Html("\n".join(kept))
