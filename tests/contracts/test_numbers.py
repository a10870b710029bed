"""Every number of every contract beside the clause that asks for it, and no number without one.

A row is: requirement, path of the key, value. ``SG`` stands for both contracts of Shaoguan, which share their clauses.
A number that no requirement explains fails the last test, unless it is our own choice and says why.
"""

from collections.abc import Iterator, Mapping
from datetime import date, time

import pytest

from tests.contracts import files

Row = tuple[str, str, object]

BOTH_OF_SHAOGUAN: list[Row] = [
    ("SLA-01", "levels.other.response", "10m"),
    ("SLA-03", "levels.major.response", "10m"),
    ("SLA-03", "levels.major.arrival", "60m"),
    ("SLA-03", "levels.major.handling", "240m"),
    ("SLA-04", "levels.general.response", "10m"),
    ("SLA-04", "levels.general.arrival", "120m"),
    ("SLA-04", "levels.general.handling", "480m"),
    ("SLA-05", "levels.consultation.response", "10m"),
    ("SLA-05", "levels.consultation.arrival", "240m"),
    ("SLA-05", "levels.consultation.handling", "720m"),
    ("ESC-03", "reports.major.every", "30m"),
    ("ESC-03", "reports.general.every", "120m"),
    ("ROS-01", "posts.1.at_least", 1),
    ("INS-01", "services.monthly_inspection.count", 1),
    ("SVC-01", "term.months", 12),
    ("INS-01", "inspection.coverage", "100%"),
    ("INS-01", "inspection.rounds.monthly.times", 1),
    ("SEC-12", "confidentiality.damages_share", "20%"),
    ("KPI-13", "scoring.full_mark", 100),
    ("KPI-01", "scoring.items.report_compliance.weight", 5),
    ("KPI-01", "scoring.items.report_compliance.deduct.missing", 2),
    ("KPI-01", "scoring.items.report_compliance.deduct.not_conforming", 1),
    ("KPI-02", "scoring.items.inspection_planning.weight", 5),
    ("KPI-02", "scoring.items.inspection_planning.deduct.no_plan", 2),
    ("KPI-02", "scoring.items.inspection_planning.deduct.not_completed", 1),
    ("KPI-03", "scoring.items.monthly_summary.weight", 5),
    ("KPI-03", "scoring.items.monthly_summary.deduct.missing", 2),
    ("KPI-04", "scoring.items.user_data_accuracy.weight", 5),
    ("KPI-04", "scoring.items.user_data_accuracy.target", "100%"),
    ("KPI-05", "scoring.items.timely_repair_rate.weight", 30),
    ("KPI-05", "scoring.items.timely_repair_rate.target", "98%"),
    ("KPI-05", "scoring.items.timely_repair_rate.per_point", 1),
    ("KPI-06", "scoring.items.equipment_availability.weight", 15),
    ("KPI-06", "scoring.items.equipment_availability.target", "99%"),
    ("KPI-06", "scoring.items.equipment_availability.per_point", 1),
    ("KPI-07", "scoring.items.repeat_faults.weight", 15),
    ("KPI-07", "scoring.items.repeat_faults.allowed", 0),
    ("KPI-07", "scoring.items.repeat_faults.deduct.repeat_fault", 3),
    ("KPI-08", "scoring.items.guarantee_completion.weight", 10),
    ("KPI-09", "scoring.items.followup_satisfaction.weight", 10),
    ("KPI-09", "scoring.items.followup_satisfaction.allowed", 0),
    ("KPI-09", "scoring.items.followup_satisfaction.deduct.dissatisfied", 1),
    ("KPI-10", "scoring.items.complaint_praise.weight", 30),
    ("KPI-10", "scoring.items.complaint_praise.deduct.complaint", 5),
    ("KPI-10", "scoring.items.complaint_praise.add.written_praise", 5),
    ("KPI-11", "scoring.items.escalated_complaint.weight", 30),
    ("KPI-11", "scoring.items.escalated_complaint.deduct.escalated_complaint", 10),
    ("KPI-11", "scoring.items.escalated_complaint.deduct.media_exposure", 10),
    ("KPI-12", "scoring.items.comms_accident.weight", 40),
    ("FEE-02", "fee.sets", 1),
    ("AMB-04", "scoring.guarantee_deduction", 2),
    ("AMB-05", "scoring.praise_cap", 30),
    ("AMB-08", "scoring.total_deduction.points", [0, 100]),
    ("AMB-15", "repeat.repeat_window_days", 30),
    ("AMB-16", "scoring.repair_rate.no_faults", "100%"),
    ("AMB-17", "scoring.accident_range", [5, 10]),
    ("AMB-21", "counting.deliverable_reminders", [5, 2, 0]),
    ("AMB-57", "scoring.user_data_deduction", 2),
]
ROWS: Mapping[str, list[Row]] = {
    "shaoguan-command": [
        *((f"SG1-{key}".replace("SG1-AMB", "AMB"), path, value) for key, path, value in BOTH_OF_SHAOGUAN),
        ("SG1-ROL-01", "team.members.project_manager.people", 1),
        ("SG1-ROL-01", "team.members.technical_lead.people", 1),
        ("SG1-ROS-02", "key_periods.at_least", 1),
    ],
    "shaoguan-rescue": [
        *((f"SG2-{key}".replace("SG2-AMB", "AMB"), path, value) for key, path, value in BOTH_OF_SHAOGUAN),
        ("SG2-ROL-02", "team.members.engineer.people", 3),
        ("SG2-ROL-02", "roster.holders.engineer", 3),
        ("SG2-ROS-04", "services.joint_test.count", 1),
        ("SG2-ROS-04", "services.joint_test.at_least_people", 1),
        ("SG2-ROS-05", "services.annual_drill.count", 2),
        ("SG2-ROS-05", "services.annual_drill.at_least_people", 2),
        ("SG2-ROS-05", "services.annual_drill.plan_by", "1/2"),
        ("SG2-ROL-01", "team.members.expert_group_lead.people", 1),
        ("SG2-ROL-01", "team.members.project_manager.people", 1),
        ("AMB-03", "satellite.uplink_min_mbps", 4),
        ("AMB-03", "satellite.uplink_contract_mbps", 6),
        ("SG2-SVC-08", "satellite.downlink_mbps", 40),
        ("SG2-SVC-08", "satellite.months", 12),
    ],
    "beijing-command-center": [
        ("BJ1-SLA-01", "levels.image_retrieval.handling", "5m"),
        ("BJ1-ROS-01", "posts.video.at_least", 2),
        ("BJ1-ROL-02", "posts.video.people", 5),
        ("BJ1-ROS-02", "posts.image.at_least", 2),
        ("BJ1-ROL-03", "posts.image.people", 6),
        ("BJ1-ROS-03", "posts.av.at_least", 1),
        ("BJ1-ROL-04", "posts.av.people", 3),
        ("BJ1-ROS-05", "posts.4.at_least", 1),
        ("BJ1-ROL-05", "posts.4.people", 1),
        ("AMB-30", "roster.weekly_hours_warn", 48),
        ("BJ1-SVC-10", "services.sub_venue_inspection.count", 1),
        ("BJ1-FEE-02", "term.signed", date(2022, 6, 15)),
        ("AMB-31", "term.service_start", date(2022, 6, 15)),
        ("BJ1-SVC-02", "term.months", 12),
        ("BJ1-SVC-02", "term.extension_months", 11),
        ("BJ1-ROL-07", "team.total", 20),
        ("BJ1-ROL-01", "team.members.service_manager.people", 1),
        ("BJ1-ROL-01", "team.members.service_manager.years", 5),
        ("BJ1-ROL-02", "team.members.video.people", 5),
        ("BJ1-ROL-02", "team.members.video.years", 3),
        ("BJ1-ROL-03", "team.members.image.people", 6),
        ("BJ1-ROL-03", "team.members.image.years", 2),
        ("BJ1-ROL-04", "team.members.av.people", 3),
        ("BJ1-ROL-04", "team.members.av.years", 2),
        ("BJ1-ROL-05", "team.members.service_desk.people", 1),
        ("BJ1-ROL-06", "team.members.expert.people", 4),
        ("BJ1-ROL-06", "team.members.expert.years", 10),
        ("BJ1-SEC-04", "confidentiality.damages", "50000"),
        ("AMB-21", "counting.deliverable_reminders", [5, 2, 0]),
        ("BJ1-DLV-03", "deliverables.quarterly_report.review_days", 10),
        ("BJ1-TRM-01", "notices.vendor_ends_extension.days", 10),
        ("BJ1-TRM-02", "notices.client_ends.days", 10),
        ("BJ1-TRM-03", "notices.vendor_ends.days", 10),
        ("BJ1-TRM-04", "notices.account_change.days", 30),
        ("BJ1-TRM-04", "notices.account_change_again.days", 10),
        ("BJ1-TRM-05", "notices.force_majeure_proof.days", 10),
        ("BJ1-TRM-05", "notices.force_majeure_renegotiate.days", 180),
        ("BJ1-KPI-01", "kpi.indicators.meeting_accident_rate.at_most", "5%"),
        ("BJ1-KPI-02", "kpi.indicators.image_retrieval_time.within", "5m"),
        ("BJ1-KPI-03", "kpi.indicators.meetings_affected_by_av.at_most_count", 0),
        ("BJ1-ESC-03", "review.failed_in_a_row", 2),
        ("BJ1-ESC-03", "review.correct_within_days", 30),
        ("BJ1-ACC-01", "acceptance.within_workdays", 20),
        ("BJ1-FEE-01", "fee.contract_total", "3673750"),
        ("BJ1-FEE-02", "fee.bond.share", "5%"),
        ("BJ1-FEE-02", "fee.bond.amount", "183687.50"),
        ("BJ1-FEE-02", "fee.bond.within_workdays", 10),
        ("BJ1-FEE-02", "fee.instalments.first.share", "60%"),
        ("BJ1-FEE-02", "fee.instalments.first.amount", "2204250"),
        ("BJ1-FEE-02", "fee.instalments.first.within_workdays", 10),
        ("BJ1-FEE-03", "fee.instalments.second.share", "30%"),
        ("BJ1-FEE-03", "fee.instalments.second.amount", "1102125"),
        ("BJ1-FEE-03", "fee.instalments.second.months", 8),
        ("BJ1-FEE-03", "fee.instalments.second.within_workdays", 30),
        ("BJ1-FEE-04", "fee.instalments.third.share", "10%"),
        ("BJ1-FEE-04", "fee.instalments.third.amount", "367375"),
        ("BJ1-FEE-04", "fee.instalments.third.within_workdays", 30),
        ("BJ1-FEE-06", "penalties.breach.share", "30%"),
        ("BJ1-FEE-07", "fee.late_payment.rate_per_day", "0.5%"),
        ("BJ1-FEE-07", "fee.late_payment.cap", "30%"),
        ("BJ1-FEE-07", "fee.late_payment.grace_workdays", 30),
        ("BJ1-FEE-08", "penalties.third_party_rights.amount", "20000"),
        ("BJ1-FEE-09", "fee.supplement_cap", "10%"),
        ("BJ1-SEC-12", "penalties.security_rectification.share", "10%"),
        ("BJ1-SEC-14", "penalties.annex_breach.share", "5%"),
        ("BJ1-TRM-03", "penalties.withdrawal.share", "30%"),
    ],
    "beijing-it-ops": [
        ("BJ2-ROS-01", "posts.net-monitor.at_least", 1),
        ("BJ2-ROL-02", "roster.holders.engineer", 8),
        ("BJ2-ROL-01", "roster.holders.service_manager", 1),
        ("BJ2-DLV-04", "services.training.count", 4),
        ("BJ2-LED-01", "services.training.ledger.seq", 3),
        ("BJ2-DLV-05", "services.security_drill.count", 1),
        ("BJ2-DLV-05", "services.city_drill.count", 1),
        ("BJ2-FEE-02", "term.signed", date(2022, 7, 6)),
        ("BJ2-SVC-02", "term.service_start", date(2022, 7, 6)),
        ("BJ2-SVC-02", "term.months", 12),
        ("BJ2-SVC-02", "term.extension_cost_cap", "10%"),
        ("BJ2-ROL-01", "team.members.service_manager.people", 1),
        ("BJ2-ROL-03", "team.members.service_manager.years", 5),
        ("BJ2-ROL-03", "team.members.service_manager.years_on_site", 1),
        ("BJ2-ROL-02", "team.members.engineer.people", 8),
        ("BJ2-ROL-03", "team.members.host_engineer.years", 2),
        ("BJ2-ROL-03", "team.members.system_engineer.years", 2),
        ("BJ2-ROL-03", "team.members.network_engineer.years", 2),
        ("BJ2-ROL-03", "team.members.terminal_engineer.years", 1),
        ("BJ2-ROL-03", "team.members.service_desk.years", 1),
        ("AMB-21", "counting.deliverable_reminders", [5, 2, 0]),
        ("BJ2-DLV-02", "deliverables.quarterly_report.review_days", 10),
        ("BJ2-ROL-10", "notices.staff_change.days", 5),
        ("BJ2-ROL-10", "notices.staff_change_corrected.days", 10),
        ("BJ2-ROL-11", "notices.staff_replaced.days", 10),
        ("BJ2-FEE-08", "notices.redo.days", 3),
        ("BJ2-FEE-12", "notices.other_breach_corrected.days", 5),
        ("BJ2-TRM-01", "notices.breach_corrected.days", 10),
        ("BJ2-TRM-01", "notices.breach_ends.days", 10),
        ("BJ2-TRM-03", "notices.client_ends.days", 30),
        ("BJ2-TRM-04", "notices.fee_dispute.months", 6),
        ("BJ2-TRM-05", "notices.force_majeure_proof.days", 10),
        ("BJ2-TRM-05", "notices.force_majeure_renegotiate.days", 180),
        ("BJ2-TRM-06", "notices.account_change.days", 30),
        ("BJ2-KPI-01", "kpi.indicators.stable_running_rate.at_least", "96%"),
        ("BJ2-KPI-02", "kpi.indicators.office_systems.at_least", "96%"),
        ("BJ2-KPI-03", "kpi.indicators.mobile_command.at_least", "96%"),
        ("BJ2-KPI-04", "kpi.indicators.other_systems.at_least", "93%"),
        ("BJ2-KPI-05", "kpi.indicators.major_accidents.at_most_count", 0),
        ("BJ2-KPI-06", "kpi.indicators.major_security_events.at_most_count", 0),
        ("BJ2-KPI-07", "kpi.indicators.terminal_availability.at_least", "95%"),
        ("BJ2-KPI-08", "kpi.indicators.satisfaction.at_least", "95%"),
        ("BJ2-KPI-09", "kpi.indicators.complaint_ratio.at_most", "5%"),
        ("BJ2-ESC-03", "review.failed_in_a_row", 1),
        ("BJ2-TRM-02", "review.correct_within_days", 30),
        ("BJ2-FEE-01", "fee.contract_total", "2347000"),
        ("BJ2-FEE-02", "fee.bond.share", "5%"),
        ("BJ2-FEE-02", "fee.bond.amount", "117350"),
        ("BJ2-FEE-02", "fee.bond.within_workdays", 10),
        ("BJ2-FEE-02", "fee.instalments.first.share", "60%"),
        ("BJ2-FEE-02", "fee.instalments.first.amount", "1408200"),
        ("BJ2-FEE-02", "fee.instalments.first.within_workdays", 10),
        ("BJ2-FEE-03", "fee.instalments.second.share", "30%"),
        ("BJ2-FEE-03", "fee.instalments.second.amount", "704100"),
        ("BJ2-FEE-03", "fee.instalments.second.months", 8),
        ("BJ2-FEE-03", "fee.instalments.second.within_workdays", 30),
        ("BJ2-FEE-04", "fee.instalments.third.share", "10%"),
        ("BJ2-FEE-04", "fee.instalments.third.amount", "234700"),
        ("BJ2-FEE-04", "fee.instalments.third.within_workdays", 30),
        ("BJ2-KPI-11", "penalties.bond_withheld.share", "5%"),
        ("BJ2-FEE-08", "penalties.below_standard.share", "5%"),
        ("BJ2-FEE-08", "penalties.below_standard.times", 2),
        ("BJ2-ROL-10", "penalties.staff_changed.share", "5%"),
        ("AMB-44", "penalties.staff_changed.times", 3),
        ("BJ2-FEE-09", "penalties.third_party_rights.share", "1%"),
        ("BJ2-FEE-10", "penalties.subcontracting.share", "5%"),
        ("BJ2-FEE-11", "penalties.security_rectification.share", "5%"),
        ("BJ2-FEE-12", "penalties.other_breach.share", "1%"),
        ("BJ2-FEE-12", "penalties.other_breach_repeated.share", "5%"),
        ("AMB-44", "penalties.other_breach_repeated.times", 2),
        ("BJ2-SEC-10", "penalties.annex_breach.share", "5%"),
        ("BJ2-FEE-13", "fee.late_payment.rate_per_day", "0.05%"),
        ("BJ2-FEE-13", "fee.late_payment.cap", "5%"),
        ("BJ2-FEE-13", "fee.late_payment.grace_workdays", 30),
        ("BJ2-FEE-14", "fee.supplement_cap", "10%"),
    ],
    "beijing-gov-cloud": [
        ("BJ3-SLA-01", "levels.important.response", "15m"),
        ("BJ3-SLA-01", "levels.general.response", "15m"),
        ("BJ3-SLA-02", "levels.important.arrival", "60m"),
        ("BJ3-SLA-02", "levels.general.arrival", "60m"),
        ("BJ3-SLA-03", "levels.general.locate", "30m"),
        ("BJ3-SLA-04", "levels.important.locate", "10m"),
        ("BJ3-SVC-07", "services.vulnerability_scan.count", 46),
        ("AMB-47", "services.vulnerability_scan.full_round", 23),
        ("BJ3-LED-01", "services.vulnerability_scan.ledger.seq", 4),
        ("BJ3-SVC-06", "services.host_hardening.count", 23),
        ("BJ3-LED-01", "services.host_hardening.ledger.seq", 3),
        ("BJ3-SVC-08", "services.database_hardening.count", 3),
        ("BJ3-LED-01", "services.database_hardening.ledger.seq", 5),
        ("BJ3-SVC-03", "term.service_start", date(2026, 7, 1)),
        ("BJ3-SVC-03", "term.service_end", date(2027, 6, 30)),
        ("BJ3-SVC-03", "term.months", 12),
        ("BJ3-ROL-01", "team.members.project_manager.people", 1),
        ("BJ3-ROL-01", "team.members.project_manager.years", 3),
        ("BJ3-ROL-02", "team.members.technical_lead.people", 1),
        ("BJ3-ROL-02", "team.members.technical_lead.years", 5),
        ("BJ3-ROL-03", "team.members.engineer.people", 1),
        ("BJ3-ROL-03", "team.members.engineer.years", 2),
        ("BJ3-SEC-04", "confidentiality.years", 5),
        ("BJ3-SEC-03", "confidentiality.return_within_days", 30),
        ("BJ3-SEC-10", "confidentiality.passwords.min_length", 18),
        ("BJ3-SEC-10", "confidentiality.passwords.change_every_days", 30),
        ("AMB-21", "counting.deliverable_reminders", [5, 2, 0]),
        ("BJ3-ROL-06", "notices.lead_change.days", 5),
        ("BJ3-TRM-01", "notices.force_majeure_proof.days", 15),
        ("BJ3-TRM-03", "notices.account_change.days", 15),
        ("BJ3-ACC-01", "acceptance.within_workdays", 15),
        ("BJ3-ACC-01", "acceptance.planned", "2027-07"),
        ("BJ3-ACC-02", "acceptance.resubmit_within_days", 15),
        ("BJ3-ACC-02", "acceptance.attempts", 2),
        ("BJ3-SVC-02", "fee.ceiling", "323982.76"),
        ("BJ3-FEE-01", "fee.instalments.first.share", "80%"),
        ("BJ3-FEE-01", "fee.instalments.first.within_workdays", 10),
        ("BJ3-FEE-02", "fee.instalments.second.share", "20%"),
        ("BJ3-FEE-02", "fee.instalments.second.within_workdays", 15),
        ("BJ3-FEE-06", "penalties.late_service.share", "0.1%"),
        ("BJ3-FEE-07", "penalties.internet_outage.share", "0.1%"),
        ("AMB-48", "occurrences.internet_outage_minutes", 30),
        ("BJ3-FEE-09", "penalties.security_rectification.share", "10%"),
        ("BJ3-FEE-10", "penalties.termination.share", "10%"),
        ("BJ3-SEC-06", "penalties.annex_breach.share", "10%"),
    ],
}
# Numbers that no contract gives: ours, and why.
OURS: Mapping[str, str] = {
    "escalation.warn_at": "SG1-ESC-04 names half of the response limit; 0.8 is our own last reminder",
    "escalation.repeat_every": "no clause says how often an unanswered call is repeated; half of the shortest limit",
    "escalation.repeats_before_then": "no clause says when the next step is called: after two unanswered repeats",
    "business_hours.opens": "BJ2-SLA-01 says 5*8 without hours: 08:30 until the client says else",
    "business_hours.closes": "BJ2-SLA-01 says 5*8 without hours: 17:30 until the client says else",
    "handover.lead": "no contract speaks of changing shifts: time enough to read what is open",
    "handover.check_before": "no contract asks beforehand: early enough to be up, late enough not to be woken",
    "handover.answer_by": "no contract asks beforehand: time enough to find somebody else",
    "reports.major.every": "Beijing wants progress in time without an interval: as SG1-ESC-03",
    "reports.important.every": "BJ3-SLA-05 wants progress at set intervals without setting one: as SG1-ESC-03",
    "reports.general.every": "Beijing wants progress in time without an interval: as SG1-ESC-03",
}


def rows() -> Iterator[tuple[str, str, str, object]]:
    """Every row with its contract."""
    return ((slug, *row) for slug, table in ROWS.items() for row in table)


@pytest.mark.parametrize(("slug", "requirement", "path", "value"), list(rows()))
def test_a_number_is_the_one_of_its_clause(slug: str, requirement: str, path: str, value: object) -> None:
    """What the clause says stands in the file, under this key."""
    written = files.leaves(slug)
    assert path in written, requirement
    assert files.meaning(written[path]) == files.meaning(value), requirement


@pytest.mark.parametrize("slug", files.SLUGS)
def test_no_number_is_without_a_clause(slug: str) -> None:
    """A number that nobody can trace is not signed."""
    explained = {path for _, path, _ in ROWS[slug]} | OURS.keys()
    assert [path for path, leaf in files.leaves(slug).items() if files.is_number(leaf) and path not in explained] == []


def test_a_number_of_our_own_is_in_use() -> None:
    """Nothing is excused that no contract writes."""
    written = {path for slug in files.SLUGS for path in files.leaves(slug)}
    assert OURS.keys() <= written


def test_office_hours_are_five_times_eight() -> None:
    """Nine hours with a break of one, on five days: BJ2-SLA-01."""
    written = files.leaves("beijing-it-ops")
    assert (written["business_hours.opens"], written["business_hours.closes"]) == (time(8, 30), time(17, 30))


LEDGERS = {
    "shaoguan-command": ("SG1-LED-01", 62, 341),
    "shaoguan-rescue": ("SG2-LED-01", 54, 74),
}


@pytest.mark.parametrize("slug", LEDGERS)
def test_the_equipment_lists_of_shaoguan_are_counted(slug: str) -> None:
    """So many rows and units of equipment; service lines and rows without a quantity stand apart."""
    requirement, rows, units = LEDGERS[slug]
    equipment = [row for row in files.ledger(slug) if not row["scope"]]
    assert (len(equipment), sum(int(row["quantity"]) for row in equipment)) == (rows, units), requirement


def test_the_list_of_the_command_centre_is_counted() -> None:
    """48 rows of the text (BJ1-LED-01): 43 sets of video, 103 devices (BJ1-SVC-14), 12 and 45 systems (BJ1-SVC-16)."""
    listed = [row for row in files.ledger("beijing-command-center") if row["scope"] != "in_scope_unlisted"]
    assert len(listed) == 48
    counted: dict[tuple[str, str], int] = {}
    for row in listed:
        if row["quantity"] and row["scope"] != "service":
            place = (row["section"][:1], row["unit"])
            counted[place] = counted.get(place, 0) + int(row["quantity"])
    assert counted == {("一", "套"): 43, ("二", "台"): 103, ("三", "个"): 57}
    assert [row["quantity"] for row in listed if row["unit"] == "个"] == ["12", "45"]


def test_the_list_of_it_ops_is_counted() -> None:
    """29 rows (BJ2-LED-01); the only quantities are services, of which the training has 4 sessions (BJ2-SVC-11)."""
    listed = files.ledger("beijing-it-ops")
    assert len(listed) == 29
    assert [row["quantity"] for row in listed if row["scope"] != "service" and row["quantity"]] == []
    assert [row["quantity"] for row in listed if row["name"] == "业务培训"] == ["4"]


def test_the_list_of_the_cloud_is_counted() -> None:
    """7 rows (BJ3-LED-01): 1 host, 23 protected, 23 hardened, 46 scans, 3 databases, 1 line, 1 fax server."""
    quantities = [int(row["quantity"]) for row in files.ledger("beijing-gov-cloud")]
    assert quantities == [1, 23, 23, 46, 3, 1, 1]
