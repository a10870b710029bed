"""The table [[services]] of a profile: what it may say, and what each contract's shape comes to."""

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from pydantic import ValidationError

from desk.house import Contract
from sla.profile import Profile
from sla.profile.services import ServiceTable
from sla.services import Per, Service, ServiceKind, period_of
from tests.sla import contract

START, END = date(2026, 7, 1), date(2027, 6, 30)
SCAN: Mapping[str, Any] = {"key": "scan", "name": "漏洞扫描", "unit": "次", "kind": "scan", "count": 46}


def row(**more: Any) -> ServiceTable:
    """One row of the table."""
    return ServiceTable.model_validate({**SCAN, **more})


def value(**more: Any) -> Service:
    """The same within a contract of a year."""
    found = row(**more).service(START, END)
    assert found is not None
    return found


def test_a_row_becomes_a_service_of_the_contracts_days() -> None:
    """Everything that is not written has a stated default."""
    assert value() == Service(
        key="scan",
        name="漏洞扫描",
        unit="次",
        kind=ServiceKind.SCAN,
        count=46,
        per=Per.YEAR,
        starts=START,
        ends=END,
        remind_before=(10, 5),
    )


def test_a_row_may_say_everything() -> None:
    """Half of the year to plan, two people, full rounds, special periods, its own days."""
    full = value(
        per="term",
        even=True,
        at_least_people=2,
        remind_before=[3, 20, 3],
        plan_by=0.5,
        before_key_periods=True,
        full_round=23,
        starts="2026-08-01",
        ends=date(2026, 12, 31),
        ledger={"section": "政务云", "seq": 4},
    )
    assert (full.per, full.even, full.at_least_people, full.remind_before) == (Per.TERM, True, 2, (20, 3))
    assert (full.plan_by, full.before_key_periods, full.full_round) == (Fraction(1, 2), True, 23)
    assert (full.starts, full.ends) == (date(2026, 8, 1), date(2026, 12, 31))


def test_without_a_beginning_nothing_can_be_counted() -> None:
    """A contract that is not signed has rows, but no service yet; one without an end runs a year."""
    assert row().service(None, None) is None
    assert row(starts="2026-07-01").service(None, None) == value(starts="2026-07-01")
    longer = row().service(START, None, 24)
    assert longer is not None and longer.ends == date(2028, 6, 30)


@pytest.mark.parametrize(
    ("more", "named"),
    [
        ({"count": 0}, "count"),
        ({"count": 2.0}, "count"),
        ({"per": "week"}, "per"),
        ({"kind": "party"}, "kind"),
        ({"key": "Scan"}, "key"),
        ({"name": ""}, "name"),
        ({"starts": 20260701}, "starts"),
        ({"starts": "2027-07-01", "ends": "2026-07-01"}, "starts 不能晚于 ends"),
        ({"plan_by": 1}, "plan_by"),
        ({"full_round": 24}, "full_round 的整数倍"),
        ({"remind_before": [0]}, "remind_before"),
        ({"at_least": 2}, "at_least"),
        ({"ledger": {"section": "政务云"}}, "ledger"),
    ],
)
def test_a_row_is_refused_by_its_key(more: Mapping[str, Any], named: str) -> None:
    """Each rule names the key that breaks it."""
    with pytest.raises(ValidationError, match=named):
        row(**more)


def profile(*rows: Mapping[str, Any]) -> Profile:
    """A contract with these rows."""
    return contract.profile(change=lambda raw: raw.update(services=list(rows)))


@pytest.mark.parametrize("more", [{"name": "别的"}, {"key": "other"}])
def test_two_rows_differ_in_key_and_name(more: Mapping[str, Any]) -> None:
    """One is picked by its name and found by its key."""
    with pytest.raises(ValidationError, match="写了两次"):
        profile(SCAN, {**SCAN, **more})


def test_a_profile_is_read_again_as_it_was_kept() -> None:
    """The terms of a ticket hold the rows as text, years later too."""
    written = profile({**SCAN, "starts": "2026-07-01", "plan_by": "1/2", "full_round": 23, "remind_before": [5]})
    again = Profile.model_validate_json(Contract.of(written).body)
    assert again.service_rows == written.service_rows
    assert written.service_rows[0].starts == START


SHAPES: Mapping[str, list[Mapping[str, Any]]] = {
    "gov-cloud": [
        {"key": "hardening", "name": "主机加固", "unit": "台次", "kind": "hardening", "count": 23, "per": "term"},
        {**SCAN, "per": "term", "before_key_periods": True, "full_round": 23},
        {"key": "database", "name": "数据库加固", "unit": "台次", "kind": "hardening", "count": 3, "per": "term"},
    ],
    "it-ops": [
        {"key": "training", "name": "培训", "unit": "次", "kind": "training", "count": 4, "even": True},
        {"key": "drill", "name": "安全演练", "unit": "次", "kind": "drill", "count": 1, "per": "quarter"},
        {"key": "city_drill", "name": "市级演练", "unit": "次", "kind": "drill", "count": 1},
    ],
    "rescue": [
        {"key": "joint_test", "name": "全省联调", "unit": "次", "kind": "joint_test", "count": 1, "per": "month"},
        {
            "key": "drill",
            "name": "年度演练",
            "unit": "次",
            "kind": "drill",
            "count": 2,
            "plan_by": 0.5,
            "at_least_people": 2,
        },
    ],
    "command": [
        {"key": "inspection", "name": "巡检", "unit": "次", "kind": "inspection", "count": 1, "per": "month"},
    ],
}


@pytest.mark.parametrize(
    ("shape", "of_a_year"),
    [("gov-cloud", [23, 46, 3]), ("it-ops", [4, 4, 1]), ("rescue", [12, 2]), ("command", [12])],
)
def test_every_shape_of_contract_counts_to_its_number(shape: str, of_a_year: list[int]) -> None:
    """Over a year from its first day: all periods together make what the contract says."""
    rows = profile(*({**one, "starts": "2026-07-01", "ends": "2027-06-30"} for one in SHAPES[shape])).service_rows
    totals = []
    for service in rows:
        days = [date.fromordinal(START.toordinal() + step) for step in range((END - START).days + 1)]
        totals.append(service.count * len({period_of(service, day) for day in days}))
    assert totals == of_a_year
