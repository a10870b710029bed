"""A rota from elsewhere, laid over the shifts as they are."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from sla.duty import Override, Shift, on_duty
from sla.duty import shifts as shifts_of
from sla.roster import BusinessHours, Hours, Roster, Rotation
from sla.rota import Wish, changes
from tests.sla.test_roster import OFFICE

START = datetime(2026, 2, 16, tzinfo=UTC)
HOUR = timedelta(hours=1)
PLACE = ("c", "engineer", "video")
A, B, C, D = "a", "b", "c", "d"


def at(hours: int) -> datetime:
    """So many hours from the start."""
    return START + hours * HOUR


def wish(person: str, start: int, end: int, *, leave: bool = False) -> Wish:
    """Somebody serves, or is away."""
    return Wish(person=person, start=at(start), end=at(end), leave=leave)


def shift(person: str, start: int, end: int, post: str = "video") -> Shift:
    """Somebody is on duty."""
    return Shift(contract="c", role="engineer", post=post, person=person, start=at(start), end=at(end))


def made(wishes: list[Wish], shifts: list[Shift]) -> list[tuple[str, str, int, int]]:
    """The overrides: who, instead of whom, from when to when."""
    return [
        (one.person, one.absent, (one.start - START) // HOUR, (one.end - START) // HOUR)
        for one in changes(wishes, shifts, PLACE).overrides
    ]


def test_the_same_rota_changes_nothing() -> None:
    """Also where it is cut into other pieces."""
    assert made([wish(A, 0, 12), wish(A, 12, 24), wish(B, 24, 48)], [shift(A, 0, 24), shift(B, 24, 48)]) == []


def test_somebody_else_serves_instead() -> None:
    """For exactly the span in which both differ, across a change of turns."""
    assert made([wish(C, 12, 36)], [shift(A, 0, 24), shift(B, 24, 48)]) == [(C, A, 12, 24), (C, B, 24, 36)]


def test_what_the_rota_does_not_name_stays() -> None:
    """Before it, after it, and at another post."""
    assert made([wish(A, 6, 12)], [shift(A, 0, 24), shift(B, 0, 24, post="image")]) == []
    assert made([], [shift(A, 0, 24)]) == []


def test_whoever_comes_to_an_empty_post_serves_as_well() -> None:
    """Nobody is there whose place could be taken."""
    assert made([wish(C, 0, 24)], [shift(A, 24, 48)]) == [(C, "", 0, 24)]


def test_nobody_is_taken_off_without_somebody_instead() -> None:
    """Two are on duty, the rota names one of them: the other stays, and that is said."""
    found = changes([wish(A, 0, 24)], [shift(A, 0, 24), shift(B, 0, 24)], PLACE)
    assert list(found.overrides) == []
    assert [(one.person, one.start, one.end) for one in found.kept] == [(B, at(0), at(24))]


def test_two_places_are_filled_by_two() -> None:
    """Whoever is right already stays, and a third is added."""
    assert made([wish(A, 0, 24), wish(C, 0, 24)], [shift(A, 0, 24), shift(B, 0, 24)]) == [(C, B, 0, 24)]
    assert made([wish(A, 0, 24), wish(C, 0, 24), wish(D, 0, 24)], [shift(A, 0, 24), shift(B, 0, 24)]) == [
        (C, B, 0, 24),
        (D, "", 0, 24),
    ]


def test_leave_has_nobody_instead() -> None:
    """The reserve steps in; the rest of the rota is not touched by it."""
    assert made([wish(A, 0, 24), wish(B, 24, 48, leave=True)], [shift(A, 0, 24), shift(B, 24, 72)]) == [("", B, 24, 48)]


@given(
    spans=st.lists(
        st.tuples(st.sampled_from([A, B, C, D]), st.integers(0, 60), st.integers(1, 30)), min_size=1, max_size=6
    )
)
def test_after_the_changes_everybody_named_is_on_duty(spans: list[tuple[str, int, int]]) -> None:
    """At every hour that the rota covers whoever it names serves; and the same rota then changes nothing more."""
    roster = Roster(
        contract="c",
        role="engineer",
        post="video",
        hours=Hours.ALWAYS,
        rotation=Rotation.of(START - 240 * HOUR, 24 * HOUR, (A, B)),
    )
    wishes = [wish(person, start, start + length) for person, start, length in spans]
    office: BusinessHours = OFFICE

    def laid(overrides: list[Override]) -> list[Shift]:
        return shifts_of([roster], at(0), at(100), office, overrides)

    overrides = list(changes(wishes, laid([]), PLACE).overrides)
    for hour in range(100):
        named = {one.person for one in wishes if one.start <= at(hour) < one.end}
        serving = set(on_duty([roster], "engineer", at(hour), office, overrides))
        assert named <= serving
        assert serving
    assert list(changes(wishes, laid(overrides), PLACE).overrides) == []
