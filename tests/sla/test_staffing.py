"""Enough people at every minute, not too many hours for anybody: the arithmetic of rosters, in exact numbers."""

from datetime import time, timedelta
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from sla import duty, staffing
from sla.duty import Override, Shift
from sla.key_periods import KeyPeriod, Watch
from sla.profile.duty import KeyPeriodsTable, PostTable, RosterTable
from sla.roster import BusinessHours, Hours, Roster, Rotation
from sla.staffing import Demand, Gap
from sla.terms import Role
from tests.sla.contract import at

SHANGHAI = ZoneInfo("Asia/Shanghai")
OFFICE = BusinessHours(zone=SHANGHAI, opens=time(9), closes=time(18))
MONDAY = at("2026-06-01 08:00")
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


def post(key: str, at_least: int = 1, **more: Any) -> PostTable:
    """A post of the engineers."""
    values: dict[str, Any] = {"post": key, "name": key, "role": Role.ENGINEER, "at_least": at_least}
    return PostTable(**(values | more))


# Four posts that have to be staffed round the clock, and the people that the contract names for them.
VIDEO = post("video", 2, people=5)
IMAGE = post("image", 2, people=6)
AV = post("av", 1, people=3)
DESK = post("desk", 1, people=1, role=Role.SERVICE_DESK, double_hat=True)
POSTS = (VIDEO, IMAGE, AV, DESK)


def names(key: str, count: int) -> tuple[str, ...]:
    """So many people of a post."""
    return tuple(f"{key}-{number}" for number in range(1, count + 1))


def roster(post: PostTable, *people: str, every: timedelta = DAY, contract: str = "centre", **more: Any) -> Roster:
    """The people of a post in turns, as many together as it needs."""
    rotation = Rotation.of(MONDAY, every, people or names(post.post, post.people), more.pop("together", post.at_least))
    return Roster(
        contract=contract,
        role=post.role.value,
        post=post.post,
        hours=more.pop("hours", post.hours),
        rotation=rotation,
        **more,
    )


def shifts(*rosters: Roster, days: int = 7, overrides: tuple[Override, ...] = ()) -> list[Shift]:
    """The shifts of so many days from the Monday on."""
    return duty.shifts(rosters, MONDAY, MONDAY + days * DAY, OFFICE, overrides)


def demand(*posts: PostTable, **more: Any) -> Demand:
    """What the contract wants."""
    return Demand(posts=posts, office=OFFICE, **more)


def spans(found: list[Gap]) -> list[tuple[str, str, str, int, int]]:
    """Gaps in local time."""
    return [
        (
            gap.post.post,
            f"{gap.start.astimezone(SHANGHAI):%m-%d %H:%M}",
            f"{gap.end.astimezone(SHANGHAI):%m-%d %H:%M}",
            gap.present,
            gap.needed,
        )
        for gap in found
    ]


@pytest.mark.parametrize(
    ("asked", "each", "shown", "people"),
    [
        (VIDEO, Fraction(336, 5), "67.2", 9),
        (IMAGE, Fraction(56), "56", 9),
        (AV, Fraction(56), "56", 5),
        (DESK, Fraction(168), "168", 5),
    ],
)
def test_posts_round_the_clock_with_few_people(asked: PostTable, each: Fraction, shown: str, people: int) -> None:
    """Two seats shared by five are 67.2 hours a week; at forty hours they take nine people."""
    assert staffing.share(asked, OFFICE) == each
    assert staffing.decimal(staffing.share(asked, OFFICE)) == shown
    assert staffing.people_needed(asked, OFFICE, 40) == people


def test_the_team_is_the_sum_of_posts_and_other_roles() -> None:
    """One manager, five, six and three at the posts, one desk, four experts: twenty."""
    holders = {Role.SERVICE_MANAGER: 1, Role.EXPERT: 4, Role.ENGINEER: 14}
    assert staffing.team(POSTS, holders) == 20


def test_a_rota_gives_everybody_the_reckoned_share() -> None:
    """Over a whole round of the turns the hours from the shifts are those from the division."""
    found = shifts(roster(VIDEO), days=35)
    served = staffing.hours(found, MONDAY, MONDAY + 35 * DAY)
    assert set(served) == set(names("video", 5))
    assert {hours / 5 for hours in served.values()} == {staffing.share(VIDEO, OFFICE)}


def test_a_post_of_office_hours_takes_fewer_people() -> None:
    """Nine hours on five days: forty-five hours for one person, two people at forty."""
    office = post("onsite", hours=Hours.BUSINESS_HOURS, people=1)
    assert staffing.share(office, OFFICE) == 45
    assert staffing.people_needed(office, OFFICE, 40) == 2


def test_a_fully_staffed_week_has_no_gap() -> None:
    """Every minute of the week has two, two, one and one."""
    found = shifts(*map(roster, POSTS))
    assert staffing.gaps(found, demand(*POSTS), MONDAY, MONDAY + 7 * DAY) == []


def test_a_leave_without_reserve_is_a_gap_to_the_minute() -> None:
    """The post is short from the first to the last minute of the leave."""
    leave = Override(
        contract="centre",
        role="engineer",
        post="video",
        start=at("2026-06-02 10:30"),
        end=at("2026-06-02 10:31"),
        absent="video-3",
    )
    found = shifts(roster(VIDEO), roster(IMAGE), overrides=(leave,))
    assert spans(staffing.gaps(found, demand(VIDEO, IMAGE), MONDAY, MONDAY + 7 * DAY)) == [
        ("video", "06-02 10:30", "06-02 10:31", 1, 2)
    ]


def test_one_person_in_both_seats_is_one_person() -> None:
    """Whoever stands in for a colleague of the same shift does not become two."""
    double = Override(
        contract="centre",
        role="engineer",
        post="video",
        start=MONDAY,
        end=MONDAY + 2 * HOUR,
        absent="video-1",
        person="video-2",
    )
    found = shifts(roster(VIDEO), overrides=(double,))
    assert [gap.present for gap in staffing.gaps(found, demand(VIDEO), MONDAY, MONDAY + DAY)] == [1]


def test_a_post_may_be_covered_from_another_where_that_is_allowed() -> None:
    """The desk without a person of its own is a gap, unless double hats are allowed and somebody is on duty."""
    found = shifts(roster(AV))
    end = MONDAY + DAY
    assert spans(staffing.gaps(found, demand(DESK), MONDAY, end)) == [("desk", "06-01 08:00", "06-02 08:00", 0, 1)]
    allowed = RosterTable(allow_double_hat=True)
    assert staffing.gaps(found, demand(DESK, roster=allowed), MONDAY, end) == []
    assert staffing.gaps([], demand(DESK, roster=allowed), MONDAY, end) != []


def test_a_role_without_posts_is_asked_as_a_whole() -> None:
    """A post without a key counts everybody of the role, at whatever post."""
    anyone = post("", name="值班工程师")
    assert staffing.gaps(shifts(roster(AV)), demand(anyone), MONDAY, MONDAY + DAY) == []
    assert staffing.gaps([], demand(anyone), MONDAY, MONDAY + DAY) != []


def test_a_post_of_office_hours_has_no_gap_at_night() -> None:
    """Nobody at noon is a gap of that day; nobody at night is none."""
    onsite = post("onsite", hours=Hours.BUSINESS_HOURS)
    found = staffing.gaps([], demand(onsite), at("2026-06-05 00:00"), at("2026-06-09 00:00"))
    assert spans(found) == [
        ("onsite", "06-05 09:00", "06-05 18:00", 0, 1),
        ("onsite", "06-08 09:00", "06-08 18:00", 0, 1),
    ]


def period(people: int = 2) -> KeyPeriod:
    """A key period from Tuesday noon to Wednesday noon."""
    return KeyPeriod(
        contract="centre",
        name="汛期",
        start=at("2026-06-02 12:00"),
        end=at("2026-06-03 12:00"),
        people=people,
        by="officer-1",
        at=MONDAY,
    )


def test_a_key_period_asks_for_more_at_a_post() -> None:
    """One person more at the AV post, only while the period runs."""
    asked = demand(AV, key_periods=KeyPeriodsTable(extra={"av": 1}), periods=(period(),))
    found = staffing.gaps(shifts(roster(AV)), asked, MONDAY, MONDAY + 7 * DAY)
    assert spans(found) == [("av", "06-02 12:00", "06-03 12:00", 1, 2)]


def test_a_key_period_lacks_people_until_enough_are_named() -> None:
    """Named people are counted; a role of which everybody takes part is called by name."""
    table = KeyPeriodsTable(everybody=(Role.ENGINEER,))
    holders = {"engineer": ["video-1", "video-2"]}
    named = Watch(person="video-1", named_by="manager", named_at=MONDAY)
    lacks = staffing.shortage(period(), [named], [], table, holders)
    assert (lacks.unnamed, lacks.absent, lacks.thin) == (1, ("video-2",), ())
    second = Watch(person="video-2", named_by="manager", named_at=MONDAY)
    assert not staffing.shortage(period(), [named, second], [], table, holders)


def test_a_watch_round_the_clock_must_cover_every_hour() -> None:
    """Where the profile says so, each minute of the period needs as many people on duty as were asked for."""
    table = KeyPeriodsTable(mode="7x24")
    found = shifts(roster(AV), roster(VIDEO, "video-1", together=1, hours=Hours.BUSINESS_HOURS))
    lacks = staffing.shortage(period(), [], found, table, {})
    local = [(f"{a.astimezone(SHANGHAI):%d %H:%M}", f"{b.astimezone(SHANGHAI):%d %H:%M}", n) for a, b, n in lacks.thin]
    assert local == [("02 18:00", "03 09:00", 1)]


def test_hours_count_over_all_contracts_and_each_hour_once() -> None:
    """Two contracts on different days add up; an hour at two posts at once is one hour of a person's week."""
    here = Shift(contract="a", role="engineer", post="", person="x", start=MONDAY, end=MONDAY + 12 * HOUR)
    there = Shift(contract="b", role="engineer", post="", person="x", start=MONDAY + 24 * HOUR, end=MONDAY + 36 * HOUR)
    both = Shift(contract="b", role="engineer", post="", person="x", start=MONDAY + 6 * HOUR, end=MONDAY + 13 * HOUR)
    assert staffing.hours([here, there], MONDAY, MONDAY + 7 * DAY) == {"x": 24}
    assert staffing.hours([here, there, both], MONDAY, MONDAY + 7 * DAY) == {"x": 25}
    assert staffing.hours([here, there], MONDAY + 6 * HOUR, MONDAY + 24 * HOUR) == {"x": 6}


def test_roles_that_too_few_people_hold() -> None:
    """At least three engineers: two are too few, three are enough."""
    assert staffing.missing_holders({Role.ENGINEER: 3}, {Role.ENGINEER: 2}) == {Role.ENGINEER: (2, 3)}
    assert staffing.missing_holders({Role.ENGINEER: 3}, {Role.ENGINEER: 3}) == {}
    assert staffing.missing_holders({Role.ENGINEER: 8}, {}) == {Role.ENGINEER: (0, 8)}


def test_a_week_begins_on_monday_at_midnight() -> None:
    """Sunday belongs to the week before."""
    assert staffing.week_of(at("2026-06-07 23:59:59"), OFFICE) == at("2026-06-01 00:00")
    assert staffing.week_of(at("2026-06-08 00:00:00"), OFFICE) == at("2026-06-08 00:00")
