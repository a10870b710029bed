"""Who may stand in for somebody: the same role and post under the same contract, and free at that time."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from fractions import Fraction

from desk import access
from desk.house import Desk
from sla import staffing
from sla.duty import Place, Shift
from storage import people
from storage.people import Person

_REST = timedelta(hours=8)
_WEEK = timedelta(days=7)
_INSTANT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """How many hours somebody would be on duty in one week, and the contract's limit, if it has one."""

    hours: Fraction
    limit: int | None

    @property
    def is_too_much(self) -> bool:
        """Whether that is more than the contract's limit."""
        return self.limit is not None and self.hours > self.limit


def suits(person: Person, place: Place) -> bool:
    """Whether the person serves in this place; whoever holds the role without a post may serve at any post."""
    contract, role, post = place
    held = (one for one in person.roles if (one.contract, one.role) == (contract, role))
    return person.active and any(not post or one.post in ("", post) for one in held)


async def free(desk: Desk, place: Place, start: datetime, end: datetime, but: str = "") -> list[Person]:
    """Who may serve this span: the reserve first, and whoever comes from a shift or goes to one last."""
    contract, role, post = place
    rosters = [one for one in await people.rosters_of(desk.tx, contract) if (one.role, one.post) == (role, post)]
    reserve = {key for roster in rosters for key in roster.reserve}
    around = await desk.shifts(contract, start - _REST, end + _REST)
    busy = {shift.person for shift in around if shift.start < end and shift.end > start}
    tired = {shift.person for shift in around}
    held = [person for person in await people.holding(desk.tx, contract, role) if suits(person, place)]
    held.sort(key=lambda person: (person.key not in reserve, person.key in tired))
    return [person for person in held if person.key not in busy | {but}]


async def load(desk: Desk, person: Person, taken: Shift, given: Collection[Shift] = ()) -> Load:
    """The fuller of the weeks that a shift touches, over all contracts of the person, if it is taken."""
    office, counts = desk.office(taken.contract), []
    for monday in {staffing.week_of(taken.start, office), staffing.week_of(taken.end - _INSTANT, office)}:
        mine = [replace(taken, person=person.key)]
        for slug in access.contracts(person, desk.house.contracts):
            theirs = await desk.shifts(slug, monday, monday + _WEEK)
            own = (replace(shift, stands_in_for="") for shift in theirs if shift.person == person.key)
            mine += [shift for shift in own if shift not in given]
        counts.append(staffing.hours(mine, monday, monday + _WEEK)[person.key])
    return Load(hours=max(counts), limit=desk.contract(taken.contract).profile.roster.weekly_hours_warn)
