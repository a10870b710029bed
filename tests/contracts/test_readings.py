"""What the papers leave open is read in one stated way: the key of each reading, in each contract that it concerns."""

from collections.abc import Mapping
from fractions import Fraction

import pytest

from bot.config import settings
from sla.profile import Profile
from tests.contracts import files

SHAOGUAN = ("shaoguan-command", "shaoguan-rescue")
CENTRE, IT_OPS, CLOUD = ("beijing-command-center", "beijing-it-ops", "beijing-gov-cloud")

# Reading -> key and value, in each of the contracts.
READINGS: list[tuple[str, tuple[str, ...], str, object]] = [
    ("AMB-01", SHAOGUAN, "scoring.annual_method", "mean_of_months"),
    ("AMB-01", ("shaoguan-command",), "fee.settlement_cycle", "month"),
    ("AMB-01", ("shaoguan-rescue",), "fee.settlement_cycle", "year"),
    ("AMB-02", SHAOGUAN, "scoring.rate_deduction", "full_point"),
    ("AMB-03", ("shaoguan-rescue",), "satellite.uplink_min_mbps", 4),
    ("AMB-03", ("shaoguan-rescue",), "satellite.uplink_contract_mbps", 6),
    ("AMB-04", SHAOGUAN, "scoring.guarantee_deduction", 2),
    ("AMB-05", SHAOGUAN, "scoring.praise_cap", 30),
    ("AMB-07", SHAOGUAN, "pauses.reasons", ["awaiting_client_hardware", "other"]),
    ("AMB-08", SHAOGUAN, "scoring.total_deduction.requires_second_confirm", True),
    ("AMB-08", SHAOGUAN, "scoring.total_deduction.sheet", "performance"),
    ("AMB-09", SHAOGUAN, "scoring.repair_rate_severities", ["major", "general"]),
    ("AMB-10", SHAOGUAN, "clocks.response", "reported"),
    ("AMB-10", SHAOGUAN, "clocks.arrival", "reported"),
    ("AMB-10", SHAOGUAN, "clocks.handling", "reported"),
    ("AMB-11", SHAOGUAN, "visits.waiver", ["supervising_officer"]),
    ("AMB-13", SHAOGUAN, "transmission.allowed", True),
    ("AMB-14", SHAOGUAN, "availability.rows", "equipment"),
    ("AMB-14", SHAOGUAN, "availability.overlap", "merged"),
    ("AMB-14", SHAOGUAN, "availability.capped", True),
    ("AMB-14", SHAOGUAN, "availability.leaves_out", ["planned_work", "transmission"]),
    ("AMB-14", SHAOGUAN, "availability.begins", "fault_started_at"),
    ("AMB-14", SHAOGUAN, "availability.ends", "repaired_at"),
    ("AMB-14", SHAOGUAN, "availability.cut_at_period_ends", True),
    ("AMB-14", SHAOGUAN, "availability.whole_system", "all_rows"),
    ("AMB-15", SHAOGUAN, "repeat.repeat_window_days", 30),
    ("AMB-15", SHAOGUAN, "repeat.same", ["ledger_row", "fault_type"]),
    ("AMB-15", SHAOGUAN, "repeat.reopened_counts", False),
    ("AMB-16", SHAOGUAN, "scoring.repair_rate.month", "reported"),
    ("AMB-16", SHAOGUAN, "scoring.repair_rate.no_faults", "100%"),
    ("AMB-16", SHAOGUAN, "scoring.repair_rate.inside_limit", "carried"),
    ("AMB-16", SHAOGUAN, "scoring.repair_rate.reopened", "final_repair"),
    ("AMB-16", SHAOGUAN, "scoring.repair_rate.leaves_out", ["not_covered", "void", "transmission"]),
    ("AMB-17", SHAOGUAN, "scoring.accident_range", [5, 10]),
    ("AMB-19", SHAOGUAN, "inspection.sign_roles", ["engineer", "supervising_officer"]),
    ("AMB-20", ("shaoguan-command",), "interface_roles", ["project_manager", "technical_lead"]),
    ("AMB-20", ("shaoguan-rescue",), "interface_roles", ["engineer", "technical_lead", "project_manager"]),
    ("AMB-21", files.SLUGS, "counting.deliverable_due", "last_workday"),
    ("AMB-21", files.SLUGS, "counting.deliverable_reminders", [5, 2, 0]),
    ("AMB-26", ("shaoguan-rescue",), "aliases", ["安全生产监督-综合救援应急通信保障"]),
    ("AMB-27", SHAOGUAN, "scoring.other_requirements_item", "report_compliance"),
    ("AMB-28", SHAOGUAN, "inspection.paper_archived", True),
    ("AMB-29", SHAOGUAN, "level_change.consent", ["reporter", "supervising_officer"]),
    ("AMB-30", (CENTRE,), "roster.allow_double_hat", True),
    ("AMB-30", (CENTRE,), "roster.weekly_hours_warn", 48),
    ("AMB-31", (CENTRE, IT_OPS), "term.service_start", ...),
    ("AMB-34", SHAOGUAN, "confidentiality.confidentiality_until", "published"),
    ("AMB-34", (CENTRE, IT_OPS), "confidentiality.confidentiality_until", "forever"),
    ("AMB-34", (CLOUD,), "confidentiality.confidentiality_until", "years"),
    ("AMB-35", files.SLUGS, "counting.calendar_day_roll", True),
    ("AMB-36", (CENTRE, IT_OPS), "fee.late_payment.reading", "after_grace"),
    ("AMB-37", (CENTRE,), "review.review_cycle", "quarter"),
    ("AMB-37", (CENTRE,), "review.monthly_record", True),
    ("AMB-38", (IT_OPS,), "kpi.complaint_mode", "ratio"),
    ("AMB-39", (IT_OPS,), "kpi.period", "quarter"),
    ("AMB-39", (IT_OPS,), "kpi.indicators.office_systems.each_of", ["OA 系统", "网站", "值班系统"]),
    ("AMB-45", (CLOUD,), "clocks.locate", "acknowledged"),
    ("AMB-45", (CLOUD,), "clocks.restart_at_arrival", ["locate"]),
    ("AMB-46", (CLOUD,), "clocks.locate_metric", "repaired"),
    ("AMB-47", (CLOUD,), "services.vulnerability_scan.count", 46),
    ("AMB-47", (CLOUD,), "services.vulnerability_scan.full_round", 23),
    ("AMB-48", (CLOUD,), "occurrences.internet_outage_minutes", 30),
    ("AMB-48", (CLOUD,), "occurrences.one_per_ticket_and_ground", True),
    ("AMB-48", (CLOUD,), "occurrences.heavier_ground_wins", True),
    ("AMB-48", (CLOUD,), "occurrences.round_once", True),
    ("AMB-52", files.SLUGS, "confidentiality.chat_channel_consent_ref", ""),
    ("AMB-55", (CENTRE,), "kpi.definitions.meeting_accident_rate", ...),
    ("AMB-55", (CENTRE,), "kpi.definitions.image_retrieval_time", ...),
    ("AMB-56", ("shaoguan-command",), "key_periods.at_least", 1),
    ("AMB-56", (IT_OPS,), "key_periods.everybody", ["engineer"]),
    ("AMB-56", files.SLUGS, "key_periods.mode", ...),
    ("AMB-57", SHAOGUAN, "scoring.user_data_deduction", 2),
    ("AMB-58", SHAOGUAN, "scoring.one_document_one_deduction", True),
]


@pytest.fixture(scope="module")
def profiles() -> Mapping[str, Profile]:
    """All contracts, as the program reads them."""
    return settings.load(files.FOLDER.parent / "config.example.toml", {}).contracts


@pytest.mark.parametrize(
    ("reading", "slug", "path", "value"),
    [(reading, slug, path, value) for reading, slugs, path, value in READINGS for slug in slugs],
)
def test_an_open_word_has_its_key(reading: str, slug: str, path: str, value: object) -> None:
    """The default of each reading stands in the file, where the parties can see and change it."""
    written = files.leaves(slug)
    assert path in written, reading
    assert value is ... or written[path] == value, reading


def test_a_reading_stands_beside_its_number() -> None:
    """Whoever reads the file finds the number of the reading in a comment of each contract that it concerns."""
    texts = {slug: (files.FOLDER / f"{slug}.toml").read_text(encoding="utf-8") for slug in files.SLUGS}
    concerned = {(slug, reading) for reading, slugs, _, _ in READINGS for slug in slugs}
    assert sorted((slug, reading) for slug, reading in concerned if reading not in texts[slug]) == []


def test_all_contracts_load_and_differ(profiles: Mapping[str, Profile]) -> None:
    """Five contracts, each with its own name and ticket prefix."""
    assert {slug: profile.ticket_prefix for slug, profile in profiles.items()} == {
        "shaoguan-command": "SGC",
        "shaoguan-rescue": "SGR",
        CENTRE: "BJC",
        IT_OPS: "BJO",
        CLOUD: "BJG",
    }
    assert len({profile.name for profile in profiles.values()}) == len(profiles)


@pytest.mark.parametrize("slug", SHAOGUAN)
def test_the_weights_are_those_of_the_double_hundred(profiles: Mapping[str, Profile], slug: str) -> None:
    """20 for management and 80 for quality make one hundred; 30, 30 and 40 the other (KPI-13)."""
    scoring = profiles[slug].scoring
    assert scoring is not None
    weights: dict[str, int] = {}
    for item in scoring.items:
        place = item.group or item.sheet
        weights[place] = weights.get(place, 0) + item.weight
    assert weights == {"基础管理": 20, "维护质量指标": 80, "service": 100}
    assert [item.weight for item in scoring.items if item.sheet == "service"] == [30, 30, 40]


def test_an_item_holds_the_number_that_it_names(profiles: Mapping[str, Profile]) -> None:
    """A score engine finds plain numbers, though each stands in the file only once."""
    scoring = profiles["shaoguan-command"].scoring
    assert scoring is not None
    items = {item.key: item for item in scoring.items}
    assert items["guarantee_completion"].deduct == {"failed_task": 2}
    assert items["user_data_accuracy"].deduct == {"defect": 2}
    assert items["comms_accident"].deduct == {"comms_accident": (5, 10)}
    assert items["complaint_praise"].cap == 30
    assert items["timely_repair_rate"].target == Fraction(49, 50)


def test_the_posts_have_the_people_of_the_team(profiles: Mapping[str, Profile]) -> None:
    """What the contract says of its team and of its posts is said of the same people (BJ1-ROL-02 to ROL-05)."""
    profile = profiles[CENTRE]
    team = {member.key: member.people for member in profile.team.members}
    assert {post.post or post.role.value: post.people for post in profile.posts} == {
        key: team[key] for key in ("video", "image", "av", "service_desk")
    }


@pytest.mark.parametrize("slug", [CENTRE, IT_OPS])
def test_the_instalments_make_the_total(profiles: Mapping[str, Profile], slug: str) -> None:
    """What is paid in three parts is the whole price, to the cent."""
    fee = profiles[slug].fee
    assert fee is not None
    assert sum(row.amount or 0 for row in fee.instalments) == fee.contract_total
    assert [row.share for row in fee.instalments] == [Fraction(3, 5), Fraction(3, 10), Fraction(1, 10)]


def test_five_percent_of_the_bond_is_the_stated_figure(profiles: Mapping[str, Profile]) -> None:
    """AMB-40: 5 % of the bond of it-ops are 5,867.50 yuan."""
    profile = profiles[IT_OPS]
    assert profile.fee is not None and profile.fee.bond is not None
    (row,) = [row for row in profile.penalties if row.of == "performance_bond"]
    assert row.share is not None
    assert row.share * Fraction(profile.fee.bond.amount) == Fraction("5867.5")


@pytest.mark.parametrize("slug", [CENTRE, IT_OPS])
def test_a_contract_without_minutes_promises_none(profiles: Mapping[str, Profile], slug: str) -> None:
    """No fault of these contracts has a limit, and the file says so; only the retrieval of images has one."""
    limits = {key: dict(level.limits) for key, level in profiles[slug].terms().levels.items() if level.limits}
    assert list(limits) == (["image_retrieval"] if slug == CENTRE else [])
    assert "不设时限" in (files.FOLDER / f"{slug}.toml").read_text(encoding="utf-8")


def test_what_a_paper_leaves_blank_is_blank(profiles: Mapping[str, Profile]) -> None:
    """No price is made up for the contracts whose price lists are blank, and the ceiling of the cloud is no price."""
    for slug in (*SHAOGUAN, CLOUD):
        fee = profiles[slug].fee
        assert fee is not None and fee.contract_total is None


def test_no_file_keeps_a_phone_number(profiles: Mapping[str, Profile]) -> None:
    """Hotline numbers come from the people who start the project."""
    assert all(profile.hotline == () for profile in profiles.values())
