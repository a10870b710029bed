"""Who may stand in for somebody: the same role and post under the same contract, and free at that time."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from desk.house import Desk
from sla.duty import Place
from storage import people
from storage.people import Person

_REST = timedelta(hours=8)


@dataclass(frozen=True, slots=True, kw_only=True)
class StandIn:
    """Somebody who may, and whether that would be more hours in a week than the contract's limit."""

    person: Person
    hours: float = 0
    is_too_much: bool = False


async def free(desk: Desk, place: Place, start: datetime, end: datetime, but: str = "") -> list[StandIn]:
    """Who may serve this span: the reserve first, and whoever comes from a shift or goes to one last."""
    contract, role, post = place
    rosters = [one for one in await people.rosters_of(desk.tx, contract) if (one.role, one.post) == (role, post)]
    reserve = {key for roster in rosters for key in roster.reserve}
    around = await desk.shifts(contract, start - _REST, end + _REST)
    busy = {shift.person for shift in around if shift.start < end and shift.end > start}
    tired = {shift.person for shift in around}
    held = [person for person in await people.holding(desk.tx, contract, role) if _suits(person, contract, role, post)]
    held.sort(key=lambda person: (person.key not in reserve, person.key in tired))
    return [StandIn(person=person) for person in held if person.key not in busy | {but} and person.active]


def _suits(person: Person, contract: str, role: str, post: str) -> bool:
    """Whoever holds the role without a post may serve at any post."""
    return any(
        (held.contract, held.role) == (contract, role) and (held.post in ("", post) or not post)
        for held in person.roles
    )
