"""The record of each kind of ticket, and the reasons for which clocks may stand still."""

from collections.abc import Sequence

import pytest
from pydantic import ValidationError

from sla import events, holds, record
from sla.illegal import IllegalMove
from sla.notices import Say
from sla.terms import Kind
from sla.ticket import Stage
from tests.sla import contract
from tests.sla.contract import OFFICER, REPORTER, Story, at


def story(level: str, **fields: Sequence[str]) -> Story:
    """A ticket under a contract with this table of records, taken at 09:05."""
    told = contract.story(level, under=contract.terms(change=lambda table: table.update(record=fields)))
    told.does(events.Acknowledged, "09:05")
    return told


def test_a_question_records_itself() -> None:
    """Question, answer, who and when are known with the answer, so it closes at once."""
    told = story("consultation", consultation=["question", "answer", "answered_by", "answered_at"])
    told.does(events.Answered, "09:20", text="按右键")
    assert told.it.stage is Stage.CLOSED
    values = {line.field: line.value for line in record.lines(told.it, told.terms)}
    assert values == {
        "question": "指挥大厅视频会议中断",
        "answer": "按右键",
        "answered_by": ("engineer-1",),
        "answered_at": at("09:20"),
    }


def test_a_question_may_want_more_than_its_answer() -> None:
    """A field that only people know is asked of whoever answered, and the ticket closes with it."""
    told = story("consultation", consultation=["answer", "result"])
    told.does(events.Answered, "09:20", text="按右键")
    assert told.it.state is Stage.CLEARED
    assert [notice.say for notice in told.told if notice.to == ("handler",)] == [Say.RECORD]
    told.fills("09:25", "result")
    assert told.it.stage is Stage.CLOSED


def test_a_request_is_recorded_before_it_closes() -> None:
    """What was wanted, when it was taken and by whom is known; the result and the wanted date are typed."""
    told = story("other", other=["request", "responded_at", "owner", "due_at", "result"])
    told.does(events.Repaired, "10:00")
    told.does(events.RecoveryConfirmed, "10:05", by=REPORTER)
    assert record.missing(told.it, told.terms) == ("due_at", "result")
    told.fills("10:10", "due_at", "result")
    assert told.it.stage is Stage.CLOSED


def test_whether_a_meeting_was_interrupted_stands_in_its_record() -> None:
    """“Not interrupted” is an answer, not a gap."""
    told = contract.story(
        "meeting_guarantee",
        under=contract.terms(
            contract.CENTRE, lambda table: table["record"].update(meeting_guarantee=["request", "interrupted"])
        ),
    )
    told.does(events.Acknowledged, "09:05")
    assert "interrupted" in record.missing(told.it, told.terms)
    told.does(events.MeetingSupported, "11:00", interrupted=False)
    told.does(events.RecoveryConfirmed, "11:05", by=REPORTER)
    assert told.it.stage is Stage.CLOSED


def test_a_field_of_another_kind_is_not_taken() -> None:
    """The record of a request has no fault type."""
    told = story("other", other=["result"])
    with pytest.raises(IllegalMove):
        told.fills("09:10", "fault_type")


@pytest.mark.parametrize(
    ("table", "key"),
    [
        ({"other": ["fault_type"]}, "record.other"),
        ({"consultation": ["done_at"]}, "record.consultation"),
        ({"fault_types": ["lightning"]}, "record.fault_types"),
        ({"cause_owners": ["nobody"]}, "record.cause_owners"),
    ],
)
def test_an_unknown_field_or_answer_is_refused_with_what_may_stand_there(table: dict[str, object], key: str) -> None:
    """The refusal names the key and lists what is possible."""
    with pytest.raises(ValidationError, match="可用：") as refused:
        contract.profile(change=lambda file: file.update(record=table))
    assert key in str(refused.value)


def test_every_kind_has_its_fields() -> None:
    """No kind of ticket is without a list of what its record may hold."""
    assert set(record.OF_KIND) == set(Kind)
    assert all(set(fields) <= set(record.FIELDS) for fields in record.OF_KIND.values())


def reasons(*named: str) -> Story:
    """A fault on site, under a contract that names these reasons for a pause."""
    told = contract.story(under=contract.terms(change=lambda table: table["pauses"].update(reasons=list(named))))
    told.does(events.Acknowledged, "09:05")
    return told


@pytest.mark.parametrize(
    ("named", "reason", "taken"),
    [
        ((), "等待备件", True),
        (("carrier_fault",), "carrier_fault", True),
        (("carrier_fault",), "等待备件", False),
        (("carrier_fault",), "force_majeure", False),
        (("carrier_fault", "other"), "等待备件", True),
    ],
)
def test_a_contract_may_name_the_reasons_for_a_pause(named: tuple[str, ...], reason: str, taken: bool) -> None:
    """Named reasons are the only ones, unless own words are among them; theft and the like are never named."""
    told = reasons(*named)
    for make, by in ((events.PauseAsked, "engineer-1"), (events.Paused, OFFICER)):
        before = told.it
        if taken:
            told.does(make, "09:10", by=by, reason=reason)
        else:
            with pytest.raises(IllegalMove):
                told.does(make, "09:10", by=by, reason=reason)
            assert told.it == before


def test_causes_from_outside_are_fault_types_and_no_reasons() -> None:
    """Theft, vandalism, municipal works and relocation are repaired like anything else: no clock stands still."""
    assert not set(record.OUTSIDE_CAUSES) & set(holds.REASONS)
    assert set(record.OUTSIDE_CAUSES) < set(record.CHOICES["fault_type"])
    with pytest.raises(ValidationError, match=r"pauses\.reasons"):
        contract.profile(change=lambda table: table["pauses"].update(reasons=["theft"]))
