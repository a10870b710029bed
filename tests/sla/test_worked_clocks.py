"""Worked examples of the contracts' clocks, to the second: when each limit ends, and whether it was kept."""

from datetime import timedelta

import pytest

from sla import events, promises
from sla.promises import Standing
from sla.terms import Clock
from tests.sla import contract
from tests.sla.contract import OFFICER, Story, at, local

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


# ------------------------------------------------------------------ WE-18, on site


def cloud(level: str = "normal") -> Story:
    """Reported 09:00 and acknowledged 09:12, where the arrival is counted from the client's notice."""
    told = contract.story(level, under=contract.terms(contract.CLOUD))
    told.does(events.Acknowledged, "09:12")
    return told


def requested(level: str = "normal", when: str = "09:25") -> Story:
    """WE-18: the client gives notice at 09:25 that support is needed on site."""
    told = cloud(level)
    told.does(events.OnSiteRequested, when, by=OFFICER)
    return told


def test_before_the_clients_notice_nobody_has_promised_to_come() -> None:
    """There is no arrival clock, no alarm of one, and a repair without a visit is fine."""
    told = cloud()
    assert promises.find(told.it, told.terms, Clock.ARRIVAL) is None
    assert told.next(Clock.ARRIVAL) == "-"
    told.does(events.Repaired, "09:42")
    assert told.standing(Clock.LOCATE) is Standing.KEPT


@pytest.mark.parametrize(("moment", "standing"), [("10:25:00", Standing.KEPT), ("10:25:01", Standing.KEPT_LATE)])
def test_on_site_support_is_due_an_hour_after_the_notice(moment: str, standing: Standing) -> None:
    """WE-18: requested 09:25, due 10:25:00; that second is in time, the next one is late."""
    told = requested()
    assert told.due(Clock.ARRIVAL) == "10:25:00"
    told.does(events.Arrived, moment)
    assert told.standing(Clock.ARRIVAL) is standing


def test_an_arrival_that_was_asked_for_has_its_ladder() -> None:
    """Half of the hour, four fifths, the breach and the call that follows: each at its second."""
    told = requested().until("10:31")
    assert told.spoken(Clock.ARRIVAL) == [
        "09:55:00 arrival warned1",
        "10:13:00 arrival warned2",
        "10:25:01 arrival breached",
        "10:30:01 arrival called2",
    ]


def test_before_the_acknowledgement_the_notice_counts_as_well() -> None:
    """Whoever asks for support on site at once has a promise at once."""
    told = contract.story("normal", under=contract.terms(contract.CLOUD))
    told.does(events.OnSiteRequested, "09:01", by=OFFICER)
    assert told.due(Clock.ARRIVAL) == "10:01:00"


@pytest.mark.parametrize(
    ("level", "notice", "first", "then"),
    [("normal", "09:25", "09:42:00", "10:50:00"), ("important", "09:20", "09:22:00", "10:30:00")],
)
def test_on_site_the_locate_clock_starts_anew(level: str, notice: str, first: str, then: str) -> None:
    """AMB-45: on site at 10:20, locating and clearing is due at 10:50; the limit of 09:42 is kept beside it."""
    told = requested(level, notice)
    assert told.due(Clock.LOCATE) == first
    told.does(events.Arrived, "10:20")
    promise = told.promise(Clock.LOCATE)
    assert (local(promise.first_due_at), local(promise.due_at)) == (first, then)
    told.does(events.Repaired, then)
    assert told.standing(Clock.LOCATE) is Standing.KEPT


def test_a_clock_that_started_anew_warns_anew() -> None:
    """The ladder begins again with the arrival; whoever was called before hears that it is over."""
    told = requested()
    told.until("10:19")
    assert "09:42:01 locate breached" in told.spoken(Clock.LOCATE)
    said = len(told.facts)
    told.does(events.Arrived, "10:20")
    told.until("10:51")
    spoken = [fact for fact in told.facts[said:] if isinstance(fact, events.Warned | events.Breached)]
    assert [local(fact.at) for fact in spoken] == ["10:35:00", "10:44:00", "10:50:01"]


def test_a_visit_does_not_heal_a_limit_that_had_passed_before_it_was_asked_for() -> None:
    """Asked for at 09:42:01, one second too late, the locate clock does not start anew with the arrival."""
    told = requested(when="09:42:01")
    told.does(events.Arrived, "10:00")
    assert (told.due(Clock.LOCATE), told.promise(Clock.LOCATE).first_due_at) == ("09:42:00", None)
    assert told.standing(Clock.LOCATE) is Standing.OVERDUE


def test_a_visit_that_nobody_asked_for_starts_no_clock_anew() -> None:
    """Where the visit is counted from the client's notice, going there by oneself changes no limit."""
    told = cloud()
    told.does(events.Arrived, "09:30")
    assert told.due(Clock.LOCATE) == "09:42:00"
    assert promises.find(told.it, told.terms, Clock.ARRIVAL) is None


def test_where_every_visit_counts_each_arrival_starts_the_clock_anew() -> None:
    """A contract that counts the arrival from the report can let its handling limit start anew on site."""
    under = contract.terms(change=lambda table: table.update(clocks={"restart_at_arrival": ["handling"]}))
    told = contract.story(under=under)
    told.does(events.Acknowledged, "09:05")
    told.does(events.Arrived, "09:50")
    assert (told.due(Clock.HANDLING), local(told.promise(Clock.HANDLING).first_due_at)) == ("13:50:00", "13:00:00")


def test_a_hold_on_site_moves_the_restarted_limit() -> None:
    """What stands still after the arrival is added to the limit that counts from the arrival."""
    told = requested()
    told.does(events.Arrived, "10:20")
    told.does(events.Paused, "10:30", by=OFFICER, reason="carrier_fault")
    assert told.standing(Clock.LOCATE) is Standing.HELD
    told.does(events.Resumed, "11:00")
    assert told.due(Clock.LOCATE) == "11:20:00"


# ------------------------------------------------------------------ AMB-46


def test_where_locating_means_clearing_only_the_repair_ends_the_clock() -> None:
    """AMB-46: located at 09:20 is information; repaired at 09:42:01 is late."""
    told = cloud()
    told.does(events.Located, "09:20")
    assert told.standing(Clock.LOCATE) is Standing.RUNNING
    told.does(events.Repaired, "09:42:01")
    assert (local(told.it.located_at), told.standing(Clock.LOCATE)) == ("09:20:00", Standing.KEPT_LATE)


# ------------------------------------------------------------------ AMB-10, AMB-12, AMB-13, AMB-22


def test_every_limit_runs_from_the_report_unless_the_contract_says_else() -> None:
    """AMB-10: taking the ticket late or early moves no limit of a contract that is silent."""
    for taken in ("09:01", "09:09:59", "09:10:01"):
        told = contract.story()
        told.does(events.Acknowledged, taken)
        due = [promise.due_at for promise in promises.promises(told.it, told.terms)]
        assert due == [at("09:10"), at("10:00"), at("13:00")]


@pytest.mark.parametrize("clock", [Clock.RESPONSE, Clock.ARRIVAL, Clock.HANDLING])
def test_a_breach_is_noticed_one_second_after_the_last_second_in_time(clock: Clock) -> None:
    """AMB-12: at the limit itself nothing is breached; the alarm of the breach rings one second later."""
    told = contract.story()
    due = told.promise(clock).due_at
    assert due is not None
    told.until(due)
    assert told.standing(clock) is Standing.RUNNING
    told.until(due + timedelta(seconds=1))
    assert told.standing(clock) is Standing.OVERDUE
    assert told.spoken(clock)[-1] == f"{local(due + timedelta(seconds=1))} {clock} breached"


def test_a_declared_fault_stops_the_clock_at_the_declaration_and_not_before() -> None:
    """AMB-13: two hours had counted; confirmed it stays still until it is handed back, refused it never stood still."""
    told = contract.on_site("02:15")
    told.does(events.TransmissionDeclared, "04:15", reason="专线中断")
    told.does(events.TransmissionConfirmed, "04:20", by=OFFICER)
    told.until("09:00")
    assert promises.counted(told.promise(Clock.HANDLING), told.now) == timedelta(hours=2)
    told.does(events.TransmissionReturned, "09:00")
    assert told.due(Clock.HANDLING) == "11:00:00"


def test_only_a_person_ends_the_response() -> None:
    """AMB-22: neither the receipt nor warnings, calls or more words of the reporter are a response; a press is."""
    told = contract.story()
    told.does(events.Supplemented, "09:02", by=contract.REPORTER, text="还有二号屏")
    told.until("09:30")
    assert told.it.acknowledged_at is None
    assert told.standing(Clock.RESPONSE) is Standing.OVERDUE
    told.does(events.CallTaken, "09:31", by=contract.MANAGER)
    assert told.standing(Clock.RESPONSE) is Standing.OVERDUE
    told.does(events.Acknowledged, "09:32")
    assert told.standing(Clock.RESPONSE) is Standing.KEPT_LATE


# ------------------------------------------------------------------ AMB-11


@pytest.mark.parametrize(("moment", "standing"), [("10:00:00", Standing.WAIVED), ("10:00:01", Standing.WAIVED_LATE)])
def test_the_officer_waives_the_visit(moment: str, standing: Standing) -> None:
    """AMB-11: waived in time the visit is no longer owed; once the limit has passed, the waiver does not heal it."""
    told = contract.story()
    told.does(events.Acknowledged, "09:05")
    told.does(events.VisitWaived, moment, by=OFFICER)
    assert told.standing(Clock.ARRIVAL) is standing
    assert told.next(Clock.ARRIVAL) == "-"
    told.does(events.Repaired, "11:00")
    assert told.standing(Clock.HANDLING) is Standing.KEPT


def test_whoever_comes_although_the_visit_was_waived_is_not_late() -> None:
    """The promise ended with the waiver, not with the arrival an hour after the limit."""
    told = contract.story()
    told.does(events.Acknowledged, "09:05")
    told.does(events.VisitWaived, "09:30", by=OFFICER)
    told.does(events.Arrived, "11:00")
    assert told.standing(Clock.ARRIVAL) is Standing.WAIVED


def test_a_waiver_stands_after_a_failed_test() -> None:
    """A remote repair that was sent back owes a visit again, but not one that the bureau has waived itself."""
    told = contract.story()
    told.does(events.Acknowledged, "09:05")
    told.does(events.VisitWaived, "09:30", by=OFFICER)
    told.does(events.FixedRemotely, "09:40")
    told.does(events.RecoveryRejected, "09:50", by=OFFICER)
    assert told.standing(Clock.ARRIVAL) is Standing.WAIVED
    told.does(events.Repaired, "10:30")


# ------------------------------------------------------------------ image retrieval


@pytest.mark.parametrize(("moment", "late"), [("09:05:00", False), ("09:05:01", True)])
def test_a_picture_is_due_five_minutes_after_the_request(moment: str, late: bool) -> None:
    """AMB-55: counted from the request, whoever took it when; 5:00 is in time, 5:01 is late."""
    told = contract.story("image_retrieval", under=contract.terms(contract.CENTRE))
    told.does(events.Acknowledged, "09:03")
    told.does(events.Repaired, moment)
    assert told.promise(Clock.HANDLING).breached is late


def test_a_picture_that_did_not_come_counts_through() -> None:
    """The client saw nothing: the five minutes go on from the request."""
    told = contract.story("image_retrieval", under=contract.terms(contract.CENTRE))
    told.does(events.Acknowledged, "09:01")
    told.does(events.Repaired, "09:03")
    told.does(events.RecoveryRejected, "09:04", by=contract.REPORTER)
    assert told.due(Clock.HANDLING) == "09:05:00"
    told.does(events.Repaired, "09:05:01")
    assert told.standing(Clock.HANDLING) is Standing.KEPT_LATE
