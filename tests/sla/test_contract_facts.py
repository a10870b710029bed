"""The tables of contract facts are read strictly and exactly: shares, sums and days, and what has to agree."""

import json
import tomllib
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from desk.house import Contract
from sla.profile import Profile, values

CONTRACTS = Path(__file__).parent.parent.parent / "contracts"
Table = dict[str, Any]


def written(slug: str, *changes: Callable[[Table], object]) -> Profile:
    """A contract of the folder, after changes that a clerk could have made to its file."""
    table = tomllib.loads((CONTRACTS / f"{slug}.toml").read_text(encoding="utf-8"))
    for change in changes:
        change(table)
    return Profile.model_validate(table)


def refusal(slug: str, change: Callable[[Table], object]) -> str:
    """What the reader of a broken contract is told."""
    with pytest.raises(ValidationError) as refused:
        written(slug, change)
    return str(refused.value)


def row(table: list[Table], key: str) -> Table:
    """The row of this key."""
    return next(one for one in table if one["key"] == key)


@pytest.mark.parametrize(
    ("text", "share"),
    [
        ("98%", Fraction(49, 50)),
        ("0.05%", Fraction(1, 2000)),
        ("100 %", Fraction(1)),
        ("5％", Fraction(1, 20)),
        ("0%", Fraction(0)),
        ("33.333%", Fraction(33333, 100000)),
    ],
)
def test_a_share_is_exact(text: str, share: Fraction) -> None:
    """A percentage is a fraction, never a float; it is read again as it is kept."""
    assert values.percent(text) == share == values.percent(values.as_percent(share))


@pytest.mark.parametrize("value", ["98", 98, 0.98, "98.%", "-1%", "", None, True, "49/50", "九成"])
def test_what_does_not_say_percent_is_no_share(value: object) -> None:
    """A bare number could be a share or a count, so it is refused with an example."""
    with pytest.raises(ValueError, match="98%"):
        values.percent(value)


@pytest.mark.parametrize("value", ["2,204,250.00", "2204250", 2204250, "2204250.0", " 2204250.00 "])
def test_a_sum_is_exact_to_the_cent(value: object) -> None:
    """Sums are decimals, with or without thousands separators."""
    assert values.money(value) == Decimal(2204250)


@pytest.mark.parametrize("value", [2204250.0, "22,04250", "1.234", "-5", "", "五万元", True, None])
def test_a_float_is_no_sum(value: object) -> None:
    """A float has no cents of its own, so it is refused with an example."""
    with pytest.raises(ValueError, match=r"2,204,250\.00"):
        values.money(value)


@pytest.mark.parametrize("value", [20260701, 1.5, datetime(2026, 7, 1), "2026-7-1", "七月一日"])  # noqa: DTZ001
def test_a_day_is_a_date(value: object) -> None:
    """A number or an instant is no day of the calendar."""
    with pytest.raises(ValueError, match="2026-07-01"):
        values.day(value)


@pytest.mark.parametrize("file", sorted(CONTRACTS.glob("*.toml")), ids=lambda file: file.stem)
def test_a_contract_is_kept_and_read_again(file: Path) -> None:
    """What a ticket remembers of its contract is the same contract years later, every share and sum."""
    profile = written(file.stem)
    body = Contract.of(profile).body
    assert Profile.model_validate_json(body) == profile
    assert "float" not in {type(leaf).__name__ for leaf in _leaves(json.loads(body))}


@pytest.mark.parametrize(
    ("slug", "change", "reason"),
    [
        (
            "shaoguan-command",
            lambda table: row(table["scoring"]["items"], "repeat_faults").update(weight=14),
            "performance 的 weight 之和是 99，应为 100",
        ),
        (
            "shaoguan-command",
            lambda table: table["scoring"].update(other_requirements_item="reports"),
            "other_requirements_item 不是 items 中的一项",
        ),
        (
            "shaoguan-command",
            lambda table: row(table["scoring"]["items"], "comms_accident").update(deduct={"accident": "accidents"}),
            "scoring.items.11.deduct.accident",
        ),
        (
            "shaoguan-command",
            lambda table: table["scoring"].update(accident_range=[10, 5]),
            "范围应从小到大",
        ),
        (
            "shaoguan-command",
            lambda table: table["scoring"].update(repair_rate_severities=["grave"]),
            "scoring.repair_rate_severities 中的 “grave” 不是 levels 中的级别",
        ),
        (
            "shaoguan-command",
            lambda table: table["scoring"]["total_deduction"].update(levels=["grave"]),
            "scoring.total_deduction.levels 中的 “grave” 不是 levels 中的级别",
        ),
        (
            "shaoguan-command",
            lambda table: row(table["deliverables"], "monthly_call").update(missing_item="calls"),
            "missing_item “calls” 不是 scoring.items 中的一项",
        ),
        (
            "shaoguan-command",
            lambda table: row(table["deliverables"], "monthly_call").update(key="hazard_summary"),
            "deliverables 中 key “hazard_summary” 写了两次",
        ),
        (
            "shaoguan-command",
            lambda table: table["scoring"]["items"].append(table["scoring"]["items"][0]),
            "key “report_compliance” 写了两次",
        ),
        (
            "shaoguan-command",
            lambda table: table["confidentiality"].update(years=5),
            "须写 years，否则不写",
        ),
        (
            "beijing-gov-cloud",
            lambda table: table["confidentiality"].pop("years"),
            "须写 years，否则不写",
        ),
        (
            "beijing-gov-cloud",
            lambda table: table["term"].update(service_end=date(2026, 7, 1)),
            "service_start 应早于 service_end",
        ),
        (
            "beijing-gov-cloud",
            lambda table: table["fee"].update(contract_total="323,982.77"),
            "contract_total 高于 ceiling",
        ),
        (
            "beijing-gov-cloud",
            lambda table: row(table["fee"]["instalments"], "second").update(share="19%"),
            "各期比例之和应为 100%",
        ),
        (
            "beijing-it-ops",
            lambda table: row(table["fee"]["instalments"], "second").update(amount="704,100.01"),
            "instalments.second 的 amount 不等于合同总金额乘以 share",
        ),
        (
            "beijing-it-ops",
            lambda table: table["fee"]["bond"].update(amount="117,350.01"),
            "bond 的 amount 不等于合同总金额乘以 share",
        ),
        (
            "beijing-it-ops",
            lambda table: row(table["kpi"]["indicators"], "satisfaction").update(at_most="5%"),
            "须写一个，且只能写一个",
        ),
        (
            "beijing-it-ops",
            lambda table: table["kpi"]["definitions"].update(uptime="…"),
            "definitions.uptime 没有对应的指标",
        ),
        (
            "beijing-it-ops",
            lambda table: row(table["notices"], "redo").pop("days"),
            "days 与 months 须写一个",
        ),
        (
            "beijing-it-ops",
            lambda table: table["intake"].update(kinds=["other"]),
            "kinds 中至少要有 fault",
        ),
        (
            "beijing-command-center",
            lambda table: row(table["team"]["members"], "video").update(people=6),
            "total 应等于各行人数之和 21",
        ),
    ],
)
def test_tables_that_do_not_agree_are_refused(slug: str, change: Callable[[Table], object], reason: str) -> None:
    """A slip of the pen in a weight, a sum or a name is found before anything is reckoned with it."""
    assert reason in refusal(slug, change)


def _leaves(value: object) -> list[object]:
    if isinstance(value, dict):
        return [leaf for item in value.values() for leaf in _leaves(item)]
    if isinstance(value, list):
        return [leaf for item in value for leaf in _leaves(item)]
    return [value]
