"""Who is on duty: turns across midnight, their boundaries, and office hours."""

from datetime import time, timedelta
from zoneinfo import ZoneInfo

import pytest

from sla import duty
from sla.roster import BusinessHours, Hours, Roster, Rotation
from tests.sla.contract import at

FIRST, SECOND, THIRD = "engineer-1", "engineer-2", "engineer-3"
OFFICE = BusinessHours(zone=ZoneInfo("Asia/Shanghai"), opens=time(9), closes=time(18))
DAY = timedelta(hours=24)
DAILY = Rotation.of(at("2026-01-05 08:00"), DAY, (FIRST, SECOND, THIRD))


def line(*people: str, role: str = "engineer", hours: Hours = Hours.ALWAYS, start: str = "2026-01-05 08:00") -> Roster:
    """A roster of one role with a turn a day."""
    rotation = Rotation.of(at(start), DAY, people)
    return Roster(contract="shaoguan-command", role=role, hours=hours, rotation=rotation)


@pytest.mark.parametrize(
    ("moment", "person"),
    [
        ("2026-01-05 08:00:00", FIRST),
        ("2026-01-05 23:59:59", FIRST),
        ("2026-01-06 00:00:00", FIRST),
        ("2026-01-06 07:59:59", FIRST),
        ("2026-01-06 08:00:00", SECOND),
        ("2026-01-07 08:00:00", THIRD),
        ("2026-01-08 08:00:00", FIRST),
        ("2026-02-17 00:05:00", FIRST),
    ],
)
def test_turns_follow_each_other(moment: str, person: str) -> None:
    """A turn goes through midnight, ends at its boundary to the second, and comes round again."""
    assert DAILY.at(at(moment)) == (person,)


def test_nobody_is_on_duty_before_the_first_turn() -> None:
    """A rotation begins with its start, and its next change is that start."""
    assert DAILY.at(at("2026-01-05 07:59:59")) == ()
    assert DAILY.next_change(at("2026-01-04 12:00")) == at("2026-01-05 08:00")


def test_nobody_is_on_duty_in_an_empty_rotation() -> None:
    """No people, no turn."""
    assert Rotation.of(DAILY.start, DAY, ()).at(at("2026-05-12 09:00")) == ()


@pytest.mark.parametrize(
    ("moment", "change"),
    [("2026-01-05 08:00", "2026-01-06 08:00"), ("2026-01-06 07:59:59", "2026-01-06 08:00")],
)
def test_a_turn_knows_its_end(moment: str, change: str) -> None:
    """The next change is after the moment asked for, never at it."""
    assert DAILY.next_change(at(moment)) == at(change)


@pytest.mark.parametrize(
    ("moment", "open_"),
    [
        ("2026-05-12 08:59:59", False),
        ("2026-05-12 09:00:00", True),
        ("2026-05-12 17:59:59", True),
        ("2026-05-12 18:00:00", False),
        ("2026-05-15 12:00:00", True),
        ("2026-05-16 12:00:00", False),
        ("2026-05-17 12:00:00", False),
    ],
)
def test_the_office_is_open_on_weekdays(moment: str, open_: bool) -> None:
    """From opening, inclusive, to closing, exclusive, Monday to Friday, in the contract's zone."""
    assert OFFICE.include(at(moment)) is open_


def test_several_lines_are_on_duty_together_in_their_order() -> None:
    """Posts of one role are all on duty, each person once; other roles, empty and future lines are left out."""
    rosters = [
        line(SECOND),
        line(FIRST),
        line(SECOND),
        line(THIRD, role="technical_lead"),
        line(),
        line(THIRD, start="2027-01-01 08:00"),
    ]
    assert duty.on_duty(rosters, "engineer", at("2026-05-12 03:00"), OFFICE) == [SECOND, FIRST]
    assert duty.on_duty(rosters, "expert", at("2026-05-12 03:00"), OFFICE) == []


@pytest.mark.parametrize(("moment", "people"), [("2026-05-12 10:00", [FIRST, SECOND]), ("2026-05-12 20:00", [FIRST])])
def test_a_line_of_office_hours_serves_in_office_hours(moment: str, people: list[str]) -> None:
    """At night only the line that is staffed always is on duty."""
    rosters = [line(FIRST), line(SECOND, hours=Hours.BUSINESS_HOURS)]
    assert duty.on_duty(rosters, "engineer", at(moment), OFFICE) == people
