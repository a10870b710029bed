"""Each kind of message has a path of its own: pictures, meetings, and faults of a contract without any limit."""

import pytest

from sla import escalation, events, promises
from sla.illegal import IllegalMove
from sla.notices import Say
from sla.terms import Clock, Kind
from sla.ticket import Stage
from sla.understanding import propose
from tests.sla import contract
from tests.sla.contract import ENGINEER, OFFICER, REPORTER, Story

CENTRE = contract.terms(contract.CENTRE)


def taken(level: str) -> Story:
    """Reported at nine and taken two minutes later."""
    told = contract.story(level, under=CENTRE)
    told.does(events.Acknowledged, "09:02")
    return told


def refused(told: Story, make: type[events.Deed]) -> None:
    """The ticket does not take this fact, and stays as it is."""
    before = told.it
    with pytest.raises(IllegalMove):
        told.meets(contract.example(make, told.now))
    assert told.it == before


def test_a_picture_is_taken_delivered_and_seen() -> None:
    """Request, taken, retrieved, seen by whoever asked: closed, without a record and without a visit."""
    told = taken("image_retrieval")
    assert told.it.kind is Kind.IMAGE_RETRIEVAL
    for make in (events.SetOut, events.Arrived, events.Located, events.FixedRemotely, events.MeetingSupported):
        refused(told, make)
    told.does(events.Repaired, "09:04")
    assert told.it.state is Stage.UNDER_TEST
    told.does(events.RecoveryConfirmed, "09:06", by=REPORTER)
    assert told.it.stage is Stage.CLOSED


def test_a_picture_that_was_not_seen_is_retrieved_again() -> None:
    """Whoever asked says that there is no picture, and it goes back to the engineer."""
    told = taken("image_retrieval")
    told.does(events.Repaired, "09:04")
    told.does(events.RecoveryRejected, "09:05", by=REPORTER)
    assert (told.it.stage, told.it.reopened) == (Stage.REOPENED, 1)
    told.does(events.Repaired, "09:09")
    assert told.it.stage is Stage.UNDER_TEST


@pytest.mark.parametrize("interrupted", [True, False])
def test_a_meeting_is_supported_and_said_to_be_interrupted_or_not(interrupted: bool) -> None:
    """One fact says both that it is over and whether it was interrupted; the bureau confirms it."""
    told = taken("meeting_guarantee")
    refused(told, events.Repaired)
    told.does(events.Arrived, "09:10")
    told.does(events.MeetingSupported, "11:00", interrupted=interrupted)
    assert (told.it.stage, told.it.interrupted) == (Stage.UNDER_TEST, interrupted)
    told.does(events.RecoveryConfirmed, "11:05", by=OFFICER)
    assert (told.it.stage, told.it.interrupted) == (Stage.CLOSED, interrupted)


def test_what_was_said_of_a_meeting_can_be_put_right() -> None:
    """The bureau says that it was otherwise, and the engineer says it anew."""
    told = taken("meeting_guarantee")
    told.does(events.MeetingSupported, "11:00", interrupted=False)
    told.does(events.RecoveryRejected, "11:05", by=REPORTER)
    told.does(events.MeetingSupported, "11:10", interrupted=True)
    assert told.it.interrupted is True


def test_a_contract_without_limits_pages_tracks_and_closes() -> None:
    """No clock runs and nothing rings, but everybody is told, and every step is recorded."""
    told = contract.story("fault", under=CENTRE)
    assert [notice.say for notice in told.told] == [Say.PAGE]
    assert promises.promises(told.it, told.terms) == () == told.alarms
    told.does(events.Acknowledged, "09:40")
    told.does(events.Arrived, "10:40")
    told.does(events.Repaired, "18:40")
    told.does(events.RecoveryConfirmed, "18:50", by=OFFICER)
    assert told.it.stage is Stage.CLOSED
    assert told.spoken() == []


def test_without_limits_a_call_by_hand_still_climbs() -> None:
    """Whoever calls the next step is not left alone because nothing else is limited."""
    told = taken("fault")
    told.does(events.CalledUp, "09:10")
    assert [alarm.clock for alarm in told.alarms] == [Clock.HELP]
    told.until("09:15")
    assert len(told.heard(Say.CALL_AGAIN)) == 1


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("请调取国贸桥的图像", Kind.IMAGE_RETRIEVAL),
        ("下午三点二号会议室会议保障", Kind.MEETING_GUARANTEE),
        ("大屏花屏了", Kind.FAULT),
    ],
)
def test_what_is_said_tells_the_kinds_apart(text: str, kind: Kind) -> None:
    """Kinds that only this contract has are told apart from faults."""
    profile = contract.profile(contract.CENTRE)
    assert propose(text, profile.word_list, profile.terms()).kind is kind


def test_one_tap_makes_a_request_of_a_fault_and_back() -> None:
    """The level decides the kind, and with it the path and the clocks, counted from the report."""
    told = taken("fault")
    told.does(events.Reclassified, "09:03", by=REPORTER, level="image_retrieval")
    assert (told.it.kind, told.due(Clock.HANDLING)) == (Kind.IMAGE_RETRIEVAL, "09:05:00")
    assert escalation.alarms(told.it, told.terms)
    told.does(events.Reclassified, "09:04", by=ENGINEER, level="fault")
    assert (told.it.kind, told.alarms) == (Kind.FAULT, ())
