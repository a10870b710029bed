"""Rosters with overrides laid over them: at an instant, and as shifts; the two never disagree."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sla import duty
from sla.duty import Override, Shift
from sla.roster import BusinessHours, Hours, Roster, Rotation
from tests.sla.contract import at

A, B, C, D, E = "engineer-1", "engineer-2", "engineer-3", "engineer-4", "engineer-5"
OFFICE = BusinessHours(zone=ZoneInfo("Asia/Shanghai"), opens=time(9), closes=time(18))
MONDAY = at("2026-01-05 08:00")
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


def line(
    *people: str, post: str = "", reserve: tuple[str, ...] = (), hours: Hours = Hours.ALWAYS, together: int = 1
) -> Roster:
    """Engineers with a turn a day from Monday at eight on."""
    rotation = Rotation.of(MONDAY, DAY, people, together)
    return Roster(contract="city", role="engineer", post=post, hours=hours, rotation=rotation, reserve=reserve)


def change(start: str, end: str, absent: str = "", person: str = "", post: str = "", number: int = 1) -> Override:
    """One override of the engineers."""
    return Override(
        contract="city",
        role="engineer",
        post=post,
        start=at(start),
        end=at(end),
        absent=absent,
        person=person,
        id=number,
    )


def served(rosters: list[Roster], overrides: list[Override], moment: str, post: str | None = None) -> list[str]:
    """Who is on duty then."""
    return list(duty.on_duty(rosters, "engineer", at(moment), OFFICE, overrides, post))


def spans(found: list[Shift]) -> list[tuple[str, str, str]]:
    """Shifts as person, start and end in local time."""
    zone = ZoneInfo("Asia/Shanghai")
    return [
        (one.person, f"{one.start.astimezone(zone):%d %H:%M}", f"{one.end.astimezone(zone):%d %H:%M}") for one in found
    ]


def test_people_who_serve_together_have_equal_shares() -> None:
    """Five people, two at a time: the turns go round until everybody has served equally often."""
    rotation = Rotation.of(MONDAY, DAY, (A, B, C, D, E), 2)
    assert rotation.teams == ((A, B), (C, D), (E, A), (B, C), (D, E))
    assert rotation.people == (A, B, C, D, E)


def test_a_week_pattern_goes_by_the_day_on_which_the_turn_begins() -> None:
    """Whoever has Monday serves until Tuesday at the hour of change; a day of nobody is a gap."""
    days = ((A,), (B,), (A,), (B,), (A, C), (D,), ())
    rotation = Rotation.weekly(at("2026-01-07 08:00"), days)  # a Wednesday
    assert [rotation.at(at(f"2026-01-{day} 12:00")) for day in ("07", "08", "09", "10", "11", "12", "13")] == [
        (A,),
        (B,),
        (A, C),
        (D,),
        (),
        (A,),
        (B,),
    ]
    assert rotation.at(at("2026-01-12 07:59:59")) == ()


@pytest.mark.parametrize(
    ("moment", "person"),
    [
        ("2026-01-05 21:59:59", A),
        ("2026-01-05 22:00:00", C),
        ("2026-01-06 00:00:00", C),
        ("2026-01-06 05:59:59", C),
        ("2026-01-06 06:00:00", A),
        ("2026-01-06 08:00:00", B),
    ],
)
def test_an_override_goes_through_midnight(moment: str, person: str) -> None:
    """From its start, inclusive, to its end, exclusive, and the rotation goes on behind it."""
    assert served([line(A, B)], [change("2026-01-05 22:00", "2026-01-06 06:00", A, C)], moment) == [person]


def test_an_override_replaces_only_whom_it_names() -> None:
    """Across a boundary of turns it counts for the one who is away, not for the next shift."""
    override = change("2026-01-05 22:00", "2026-01-06 22:00", A, C)
    assert served([line(A, B)], [override], "2026-01-06 07:59:59") == [C]
    assert served([line(A, B)], [override], "2026-01-06 08:00:00") == [B]


def test_who_is_on_leave_is_stood_in_for_by_the_next_reserve() -> None:
    """The reserve in its order, without those who serve already or are away; then nobody."""
    rosters = [line(A, B, reserve=(B, C, D))]
    leave = change("2026-01-05 08:00", "2026-01-07 08:00", A)
    assert served(rosters, [leave], "2026-01-05 12:00") == [B]
    assert served(
        [line(A, reserve=(C, D))], [leave, change("2026-01-05 08:00", "2026-01-06 08:00", C)], "2026-01-05 12:00"
    ) == [D]
    assert served([line(A)], [leave], "2026-01-05 12:00") == []


def test_an_override_without_an_absent_person_adds_one() -> None:
    """Also where no roster is, and never the same person twice."""
    more = change("2026-01-05 20:00", "2026-01-05 23:00", person=C)
    assert served([line(A)], [more], "2026-01-05 21:00") == [A, C]
    assert served([line(C)], [more], "2026-01-05 21:00") == [C]
    assert served([], [more], "2026-01-05 21:00") == [C]
    assert served([], [more], "2026-01-05 23:00") == []


def test_later_overrides_lie_over_earlier_ones() -> None:
    """Who stands in may be stood in for; one that is cancelled counts for nothing."""
    first = change("2026-01-05 08:00", "2026-01-06 08:00", A, B, number=1)
    second = change("2026-01-05 20:00", "2026-01-06 08:00", B, C, number=2)
    assert served([line(A)], [first, second], "2026-01-05 21:00") == [C]
    cancelled = Override(
        **{name: getattr(second, name) for name in ("contract", "role", "start", "end", "absent", "person")},
        cancelled_at=MONDAY,
    )
    assert served([line(A)], [first, cancelled], "2026-01-05 21:00") == [B]


def test_posts_are_asked_one_by_one_or_together() -> None:
    """An override of one post leaves the other as it is."""
    rosters = [line(A, B, post="video"), line(C, D, post="image")]
    override = change("2026-01-05 08:00", "2026-01-06 08:00", C, E, post="image")
    assert served(rosters, [override], "2026-01-05 12:00") == [A, E]
    assert served(rosters, [override], "2026-01-05 12:00", "video") == [A]
    assert served(rosters, [override], "2026-01-05 12:00", "image") == [E]
    assert served(rosters, [override], "2026-01-05 12:00", "av") == []


def test_shifts_are_whole_and_stand_by_their_beginning() -> None:
    """Every shift that touches the span, from its true start to its true end, with overrides cut out."""
    override = change("2026-01-05 22:00", "2026-01-06 06:00", A, C)
    found = duty.shifts([line(A, B)], at("2026-01-05 23:00"), at("2026-01-06 09:00"), OFFICE, [override])
    assert spans(found) == [(C, "05 22:00", "06 06:00"), (A, "06 06:00", "06 08:00"), (B, "06 08:00", "07 08:00")]
    assert found[0].stands_in_for == A


def test_turns_of_one_person_are_shifts_of_their_own_until_they_are_joined() -> None:
    """A single engineer goes home never, and that is said as one span."""
    found = duty.shifts([line(A)], MONDAY, MONDAY + 2 * DAY, OFFICE)
    assert spans(found) == [(A, "05 08:00", "06 08:00"), (A, "06 08:00", "07 08:00")]
    assert spans(duty.joined(found)) == [(A, "05 08:00", "07 08:00")]


def test_shifts_of_office_hours_end_when_it_closes() -> None:
    """Nobody serves at night or on a Saturday."""
    found = duty.shifts(
        [line(A, B, hours=Hours.BUSINESS_HOURS)], at("2026-01-09 08:00"), at("2026-01-12 12:00"), OFFICE
    )
    assert spans(found) == [(A, "09 09:00", "09 18:00"), (B, "12 09:00", "12 18:00")]


@given(
    overrides=st.lists(
        st.builds(
            lambda start, length, absent, person, number: Override(
                contract="city",
                role="engineer",
                start=MONDAY + start * HOUR,
                end=MONDAY + (start + length) * HOUR,
                absent=absent,
                person=person or ("" if absent else E),
                id=number,
            ),
            st.integers(0, 96),
            st.integers(1, 48),
            st.sampled_from(["", A, B, C]),
            st.sampled_from(["", A, B, C, D]),
            st.integers(1, 9),
        ),
        max_size=4,
    ),
    hours=st.sampled_from(Hours),
)
def test_the_list_of_shifts_and_the_instant_agree(overrides: list[Override], hours: Hours) -> None:
    """At every half hour the people of the shifts that run are those who are on duty."""
    rosters = [line(A, B, C, reserve=(D,)), line(B, C, hours=hours)]
    start, until = MONDAY, MONDAY + 5 * DAY
    found = duty.shifts(rosters, start, until, OFFICE, overrides)
    moment: datetime = start
    while moment < until:
        running = {one.person for one in found if one.start <= moment < one.end}
        assert running == set(duty.on_duty(rosters, "engineer", moment, OFFICE, overrides))
        moment += HOUR / 2
