"""Who is on duty: the rosters with the overrides laid over them, at one instant or as a list of shifts.

One function says who serves at an instant; the list of shifts asks it between every two instants at which the answer
may change, so that both can never disagree.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import pairwise

from sla.roster import BusinessHours, Roster, edges, is_staffed

Place = tuple[str, str, str]  # contract, role and post: within one place people stand in for each other
_EXTRA = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class Override:
    """For this place and span, `person` serves instead of `absent`.

    Without `person`, `absent` is on leave and the next of the reserve steps in; without `absent`, `person` serves as
    well. Those that are given later lie over the earlier ones; a cancelled one counts for nothing.
    """

    contract: str
    role: str
    post: str = ""
    start: datetime
    end: datetime
    absent: str = ""
    person: str = ""
    by: str = ""
    at: datetime | None = None
    why: str = ""
    id: int = 0
    cancelled_by: str | None = None
    cancelled_at: datetime | None = None

    def covers(self, now: datetime) -> bool:
        """Whether it counts at this instant: from its start, inclusive, to its end, exclusive."""
        return self.cancelled_at is None and self.start <= now < self.end


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """A span in which one person serves in one place without a change of turns."""

    contract: str
    role: str
    post: str
    person: str
    start: datetime
    end: datetime
    stands_in_for: str = ""

    @property
    def place(self) -> Place:
        """Where it is served."""
        return (self.contract, self.role, self.post)

    def covers(self, now: datetime) -> bool:
        """Whether it is served at this instant: from its start, inclusive, to its end, exclusive."""
        return self.start <= now < self.end


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seat:
    """One place at the table at an instant: as long as all of it stays the same, it is the same shift."""

    person: str
    line: int
    turn: int
    number: int = 0
    stands_in_for: str = ""


def place_of(thing: Roster | Override | Shift) -> Place:
    """The place to which it belongs."""
    return (thing.contract, thing.role, thing.post)


def on_duty(
    rosters: Sequence[Roster],
    role: str,
    now: datetime,
    office: BusinessHours,
    overrides: Sequence[Override] = (),
    post: str | None = None,
) -> Sequence[str]:
    """Everybody who is on duty in this role at `now`, at one post or at all, in roster order and each once."""
    asked = {
        place: lines
        for place, lines in _places(rosters, overrides).items()
        if place[1] == role and post in (None, place[2])
    }
    seats = (seat for place, lines in asked.items() for seat in _seats(lines, _of(place, overrides), now, office))
    return list(dict.fromkeys(seat.person for seat in seats if seat.person))


def shifts(
    rosters: Sequence[Roster],
    start: datetime,
    until: datetime,
    office: BusinessHours,
    overrides: Sequence[Override] = (),
) -> list[Shift]:
    """Every shift that touches the span, whole, by its beginning."""
    found = [
        shift
        for place, lines in _places(rosters, overrides).items()
        for shift in _of_place(place, lines, _of(place, overrides), start, until, office)
    ]
    return sorted(found, key=lambda shift: shift.start)


def joined(found: Iterable[Shift]) -> list[Shift]:
    """The same with turns of one person that follow each other in one place made one: who really goes home when."""
    whole: list[Shift] = []
    for shift in sorted(found, key=lambda shift: shift.start):
        before = next(
            (one for one in whole if (one.person, one.place) == (shift.person, shift.place) and one.end >= shift.start),
            None,
        )
        if before is None:
            whole.append(shift)
        else:
            whole[whole.index(before)] = replace(before, end=max(before.end, shift.end))
    return whole


def _places(rosters: Iterable[Roster], overrides: Iterable[Override]) -> Mapping[Place, list[Roster]]:
    """The lines of each place; one that is only named by an override has none."""
    places: dict[Place, list[Roster]] = {}
    for roster in rosters:
        places.setdefault(place_of(roster), []).append(roster)
    for override in overrides:
        places.setdefault(place_of(override), [])
    return places


def _of(place: Place, overrides: Iterable[Override]) -> list[Override]:
    return [one for one in overrides if place_of(one) == place and one.cancelled_at is None]


def _seats(lines: Sequence[Roster], overrides: Sequence[Override], now: datetime, office: BusinessHours) -> list[_Seat]:
    """Who sits where at this instant; a seat that nobody could fill has no person."""
    seats = [
        _Seat(person=person, line=line, turn=roster.rotation.turn(now), number=number)
        for line, roster in enumerate(lines)
        if is_staffed(roster, now, office)
        for number, person in enumerate(roster.rotation.at(now))
    ]
    valid = [override for override in overrides if override.covers(now)]
    on_leave = {override.absent for override in valid if not override.person}
    for override in valid:
        if not override.absent:
            if all(seat.person != override.person for seat in seats):
                seats.append(_Seat(person=override.person, line=_EXTRA, turn=override.id))
            continue
        for place, seat in enumerate(seats):
            if seat.person == override.absent:
                person = override.person or _reserve(lines, seat.line, seats, on_leave)
                seats[place] = replace(seat, person=person, stands_in_for=seat.stands_in_for or seat.person)
    return seats


def _reserve(lines: Sequence[Roster], line: int, seats: Sequence[_Seat], on_leave: set[str]) -> str:
    """The next of the reserve who is neither here already nor away; nobody if there is none."""
    taken = {seat.person for seat in seats} | on_leave
    reserve = lines[line].reserve if line != _EXTRA else ()
    return next((person for person in reserve if person not in taken), "")


def _of_place(
    place: Place,
    lines: Sequence[Roster],
    overrides: Sequence[Override],
    start: datetime,
    until: datetime,
    office: BusinessHours,
) -> list[Shift]:
    contract, role, post = place
    found: list[Shift] = []
    running: dict[_Seat, Shift] = {}
    for begin, end in pairwise(_instants(lines, overrides, start, until, office)):
        present: dict[_Seat, Shift] = {}
        for seat in _seats(lines, overrides, begin, office):
            if seat.person:
                before = running.get(seat)
                present[seat] = Shift(
                    contract=contract,
                    role=role,
                    post=post,
                    person=seat.person,
                    start=before.start if before else begin,
                    end=end,
                    stands_in_for=seat.stands_in_for,
                )
        found += [shift for seat, shift in running.items() if seat not in present]
        running = present
    found += running.values()
    return [shift for shift in found if shift.start < until and shift.end > start]


def _instants(
    lines: Sequence[Roster], overrides: Sequence[Override], start: datetime, until: datetime, office: BusinessHours
) -> list[datetime]:
    """When the answer may change, from before the first shift that touches the span to after the last."""
    low = min([start, *(roster.rotation.began(start) for roster in lines if roster.rotation.start <= start)])
    high = max([until, *(roster.rotation.next_change(until) for roster in lines if roster.rotation.start <= until)])
    touching = [one for one in overrides if one.start < until and one.end > start]
    low, high = min([low, *(one.start for one in touching)]), max([high, *(one.end for one in touching)])
    found = {low, high}
    for roster in lines:
        found.update(edges(roster, low, high, office))
    for override in overrides:
        found.update((override.start, override.end))
    return sorted({at.astimezone(UTC) for at in found if low <= at <= high})
