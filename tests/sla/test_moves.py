"""What each fact makes of a ticket, along the paths that the contract describes."""

import pytest

from sla import events, moves, promises, record
from sla.illegal import IllegalMove
from sla.terms import Clock, Kind
from sla.ticket import AskKind, HoldKind, Stage
from tests.sla import contract
from tests.sla.contract import COLLEAGUE, ENGINEER, MANAGER, OFFICER, REPORTER, TYPED, at

# ------------------------------------------------------------------ the fault path


def test_a_report_opens_a_ticket() -> None:
    """The ticket knows who reported what, when, under which terms, and its clock started with the message."""
    ticket = contract.story(when="09:00").it
    assert (ticket.id, ticket.number, ticket.contract, ticket.terms) == (
        1,
        "SGC-20260512-001",
        "shaoguan-command",
        "digest",
    )
    assert (ticket.stage, ticket.version, ticket.kind, ticket.level) == (Stage.REPORTED, 1, Kind.FAULT, "major")
    assert (ticket.reporter, ticket.text, ticket.channel) == (REPORTER, "指挥大厅视频会议中断", "chat:1")
    assert ticket.reported_at == ticket.received_at == at("09:00")
    assert ticket.is_open


def test_the_whole_way_of_a_fault() -> None:
    """Reported, taken, on the way, on site, located, repaired, tested, cleared, recorded, closed, followed up."""
    told = contract.story()
    seen = []
    for make, when, by in (
        (events.Acknowledged, "09:05", ENGINEER),
        (events.SetOut, "09:10", ENGINEER),
        (events.Arrived, "09:40", ENGINEER),
        (events.Located, "10:00", ENGINEER),
        (events.Repaired, "11:00", ENGINEER),
        (events.RecoveryConfirmed, "11:30", OFFICER),
    ):
        told.does(make, when, by=by)
        seen.append(told.it.stage)
    assert seen == [
        Stage.ACKNOWLEDGED,
        Stage.EN_ROUTE,
        Stage.ON_SITE,
        Stage.LOCATED,
        Stage.UNDER_TEST,
        Stage.CLEARED,
    ]
    told.fills("11:40", *TYPED)
    told.does(events.FollowedUp, "12:00", by=REPORTER, satisfied=True)
    ticket = told.it
    assert ticket.stage is Stage.CLOSED
    assert (ticket.acknowledged_at, ticket.arrived_at, ticket.located_at, ticket.repaired_at) == (
        at("09:05"),
        at("09:40"),
        at("10:00"),
        at("11:00"),
    )
    assert (ticket.cleared_at, ticket.cleared_by, ticket.closed_at) == (at("11:30"), OFFICER, at("11:40"))
    assert (ticket.handler, ticket.handlers, ticket.satisfied) == (ENGINEER, (ENGINEER,), True)
    assert ticket.visit_waived_at is None
    assert told.alarms == ()


def test_an_engineer_may_arrive_or_locate_without_the_steps_between() -> None:
    """Nobody has to press 出发, and a cause can be found from afar."""
    told = contract.story()
    told.does(events.Acknowledged, "09:05")
    told.does(events.Located, "09:20")
    assert (told.it.stage, told.it.located_at) == (Stage.ACKNOWLEDGED, at("09:20"))
    told.does(events.Arrived, "09:40")
    told.does(events.Repaired, "10:00")
    assert told.it.stage is Stage.UNDER_TEST


def test_a_repair_on_site_needs_the_visit() -> None:
    """Where the level has an arrival limit, 修复 asks for 到场 first; 远程解决 is the other way."""
    told = contract.story()
    told.does(events.Acknowledged, "09:05")
    with pytest.raises(IllegalMove):
        told.does(events.Repaired, "09:30")
    told.does(events.FixedRemotely, "09:30")
    assert (told.it.stage, told.it.repaired_at, told.it.visit_waived_at) == (
        Stage.UNDER_TEST,
        at("09:30"),
        at("09:30"),
    )
    assert told.it.arrived_at is None


def test_a_level_without_an_arrival_limit_needs_no_visit() -> None:
    """Under the cloud contract a repair needs nobody on site."""
    told = contract.story("normal", under=contract.terms(contract.GOV_CLOUD))
    told.does(events.Acknowledged, "09:05")
    told.does(events.Repaired, "09:30")
    assert told.it.stage is Stage.UNDER_TEST


def test_sent_back_twice() -> None:
    """Each failed test opens a new round; the first arrival stays, the repair is the last one."""
    told = contract.on_site()
    for repaired, rejected in (("10:00", "10:10"), ("10:30", "10:40")):
        told.does(events.Repaired, repaired)
        told.does(events.RecoveryRejected, rejected, by=OFFICER, reason="仍然花屏")
        assert (told.it.stage, told.it.repaired_at) == (Stage.REOPENED, None)
    assert told.it.reopened == 2
    told.does(events.SetOut, "10:45")
    told.does(events.Arrived, "10:50")
    assert told.it.arrived_at == at("09:20")
    told.does(events.Repaired, "11:00")
    told.does(events.RecoveryConfirmed, "11:10", by=OFFICER)
    assert (told.it.stage, told.it.repaired_at, told.it.reopened) == (Stage.CLEARED, at("11:00"), 2)


def test_a_failed_remote_repair_asks_for_the_visit_again() -> None:
    """After it was sent back, the fault takes another remote repair or a visit, not 修复 from home."""
    told = contract.story()
    told.does(events.Acknowledged, "09:05")
    told.does(events.FixedRemotely, "09:20")
    told.does(events.RecoveryRejected, "09:30", by=OFFICER)
    with pytest.raises(IllegalMove):
        told.does(events.Repaired, "09:40")
    told.does(events.FixedRemotely, "09:45")
    assert told.it.visit_waived_at == at("09:45")


def test_a_remote_repair_after_a_visit_keeps_the_arrival() -> None:
    """Sent back after a visit, the fault may be fixed remotely; the visit stays what it was."""
    told = contract.on_site()
    told.does(events.Repaired, "10:00")
    told.does(events.RecoveryRejected, "10:10", by=OFFICER)
    told.does(events.FixedRemotely, "10:20")
    assert (told.it.arrived_at, told.it.visit_waived_at) == (at("09:20"), None)


# ------------------------------------------------------------------ words


def test_an_edit_of_the_first_message_changes_the_text() -> None:
    """The ticket shows the corrected first wording; edits of later messages leave it."""
    told = contract.story()
    told.does(events.Amended, "09:01", by=REPORTER, text="一号会议室中断", first=True)
    told.does(events.Amended, "09:02", by=REPORTER, text="另外", first=False)
    told.does(events.Noted, "09:03", text="已联系厂家")
    assert told.it.text == "一号会议室中断"


def test_the_first_words_after_a_picture_become_the_text() -> None:
    """A report that began with a picture is named by the words that follow; later words do not replace them."""
    told = contract.Story(terms=contract.terms()).reported(text="")
    told.does(events.Supplemented, "09:01", by=REPORTER, text="二号屏花屏")
    told.does(events.Supplemented, "09:02", by=REPORTER, text="请尽快")
    assert (told.it.text, told.it.added) == ("二号屏花屏", 2)


# ------------------------------------------------------------------ handover


def test_a_handover_waits_until_somebody_takes_it() -> None:
    """The handler stays responsible until the offer is taken; the response is not measured again."""
    told = contract.story()
    told.does(events.Acknowledged, "09:05")
    told.does(events.HandedOver, "09:10", to=COLLEAGUE)
    assert (told.it.handler, told.it.offered_to) == (ENGINEER, COLLEAGUE)
    told.does(events.Acknowledged, "09:15", by=COLLEAGUE)
    assert (told.it.handler, told.it.offered_to, told.it.handlers) == (COLLEAGUE, None, (ENGINEER, COLLEAGUE))
    assert (told.it.acknowledged_at, told.it.stage) == (at("09:05"), Stage.ACKNOWLEDGED)


def test_an_offer_cannot_be_taken_by_its_giver_nor_given_to_the_handler() -> None:
    """A handover goes to somebody else."""
    told = contract.story()
    told.does(events.Acknowledged, "09:05")
    with pytest.raises(IllegalMove):
        told.does(events.HandedOver, "09:10", to=ENGINEER)
    told.does(events.HandedOver, "09:10", to=COLLEAGUE)
    with pytest.raises(IllegalMove):
        told.does(events.Acknowledged, "09:11", by=ENGINEER)


def test_a_ticket_can_be_offered_before_anybody_took_it_and_while_it_is_paused() -> None:
    """A manager may give a fresh ticket to somebody; a paused one changes hands as well."""
    told = contract.story()
    told.does(events.HandedOver, "09:02", by=MANAGER, to=COLLEAGUE)
    told.does(events.Acknowledged, "09:05", by=COLLEAGUE)
    assert (told.it.handler, told.it.offered_to, told.it.acknowledged_at) == (COLLEAGUE, None, at("09:05"))
    told.does(events.Paused, "09:10", by=OFFICER, reason="等待备件")
    told.does(events.HandedOver, "09:20", by=COLLEAGUE, to=ENGINEER)
    told.does(events.Acknowledged, "09:25", by=ENGINEER)
    assert (told.it.handler, told.it.state) == (ENGINEER, Stage.PAUSED)


def test_whoever_repairs_it_has_it() -> None:
    """A colleague may repair: the bureau's answer and the record go to that person."""
    told = contract.on_site()
    told.does(events.Repaired, "09:40", by=COLLEAGUE)
    assert (told.it.handler, told.it.handlers) == (COLLEAGUE, (ENGINEER, COLLEAGUE))


def test_a_repair_withdraws_the_offer_and_the_questions() -> None:
    """What is under test needs no other engineer and no lower level."""
    told = contract.on_site()
    told.does(events.HandedOver, "09:30", to=COLLEAGUE)
    told.does(events.ReclassificationAsked, "09:31", level="general")
    told.does(events.PauseAsked, "09:32", reason="等待备件")
    told.does(events.Repaired, "09:40")
    assert (told.it.offered_to, told.it.asks) == (None, ())


# ------------------------------------------------------------------ pauses


def test_a_pause_with_consent() -> None:
    """The engineer asks, the clocks go on, the officer agrees, the clocks stand still until it is resumed."""
    told = contract.on_site()
    told.does(events.PauseAsked, "09:30", reason="等待备件")
    ask = told.it.ask(AskKind.PAUSE)
    assert ask is not None
    assert (ask.by, ask.at, ask.version, ask.value) == (ENGINEER, at("09:30"), told.it.version, "等待备件")
    assert (told.it.state, told.due(Clock.HANDLING)) == (Stage.ON_SITE, "13:00:00")
    told.does(events.Paused, "09:40", by=OFFICER, reason="等待备件")
    assert (told.it.state, told.it.stage, told.it.asks) == (Stage.PAUSED, Stage.ON_SITE, ())
    told.does(events.Resumed, "10:10")
    assert (told.it.state, told.due(Clock.HANDLING)) == (Stage.ON_SITE, "13:30:00")


def test_a_pause_without_consent_of_the_bureau() -> None:
    """The officer says no: nothing stood still, and the engineer may ask again."""
    told = contract.on_site()
    told.does(events.PauseAsked, "09:30", reason="等待备件")
    with pytest.raises(IllegalMove):
        told.does(events.PauseAsked, "09:31", reason="等待备件")
    told.does(events.PauseRefused, "09:40", by=OFFICER)
    assert (told.it.asks, told.it.holds, told.due(Clock.HANDLING)) == ((), (), "13:00:00")
    told.does(events.PauseAsked, "09:50", reason="等待备件")
    assert told.it.ask(AskKind.PAUSE) is not None


def test_a_pause_where_no_consent_is_needed() -> None:
    """Under a contract that asks nobody, the pause begins at once."""
    told = contract.story("normal", under=contract.terms(contract.GOV_CLOUD))
    told.does(events.Acknowledged, "09:05")
    told.does(events.Paused, "09:10", reason="等待备件")
    hold = told.it.hold
    assert hold is not None
    assert (hold.kind, hold.began_at, hold.confirmed) == (HoldKind.PAUSE, at("09:10"), True)


def test_a_question_dies_with_its_ticket() -> None:
    """Nobody answers for a pause of a ticket that is void, or of a consultation that was answered."""
    for level, make, details in (
        ("major", events.Voided, {"reason": "误报"}),
        ("consultation", events.Answered, {"text": "按右键"}),
    ):
        told = contract.story(level)
        told.does(events.Acknowledged, "09:05")
        told.does(events.PauseAsked, "09:06", reason="等待备件")
        told.does(make, "09:07", **details)
        with pytest.raises(IllegalMove):
            told.does(events.PauseRefused, "09:08", by=OFFICER)


# ------------------------------------------------------------------ transmission


def test_a_declared_transmission_fault() -> None:
    """Declared, confirmed by the bureau, handed back."""
    told = contract.on_site()
    told.does(events.TransmissionDeclared, "09:30", reason="专线中断")
    assert told.it.state is Stage.TRANSFERRED
    told.does(events.TransmissionConfirmed, "09:40", by=OFFICER)
    assert told.it.state is Stage.TRANSFERRED
    with pytest.raises(IllegalMove):
        told.does(events.TransmissionRefused, "09:45", by=OFFICER)
    told.does(events.TransmissionReturned, "10:30")
    (hold,) = told.it.holds
    assert (hold.kind, hold.began_at, hold.ended_at) == (HoldKind.TRANSMISSION, at("09:30"), at("10:30"))
    assert (hold.confirmed, hold.refused, hold.reason) == (True, False, "专线中断")


def test_a_declaration_can_be_answered_after_it_was_handed_back() -> None:
    """The bureau may take its time: its answer judges the declaration, also while the repair is under test."""
    told = contract.on_site()
    told.does(events.TransmissionDeclared, "09:30", reason="专线中断")
    told.does(events.TransmissionReturned, "10:30")
    told.does(events.Repaired, "11:00")
    told.does(events.TransmissionConfirmed, "11:10", by=OFFICER)
    (hold,) = told.it.holds
    assert (hold.ended_at, hold.confirmed) == (at("10:30"), True)
    with pytest.raises(IllegalMove):
        told.does(events.TransmissionConfirmed, "11:20", by=OFFICER)


def test_a_refused_declaration_stays_on_record() -> None:
    """A refused hold is kept, ends with the answer, and another may be declared."""
    told = contract.on_site()
    told.does(events.TransmissionDeclared, "09:30", reason="专线中断")
    told.does(events.TransmissionRefused, "09:40", by=OFFICER)
    told.does(events.TransmissionDeclared, "09:50", reason="专线确实中断")
    assert [(hold.refused, hold.ended_at) for hold in told.it.holds] == [(True, at("09:40")), (False, None)]


def test_each_declaration_gets_its_own_answer() -> None:
    """Of two unanswered declarations the first is answered first."""
    told = contract.on_site()
    for began, ended in (("09:30", "09:40"), ("10:00", "10:10")):
        told.does(events.TransmissionDeclared, began, reason="专线中断")
        told.does(events.TransmissionReturned, ended)
    told.does(events.TransmissionRefused, "10:20", by=OFFICER)
    told.does(events.TransmissionConfirmed, "10:21", by=OFFICER)
    assert [(hold.refused, hold.confirmed) for hold in told.it.holds] == [(True, False), (False, True)]
    assert told.due(Clock.HANDLING) == "13:10:00"


def test_a_contract_may_know_no_transmission_faults() -> None:
    """Where the profile does not allow it, the declaration is refused."""
    told = contract.story(under=contract.terms(change=lambda table: table.update(transmission={"allowed": False})))
    told.does(events.Acknowledged, "09:05")
    with pytest.raises(IllegalMove):
        told.does(events.TransmissionDeclared, "09:30", reason="专线中断")


def test_one_hold_at_a_time() -> None:
    """A pause within a pause, or a declaration within one, is refused; and each hold has its own end."""
    told = contract.on_site()
    told.does(events.Paused, "09:30", by=OFFICER, reason="等待备件")
    for make in (events.Paused, events.PauseAsked, events.TransmissionDeclared):
        with pytest.raises(IllegalMove):
            told.does(make, "09:31", reason="再次")
    with pytest.raises(IllegalMove):
        told.does(events.TransmissionReturned, "09:32")
    told.does(events.Resumed, "09:33")
    assert told.it.hold is None


# ------------------------------------------------------------------ levels


def test_a_level_is_corrected() -> None:
    """A correction changes level and kind, and answers an open question about it."""
    told = contract.story()
    told.does(events.ReclassificationAsked, "09:02", level="general")
    ask = told.it.ask(AskKind.LOWER_LEVEL)
    assert ask is not None
    assert (ask.by, ask.value, ask.version) == (ENGINEER, "general", told.it.version)
    told.does(events.Reclassified, "09:03", by=OFFICER, level="general")
    assert (told.it.level, told.it.kind, told.it.asks) == ("general", Kind.FAULT, ())
    told.does(events.Reclassified, "09:04", by=OFFICER, level="consultation")
    assert told.it.kind is Kind.CONSULTATION


def test_the_bureau_may_keep_the_level() -> None:
    """A refused question leaves the level, and can be asked again."""
    told = contract.story()
    told.does(events.ReclassificationAsked, "09:02", level="general")
    told.does(events.ReclassificationRefused, "09:03", by=OFFICER)
    assert (told.it.level, told.it.asks) == ("major", ())
    told.does(events.ReclassificationAsked, "09:04", level="general")
    told.does(events.ReclassificationAsked, "09:05", level="other")
    assert [ask.value for ask in told.it.asks] == ["other"]


@pytest.mark.parametrize("level", ["major", "disaster"])
def test_a_correction_goes_to_another_level_of_the_contract(level: str) -> None:
    """Neither the present level nor an unknown one is a correction."""
    told = contract.story()
    with pytest.raises(IllegalMove):
        told.does(events.Reclassified, "09:01", level=level)
    with pytest.raises(IllegalMove):
        told.does(events.ReclassificationAsked, "09:01", level=level)


def test_only_lowering_is_asked_for() -> None:
    """Raising needs no consent, so it is never a question."""
    told = contract.story("general")
    with pytest.raises(IllegalMove):
        told.does(events.ReclassificationAsked, "09:01", level="major")


def test_under_test_a_fault_stays_a_fault() -> None:
    """While the bureau tests, the level may be corrected within its kind only."""
    told = contract.on_site()
    told.does(events.Repaired, "10:00")
    with pytest.raises(IllegalMove):
        told.does(events.Reclassified, "10:01", by=OFFICER, level="consultation")
    told.does(events.Reclassified, "10:01", by=OFFICER, level="general")
    assert (told.it.level, told.it.stage) == ("general", Stage.UNDER_TEST)


# ------------------------------------------------------------------ two reports


def test_a_report_merged_into_another_ends() -> None:
    """The later report becomes void and names the ticket that goes on."""
    told = contract.story()
    told.does(events.Merged, "09:05", by=OFFICER, into="SGC-20260512-000")
    assert (told.it.stage, told.it.merged_into, told.it.closed_at) == (Stage.VOID, "SGC-20260512-000", at("09:05"))
    assert told.alarms == ()


@pytest.mark.parametrize(("level", "holds"), [("major", "major"), ("general", "general"), ("other", "general")])
def test_a_ticket_that_absorbs_another_takes_the_graver_level(level: str, holds: str) -> None:
    """Of two reports of one fault the graver level holds, counted from the first report."""
    told = contract.story("general")
    told.does(events.Absorbed, "09:05", number="SGC-20260512-002", text="同一故障", level=level)
    assert (told.it.level, told.it.kind, told.it.absorbed) == (holds, Kind.FAULT, ("SGC-20260512-002",))
    assert told.due(Clock.HANDLING) == ("13:00:00" if holds == "major" else "17:00:00")


@pytest.mark.parametrize("kept", ["general", "other"])
def test_under_test_an_absorbed_report_changes_no_level(kept: str) -> None:
    """What the bureau tests now stays what it is, however grave the report that joins it: level, kind and clocks."""
    told = contract.story(kept)
    told.does(events.Acknowledged, "09:05")
    told.does(events.Arrived, "09:20")
    told.does(events.Repaired, "11:00")
    promised = promises.promises(told.it, told.terms)
    told.does(events.Absorbed, "11:05", number="SGC-20260512-002", text="同一故障", level="major")
    assert (told.it.level, told.it.kind) == (kept, told.terms.levels[kept].kind)
    assert (told.it.absorbed, told.it.stage) == (("SGC-20260512-002",), Stage.UNDER_TEST)
    assert promises.promises(told.it, told.terms) == promised
    assert told.alarms == ()


def test_a_mistaken_report_is_void() -> None:
    """Void is an end, whatever hold was open."""
    told = contract.on_site()
    told.does(events.Paused, "09:30", by=OFFICER, reason="等待备件")
    told.does(events.Voided, "09:40", by=OFFICER, reason="误报")
    assert (told.it.state, told.it.closed_at, told.it.is_open) == (Stage.VOID, at("09:40"), False)
    assert told.alarms == ()


@pytest.mark.parametrize(
    ("make", "end"),
    [(events.Paused, events.Resumed), (events.TransmissionDeclared, events.TransmissionReturned)],
)
def test_a_hold_ends_with_its_ticket(make: type[events.Deed], end: type[events.Deed]) -> None:
    """Nobody resumes or hands back a ticket that is void."""
    told = contract.on_site()
    told.meets(contract.example(make, told.now))
    told.does(events.Voided, "09:40", by=OFFICER, reason="误报")
    with pytest.raises(IllegalMove):
        told.meets(contract.example(end, told.now))


# ------------------------------------------------------------------ consultations and requests


def test_a_consultation_is_answered() -> None:
    """The answer is response and end; whoever gave it is the handler."""
    told = contract.story("consultation")
    told.does(events.Answered, "09:05", text="按右键")
    ticket = told.it
    assert (ticket.stage, ticket.acknowledged_at, ticket.answered_at, ticket.closed_at) == (
        Stage.CLOSED,
        at("09:05"),
        at("09:05"),
        at("09:05"),
    )
    assert (ticket.handler, ticket.handlers, ticket.record) == (ENGINEER, (ENGINEER,), {"answer": "按右键"})
    assert told.alarms == ()


def test_a_consultation_can_be_taken_before_it_is_answered() -> None:
    """The acknowledgement stays the response."""
    told = contract.story("consultation")
    told.does(events.Acknowledged, "09:05")
    told.does(events.Answered, "09:30", by=COLLEAGUE, text="按右键")
    assert told.it.acknowledged_at == at("09:05")
    assert (told.it.handler, told.it.handlers) == (COLLEAGUE, (ENGINEER, COLLEAGUE))


@pytest.mark.parametrize("make", [events.SetOut, events.Arrived, events.FixedRemotely, events.Located, events.Repaired])
def test_a_consultation_is_not_repaired(make: type[events.Deed]) -> None:
    """Nobody drives out for a question; it is answered."""
    told = contract.story("consultation")
    told.does(events.Acknowledged, "09:05")
    with pytest.raises(IllegalMove):
        told.meets(contract.example(make, at("09:10")))


def test_another_request_is_done_tested_and_closed_without_a_record() -> None:
    """A request has no fault record: the bureau's word closes it."""
    told = contract.story("other")
    told.does(events.Acknowledged, "09:05")
    told.does(events.Repaired, "10:00")
    told.does(events.RecoveryConfirmed, "10:10", by=OFFICER)
    assert (told.it.stage, told.it.closed_at) == (Stage.CLOSED, at("10:10"))


@pytest.mark.parametrize("make", [events.FixedRemotely, events.Located, events.Answered, events.RecordFilled])
def test_another_request_has_no_fault(make: type[events.Deed]) -> None:
    """Neither a cause nor a remote repair nor a fault record belongs to a request."""
    told = contract.story("other")
    told.does(events.Acknowledged, "09:05")
    with pytest.raises(IllegalMove):
        told.meets(contract.example(make, at("09:10")))


# ------------------------------------------------------------------ the record


def cleared() -> contract.Story:
    """A major fault that the bureau has signed off, its record still empty."""
    told = contract.on_site()
    told.does(events.Repaired, "10:00")
    told.does(events.RecoveryConfirmed, "10:10", by=OFFICER)
    return told


def test_the_ticket_itself_knows_four_fields_of_the_record() -> None:
    """Phenomenon, both times and the handlers need no typing; five fields do."""
    told = cleared()
    known = {line.field: line.value for line in record.lines(told.it, told.terms) if line.value}
    assert known == {
        "phenomenon": "指挥大厅视频会议中断",
        "fault_started_at": at("09:00"),
        "repaired_at": at("10:00"),
        "handlers": (ENGINEER,),
    }
    assert record.missing(told.it, told.terms) == TYPED


def test_the_last_field_closes_the_ticket() -> None:
    """Field by field, the ticket stays cleared until its record is complete."""
    told = cleared()
    for minute, name in enumerate(TYPED):
        assert told.it.stage is Stage.CLEARED
        told.fills(f"10:{20 + minute}", name)
    assert (told.it.stage, told.it.closed_at) == (Stage.CLOSED, at("10:24"))
    assert dict(told.it.record) == dict.fromkeys(TYPED, "已填写")


def test_a_record_filled_before_the_test_closes_with_it() -> None:
    """An engineer who writes while working has nothing left to do afterwards."""
    told = contract.on_site()
    told.fills("09:40", *TYPED)
    told.does(events.Repaired, "10:00")
    told.does(events.RecoveryConfirmed, "10:10", by=OFFICER)
    assert (told.it.stage, told.it.closed_at) == (Stage.CLOSED, at("10:10"))


def test_an_emptied_field_is_missing_again() -> None:
    """A field corrected to nothing keeps the ticket from closing."""
    told = cleared()
    told.fills("10:20", *TYPED[:-1])
    told.does(events.RecordFilled, "10:21", field=TYPED[0], value="")
    told.fills("10:22", TYPED[-1])
    assert record.missing(told.it, told.terms) == (TYPED[0],)
    assert told.it.stage is Stage.CLEARED


def test_typed_words_win_over_what_the_ticket_knows() -> None:
    """The phenomenon can be put better than the reporter put it."""
    told = cleared()
    told.does(events.RecordFilled, "10:20", field="phenomenon", value="主会场画面中断")
    assert record.lines(told.it, told.terms)[0].value == "主会场画面中断"


def test_the_start_of_the_fault_can_be_typed() -> None:
    """A fault may have begun before its report: the typed start wins; emptied, the report's own time is back."""
    told = cleared()
    told.does(events.RecordFilled, "10:20", field="fault_started_at", value="2026-05-12 08:40")
    known = {line.field: line.value for line in record.lines(told.it, told.terms)}
    assert known["fault_started_at"] == "2026-05-12 08:40"
    assert told.it.reported_at == at("09:00")
    told.does(events.RecordFilled, "10:21", field="fault_started_at", value="")
    known = {line.field: line.value for line in record.lines(told.it, told.terms)}
    assert known["fault_started_at"] == at("09:00")


@pytest.mark.parametrize("field", ["repaired_at", "handlers", "answer", "unknown"])
def test_what_the_ledger_knows_is_not_typed(field: str) -> None:
    """The repair and those who handled it are facts of the ledger; a field that no record has is refused as well."""
    told = cleared()
    before = told.it
    with pytest.raises(IllegalMove):
        told.does(events.RecordFilled, "10:20", field=field, value="已填写")
    assert told.it == before


def test_every_field_is_typed_or_known() -> None:
    """Each field of a fault's record can be typed, except the two that only the ledger knows."""
    typed = record.TYPED.intersection(record.FAULT_FIELDS)
    assert set(record.FAULT_FIELDS) - typed == {"repaired_at", "handlers"}
    told = cleared()
    for field in sorted(typed - set(TYPED)):
        told.fills("10:20", field)
    told.fills("10:21", *TYPED)
    assert dict(told.it.record) == dict.fromkeys(typed, "已填写")
    assert told.it.stage is Stage.CLOSED


def test_the_contract_chooses_the_fields() -> None:
    """A contract that wants one field closes with that one, and takes no other."""
    told = contract.story(under=contract.terms(change=lambda table: table.update(record={"fault": ["fault_type"]})))
    told.does(events.Acknowledged, "09:05")
    with pytest.raises(IllegalMove):
        told.does(events.RecordFilled, "09:06", field="cause_analysis", value="老化")
    told.fills("09:06", "fault_type")
    told.does(events.FixedRemotely, "09:10")
    told.does(events.RecoveryConfirmed, "09:20", by=OFFICER)
    assert told.it.stage is Stage.CLOSED


@pytest.mark.parametrize("satisfied", [True, False])
def test_the_follow_up_is_asked_once(satisfied: bool) -> None:
    """The reporter's verdict stands."""
    told = cleared()
    told.fills("10:20", *TYPED)
    told.does(events.FollowedUp, "10:30", by=REPORTER, satisfied=satisfied)
    with pytest.raises(IllegalMove):
        told.does(events.FollowedUp, "10:31", by=REPORTER, satisfied=not satisfied)
    assert told.it.satisfied is satisfied


# ------------------------------------------------------------------ old buttons


def test_a_button_of_the_same_round_is_good() -> None:
    """Words and warnings in between do not make a button old."""
    told = contract.story()
    drawn = told.it.version
    told.does(events.Noted, "09:01", text="收到")
    told.until("09:06")
    assert not moves.is_stale(told.it, drawn)


def test_a_button_of_an_earlier_round_is_stale() -> None:
    """A repair and a failed test each begin a new round: a button drawn before means something else now."""
    told = contract.on_site()
    working = told.it.version
    told.does(events.Repaired, "10:00")
    testing = told.it.version
    assert moves.is_stale(told.it, working)
    assert not moves.is_stale(told.it, testing)
    told.does(events.RecoveryRejected, "10:10", by=OFFICER)
    assert moves.is_stale(told.it, testing)
    assert not moves.is_stale(told.it, told.it.version)


def test_an_answer_belongs_to_its_question() -> None:
    """The button of a question that was refused does not answer the next one."""
    told = contract.on_site()
    told.does(events.PauseAsked, "09:30", reason="等待备件")
    first = told.it.version
    assert not moves.is_stale(told.it, first, AskKind.PAUSE)
    assert moves.is_stale(told.it, first - 1, AskKind.PAUSE)
    told.does(events.PauseRefused, "09:31", by=OFFICER)
    told.does(events.PauseAsked, "09:32", reason="等待备件，确实")
    assert moves.is_stale(told.it, first, AskKind.PAUSE)
    assert not moves.is_stale(told.it, told.it.version, AskKind.PAUSE)


def test_without_an_open_question_the_round_decides() -> None:
    """A button of a question that is gone is judged like any other; the move itself is then refused."""
    told = contract.on_site()
    assert not moves.is_stale(told.it, told.it.version, AskKind.PAUSE)
    assert moves.is_stale(told.it, 0, AskKind.PAUSE)
