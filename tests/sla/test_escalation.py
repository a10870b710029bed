"""The ladder of each clock: warnings, the breach, calls that are repeated until a person takes them."""

import pytest

from sla import events
from sla.illegal import IllegalMove
from sla.notices import Say
from sla.promises import Standing
from sla.terms import Clock
from tests.sla import contract
from tests.sla.contract import COLLEAGUE, ENGINEER, MANAGER, OFFICER, at

RESPONSE, ARRIVAL, LOCATE, HANDLING, HELP, _REPORT = Clock


# ------------------------------------------------------------------ warnings and breach


def test_warnings_come_at_their_share_of_each_limit() -> None:
    """At half and at four fifths of ten minutes, one hour, four hours."""
    told = contract.story()
    assert [told.next(clock) for clock in (RESPONSE, ARRIVAL, HANDLING)] == ["09:05:00", "09:30:00", "11:00:00"]
    told.until("09:08")
    assert told.spoken() == ["09:05:00 response warned1", "09:08:00 response warned2"]
    told.does(events.Acknowledged, "09:09")
    told.until("09:48")
    assert told.spoken(ARRIVAL) == ["09:30:00 arrival warned1", "09:48:00 arrival warned2"]


def test_a_third_of_a_limit_is_cut_to_whole_seconds() -> None:
    """A share that is no whole second is taken at the second before."""
    told = contract.story(under=contract.terms(change=lambda t: t["escalation"].update(warn_at=["1/7"])))
    assert told.next(RESPONSE) == "09:01:25"


def test_without_warnings_the_breach_is_the_first_word() -> None:
    """A contract may warn nobody."""
    told = contract.story(under=contract.terms(change=lambda t: t["escalation"].update(warn_at=[])))
    assert told.next(RESPONSE) == "09:10:01"


def test_the_breach_is_one_second_after_the_limit() -> None:
    """The last second is in time, so nobody is called in it."""
    told = contract.story().until("09:10:00")
    assert told.spoken(RESPONSE) == ["09:05:00 response warned1", "09:08:00 response warned2"]
    told.until("09:10:01")
    assert told.spoken(RESPONSE)[2:] == ["09:10:01 response breached"]
    (breach,) = [fact for fact in told.facts if isinstance(fact, events.Breached)]
    assert (breach.at, breach.due_at, breach.by) == (at("09:10:01"), at("09:10:00"), events.CLOCK)


def test_a_promise_kept_in_its_last_second_is_no_breach() -> None:
    """Acknowledged at 09:10:00, the response says nothing more."""
    told = contract.story()
    told.does(events.Acknowledged, "09:10:00")
    assert told.next(RESPONSE) == "-"
    told.until("09:29")
    assert not any(isinstance(fact, events.Breached) for fact in told.facts)


def test_an_alarm_that_comes_too_early_or_too_late_says_nothing() -> None:
    """The ticker may ask at any time, twice or after the deed: nothing is recorded and the alarms are given again."""
    told = contract.story()
    for clock in Clock:
        outcome = told.meets(events.AlarmDue(clock=clock))
        assert (outcome.entries, outcome.notices) == ((), ())
        assert outcome.ticket.version == 1
        assert len(outcome.alarms) == 3
    told.does(events.Acknowledged, "09:04")
    told.sleeps("09:06")
    assert told.meets(events.AlarmDue(clock=RESPONSE)).entries == ()


def test_a_ticket_that_ended_has_no_alarms() -> None:
    """Nothing speaks for a closed or void ticket, and what is under test owes nothing but the bureau's word."""
    told = contract.on_site()
    told.does(events.Repaired, "10:00")
    assert told.alarms == ()
    told.does(events.Voided, "10:01", by=OFFICER, reason="误报")
    assert told.alarms == ()


# ------------------------------------------------------------------ calls


def test_an_unanswered_call_is_repeated_and_climbs() -> None:
    """Every five minutes; after two unanswered repeats the third goes to the next step as well."""
    told = contract.story().until("09:30:02")
    assert told.spoken(RESPONSE)[2:] == [
        "09:10:01 response breached",
        "09:15:01 response called2",
        "09:20:01 response called3",
        "09:25:01 response called4",
        "09:30:01 response called5",
    ]
    reached = [notice.to for notice in (*told.heard(Say.CALL), *told.heard(Say.CALL_AGAIN))]
    manager, officer = "project_manager", "supervising_officer"
    assert reached == [(manager,), (manager,), (manager,), (manager, officer), (manager, officer)]


@pytest.mark.parametrize(("repeats", "climbs_at"), [(0, 2), (1, 3), (2, 4)])
def test_the_contract_says_how_many_repeats_go_unanswered(repeats: int, climbs_at: int) -> None:
    """The call after that many unanswered repeats reaches the next step."""
    told = contract.story(
        under=contract.terms(change=lambda t: t["escalation"].update(repeats_before_then=repeats))
    ).until("09:40")
    climbed = [notice.count for notice in told.heard(Say.CALL_AGAIN) if "supervising_officer" in notice.to]
    assert climbed[0] == climbs_at


def test_a_taken_call_is_not_repeated() -> None:
    """Whoever takes it stops the calls; the promise stays late."""
    told = contract.story().until("09:11")
    told.does(events.CallTaken, "09:12", by=MANAGER)
    assert told.next(RESPONSE) == "-"
    assert told.it.rungs[RESPONSE].taken_by == MANAGER
    told.until("09:25")
    assert told.spoken(RESPONSE)[-1] == "09:10:01 response breached"
    assert told.promise(RESPONSE).ended_at is None
    with pytest.raises(IllegalMove):
        told.does(events.CallTaken, "09:26", by=MANAGER)


def test_taking_one_call_takes_all_that_are_open() -> None:
    """One press answers for every clock that calls at the moment, not for those to come."""
    told = contract.story().until("10:02")
    told.does(events.CallTaken, "10:03", by=MANAGER)
    assert {clock for clock, rung in told.it.rungs.items() if rung.taken_by} == {RESPONSE, ARRIVAL}
    told.until("13:00:01")
    assert told.spoken(HANDLING)[-1] == "13:00:01 handling breached"
    assert told.next(HANDLING) == "13:05:01"


def test_acknowledging_stops_the_calls_for_the_response_only() -> None:
    """Whoever takes the ticket late has still to arrive and to repair: these clocks go on calling."""
    told = contract.story().until("10:06")
    told.does(events.Acknowledged, "10:07")
    assert told.next(RESPONSE) == "-"
    assert told.it.rungs[RESPONSE].taken_by == ENGINEER
    assert told.it.rungs[ARRIVAL].taken_by is None
    assert told.next(ARRIVAL) == "10:10:01"
    told.until("13:00:01")
    assert told.spoken(HANDLING) == [
        "11:00:00 handling warned1",
        "12:12:00 handling warned2",
        "13:00:01 handling breached",
    ]


def test_fulfilling_a_late_promise_ends_its_calls() -> None:
    """An engineer who arrives late is not called for any more."""
    told = contract.story()
    told.does(events.Acknowledged, "09:05")
    told.does(events.Arrived, "10:07")
    assert told.spoken(ARRIVAL)[-1] == "10:05:01 arrival called2"
    assert told.next(ARRIVAL) == "-"
    with pytest.raises(IllegalMove):
        told.does(events.CallTaken, "10:08", by=MANAGER)


# ------------------------------------------------------------------ calls by hand


def test_a_call_by_hand_starts_its_own_ladder() -> None:
    """升级 calls the first step at once, repeats like a breach, and climbs."""
    told = contract.on_site()
    told.does(events.CalledUp, "09:30")
    assert told.heard(Say.CALL)[-1].to == ("project_manager",)
    told.until("09:45")
    assert told.spoken(HELP) == ["09:35:00 help called2", "09:40:00 help called3", "09:45:00 help called4"]
    assert told.heard(Say.CALL_AGAIN)[-1].to == ("project_manager", "supervising_officer")
    told.does(events.CallTaken, "09:46", by=MANAGER)
    assert told.next(HELP) == "-"


def test_a_call_by_hand_while_one_is_open_goes_to_the_next_step() -> None:
    """Whoever cannot wait for the repeats goes up at once."""
    told = contract.story().until("09:11")
    told.does(events.CalledUp, "09:12", by=COLLEAGUE)
    assert told.heard(Say.CALL)[-1].to == ("project_manager", "supervising_officer")


def test_a_call_by_hand_after_one_was_taken_begins_anew() -> None:
    """A taken call is over: the next one starts at the first step."""
    told = contract.on_site()
    told.does(events.CalledUp, "09:30")
    told.does(events.CallTaken, "09:31", by=MANAGER)
    told.does(events.CalledUp, "09:40")
    assert told.heard(Say.CALL)[-1].to == ("project_manager",)
    assert told.next(HELP) == "09:45:00"


def test_taking_the_ticket_answers_the_call_for_help() -> None:
    """Who calls for help before anybody took the ticket is answered by the one who takes it."""
    told = contract.story()
    told.does(events.CalledUp, "09:02", by=MANAGER)
    told.does(events.Acknowledged, "09:03")
    assert told.it.rungs[HELP].taken_by == ENGINEER
    assert told.next(HELP) == "-"


def test_a_repair_needs_no_help() -> None:
    """A call for help ends with the repair, on site or remote; a failed test does not take it up again."""
    told = contract.on_site()
    for call, make, repaired, rejected in (
        ("09:30", events.Repaired, "09:32", "09:50"),
        ("10:00", events.FixedRemotely, "10:02", "10:20"),
    ):
        told.does(events.CalledUp, call)
        told.does(make, repaired)
        assert told.next(HELP) == "-"
        told.does(events.RecoveryRejected, rejected, by=OFFICER)
        assert told.next(HELP) == "-"
    told.until("10:59")
    assert told.spoken(HELP) == []


def test_after_a_failed_test_help_is_called_anew() -> None:
    """The call from before the repair is over: the next one starts at the first step."""
    told = contract.on_site()
    told.does(events.CalledUp, "09:30")
    told.until("09:46")
    told.does(events.Repaired, "09:47")
    told.does(events.RecoveryRejected, "09:50", by=OFFICER)
    told.does(events.CalledUp, "09:52")
    assert told.heard(Say.CALL)[-1].to == ("project_manager",)
    assert told.next(HELP) == "09:57:00"


# ------------------------------------------------------------------ levels


def test_a_raised_level_is_counted_from_the_report() -> None:
    """General at 09:00, major at 10:30: the arrival of 10:00 is already late and is called for at once."""
    told = contract.story("general")
    told.does(events.Acknowledged, "09:05")
    told.does(events.Reclassified, "10:30", level="major")
    assert (told.due(ARRIVAL), told.due(HANDLING)) == ("10:00:00", "13:00:00")
    told.until("10:30")
    assert told.spoken(ARRIVAL)[-1] == "10:30:00 arrival breached"
    (breach,) = [fact for fact in told.facts if isinstance(fact, events.Breached)]
    assert breach.due_at == at("10:00")


def test_warnings_that_a_raised_level_has_skipped_are_not_made_up_for() -> None:
    """Raised at 09:50, the arrival of 10:00 is past both of its warnings: the next word is the breach."""
    told = contract.story("general")
    told.does(events.Acknowledged, "09:05")
    told.does(events.Reclassified, "09:50", level="major")
    assert told.next(ARRIVAL) == "10:00:01"
    assert told.next(HANDLING) == "11:00:00"


def test_a_lowered_level_takes_back_the_call_not_the_record() -> None:
    """Late as major, in time as general: the calls end, the breach stays in the ledger, the new limit is watched."""
    told = contract.story()
    told.does(events.Acknowledged, "09:05")
    told.until("10:01")
    told.does(events.Reclassified, "10:02", by=OFFICER, level="general")
    assert [fact.clock for fact in told.facts if isinstance(fact, events.Breached)] == [ARRIVAL]
    assert told.due(ARRIVAL) == "11:00:00"
    assert told.next(ARRIVAL) == "10:36:00"


def test_a_breach_that_the_new_level_does_not_excuse_goes_on() -> None:
    """The response is ten minutes at every level: the call of 09:10 is neither forgotten nor begun anew."""
    told = contract.story("general").until("09:16")
    told.does(events.Reclassified, "09:17", level="major")
    assert told.next(RESPONSE) == "09:20:01"
    assert told.it.rungs[RESPONSE].calls == 2


def test_a_level_without_a_limit_has_no_alarm_for_it() -> None:
    """Corrected to another request, only the response is left; a call by hand stays."""
    told = contract.story()
    told.does(events.CalledUp, "09:01", by=MANAGER)
    told.does(events.Reclassified, "09:02", by=OFFICER, level="other")
    assert {alarm.clock for alarm in told.alarms} == {RESPONSE, HELP}


# ------------------------------------------------------------------ holds


def test_a_held_clock_is_silent_and_goes_on_where_it_stopped() -> None:
    """Paused for an hour, the warnings of the handling come an hour later."""
    told = contract.on_site()
    told.does(events.Paused, "09:30", by=OFFICER, reason="等待备件")
    assert told.alarms == ()
    told.does(events.Resumed, "10:30")
    assert told.next(HANDLING) == "12:00:00"


def test_a_warning_that_was_missed_waits_while_the_clock_is_held() -> None:
    """Paused before a due warning was spoken, no alarm asks in vain until the clock runs again."""
    told = contract.on_site().sleeps("11:00")
    told.meets(events.Paused(at=told.now, by=OFFICER, reason="等待备件"))
    assert told.alarms == ()
    told = contract.on_site().sleeps("11:00:01")
    told.meets(events.Paused(at=told.now, by=OFFICER, reason="等待备件"))
    assert told.alarms == ()
    told.does(events.Resumed, "11:30")
    told.until("11:30")
    assert told.spoken(HANDLING) == ["11:30:00 handling warned1"]


def test_a_refused_declaration_wakes_the_clock_at_once() -> None:
    """The limit passed while declared: the refusal is followed by the breach."""
    told = contract.on_site()
    told.does(events.TransmissionDeclared, "12:30", reason="专线中断")
    told.does(events.TransmissionRefused, "13:20", by=OFFICER)
    told.until("13:20")
    assert told.spoken(HANDLING)[-1] == "13:20:00 handling breached"


def test_a_pause_does_not_silence_a_breach_that_came_before() -> None:
    """Late before the pause, late within it."""
    told = contract.on_site().until("13:00:01")
    told.does(events.Paused, "13:02", by=OFFICER, reason="等待备件")
    told.until("13:06")
    assert told.spoken(HANDLING)[-1] == "13:05:01 handling called2"


# ------------------------------------------------------------------ a promise that moves after its breach


def late_repair() -> contract.Story:
    """A major fault whose repair was due at 13:00; the manager is called for the second time at 13:05:01."""
    return contract.on_site().until("13:06")


def test_a_pause_dated_before_the_breach_ends_its_calls() -> None:
    """Consent of 12:50 is known at 13:06: the handling is held, nobody is called and no call can be taken."""
    told = late_repair()
    told.meets(events.Paused(at=at("12:50"), by=OFFICER, reason="等待备件"))
    assert told.standing(HANDLING) is Standing.HELD
    assert told.alarms == ()
    with pytest.raises(IllegalMove):
        told.does(events.CallTaken, "13:07", by=MANAGER)
    told.until("13:30")
    assert told.spoken(HANDLING)[-1] == "13:05:01 handling called2"


def test_a_promise_that_moved_is_watched_again() -> None:
    """The breach of 13:00 stays in the ledger; after forty minutes of pause the ladder starts anew at 13:40."""
    told = late_repair()
    told.meets(events.Paused(at=at("12:50"), by=OFFICER, reason="等待备件"))
    told.does(events.Resumed, "13:30")
    assert (told.due(HANDLING), told.next(HANDLING)) == ("13:40:00", "13:40:01")
    told.until("13:46")
    assert told.spoken(HANDLING)[-4:] == [
        "13:00:01 handling breached",
        "13:05:01 handling called2",
        "13:40:01 handling breached",
        "13:45:01 handling called2",
    ]
    breaches = [fact.due_at for fact in told.facts if isinstance(fact, events.Breached)]
    assert breaches == [at("13:00"), at("13:40")]


def test_a_new_breach_needs_a_new_answer() -> None:
    """Whoever took the call of 13:00 has not taken that of the limit that it moved to."""
    told = contract.on_site().until("13:00:01")
    told.does(events.CallTaken, "13:02", by=MANAGER)
    told.until("13:05")
    told.meets(events.Paused(at=at("12:50"), by=OFFICER, reason="等待备件"))
    told.does(events.Resumed, "13:30")
    told.until("13:40:01")
    assert told.it.rungs[HANDLING].taken_by is None
    assert told.next(HANDLING) == "13:45:01"
    told.does(events.CallTaken, "13:42", by=MANAGER)
    assert told.next(HANDLING) == "-"


def test_a_kept_promise_that_moved_is_no_breach() -> None:
    """Repaired within the moved limit: the calls of before are over, the promise is kept."""
    told = late_repair()
    told.meets(events.Paused(at=at("12:50"), by=OFFICER, reason="等待备件"))
    told.does(events.Resumed, "13:30")
    told.does(events.Repaired, "13:40:00")
    assert told.standing(HANDLING) is Standing.KEPT
    assert told.alarms == ()


def test_a_pause_that_ended_before_it_was_known_moves_the_limit_too() -> None:
    """Both ends known late: the ladder waits for 13:15, and speaks at once if that has passed as well."""
    for known, spoken in (("13:07", "13:15:01 handling breached"), ("13:16", "13:16:00 handling breached")):
        told = contract.on_site().until(known)
        told.meets(events.Paused(at=at("12:30"), by=OFFICER, reason="等待备件"))
        told.meets(events.Resumed(at=at("12:45"), by=ENGINEER))
        told.until(max(told.now, at("13:15:01")))
        assert told.spoken(HANDLING)[-1] == spoken


def test_a_pause_that_excuses_too_little_leaves_the_breach() -> None:
    """Noticed at 13:30 after an outage, the breach is late by the moved limit of 13:10 as well: the calls go on."""
    told = contract.on_site().until("12:50").sleeps("13:30").until("13:31")
    told.meets(events.Paused(at=at("12:30"), by=OFFICER, reason="等待备件"))
    told.meets(events.Resumed(at=at("12:40"), by=ENGINEER))
    assert told.due(HANDLING) == "13:10:00"
    assert told.next(HANDLING) == "13:35:00"


def test_a_breach_in_the_last_second_of_the_moved_limit_is_none() -> None:
    """Limits are inclusive: a breach of 13:00:01 under a limit of 13:00:01 is a breach no longer."""
    told = contract.on_site().until("13:00:01")
    told.meets(events.Paused(at=at("12:50:00"), by=OFFICER, reason="等待备件"))
    told.meets(events.Resumed(at=at("12:50:01"), by=ENGINEER))
    assert (told.due(HANDLING), told.next(HANDLING)) == ("13:00:01", "13:00:02")


def test_a_refused_declaration_takes_up_the_calls_again() -> None:
    """Declared before the breach, refused after it: the breach of 13:00 counts again, and its calls go on."""
    told = late_repair()
    told.meets(events.TransmissionDeclared(at=at("12:50"), by=ENGINEER, reason="专线中断"))
    assert told.alarms == ()
    told.does(events.TransmissionRefused, "13:20", by=OFFICER)
    told.until("13:20")
    assert told.spoken(HANDLING)[-2:] == ["13:05:01 handling called2", "13:20:00 handling called3"]


def late_location() -> contract.Story:
    """Nothing limits the response: counted from the report until somebody answers, locating was due at 09:30."""
    under = contract.terms(contract.GOV_CLOUD, lambda table: table["levels"]["normal"].pop("response"))
    return contract.story("normal", under=under).until("09:36")


def test_a_late_acknowledgement_starts_the_locate_clock_and_its_ladder() -> None:
    """Acknowledged at 09:40, locating is due at 10:10: no call of before is repeated, the ladder starts from there."""
    told = late_location()
    assert told.spoken(LOCATE)[-2:] == ["09:30:01 locate breached", "09:35:01 locate called2"]
    told.does(events.Acknowledged, "09:40")
    assert (told.due(LOCATE), told.next(LOCATE)) == ("10:10:00", "10:10:01")
    with pytest.raises(IllegalMove):
        told.does(events.CallTaken, "09:41", by=MANAGER)
    told.until("10:15:01")
    assert told.spoken(LOCATE)[-2:] == ["10:10:01 locate breached", "10:15:01 locate called2"]


def test_a_call_by_hand_after_a_breach_that_is_none_starts_at_the_first_step() -> None:
    """A call that ended with its breach is not open: asking for help does not skip a step."""
    told = late_repair()
    told.meets(events.Paused(at=at("12:50"), by=OFFICER, reason="等待备件"))
    told.does(events.CalledUp, "13:07")
    assert told.heard(Say.CALL)[-1].to == ("project_manager",)


# ------------------------------------------------------------------ after an outage


def test_after_an_outage_one_late_breach_is_told_instead_of_a_burst() -> None:
    """Down from 09:01 to 09:40: one breach, with its real due moment, and the next call five minutes later."""
    told = contract.story().until("09:01").sleeps("09:40").until("09:40")
    assert told.spoken(RESPONSE) == ["09:40:00 response breached"]
    (breach,) = [fact for fact in told.facts if isinstance(fact, events.Breached)]
    assert (breach.due_at, breach.at) == (at("09:10"), at("09:40"))
    assert told.next(RESPONSE) == "09:45:00"
    assert told.spoken(ARRIVAL) == ["09:40:00 arrival warned1"]


def test_warnings_missed_in_an_outage_are_one_warning() -> None:
    """Between the second warning and the limit, the ladder counts both and speaks once."""
    told = contract.story().sleeps("09:09").until("09:09")
    assert told.spoken(RESPONSE) == ["09:09:00 response warned2"]
    assert told.next(RESPONSE) == "09:10:01"


def test_calls_missed_in_an_outage_are_one_call() -> None:
    """The ladder does not run after the time it slept."""
    told = contract.story().until("09:11").sleeps("11:00").until("11:00")
    assert told.spoken(RESPONSE)[-1] == "11:00:00 response called2"
    assert told.next(RESPONSE) == "11:05:00"


def test_a_report_that_was_read_late_is_late_at_once() -> None:
    """The promise starts at the message's own date: read twenty minutes later, the response is overdue."""
    told = contract.Story(terms=contract.terms()).reported("09:00").sleeps("09:20").until("09:20")
    assert told.spoken(RESPONSE) == ["09:20:00 response breached"]
