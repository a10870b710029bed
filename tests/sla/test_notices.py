"""Who is told what after each fact: roles and facts, neither people nor wording."""

from collections.abc import Callable
from typing import Any

import pytest

from sla import events
from sla.notices import HANDLER, REPORTER, Notice, Say
from sla.terms import Clock
from tests.sla import contract
from tests.sla.contract import COLLEAGUE, ENGINEER, MANAGER, OFFICER, TYPED, Story, at

PAGE = ("on_duty:engineer", "technical_lead")
LEAD, CHIEF, BOSS = "technical_lead", "project_manager", "supervising_officer"
CONTACTS = (CHIEF, "service_manager", LEAD)
BUREAU = (REPORTER, BOSS)
ENGAGED = f"person:{ENGINEER}"


def said(notices: tuple[Notice, ...]) -> list[tuple[Say, tuple[str, ...], bool]]:
    """The notices as what, to whom, and whether it is urgent."""
    return [(notice.say, notice.to, notice.urgent) for notice in notices]


def fresh() -> Story:
    """Nobody has taken it yet."""
    return contract.story()


def working() -> Story:
    """On site since 09:20."""
    return contract.on_site()


def uncovered() -> Story:
    """On site when the bureau judges that the contract does not cover it."""
    told = contract.on_site()
    told.does(events.CoverJudged, "09:25", by=contract.OFFICER, covered=False)
    return told


def general() -> Story:
    """A general fault on its way."""
    told = contract.story("general")
    told.does(events.Acknowledged, "09:05")
    return told


def question() -> Story:
    """A consultation."""
    return contract.story("consultation")


def under_test() -> Story:
    """Repaired, the bureau has to test."""
    told = contract.on_site()
    told.does(events.Repaired, "09:28")
    return told


def general_under_test() -> Story:
    """A general fault, repaired remotely."""
    told = general()
    told.does(events.FixedRemotely, "09:28")
    return told


def recorded() -> Story:
    """Repaired, the record already complete."""
    told = contract.on_site().fills("09:25", *TYPED)
    told.does(events.Repaired, "09:28")
    return told


def writing() -> Story:
    """Cleared, one field of the record is missing."""
    told = contract.on_site().fills("09:25", *TYPED[1:])
    told.does(events.Repaired, "09:28")
    told.does(events.RecoveryConfirmed, "09:29", by=OFFICER)
    return told


def closed() -> Story:
    """All done."""
    told = recorded()
    told.does(events.RecoveryConfirmed, "09:29", by=OFFICER)
    return told


def offered() -> Story:
    """Offered to a colleague."""
    told = contract.on_site()
    told.does(events.HandedOver, "09:25", to=COLLEAGUE)
    return told


def offered_fresh() -> Story:
    """Given to a colleague before anybody took it."""
    told = contract.story()
    told.does(events.HandedOver, "09:02", by=MANAGER, to=COLLEAGUE)
    return told


def cloud() -> Story:
    """Taken under a contract that counts the arrival from the client's notice."""
    told = contract.story("normal", under=contract.terms(contract.CLOUD))
    told.does(events.Acknowledged, "09:12")
    return told


def cloud_fresh() -> Story:
    """The same, but nobody has taken it yet."""
    return contract.story("normal", under=contract.terms(contract.CLOUD))


def meeting() -> Story:
    """A meeting that somebody looks after."""
    told = contract.story("meeting_guarantee", under=contract.terms(contract.CENTRE))
    told.does(events.Acknowledged, "09:12")
    return told


def reporting() -> Story:
    """A major fault of which the bureau wants reports every half an hour, and one at the end."""
    reports = {"every": "30m", "final": True}
    told = contract.story(under=contract.terms(change=lambda table: table.update(reports={"major": reports})))
    told.does(events.Acknowledged, "09:05")
    return told


def asked_lower() -> Story:
    """The lead asks for a lower level before anybody took the ticket."""
    told = contract.story()
    told.does(events.ReclassificationAsked, "09:01", by="lead-1", level="general")
    return told


def asked_pause() -> Story:
    """The engineer asks for a pause."""
    told = contract.on_site()
    told.does(events.PauseAsked, "09:25", reason="等待备件")
    return told


def paused() -> Story:
    """Paused with consent."""
    told = contract.on_site()
    told.does(events.Paused, "09:25", by=OFFICER, reason="等待备件")
    return told


def declared() -> Story:
    """Declared as a transmission fault."""
    told = contract.on_site()
    told.does(events.TransmissionDeclared, "09:25", reason="专线中断")
    return told


def late() -> Story:
    """Nobody has answered in time; the manager is called, for the second time."""
    return contract.story().until("09:16")


def late_arrival() -> Story:
    """Taken in time, but nobody arrived; the manager is called."""
    told = contract.story()
    told.does(events.Acknowledged, "09:05")
    return told.until("10:01")


def helped() -> Story:
    """The engineer on site has called for help."""
    told = contract.on_site()
    told.does(events.CalledUp, "09:25")
    return told


def late_repair() -> Story:
    """On site, but not repaired in time; the manager is called."""
    return contract.on_site().until("13:01")


def late_location() -> Story:
    """Nothing limits the response, nobody took it, and the cause was not found in time."""
    under = contract.terms(contract.GOV_CLOUD, lambda table: table["levels"]["normal"].pop("response"))
    return contract.story("normal", under=under).until("09:31")


def late_answer() -> Story:
    """A consultation that nobody has answered in time; the manager is called."""
    return contract.story("consultation").until("09:11")


def helped_question() -> Story:
    """Help was called for with a consultation."""
    told = contract.story("consultation")
    told.does(events.CalledUp, "09:01", by=MANAGER)
    return told


Expected = list[tuple[Say, tuple[str, ...], bool]]
WHO_IS_TOLD: list[tuple[Callable[[], Story], type[events.Deed], dict[str, Any], Expected]] = [
    (fresh, events.Supplemented, {}, [(Say.SUPPLEMENT, PAGE, False)]),
    (working, events.Supplemented, {}, [(Say.SUPPLEMENT, (ENGAGED,), False)]),
    (offered, events.Supplemented, {}, [(Say.SUPPLEMENT, (ENGAGED, f"person:{COLLEAGUE}"), False)]),
    (offered_fresh, events.Supplemented, {}, [(Say.SUPPLEMENT, (*PAGE, f"person:{COLLEAGUE}"), False)]),
    (general, events.Supplemented, {"level": "major"}, [(Say.GRAVER_WORDS, (ENGAGED,), True)]),
    (general, events.Supplemented, {"level": "general"}, [(Say.SUPPLEMENT, (ENGAGED,), False)]),
    (general, events.Supplemented, {"level": "unknown"}, [(Say.SUPPLEMENT, (ENGAGED,), False)]),
    (working, events.Amended, {}, [(Say.SUPPLEMENT, (ENGAGED,), False)]),
    (general, events.Amended, {"level": "major"}, [(Say.GRAVER_WORDS, (ENGAGED,), True)]),
    (general, events.Amended, {"level": "general"}, [(Say.SUPPLEMENT, (ENGAGED,), False)]),
    (working, events.Amended, {"level": "general"}, [(Say.SUPPLEMENT, (ENGAGED,), False)]),
    (working, events.Noted, {}, [(Say.NOTE, (REPORTER,), False)]),
    (reporting, events.Noted, {}, [(Say.NOTE, (REPORTER, BOSS), False)]),
    (reporting, events.Prompted, {}, [(Say.PROGRESS_DUE, (HANDLER,), True)]),
    (cloud, events.OnSiteRequested, {"by": OFFICER}, [(Say.ONSITE, (ENGAGED, "on_duty:engineer"), True)]),
    (cloud_fresh, events.OnSiteRequested, {"by": OFFICER}, [(Say.ONSITE, ("on_duty:engineer",), True)]),
    (general, events.VisitWaived, {"by": OFFICER}, [(Say.VISIT_WAIVED, (REPORTER, ENGAGED), False)]),
    (meeting, events.MeetingSupported, {}, [(Say.TEST, BUREAU, True)]),
    (fresh, events.Acknowledged, {}, [(Say.TAKEN, (REPORTER,), False)]),
    (late, events.Acknowledged, {}, [(Say.TAKEN, (REPORTER,), False), (Say.CALL_ENDED, (CHIEF,), False)]),
    (
        offered,
        events.Acknowledged,
        {"by": COLLEAGUE},
        [(Say.TAKEN, (REPORTER,), False), (Say.TAKEN, (ENGAGED,), False)],
    ),
    (general, events.SetOut, {}, []),
    (general, events.Arrived, {}, [(Say.ARRIVED, (REPORTER,), False)]),
    (general, events.FixedRemotely, {}, [(Say.TEST, BUREAU, True)]),
    (working, events.Located, {}, []),
    (working, events.Repaired, {}, [(Say.TEST, BUREAU, True)]),
    (under_test, events.RecoveryConfirmed, {}, [(Say.RECORD, (HANDLER,), False)]),
    (recorded, events.RecoveryConfirmed, {}, [(Say.FOLLOW_UP, (REPORTER,), False)]),
    (under_test, events.RecoveryRejected, {"reason": "仍然花屏"}, [(Say.SENT_BACK, (HANDLER,), True)]),
    (working, events.Reclassified, {}, [(Say.LOWERED, (ENGAGED,), False)]),
    (
        general,
        events.Reclassified,
        {"level": "major"},
        [(Say.RAISED, (ENGAGED, *PAGE), True), (Say.REPORT_AT_ONCE, (BOSS,), True)],
    ),
    (question, events.Reclassified, {"level": "general"}, [(Say.RAISED, PAGE, True)]),
    (working, events.ReclassificationAsked, {}, [(Say.ASK_LOWER, BUREAU, True)]),
    (asked_lower, events.ReclassificationRefused, {}, [(Say.LOWER_REFUSED, (HANDLER, "person:lead-1"), False)]),
    (working, events.PauseAsked, {}, [(Say.ASK_PAUSE, (BOSS,), True)]),
    (asked_pause, events.PauseRefused, {}, [(Say.PAUSE_REFUSED, (HANDLER, ENGAGED), True)]),
    (working, events.Paused, {}, [(Say.PAUSED, (*BUREAU, HANDLER), False)]),
    (paused, events.Resumed, {}, [(Say.RESUMED, (*BUREAU, HANDLER), False)]),
    (working, events.TransmissionDeclared, {}, [(Say.ASK_TRANSMISSION, BUREAU, True)]),
    (declared, events.TransmissionConfirmed, {}, [(Say.TRANSMISSION_CONFIRMED, (HANDLER,), False)]),
    (declared, events.TransmissionRefused, {}, [(Say.TRANSMISSION_REFUSED, (HANDLER, *CONTACTS), True)]),
    (declared, events.TransmissionReturned, {}, [(Say.TRANSMISSION_RETURNED, (*BUREAU, HANDLER), True)]),
    (working, events.HandedOver, {}, [(Say.OFFERED, (f"person:{COLLEAGUE}",), True)]),
    (working, events.CalledUp, {}, [(Say.CALL, (CHIEF,), True)]),
    (late, events.CalledUp, {}, [(Say.CALL, (CHIEF, BOSS), True)]),
    (late, events.CallTaken, {"by": MANAGER}, [(Say.CALL_TAKEN, PAGE, False), (Say.CALL_ENDED, (CHIEF,), False)]),
    (
        late_arrival,
        events.CallTaken,
        {"by": MANAGER},
        [(Say.CALL_TAKEN, (ENGAGED,), False), (Say.CALL_ENDED, (CHIEF,), False)],
    ),
    (working, events.Merged, {}, [(Say.MERGED, (REPORTER, "person:engineer-1"), False)]),
    (working, events.Absorbed, {}, [(Say.SUPPLEMENT, (ENGAGED,), False)]),
    (
        general,
        events.Absorbed,
        {"level": "major"},
        [(Say.RAISED, (ENGAGED, *PAGE), True), (Say.REPORT_AT_ONCE, (BOSS,), True)],
    ),
    (general_under_test, events.Absorbed, {"level": "major"}, [(Say.SUPPLEMENT, (ENGAGED,), False)]),
    (fresh, events.Voided, {}, [(Say.VOIDED, (REPORTER, *PAGE), False)]),
    (working, events.Voided, {}, [(Say.VOIDED, (REPORTER, ENGAGED), False)]),
    (question, events.Answered, {}, [(Say.ANSWER, (REPORTER,), False), (Say.FOLLOW_UP, (REPORTER,), False)]),
    (working, events.RecordFilled, {}, []),
    (writing, events.RecordFilled, {}, [(Say.FOLLOW_UP, (REPORTER,), False)]),
    (closed, events.FollowedUp, {}, []),
    (closed, events.FollowedUp, {"satisfied": False}, [(Say.DISSATISFIED, CONTACTS, False)]),
    (closed, events.Supplemented, {}, [(Say.SUPPLEMENT, (ENGAGED,), False)]),
    (working, events.DeviceChosen, {}, []),
    (fresh, events.CoverJudged, {}, [(Say.NOT_COVERED, (REPORTER, *PAGE), False)]),
    (working, events.CoverJudged, {"covered": True}, []),
    (uncovered, events.CoverJudged, {"covered": True}, [(Say.COVERED_AGAIN, (ENGAGED, REPORTER), True)]),
    (
        late,
        events.CoverJudged,
        {},
        [(Say.NOT_COVERED, (REPORTER, *PAGE), False), (Say.CALL_ENDED, (CHIEF,), False)],
    ),
    (fresh, events.Suggested, {}, []),
    (working, events.Suggested, {"level": "major"}, []),
    (fresh, events.Warned, {}, [(Say.WARNING, PAGE, True)]),
    (working, events.Warned, {}, [(Say.WARNING, (ENGAGED,), True)]),
    (fresh, events.Breached, {}, [(Say.CALL, (CHIEF,), True), (Say.BREACH, PAGE, True)]),
    (working, events.Breached, {}, [(Say.CALL, (CHIEF,), True), (Say.BREACH, (ENGAGED,), True)]),
    (working, events.CalledAgain, {"count": 3}, [(Say.CALL_AGAIN, (CHIEF,), True)]),
    (working, events.CalledAgain, {"count": 4}, [(Say.CALL_AGAIN, (CHIEF, BOSS), True)]),
]


def _name(value: object) -> str:
    return value.__name__ if callable(value) and hasattr(value, "__name__") else ""


@pytest.mark.parametrize(("before", "fact", "details", "expected"), WHO_IS_TOLD, ids=_name)
def test_who_is_told(
    before: Callable[[], Story], fact: type[events.Deed], details: dict[str, Any], expected: Expected
) -> None:
    """Each fact tells these roles this, urgently or not."""
    told = before()
    happening = contract.example(fact, told.now, **{"by": ENGINEER, **details})
    assert said(told.meets(happening).notices) == expected


def test_every_fact_is_in_the_table() -> None:
    """Nothing that can happen was forgotten; the report has tests of its own."""
    assert {fact for _, fact, _, _ in WHO_IS_TOLD} | {events.Reported} == set(events.FACTS)


def test_a_major_fault_pages_and_is_reported_to_the_bureau_at_once() -> None:
    """The engineers on duty are paged, the supervising officer hears of it in the same moment."""
    assert said(tuple(contract.story().told)) == [(Say.PAGE, PAGE, True), (Say.REPORT_AT_ONCE, (BOSS,), True)]


@pytest.mark.parametrize("level", ["general", "consultation", "other"])
def test_a_milder_report_pages_only(level: str) -> None:
    """Where the level says nothing of the bureau, only those on duty are paged."""
    assert said(tuple(contract.story(level).told)) == [(Say.PAGE, PAGE, True)]


def test_a_warning_says_which_clock_and_until_when() -> None:
    """The notice carries clock, due moment and number."""
    told = contract.story().until("09:05")
    (warning,) = told.heard(Say.WARNING)
    assert (warning.clock, warning.due_at, warning.count) == (Clock.RESPONSE, at("09:10"), 1)


def test_a_call_says_which_promise_was_missed() -> None:
    """Call, repeated call and the word to those bound carry clock and due moment."""
    told = contract.story().until("09:16")
    notices = [*told.heard(Say.CALL), *told.heard(Say.BREACH), *told.heard(Say.CALL_AGAIN)]
    assert [(notice.clock, notice.due_at) for notice in notices] == [(Clock.RESPONSE, at("09:10"))] * 3
    assert told.heard(Say.CALL_AGAIN)[0].count == 2


def test_taking_a_call_tells_everybody_that_it_reached() -> None:
    """After the next step was called too, both steps hear once that it is over, and those bound that it is taken."""
    told = contract.story().until("09:26")
    outcome = told.does(events.CallTaken, "09:27", by=MANAGER)
    assert said(outcome.notices) == [(Say.CALL_TAKEN, PAGE, False), (Say.CALL_ENDED, (CHIEF, BOSS), False)]
    assert [notice.words for notice in outcome.notices] == [{"by": MANAGER}] * 2


ENDS_A_CALL: list[tuple[Callable[[], Story], type[events.Deed], dict[str, Any]]] = [
    (late, events.Acknowledged, {}),
    (late, events.CallTaken, {"by": MANAGER}),
    (late, events.Voided, {}),
    (late, events.Merged, {}),
    (late_answer, events.Answered, {}),
    (late_arrival, events.Arrived, {}),
    (late_arrival, events.FixedRemotely, {}),
    (late_arrival, events.Reclassified, {"by": OFFICER}),
    (late_repair, events.Repaired, {}),
    (late_repair, events.Paused, {"when": at("12:50"), "by": OFFICER}),
    (late_repair, events.TransmissionDeclared, {"when": at("12:50")}),
    (late_location, events.Acknowledged, {}),
    (helped, events.Repaired, {}),
    (helped, events.CallTaken, {"by": MANAGER}),
    (helped, events.Voided, {}),
    (helped_question, events.Acknowledged, {}),
    (helped_question, events.Answered, {}),
]


@pytest.mark.parametrize(("before", "fact", "details"), ENDS_A_CALL, ids=_name)
def test_whatever_ends_a_call_is_told_to_those_called(
    before: Callable[[], Story], fact: type[events.Deed], details: dict[str, Any]
) -> None:
    """Taken, fulfilled, excused or without object: whoever was called hears who ended it, without urgency."""
    told = before()
    happening = contract.example(fact, **{"when": told.now, "by": ENGINEER, **details})
    *_, last = told.meets(happening).notices
    assert (last.say, last.to, last.urgent, last.words) == (Say.CALL_ENDED, (CHIEF,), False, {"by": happening.by})
    assert len(told.heard(Say.CALL_ENDED)) == 1


@pytest.mark.parametrize(
    ("before", "fact"),
    [
        (late, events.Supplemented),
        (late, events.HandedOver),
        (late, events.CalledUp),
        (late_arrival, events.SetOut),
        (late_arrival, events.Located),
        (late_arrival, events.Paused),
        (late_repair, events.Located),
        (late_repair, events.Paused),
        (helped, events.Located),
        (helped, events.Reclassified),
    ],
    ids=_name,
)
def test_a_call_that_goes_on_is_not_said_to_be_over(before: Callable[[], Story], fact: type[events.Deed]) -> None:
    """Facts that leave the promise owed, a pause after the breach among them, end no call."""
    told = before()
    told.meets(contract.example(fact, told.now))
    assert told.heard(Say.CALL_ENDED) == []


def test_only_the_call_that_ended_is_over() -> None:
    """Response and arrival are called for: taking the ticket ends the first, arriving the second."""
    told = contract.story().until("10:01")
    told.does(events.Acknowledged, "10:02")
    assert [notice.to for notice in told.heard(Say.CALL_ENDED)] == [(CHIEF, BOSS)]
    told.does(events.Arrived, "10:03")
    assert [notice.to for notice in told.heard(Say.CALL_ENDED)] == [(CHIEF, BOSS), (CHIEF,)]


@pytest.mark.parametrize("fact", [events.Noted, events.Supplemented, events.Amended, events.FollowedUp])
def test_a_call_is_over_once(fact: type[events.Deed]) -> None:
    """The answer ended the call for help; nothing that happens to the closed ticket says so again."""
    told = helped_question()
    told.does(events.Answered, "09:05", text="按右键")
    told.meets(contract.example(fact, told.now))
    assert len(told.heard(Say.CALL_ENDED)) == 1


def test_nobody_called_hears_nothing_of_an_end() -> None:
    """A fault that was handled in time ends without a word to those above."""
    told = recorded()
    told.does(events.RecoveryConfirmed, "09:29", by=OFFICER)
    assert told.heard(Say.CALL_ENDED) == []


@pytest.mark.parametrize(
    ("before", "fact", "words"),
    [
        (working, events.Noted, {"text": "备件在路上", "by": ENGINEER}),
        (working, events.PauseAsked, {"text": "等待备件", "by": ENGINEER}),
        (working, events.Reclassified, {"from": "major", "to": "general"}),
        (working, events.ReclassificationAsked, {"to": "general", "by": ENGINEER}),
        (working, events.Absorbed, {"text": "同一故障", "by": ENGINEER}),
        (working, events.Voided, {"text": "误报", "by": ENGINEER}),
        (working, events.Merged, {"into": "SGC-20260512-000"}),
        (question, events.Answered, {"text": "按右键", "by": ENGINEER}),
        (declared, events.TransmissionRefused, {"by": ENGINEER}),
    ],
    ids=_name,
)
def test_a_notice_carries_what_was_said(
    before: Callable[[], Story], fact: type[events.Deed], words: dict[str, str]
) -> None:
    """Words and names of the fact travel with the notice; the sentence around them does not."""
    told = before()
    assert told.meets(contract.example(fact, told.now)).notices[0].words == words


def test_all_who_took_part_are_bound_by_the_clocks() -> None:
    """After a handover the former handler still hears the warnings, and the colleague as well."""
    told = offered()
    told.does(events.Acknowledged, "09:26", by=COLLEAGUE)
    told.until("11:00")
    assert told.heard(Say.WARNING)[-1].to == (ENGAGED, f"person:{COLLEAGUE}")


def test_nobody_is_asked_where_no_consent_is_needed() -> None:
    """A contract without consenting roles has nobody to ask."""
    told = contract.story("normal", under=contract.terms(contract.GOV_CLOUD))
    told.does(events.Acknowledged, "09:05")
    outcome = told.does(events.PauseAsked, "09:06", reason="等待备件")
    assert said(outcome.notices) == [(Say.ASK_PAUSE, (), True)]
