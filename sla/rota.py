"""A rota that comes from elsewhere, laid over the shifts as they are: what has to change so that both agree."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import pairwise, zip_longest

from sla.duty import Override, Place, Shift


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """Somebody serves in this span, or is on leave in it."""

    person: str
    start: datetime
    end: datetime
    leave: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """The overrides that are needed, and who goes on serving although the rota does not name them."""

    overrides: Sequence[Override]
    kept: Sequence[Shift]


def changes(wishes: Iterable[Wish], shifts: Iterable[Shift], place: Place) -> Changes:
    """Where the rota names people, they serve; nobody is taken off without somebody in their stead."""
    wanted = list(wishes)
    duties = [wish for wish in wanted if not wish.leave]
    present = [shift for shift in shifts if shift.place == place]
    found: list[Override] = []
    kept: list[Shift] = []
    for start, end in pairwise(_edges([*duties, *present])):
        named = _people(duties, start)
        if not named:
            continue
        serving = _people(present, start)
        coming = [person for person in named if person not in serving]
        going = [person for person in serving if person not in named]
        for person, absent in zip_longest(coming, going, fillvalue=""):
            if person:
                found.append(_override(place, start, end, person=person, absent=absent))
            else:
                kept.append(_kept(place, start, end, absent))
    on_leave = [_override(place, wish.start, wish.end, absent=wish.person) for wish in wanted if wish.leave]
    return Changes(overrides=[*_joined(found), *_joined(on_leave)], kept=_rejoined(kept))


def _edges(spans: Iterable[Wish | Shift]) -> list[datetime]:
    return sorted({at.astimezone(UTC) for span in spans for at in (span.start, span.end)})


def _people(spans: Iterable[Wish | Shift], at: datetime) -> list[str]:
    return list(dict.fromkeys(span.person for span in spans if span.start <= at < span.end))


def _override(place: Place, start: datetime, end: datetime, *, absent: str, person: str = "") -> Override:
    contract, role, post = place
    return Override(contract=contract, role=role, post=post, start=start, end=end, absent=absent, person=person)


def _kept(place: Place, start: datetime, end: datetime, person: str) -> Shift:
    contract, role, post = place
    return Shift(contract=contract, role=role, post=post, person=person, start=start, end=end)


def _joined(found: Iterable[Override]) -> list[Override]:
    """Changes that follow each other without a gap, and are the same, made one."""
    whole: list[Override] = []
    for one in sorted(found, key=lambda one: one.start):
        before = next((old for old in whole if _same(old) == _same(one) and old.end == one.start), None)
        if before is None:
            whole.append(one)
        else:
            whole[whole.index(before)] = replace(before, end=one.end)
    return whole


def _same(one: Override) -> tuple[str, str]:
    return one.absent, one.person


def _rejoined(kept: Iterable[Shift]) -> list[Shift]:
    whole: list[Shift] = []
    for one in kept:
        if whole and (whole[-1].person, whole[-1].end) == (one.person, one.start):
            whole[-1] = replace(whole[-1], end=one.end)
        else:
            whole.append(one)
    return whole
