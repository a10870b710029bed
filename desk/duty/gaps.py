"""A gap in the roster is told before it comes, once, to those who can fill it."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from desk import recipients, sending
from desk.duty import plan
from desk.house import Desk
from desk.words import Html
from sla import staffing
from sla.staffing import Gap
from sla.terms import Role
from storage import marks, people
from storage.people import Person

_WHO_CAN_FILL_IT = (Role.PROJECT_MANAGER, Role.SERVICE_MANAGER)
_MOST = 10


async def look(desk: Desk) -> datetime | None:
    """Tell the gaps that have come near, and come again when the next one does."""
    later = [await _of_contract(desk, slug) for slug in desk.house.contracts if desk.contract(slug).profile.posts]
    return min(later, default=None)


async def _of_contract(desk: Desk, slug: str) -> datetime:
    ahead = desk.contract(slug).profile.roster.warn_ahead
    horizon = desk.now + ahead + plan.DAY
    found = [gap for gap in await plan.gaps(desk, slug, _since(desk, slug, ahead), horizon) if gap.end > desk.now]
    near = [gap for gap in found if gap.start - ahead <= desk.now]
    new = [gap for gap in near if await marks.first_time(desk.tx, _mark(slug, gap), desk.now)]
    if new:
        await _tell(desk, slug, new)
    return min([desk.now + plan.DAY, *(gap.start - ahead for gap in found if gap.start - ahead > desk.now)])


def _since(desk: Desk, slug: str, ahead: timedelta) -> datetime:
    """From a Monday on, so that a gap has the same beginning at each look; one that stands is told again next week."""
    return staffing.week_of(desk.now - ahead, desk.office(slug))


def _mark(slug: str, gap: Gap) -> str:
    return f"gap:{slug}:{gap.post.role}/{gap.post.post}:{gap.start.isoformat()}"


async def _tell(desk: Desk, slug: str, found: Sequence[Gap]) -> None:
    """One message for each person; where nobody can be reached, those who look after the bot hear it."""
    told = [one for role in _WHO_CAN_FILL_IT for one in await people.holding(desk.tx, slug, role.value)]
    reached = [one for one in told if one.telegram_id is not None and one.reachable]
    for person in {one.key: one for one in reached or await recipients.admins(desk, slug)}.values():
        if person.telegram_id is not None and person.reachable:
            markup = _said(desk, person, slug, found)
            await sending.send_text(desk, slug, person.telegram_id, markup, person=person, purpose="gap")


def _said(desk: Desk, person: Person, slug: str, found: Sequence[Gap]) -> Html:
    profile = desk.contract(slug).profile
    lines = [desk.say(person, "duty.gaps", name=profile.name)]
    for gap in found[:_MOST]:
        span = plan.span(max(gap.start, desk.now), gap.end, profile.zone)
        facts = {"post": gap.post.name, "span": span, "present": gap.present, "needed": gap.needed}
        lines.append(desk.say(person, "duty.gap", **facts))
    if len(found) > _MOST:
        lines.append(desk.say(person, "duty.gaps_more", count=len(found) - _MOST))
    return Html("\n".join([*lines, desk.say(person, "duty.gaps_hint")]))
