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


# ------------------------------------------------------------------ WE-16


def test_limits_run_through_new_years_eve() -> None:
    """WE-16: a major fault of 23:55 on New Year's Eve is due at 00:05, 00:55 and 03:55: nights and holidays count."""
    told = contract.story(when="2026-02-16 23:55")
    due = [told.promise(clock).due_at for clock in (Clock.RESPONSE, Clock.ARRIVAL, Clock.HANDLING)]
    assert due == [at("2026-02-17 00:05"), at("2026-02-17 00:55"), at("2026-02-17 03:55")]


@pytest.mark.parametrize(("moment", "late"), [("00:05:00", False), ("00:05:01", True)])
def test_the_last_second_of_the_response_is_in_time(moment: str, late: bool) -> None:
    """WE-16: acknowledged at 00:05:00 is in time, one second later is late."""
    told = contract.story(when="2026-02-16 23:55")
    told.does(events.Acknowledged, f"2026-02-17 {moment}")
    assert told.promise(Clock.RESPONSE).breached is late
    assert told.standing(Clock.RESPONSE) is (Standing.KEPT_LATE if late else Standing.KEPT)


@pytest.mark.parametrize(("moment", "late"), [("03:55:00", False), ("03:55:01", True)])
def test_the_last_second_of_the_handling_is_in_time(moment: str, late: bool) -> None:
    """WE-16: repaired at 03:55:00 is in time, at 03:55:01 late."""
    told = contract.on_site("2026-02-16 23:55")
    told.does(events.Repaired, f"2026-02-17 {moment}")
    assert told.promise(Clock.HANDLING).breached is late


@pytest.mark.parametrize(
    ("level", "due"),
    [("general", ["09:40:00", "11:30:00", "17:30:00"]), ("consultation", ["09:40:00", "13:30:00", "21:30:00"])],
)
def test_each_level_has_its_own_limits(level: str, due: list[str]) -> None:
    """WE-16: a general fault of 09:30 is due at 09:40, 11:30 and 17:30, a consultation at 09:40, 13:30 and 21:30."""
    told = contract.story(level, "09:30")
    assert [local(promise.due_at) for promise in promises.promises(told.it, told.terms)] == due


# ------------------------------------------------------------------ WE-17


def transmission() -> contract.Story:
    """WE-17: reported 02:15, declared as a transmission fault 04:30, handed back 05:20."""
    told = contract.on_site("02:15")
    told.does(events.TransmissionDeclared, "04:30", reason="专线中断")
    told.does(events.TransmissionReturned, "05:20")
    return told


def test_a_transmission_fault_moves_the_handling_limit() -> None:
    """WE-17: the limit of 06:15 stands still while declared, and is 07:05 after fifty minutes."""
    told = contract.on_site("02:15")
    assert told.due(Clock.HANDLING) == "06:15:00"
    told.does(events.TransmissionDeclared, "04:30", reason="专线中断")
    assert told.standing(Clock.HANDLING) is Standing.HELD
    told.does(events.TransmissionConfirmed, "04:40", by=OFFICER)
    assert told.standing(Clock.HANDLING) is Standing.HELD
    told.does(events.TransmissionReturned, "05:20")
    assert told.due(Clock.HANDLING) == "07:05:00"


def test_repaired_after_the_transmission_fault_is_in_time() -> None:
    """WE-17: repaired at 07:00, 3:55:00 counted."""
    told = transmission()
    told.does(events.Repaired, "07:00")
    assert promises.counted(told.promise(Clock.HANDLING), at("07:00")) == timedelta(hours=3, minutes=55)
    assert told.standing(Clock.HANDLING) is Standing.KEPT


def test_a_refused_declaration_counts_for_nothing() -> None:
    """WE-17: if the bureau refuses, also after the repair, the pause is void and 4:45:00 is late."""
    told = transmission()
    told.does(events.Repaired, "07:00")
    told.does(events.TransmissionRefused, "07:10", by=OFFICER)
    assert promises.counted(told.promise(Clock.HANDLING), at("07:00")) == timedelta(hours=4, minutes=45)
    assert told.standing(Clock.HANDLING) is Standing.KEPT_LATE
    assert local(told.it.holds[0].ended_at) == "05:20:00"


def test_a_declaration_refused_at_once_lets_the_clock_run() -> None:
    """WE-17: refused while it stands, the limit is 06:15 again and the engineer can go on working."""
    told = contract.on_site("02:15")
    told.does(events.TransmissionDeclared, "04:30", reason="专线中断")
    told.does(events.TransmissionRefused, "04:50", by=OFFICER)
    assert told.due(Clock.HANDLING) == "06:15:00"
    told.does(events.Repaired, "06:15:01")
    assert told.promise(Clock.HANDLING).breached


def test_a_repair_that_was_sent_back_counts_through() -> None:
    """WE-17: repaired 05:00, sent back 05:30, repaired again 06:20: 4:05:00, late."""
    told = contract.on_site("02:15")
    told.does(events.Repaired, "05:00")
    assert told.standing(Clock.HANDLING) is Standing.KEPT
    told.does(events.RecoveryRejected, "05:30", by=OFFICER)
    assert told.standing(Clock.HANDLING) is Standing.RUNNING
    told.does(events.Repaired, "06:20")
    assert promises.counted(told.promise(Clock.HANDLING), at("06:20")) == timedelta(hours=4, minutes=5)
    assert told.standing(Clock.HANDLING) is Standing.KEPT_LATE


# ------------------------------------------------------------------ WE-18


@pytest.mark.parametrize(("level", "due"), [("normal", "09:42:00"), ("important", "09:22:00")])
def test_the_locate_clock_starts_with_the_acknowledgement(level: str, due: str) -> None:
    """WE-18: reported 09:00 and acknowledged 09:12, locating is due at 09:42, of an important system at 09:22."""
    told = contract.story(level, under=contract.terms(contract.GOV_CLOUD))
    assert told.due(Clock.RESPONSE) == "09:15:00"
    told.does(events.Acknowledged, "09:12")
    assert told.due(Clock.LOCATE) == due


@pytest.mark.parametrize("acknowledged", [None, "09:15", "09:20"])
def test_the_locate_clock_starts_by_itself_when_nobody_answers(acknowledged: str | None) -> None:
    """AMB-45: the locate clock starts at the end of the response limit at the latest."""
    told = contract.story("normal", under=contract.terms(contract.GOV_CLOUD))
    if acknowledged:
        told.does(events.Acknowledged, acknowledged)
    assert told.due(Clock.LOCATE) == "09:45:00"


def test_without_a_response_limit_the_locate_clock_waits_for_the_acknowledgement() -> None:
    """Where nothing limits the response, locating is counted from the report until somebody answers."""
    told = contract.story(
        "normal",
        under=contract.terms(contract.GOV_CLOUD, lambda table: table["levels"]["normal"].pop("response")),
    )
    assert told.due(Clock.LOCATE) == "09:30:00"
    told.does(events.Acknowledged, "09:12")
    assert told.due(Clock.LOCATE) == "09:42:00"


@pytest.mark.parametrize(("moment", "standing"), [("09:42:00", Standing.KEPT), ("09:42:01", Standing.KEPT_LATE)])
def test_locating_ends_the_locate_clock(moment: str, standing: Standing) -> None:
    """Located at the last second is in time."""
    told = contract.story("normal", under=contract.terms(contract.GOV_CLOUD))
    told.does(events.Acknowledged, "09:12")
    told.does(events.Located, moment)
    assert told.standing(Clock.LOCATE) is standing


def test_a_repair_locates_too() -> None:
    """Whoever has repaired a fault has found it."""
    told = contract.story("normal", under=contract.terms(contract.GOV_CLOUD))
    told.does(events.Acknowledged, "09:12")
    told.does(events.Repaired, "09:40")
    assert told.standing(Clock.LOCATE) is Standing.KEPT


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
