"""Changes of shift: who hands over to whom, also over a night without duty, and with several people at once."""

from datetime import time, timedelta
from zoneinfo import ZoneInfo

import pytest

from sla import duty
from sla.changes import Change, changes
from sla.duty import Override
from sla.roster import BusinessHours, Hours, Roster, Rotation
from tests.sla.contract import at

A, B, C, D = "engineer-1", "engineer-2", "engineer-3", "engineer-4"
OFFICE = BusinessHours(zone=ZoneInfo("Asia/Shanghai"), opens=time(9), closes=time(18))
MONDAY = at("2026-01-05 08:00")


def line(*people: str, post: str = "", together: int = 1, hours: Hours = Hours.ALWAYS, every: int = 24) -> Roster:
    """Engineers who take turns from Monday at eight on."""
    rotation = Rotation.of(MONDAY, timedelta(hours=every), people, together)
    return Roster(contract="city", role="engineer", post=post, hours=hours, rotation=rotation)


def told(rosters: list[Roster], start: str, until: str, laid: tuple[Override, ...] = ()) -> list[Change]:
    """The changes of a span."""
    begin, end = at(start), at(until)
    return changes(duty.shifts(rosters, begin, end, OFFICE, laid), begin, end)


def brief(found: list[Change]) -> list[tuple[str, str, list[tuple[str, str]]]]:
    """When who left, when others came, and the pairs."""
    zone = ZoneInfo("Asia/Shanghai")
    return [
        (
            f"{one.left_at.astimezone(zone):%d %H:%M}",
            f"{one.at.astimezone(zone):%d %H:%M}",
            [(pair.outgoing, pair.incoming) for pair in one.pairs],
        )
        for one in found
    ]


def test_one_follows_the_other() -> None:
    """One change a day, at the instant of the boundary; the beginning of the span is none."""
    found = told([line(A, B)], "2026-01-06 08:00", "2026-01-08 12:00")
    assert brief(found) == [("07 08:00", "07 08:00", [(B, A)]), ("08 08:00", "08 08:00", [(A, B)])]


def test_a_roster_of_one_person_never_changes() -> None:
    """Turns of one person follow each other without a hand-over."""
    assert told([line(A)], "2026-01-06 00:00", "2026-01-16 00:00") == []


@pytest.mark.parametrize(("people", "expected"), [((A, B), [(A, B)]), ((A,), [])])
def test_a_night_without_duty(people: tuple[str, ...], expected: list[tuple[str, str]]) -> None:
    """Who left in the evening hands over to who comes in the morning; the same person hands over nothing."""
    found = told([line(*people, hours=Hours.BUSINESS_HOURS)], "2026-01-05 12:00", "2026-01-06 12:00")
    assert brief(found) == ([("05 18:00", "06 09:00", expected)] if expected else [])


def test_a_weekend_without_duty() -> None:
    """Friday's person hands over to Monday's, though two days lie between."""
    found = told([line(A, B, hours=Hours.BUSINESS_HOURS)], "2026-01-09 12:00", "2026-01-12 12:00")
    assert brief(found) == [("09 18:00", "12 09:00", [(A, B)])]


def test_people_who_serve_together() -> None:
    """Two go and two come; whoever stays hands over nothing."""
    [whole] = told([line(A, B, C, D, together=2)], "2026-01-05 12:00", "2026-01-06 12:00")
    assert [(pair.outgoing, pair.incoming) for pair in whole.pairs] == [(A, C), (B, D)]
    [partly] = told([line(A, B, C, together=2)], "2026-01-05 12:00", "2026-01-06 12:00")
    assert [(pair.outgoing, pair.incoming) for pair in partly.pairs] == [(B, C)]


def test_fewer_come_than_go() -> None:
    """The one who comes, or who stays, takes over from both."""
    laid = Override(contract="city", role="engineer", start=MONDAY, end=at("2026-01-06 08:00"), person=C, id=1)
    assert brief(told([line(A, B)], "2026-01-05 12:00", "2026-01-06 12:00", (laid,)))[0][2] == [(A, B), (C, B)]
    assert brief(told([line(A)], "2026-01-05 12:00", "2026-01-06 12:00", (laid,)))[0][2] == [(C, A)]


def test_more_come_than_go() -> None:
    """Whoever comes in addition takes over from nobody, and still takes over."""
    laid = Override(
        contract="city", role="engineer", start=at("2026-01-06 08:00"), end=at("2026-01-07 08:00"), person=C, id=1
    )
    assert brief(told([line(A, B)], "2026-01-05 12:00", "2026-01-06 12:00", (laid,)))[0][2] == [(A, B), ("", C)]


def test_each_post_changes_for_itself() -> None:
    """Places do not mix, whoever serves there."""
    found = told([line(A, B, post="video"), line(C, D, post="image")], "2026-01-05 12:00", "2026-01-06 12:00")
    assert [(one.place[2], one.pairs[0].incoming) for one in found] == [("video", B), ("image", D)]


def test_an_override_is_a_change_of_its_own() -> None:
    """Somebody else takes over in the middle of a shift, and gives it back."""
    laid = Override(
        contract="city",
        role="engineer",
        start=at("2026-01-05 14:00"),
        end=at("2026-01-05 16:00"),
        absent=A,
        person=C,
        id=1,
    )
    found = told([line(A, B)], "2026-01-05 12:00", "2026-01-05 20:00", (laid,))
    assert brief(found) == [("05 14:00", "05 14:00", [(A, C)]), ("05 16:00", "05 16:00", [(C, A)])]
