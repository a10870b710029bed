"""/duty: who is on duty now and who comes next, the next days, one's own shifts, gaps, and the running key period."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from desk import access, feeds
from desk.buttons import Button, Rows
from desk.duty import plan, watch
from desk.errors import Refusal
from desk.house import Desk
from desk.words import Html
from sla.duty import Shift
from sla.profile.duty import PostTable
from sla.terms import Role
from storage import people
from storage.people import Person

PREFIX = "d:"
TODAY, TOMORROW, WEEK, OWN = "0", "1", "w", "m"
_CONTACTS = (Role.SERVICE_DESK, Role.TECHNICAL_LEAD, Role.PROJECT_MANAGER, Role.SERVICE_MANAGER)
_AHEAD = timedelta(days=7)
_OWN_AHEAD = timedelta(days=14)


async def now(desk: Desk, person: Person) -> tuple[Html, Rows]:
    """Who is on duty now under each contract of the reader, until when, and who is next."""
    lines: list[str] = []
    rows: list[tuple[Button, ...]] = []
    for slug in access.contracts(person, desk.house.contracts):
        lines += await _of_contract(desk, person, slug)
        rows += await watch.rows(desk, person, slug)
    return plan.fitted(lines), (*rows, *_days_rows(desk, person), *feeds.button(desk, person))


async def press(desk: Desk, person: Person, data: str) -> tuple[Html, Rows]:
    """The list for which a button asks."""
    asked = data.removeprefix(PREFIX)
    if asked == OWN:
        return await own(desk, person), ()
    if asked not in (TODAY, TOMORROW, WEEK):
        raise Refusal("refuse.button")
    return await days(desk, person, asked), _days_rows(desk, person)


async def days(desk: Desk, person: Person, asked: str) -> Html:
    """Who serves today, tomorrow, or in the rest of this week, by contract and post."""
    lines: list[str] = []
    for slug in access.contracts(person, desk.house.contracts):
        profile = desk.contract(slug).profile
        start = plan.day_begins(desk.now, profile.zone, 1 if asked == TOMORROW else 0)
        end = plan.week_ends(desk.now, profile.zone) if asked == WEEK else start + plan.DAY
        lines.append(
            desk.say(person, f"duty.day_{asked}", name=profile.name, date=f"{start.astimezone(profile.zone):%m-%d}")
        )
        found = await desk.shifts(slug, start, end)
        for role, post in await plan.posts(desk, slug):
            mine = plan.of_post(found, role, post)
            name = plan.post_name(desk, person, slug, role, post.post if post else "")
            lines.append(desk.say(person, "duty.post", post=name))
            lines += [line for line in await _spans(desk, person, slug, mine)] or [desk.say(person, "duty.none")]
        lines += await _gaps(desk, person, slug, start, end)
    return plan.fitted(lines)


async def own(desk: Desk, person: Person) -> Html:
    """The reader's own shifts of the next two weeks, under all contracts."""
    mine: list[Shift] = []
    for slug in access.contracts(person, desk.house.contracts):
        found = await desk.shifts(slug, desk.now, desk.now + _OWN_AHEAD)
        mine += [shift for shift in found if shift.person == person.key]
    if not mine:
        return Html(desk.say(person, "duty.own_none"))
    lines = [desk.say(person, "duty.own")]
    for shift in sorted(mine, key=lambda one: one.start):
        profile = desk.contract(shift.contract).profile
        name = plan.post_name(desk, person, shift.contract, shift.role, shift.post)
        span = plan.span(shift.start, shift.end, profile.zone)
        instead = await desk.name(shift.stands_in_for) if shift.stands_in_for else ""
        key = "duty.own_instead" if instead else "duty.own_line"
        lines.append(desk.say(person, key, span=span, post=name, name=profile.name, instead=instead))
    return plan.fitted(lines)


async def _of_contract(desk: Desk, person: Person, slug: str) -> list[str]:
    profile = desk.contract(slug).profile
    lines = [desk.say(person, "duty.contract", name=profile.name), *await watch.lines(desk, person, slug)]
    found = await plan.shifts(desk, slug, desk.now - plan.DAY, desk.now + _AHEAD)
    places = await plan.posts(desk, slug)
    if all(role != Role.ENGINEER.value for role, _ in places):
        places = [(Role.ENGINEER.value, None), *places]
    for role, post in places:
        lines.append(await _post_line(desk, person, slug, role, post, found))
    manned = {role for role, _ in places}
    for contact in _CONTACTS:
        holders = await people.holding(desk.tx, slug, contact.value)
        if contact.value not in manned and (holders or contact is not Role.SERVICE_MANAGER):
            names = await _names(desk, [one.key for one in holders]) or desk.say(person, "duty.nobody")
            role = plan.post_name(desk, person, slug, contact.value, "")
            lines.append(desk.say(person, "duty.line", role=role, names=names))
    if access.roles(person, slug) - {Role.REPORTER}:
        lines += await _gaps(desk, person, slug, desk.now, desk.now + _AHEAD, most=1)
    if profile.hotline:
        lines.append(desk.say(person, "duty.hotline", numbers="、".join(profile.hotline)))
    return lines


async def _post_line(
    desk: Desk, person: Person, slug: str, role: str, post: PostTable | None, everybody: Sequence[Shift]
) -> str:
    """Who is there until when, and who comes next."""
    name = plan.post_name(desk, person, slug, role, post.post if post else "")
    found = plan.of_post(everybody, role, post)
    present = [shift for shift in found if shift.covers(desk.now)]
    later = [shift for shift in found if shift.start > desk.now]
    comes_at = min((shift.start for shift in later), default=None)
    coming = await _names(desk, [shift.person for shift in later if shift.start == comes_at])
    zone = desk.contract(slug).profile.zone
    facts = {"role": name, "next": coming, "from": _clock(desk, comes_at, slug) if comes_at else ""}
    if not present:
        allowed = post is not None and post.double_hat and desk.contract(slug).profile.roster.allow_double_hat
        hats = await _names(desk, [shift.person for shift in everybody if shift.covers(desk.now)]) if allowed else ""
        if hats:
            return desk.say(person, "duty.covered_next" if coming else "duty.covered", **facts, names=hats)
        return desk.say(person, "duty.empty_next" if coming else "duty.empty", **facts)
    names = await _names(desk, [shift.person for shift in present])
    facts |= {"names": names, "until": plan.ending(min(shift.end for shift in present), zone, desk.now)}
    return desk.say(person, "duty.present_next" if coming else "duty.present", **facts)


async def _spans(desk: Desk, person: Person, slug: str, found: Sequence[Shift]) -> list[str]:
    """One line for each span, with everybody who serves in it."""
    zone = desk.contract(slug).profile.zone
    together: dict[tuple[datetime, datetime], list[str]] = {}
    for shift in found:
        together.setdefault((shift.start, shift.end), []).append(shift.person)
    return [
        desk.say(person, "duty.span", span=plan.span(start, end, zone), names=await _names(desk, keys))
        for (start, end), keys in together.items()
    ]


async def _gaps(desk: Desk, person: Person, slug: str, start: datetime, end: datetime, most: int = 5) -> list[str]:
    zone = desk.contract(slug).profile.zone
    found = await plan.gaps(desk, slug, start, end)
    return [
        desk.say(
            person,
            "duty.gap",
            post=gap.post.name,
            span=plan.span(gap.start, gap.end, zone),
            present=gap.present,
            needed=gap.needed,
        )
        for gap in found[:most]
    ]


async def _names(desk: Desk, keys: Sequence[str]) -> str:
    return "、".join([await desk.name(key) for key in dict.fromkeys(keys)])


def _clock(desk: Desk, at: datetime, slug: str) -> str:
    zone = desk.contract(slug).profile.zone
    local, today = at.astimezone(zone), desk.now.astimezone(zone).date()
    return f"{local:%H:%M}" if local.date() == today else f"{local:%m-%d %H:%M}"


def _days_rows(desk: Desk, person: Person) -> Rows:
    words, language = desk.house.words, desk.language_of(person)
    labels = [(words.plain(language, f"duty.show_{one}"), f"{PREFIX}{one}") for one in (TODAY, TOMORROW, WEEK, OWN)]
    return (tuple(Button(label=label, data=data) for label, data in labels),)
