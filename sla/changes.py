"""Changes of shift: who goes, who comes, and who hands over to whom, read from the list of shifts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import zip_longest

from sla.duty import Place, Shift, joined


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """One hand-over; without `outgoing`, somebody comes whom nobody makes room for."""

    outgoing: str
    incoming: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """The instant at which others serve in a place; `left_at` is earlier where nobody served in between."""

    place: Place
    at: datetime
    left_at: datetime
    pairs: tuple[Pair, ...]


@dataclass(frozen=True, slots=True)
class _Span:
    start: datetime
    people: tuple[str, ...]


def changes(shifts: Iterable[Shift], start: datetime, until: datetime) -> list[Change]:
    """Every change after `start` and before `until`, in order; the shifts are those that touch this span.

    Whoever goes on, also after hours in which nobody served, hands nothing over.
    """
    places: dict[Place, list[Shift]] = {}
    for shift in shifts:
        places.setdefault(shift.place, []).append(shift)
    found = [change for place, theirs in places.items() for change in _of_place(place, theirs, start, until)]
    return sorted(found, key=lambda change: change.at)


def _of_place(place: Place, shifts: Sequence[Shift], start: datetime, until: datetime) -> Iterable[Change]:
    spans = _spans(shifts, start, until)
    for number, span in enumerate(spans[1:], 1):
        if not span.people:
            continue
        left_at, before = span.start, spans[number - 1]
        if not before.people:
            left_at = before.start
            before = spans[number - 2] if number > 1 else before
        pairs = _pairs(before.people, span.people)
        if pairs:
            yield Change(place=place, at=span.start, left_at=left_at, pairs=pairs)


def _spans(shifts: Sequence[Shift], start: datetime, until: datetime) -> list[_Span]:
    """The present people of one place, one span for as long as they stay the same."""
    whole = joined(shifts)
    edges = {start} | {at for shift in whole for at in (shift.start, shift.end) if start < at < until}
    spans: list[_Span] = []
    for at in sorted(edges):
        people = tuple(dict.fromkeys(shift.person for shift in whole if shift.start <= at < shift.end))
        if not spans or set(spans[-1].people) != set(people):
            spans.append(_Span(at, people))
    return spans


def _pairs(before: Sequence[str], after: Sequence[str]) -> tuple[Pair, ...]:
    """Who goes hands over to who comes, in order; where fewer come than go, the last of them gets it all."""
    going = [person for person in before if person not in after]
    coming = [person for person in after if person not in before]
    if not going and not coming:
        return ()
    last = coming[-1] if coming else after[0]
    pairs = zip_longest(going, coming)
    return tuple(Pair(outgoing=outgoing or "", incoming=incoming or last) for outgoing, incoming in pairs)
