"""The contracts as they are served, and as they are found again years later."""

import json
from datetime import UTC, datetime

import pytest

from desk.access import Act
from desk.house import Contract
from sla.profile import Profile
from tests.desk.people import COMMAND_HALL, GOV_CLOUD, MINE, contract, house
from tests.desk.room import Room

CHANGES: list[dict[str, object]] = [
    {},
    {"clocks": {"handling": "acknowledged"}, "timezone": "Asia/Urumqi"},
    {"levels": {"severe": {"name": "严重", "kind": "fault", "response": "90s", "handling": "1天2小时"}}, "words": {}},
    {"business_hours": {"opens": "08:30", "closes": "17:30"}, "transmission": {"allowed": False}},
    {"clocks": {"arrival": "client_notice", "restart_at_arrival": ["handling"], "locate_metric": "repaired"}},
    {"visits": {"waiver": []}, "pauses": {"reasons": ["carrier_fault"]}, "record": {"other": ["result"]}},
]
REPORTS = {"every": "30m", "first": ["project_manager"], "final": True}


@pytest.mark.parametrize("change", CHANGES, ids=range(len(CHANGES)))
@pytest.mark.parametrize("text", [COMMAND_HALL, GOV_CLOUD], ids=["command-hall", "gov-cloud"])
def test_kept_terms_are_read_again_as_they_were(text: str, change: dict[str, object]) -> None:
    """The stored form of a profile makes the same profile, the same terms, and the same digest."""
    served = contract(text, **change)
    again = Contract.of(Profile.model_validate_json(served.body))
    assert again == served


def test_terms_with_reports_are_read_again_as_they_were() -> None:
    """Intervals and people of the reports survive, too."""
    served = contract(COMMAND_HALL, reports={"general": REPORTS})
    assert served.terms.levels["general"].reporting.to == ("project_manager",)
    assert Contract.of(Profile.model_validate_json(served.body)) == served


def test_terms_that_were_kept_before_visits_and_reports_mean_what_they_meant() -> None:
    """A stored profile without the newer tables asks for no report, starts nothing anew, closes by the same record."""
    served = contract(COMMAND_HALL)
    kept = json.loads(served.body)
    for table in ("visits", "reports"):
        del kept[table]
    for key in ("restart_at_arrival", "locate_metric"):
        del kept["clocks"][key]
    kept["record"] = {"fault": kept["record"]["fault"]}
    del kept["pauses"]["reasons"]
    assert Profile.model_validate(kept).terms() == served.terms
    assert all(level.reporting.every is None and not level.reporting.final for level in served.terms.levels.values())


async def test_a_ticket_keeps_its_terms_when_the_profile_is_edited(room: Room) -> None:
    """After an edit and a restart, an open ticket is still due by the limits it opened under; a new one is not."""
    await room.reported("major")
    levels = {"major": {"name": "重大故障", "response": "2m"}}
    room.house = house({MINE: contract(COMMAND_HALL, levels=levels, words={})})
    await room.reported("major")
    await room.said()
    for number, due in ((1, "10:40:00"), (2, "10:32:00")):
        await room.says("reporter-1", f"/ticket SGC-20261121-00{number}")
        assert any(f"响应：{due} 前" in one.text for one in await room.told("reporter-1"))
        assert (await room.does("engineer-1", Act.ACKNOWLEDGE, number)).refusal == ""


async def test_the_ticket_s_day_is_the_contract_s(room: Room) -> None:
    """A report at half past midnight local time has the new day in its number, though it is yesterday in UTC."""
    room.now = datetime(2026, 11, 20, 16, 30, tzinfo=UTC)
    await room.says("reporter-1", "大屏花屏")
    assert (await room.ticket()).number == "SGC-20261121-001"
