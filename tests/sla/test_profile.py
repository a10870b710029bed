"""A contract profile is read strictly: what is wrong is refused with its key and a reason."""

from collections.abc import Callable
from datetime import time, timedelta
from fractions import Fraction
from typing import Any

import pytest
from pydantic import ValidationError

from sla import durations, record
from sla.calendar import Calendar
from sla.terms import Clock, ClockStart, Kind, LocateMetric, Role, WayKind
from tests.sla import contract
from tests.sla.test_calendar import KNOWN

Table = dict[str, Any]
Change = Callable[[Table], object]


def setting(path: str, value: object) -> Change:
    """A change of one key of the file."""

    def change(table: Table) -> None:
        *above, key = path.split(".")
        for name in above:
            table = table.setdefault(name, {})
        table[key] = value

    return change


def refusal(change: Change) -> str:
    """What the reader of a broken profile is told."""
    with pytest.raises(ValidationError) as refused:
        contract.profile(change=change)
    return str(refused.value)


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("90s", timedelta(seconds=90)),
        ("10m", timedelta(minutes=10)),
        ("1h", timedelta(hours=1)),
        ("1h30m", timedelta(minutes=90)),
        (" 1h 30m ", timedelta(minutes=90)),
        ("2d", timedelta(days=2)),
        ("10分钟", timedelta(minutes=10)),
        ("10分", timedelta(minutes=10)),
        ("1小时30分钟", timedelta(minutes=90)),
        ("30秒", timedelta(seconds=30)),
        ("1天", timedelta(days=1)),
    ],
)
def test_a_duration_is_read_as_people_write_it(text: str, length: timedelta) -> None:
    """Durations carry their unit, in Latin letters or Chinese."""
    assert durations.parse(text) == length


@pytest.mark.parametrize(
    "text",
    ["", " ", "10", "10:00", "-5m", "0m", "1.5h", "1h30", "10min", "m", "10 x", "10m,5m", "一小时", "9" * 12 + "d"],
)
def test_what_does_not_say_its_unit_is_no_duration(text: str) -> None:
    """A bare number, a clock reading, a negative, an empty or a boundless length is refused."""
    with pytest.raises(durations.NotADuration, match="1h30m"):
        durations.parse(text)


@pytest.mark.parametrize("value", [10, 1.5, True, None, time(10), ["10m"]])
def test_a_value_that_is_no_text_is_no_duration(value: object) -> None:
    """A number or a TOML time is refused even where it could be guessed."""
    with pytest.raises(durations.NotADuration):
        durations.parse(value)


@pytest.mark.parametrize("value", ["10", 10, "10:00", "", "-5m", "9" * 12 + "d"])
def test_a_bad_duration_names_its_key(value: object) -> None:
    """A refused limit is found by its key in the message."""
    assert "levels.major.response" in refusal(setting("levels.major.response", value))


def test_the_level_table_becomes_limits_in_its_order() -> None:
    """The four levels keep their order as rank, gravest first, and their limits."""
    levels = contract.terms().levels
    minutes = {
        key: [int(level.limits[clock].total_seconds()) // 60 for clock in Clock if clock in level.limits]
        for key, level in levels.items()
    }
    assert minutes == {"major": [10, 60, 240], "general": [10, 120, 480], "consultation": [10, 240, 720], "other": [10]}
    assert [level.rank for level in levels.values()] == [0, 1, 2, 3]
    assert [level.kind for level in levels.values()] == [Kind.FAULT, Kind.FAULT, Kind.CONSULTATION, Kind.OTHER]
    assert levels["major"].report_at_once == ("supervising_officer",)


def test_the_ladder_is_read_with_exact_fractions() -> None:
    """Warning shares are fractions, not floats; two repeats come before the next step unless the file says else."""
    ladder = contract.terms().ladder
    assert ladder.page == ("on_duty:engineer", "technical_lead")
    assert ladder.warn_at == (Fraction(1, 2), Fraction(4, 5))
    assert ladder.on_breach == ("project_manager",)
    assert ladder.repeat_every == timedelta(minutes=5)
    assert ladder.then == ("supervising_officer",)
    assert ladder.repeats_before_then == 2


def test_a_level_can_demand_further_ways() -> None:
    """The kinds of ways stand in the order in which they are preferred; another word is refused by its key."""
    terms = contract.profile(change=setting("levels.major.also_by", ["voice", "sms"])).terms()
    assert terms.levels["major"].also_by == (WayKind.VOICE, WayKind.SMS)
    assert terms.levels["general"].also_by == ()
    assert "levels.major.also_by.0" in refusal(setting("levels.major.also_by", ["telephone"]))


def test_what_a_profile_leaves_out_has_a_stated_default() -> None:
    """Without a word all clocks start at the report, holds stop all but the response, and the record is complete."""
    terms = contract.terms(change=lambda table: table.pop("pauses"))
    assert set(terms.clock_start.values()) == {ClockStart.REPORTED}
    assert terms.pauses.consent == ()
    assert terms.pauses.clocks == terms.pauses.transmission_clocks == {Clock.ARRIVAL, Clock.LOCATE, Clock.HANDLING}
    assert terms.pauses.transmission
    assert terms.records[Kind.FAULT] == record.FAULT_FIELDS
    assert {fields for kind, fields in terms.records.items() if kind is not Kind.FAULT} == {()}
    assert terms.level_consent == (Role.REPORTER, Role.SUPERVISING_OFFICER)


def test_consultation_and_other_exist_without_being_written() -> None:
    """A contract that names faults only still takes questions and requests, after all its levels, without limits."""
    levels = contract.terms(contract.GOV_CLOUD).levels
    assert [(level.key, level.kind, level.rank) for level in levels.values()][2:] == [
        ("consultation", Kind.CONSULTATION, 2),
        ("other", Kind.OTHER, 3),
    ]
    assert levels["consultation"].limits == levels["other"].limits == {}


def test_a_level_of_another_name_can_serve_questions() -> None:
    """A contract's own key with its kind stands in for the implicit level."""
    levels = contract.terms(
        contract.GOV_CLOUD, setting("levels.advice", {"name": "顾问", "kind": "consultation"})
    ).levels
    assert "consultation" not in levels
    assert levels["advice"].kind is Kind.CONSULTATION


@pytest.mark.parametrize(("key", "kind"), [("consultation", "fault"), ("other", "fault"), ("consultation", "other")])
def test_a_level_cannot_take_the_name_of_another_kind(key: str, kind: str) -> None:
    """A level called like an implicit one, but of another kind, would be lost behind it, so it is refused."""
    assert f"levels.{key}" in refusal(setting(f"levels.{key}", {"name": "故障", "kind": kind}))


@pytest.mark.parametrize(
    ("path", "value", "named"),
    [
        ("colour", "red", "colour"),
        ("levels.major.respons", "10m", "levels.major.respons"),
        ("escalation.warn", [0.5], "escalation.warn"),
        ("levels.major.report_at_once", ["boss"], "levels.major.report_at_once"),
        ("escalation.page", ["on_duty:boss"], "escalation.page"),
        ("escalation.page", ["on_duty:"], "escalation.page"),
        ("escalation.page", ["group:everybody"], "escalation.page"),
        ("escalation.page", ["person:manager-1"], "escalation.page"),
        ("escalation.page", [7], "escalation.page"),
        ("escalation.page", [], "escalation.page"),
        ("escalation.on_breach", [], "escalation.on_breach"),
        ("escalation.repeat_every", "5", "escalation.repeat_every"),
        ("escalation.repeats_before_then", -1, "escalation.repeats_before_then"),
        ("escalation.warn_at", [0.8, 0.5], "escalation.warn_at"),
        ("escalation.warn_at", [0.5, 0.5], "escalation.warn_at"),
        ("escalation.warn_at", [0], "escalation.warn_at"),
        ("escalation.warn_at", [1.0], "escalation.warn_at"),
        ("escalation.warn_at", ["half"], "escalation.warn_at"),
        ("escalation.warn_at", ["1/0"], "escalation.warn_at"),
        ("escalation.warn_at", [float("nan")], "escalation.warn_at"),
        ("timezone", "Asia/Shaoguan", "timezone"),
        ("timezone", "", "timezone"),
        ("timezone", "Asia", "timezone"),
        ("timezone", "../etc/passwd", "timezone"),
        ("slug", "Shaoguan Command", "slug"),
        ("ticket_prefix", "sgc", "ticket_prefix"),
        ("name", "", "name"),
        ("levels.major.name", "", "levels.major.name"),
        ("levels.major.kind", "disaster", "levels.major.kind"),
        ("clocks.response", "acknowledged", "clocks.response"),
        ("clocks.locate", "arrived", "clocks.locate"),
        ("pauses.clocks", ["response"], "pauses.clocks"),
        ("pauses.consent", ["boss"], "pauses.consent"),
        ("transmission.clocks", ["response"], "transmission.clocks"),
        ("level_change.consent", ["boss"], "level_change.consent"),
        ("record.fault", ["colour"], "record.fault"),
        ("words.disaster", ["火灾"], "words.disaster"),
        ("words.major", [""], "words.major"),
        ("business_hours.opens", 9, "business_hours.opens"),
        ("business_hours.opens", time(18, 30), "business_hours"),
        ("business_hours.closes", time(9), "business_hours"),
    ],
)
def test_a_broken_rule_is_refused_by_its_key(path: str, value: object, named: str) -> None:
    """Whatever a clerk gets wrong, the refusal names the key."""
    assert named in refusal(setting(path, value))


@pytest.mark.parametrize("path", ["slug", "name", "ticket_prefix", "levels", "escalation"])
def test_what_must_be_there_is_missed_by_its_key(path: str) -> None:
    """A profile without its name, levels or ladder is refused."""
    assert path in refusal(lambda table: table.pop(path))


def test_a_contract_without_a_fault_level_is_refused() -> None:
    """A hotline for faults needs at least one level for them."""
    only = {"consultation": {"name": "技术咨询", "response": "10m"}}
    assert "levels" in refusal(setting("levels", only))


@pytest.mark.parametrize("name", ["group:vendor", "group:bureau", "group:joint", "on_duty:engineer", "expert"])
def test_a_ladder_names_roles_duty_and_groups(name: str) -> None:
    """A role, the person on duty in a role, and a bound group may stand in a ladder."""
    assert contract.terms(change=setting("escalation.then", [name])).ladder.then == (name,)


def test_a_profile_cannot_be_changed_after_reading() -> None:
    """What was read is frozen."""
    with pytest.raises(ValidationError):
        contract.profile().name = "另一个合同"


def test_a_profile_knows_its_zone_and_office() -> None:
    """The contract's local time and opening hours come from the profile."""
    profile = contract.profile(change=setting("business_hours", {"opens": time(8, 30), "closes": time(17, 30)}))
    assert profile.zone.key == "Asia/Shanghai"
    assert profile.opening(Calendar()).include(contract.at("08:30"))
    assert not profile.opening(Calendar()).include(contract.at("17:30"))


@pytest.mark.parametrize(
    ("moment", "open_"), [("2026-10-01 10:00", False), ("2026-10-10 10:00", True), ("2026-10-11 10:00", False)]
)
def test_business_hours_keep_the_calendar(moment: str, open_: bool) -> None:
    """Nobody is in the office on a holiday, and everybody on the Saturday that makes up for it."""
    assert contract.profile().opening(KNOWN).include(contract.at(moment)) is open_


def test_the_tables_of_visits_and_reports_become_terms() -> None:
    """Where the arrival starts, what starts anew, what ends the locate clock, who waives, and what is reported."""
    terms = contract.terms(contract.CLOUD, setting("reports.normal", {"every": "30m", "to": ["project_manager"]}))
    assert (terms.clock_start[Clock.ARRIVAL], terms.clock_start[Clock.LOCATE]) == (
        ClockStart.CLIENT_NOTICE,
        ClockStart.ACKNOWLEDGED,
    )
    assert terms.restart_at_arrival == frozenset({Clock.LOCATE})
    assert terms.locate_metric is LocateMetric.REPAIRED
    assert terms.visit_waiver == (Role.SUPERVISING_OFFICER,)
    assert contract.terms(contract.CLOUD, setting("visits.waiver", [])).visit_waiver == ()
    assert terms.pauses.reasons == ("carrier_fault", "force_majeure")
    reporting = terms.levels["normal"].reporting
    assert (reporting.every, reporting.to, reporting.final) == (timedelta(minutes=30), ("project_manager",), False)
    assert terms.levels["important"].reporting.every is None


@pytest.mark.parametrize(
    ("path", "value", "key"),
    [
        ("clocks.locate", "client_notice", "clocks.locate"),
        ("clocks.restart_at_arrival", ["arrival"], "clocks.restart_at_arrival"),
        ("clocks.locate_metric", "found", "clocks.locate_metric"),
        ("visits.waiver", ["boss"], "visits.waiver"),
        ("reports.minor", {"every": "30m"}, "reports.minor"),
        ("reports.major", {"every": "30"}, "reports.major.every"),
        ("reports.major", {"first": ["project_manager"]}, "reports.major.first"),
        ("pauses.reasons", ["rain"], "pauses.reasons"),
        ("words.image_retrieval", ["调取"], "words.image_retrieval"),
        ("levels.meeting_guarantee", {"name": "会议", "kind": "other"}, "levels.meeting_guarantee"),
    ],
)
def test_what_the_new_tables_do_not_know_is_refused(path: str, value: object, key: str) -> None:
    """Each refusal names its key."""
    assert key in refusal(setting(path, value))


def test_a_contract_may_promise_no_time_at_all() -> None:
    """Levels without limits are a contract, too, and it says of itself that it has none."""

    def without(table: Table) -> None:
        table["levels"].pop("image_retrieval")
        table["words"].pop("image_retrieval")

    assert not contract.terms(contract.CENTRE, without).has_limits
    assert contract.terms(contract.CENTRE).has_limits


VIDEO = {"post": "video", "name": "视频岗", "role": "engineer", "at_least": 2}


@pytest.mark.parametrize("name", ["on_duty:engineer/video", "on_duty:engineer"])
def test_a_ladder_may_name_a_post(name: str) -> None:
    """Whoever is on duty at a post that the contract has."""

    def change(table: dict[str, Any]) -> None:
        table["posts"] = [VIDEO]
        table["escalation"]["page"] = [name]

    assert contract.terms(change=change).ladder.page == (name,)


@pytest.mark.parametrize("name", ["on_duty:engineer/video", "on_duty:engineer/", "on_duty:/video", "engineer/video"])
def test_a_post_that_is_not_there_is_refused(name: str) -> None:
    """A ladder that names a post of which the contract knows nothing would page nobody."""
    assert "escalation" in refusal(setting("escalation.page", [name]))


@pytest.mark.parametrize(
    ("path", "value", "where"),
    [
        ("posts", [VIDEO, VIDEO], "posts"),
        ("posts", [{"post": "Video 1", "name": "视频岗", "role": "engineer"}], "posts"),
        ("posts", [{"post": "video", "name": "视频岗", "role": "engineer", "at_least": 0}], "posts"),
        ("posts", [{"post": "video", "name": "视频岗", "role": "engineer", "hours": "nights"}], "posts"),
        ("roster", {"weekly_hours_warn": 169}, "roster"),
        ("roster", {"holders": {"engineer": 0}}, "roster"),
        ("roster", {"holders": {"enginer": 3}}, "roster"),
        ("key_periods", {"extra": {"video": 1}}, "key_periods"),
        ("key_periods", {"mode": "24x7"}, "key_periods"),
        ("key_periods", {"page_also": ["nobody"]}, "key_periods"),
        ("key_periods", {"page_also": ["on_duty:engineer/av"]}, "key_periods"),
    ],
)
def test_a_table_of_duty_that_contradicts_itself_is_refused(path: str, value: Any, where: str) -> None:
    """Two posts of one name, hours that do not exist, a post that is not there."""
    assert where in refusal(setting(path, value))


def test_a_key_period_of_the_profile_reaches_the_terms() -> None:
    """What the ladder of a ticket takes from it is frozen with the other terms."""
    asked = {"page_also": ["expert"], "repeat_every": "2m", "breach_at_once": True}
    terms = contract.terms(change=setting("key_periods", asked))
    assert (terms.in_key_period.page_also, terms.in_key_period.breach_at_once) == (("expert",), True)
