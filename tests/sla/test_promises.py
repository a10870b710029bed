"""The clocks of the contract: when each limit ends, and whether it was kept."""

from dataclasses import replace
from datetime import timedelta

import pytest

from sla import events, promises
from sla.promises import Promise, Standing
from sla.terms import Clock
from sla.ticket import Hold, HoldKind
from tests.sla import contract
from tests.sla.contract import OFFICER, at, local


def hold(began: str, ended: str | None = None, *, refused: bool = False) -> Hold:
    """A pause between two moments of the day, open without an end."""
    ended_at = None if ended is None else at(ended)
    return Hold(kind=HoldKind.PAUSE, began_at=at(began), ended_at=ended_at, confirmed=not refused, refused=refused)


def handling(*holds: Hold, repaired: str | None = None) -> Promise:
    """The promise of four hours of a fault reported at 09:00, with these holds."""
    told = contract.story(when="09:00")
    told.ticket = replace(told.it, holds=holds, repaired_at=None if repaired is None else at(repaired))
    return told.promise(Clock.HANDLING)


# ------------------------------------------------------------------ seconds


@pytest.mark.parametrize(
    ("elapsed", "late"),
    [
        (timedelta(minutes=-1), False),
        (timedelta(), False),
        (timedelta(milliseconds=999), False),
        (timedelta(seconds=1), True),
        (timedelta(minutes=1), True),
    ],
)
@pytest.mark.parametrize("fraction", [timedelta(), timedelta(milliseconds=700)])
def test_limits_are_inclusive_and_counted_in_whole_seconds(elapsed: timedelta, late: bool, fraction: timedelta) -> None:
    """AMB-12: late means more than the limit; a begun second does not count, wherever the clock started in it."""
    due = at("10:10") + fraction
    assert promises.is_late(due + elapsed, due) is late


# ------------------------------------------------------------------ holds


@pytest.mark.parametrize(
    ("holds", "due"),
    [
        ([], "13:00:00"),
        ([hold("10:00", "10:30")], "13:30:00"),
        ([hold("10:00", "10:30"), hold("11:00", "11:10")], "13:40:00"),
        ([hold("10:00", "10:30"), hold("10:20", "10:40")], "13:40:00"),
        ([hold("10:20", "10:40"), hold("10:00", "10:30")], "13:40:00"),
        ([hold("10:00", "11:00"), hold("10:10", "10:20")], "14:00:00"),
        ([hold("10:00", "10:30"), hold("10:30", "11:00")], "14:00:00"),
        ([hold("12:30", "13:30"), hold("13:45", "14:00")], "14:15:00"),
        ([hold("08:00", "09:10")], "13:10:00"),
        ([hold("08:00", "08:30")], "13:00:00"),
        ([hold("13:00:01", "14:00")], "13:00:00"),
        ([hold("13:30")], "13:00:00"),
        ([hold("13:00", "14:00")], "14:00:00"),
        ([hold("10:00", "10:30", refused=True)], "13:00:00"),
        ([hold("10:00", "11:00", refused=True), hold("10:30", "11:30")], "14:00:00"),
        ([hold("10:30", "10:10")], "13:00:00"),
        ([hold("10:00")], "-"),
        ([hold("10:00"), hold("10:30", "11:00")], "-"),
        ([hold("13:00")], "-"),
    ],
)
def test_the_limit_moves_by_what_stood_still_before_it(holds: list[Hold], due: str) -> None:
    """No minute stands still twice, a refused hold not at all, and none helps that began after the limit."""
    assert local(handling(*holds).due_at) == due


def test_counted_time_leaves_out_what_stood_still() -> None:
    """Counted time is what passed, less the joined holds, each cut at the moment asked for."""
    promise = handling(hold("10:00", "10:30"), hold("10:20", "10:40"), hold("12:00"))
    assert promises.counted(promise, at("09:30")) == timedelta(minutes=30)
    assert promises.counted(promise, at("10:10")) == timedelta(hours=1)
    assert promises.counted(promise, at("11:00")) == timedelta(hours=1, minutes=20)
    assert promises.counted(promise, at("15:00")) == timedelta(hours=2, minutes=20)
    assert promises.counted(promise, at("08:00")) == timedelta()


def test_a_share_of_the_limit_waits_while_a_hold_is_open() -> None:
    """The moment of a warning is not known before the clock runs again."""
    assert promises.moment_after(handling(hold("10:00")), timedelta(hours=2)) is None
    assert promises.moment_after(handling(hold("12:00")), timedelta(hours=2)) == at("11:00")


def test_an_overdue_promise_is_not_held_by_a_later_pause() -> None:
    """A pause after the limit leaves it overdue."""
    promise = handling(hold("13:30"))
    assert promises.standing(promise, at("13:40")) is Standing.OVERDUE


def test_a_pause_stops_only_the_clocks_that_the_contract_names() -> None:
    """The response never stands still; the others as the profile says."""
    terms = contract.terms(change=lambda table: table["pauses"].update(clocks=["handling"]))
    told = contract.story(under=terms)
    told.does(events.Acknowledged, "09:05")
    told.does(events.Paused, "09:30", by=OFFICER, reason="等待备件")
    assert told.due(Clock.RESPONSE) == "09:10:00"
    assert told.due(Clock.ARRIVAL) == "10:00:00"
    assert told.standing(Clock.HANDLING) is Standing.HELD


def test_a_transmission_fault_has_its_own_list_of_clocks() -> None:
    """What a declaration stops is another line of the profile than what a pause stops."""
    terms = contract.terms(change=lambda table: table.update(transmission={"clocks": ["arrival"]}))
    told = contract.story(under=terms)
    told.does(events.Acknowledged, "09:05")
    told.does(events.TransmissionDeclared, "09:30", reason="专线中断")
    assert told.standing(Clock.ARRIVAL) is Standing.HELD
    assert told.due(Clock.HANDLING) == "13:00:00"


# ------------------------------------------------------------------ visits


@pytest.mark.parametrize(("moment", "standing"), [("10:00:00", Standing.WAIVED), ("10:00:01", Standing.WAIVED_LATE)])
def test_a_remote_repair_waives_the_visit(moment: str, standing: Standing) -> None:
    """AMB-11: repaired remotely before the arrival limit, the visit is waived; after it, it was late."""
    told = contract.story()
    told.does(events.Acknowledged, "09:05")
    told.does(events.FixedRemotely, moment)
    assert told.standing(Clock.ARRIVAL) is standing


def test_a_visit_that_was_made_is_not_waived() -> None:
    """An arrival counts as arrival, also when the repair comes later."""
    told = contract.on_site()
    told.does(events.Repaired, "12:00")
    assert told.standing(Clock.ARRIVAL) is Standing.KEPT
    assert local(told.promise(Clock.ARRIVAL).ended_at) == "09:20:00"


def test_a_remote_repair_that_failed_the_test_waives_nothing() -> None:
    """AMB-11, AMB-16: sent back, the arrival clock counts through from the report, as the handling clock does."""
    told = contract.story()
    told.does(events.Acknowledged, "09:05")
    told.does(events.FixedRemotely, "09:30")
    told.does(events.RecoveryRejected, "09:40", by=OFFICER)
    assert told.standing(Clock.ARRIVAL) is Standing.RUNNING
    told.does(events.Arrived, "09:55")
    assert told.standing(Clock.ARRIVAL) is Standing.KEPT


def test_arriving_after_a_failed_remote_repair_is_late_only_with_a_warning() -> None:
    """Nobody is found late for a visit whose clock never spoke: the clock runs again when the repair is sent back."""
    told = contract.story()
    told.does(events.Acknowledged, "09:05")
    told.does(events.FixedRemotely, "09:20")
    told.does(events.RecoveryRejected, "09:40", by=OFFICER)
    told.does(events.Arrived, "10:10")
    assert told.standing(Clock.ARRIVAL) is Standing.KEPT_LATE
    assert told.spoken(Clock.ARRIVAL) == [
        "09:40:00 arrival warned1",
        "09:48:00 arrival warned2",
        "10:00:01 arrival breached",
        "10:05:01 arrival called2",
    ]


def test_a_request_done_without_a_visit_needs_none() -> None:
    """Another request under a contract with an arrival limit for it is done without anybody on site."""
    terms = contract.terms(change=lambda table: table["levels"]["other"].update(arrival="4h"))
    told = contract.story("other", under=terms)
    told.does(events.Acknowledged, "09:05")
    told.does(events.Repaired, "10:00")
    assert told.standing(Clock.ARRIVAL) is Standing.WAIVED
    assert told.alarms == ()


def test_an_answer_ends_every_clock_of_a_consultation() -> None:
    """The answer is the response, needs no visit, and is the end."""
    told = contract.story("consultation")
    told.does(events.Answered, "09:08", text="按右键")
    standings = [told.standing(clock) for clock in (Clock.RESPONSE, Clock.ARRIVAL, Clock.HANDLING)]
    assert standings == [Standing.KEPT, Standing.WAIVED, Standing.KEPT]


def test_a_void_ticket_owes_nothing() -> None:
    """A report that was a mistake has no clocks, overdue or not."""
    told = contract.story()
    told.does(events.Voided, "09:30", by=OFFICER, reason="误报")
    assert told.standing(Clock.RESPONSE) is Standing.VOID
