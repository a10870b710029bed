"""The double hundred-point system: items with weight, target and rule, and how open words of it are read."""

from collections.abc import Mapping
from typing import Any, Literal, Self

from pydantic import Field, model_validator

from sla.profile.fields import Table, Word
from sla.profile.values import Count, Key, Percent, Range, Whole, once_each
from sla.terms import Role

Sheet = Literal["performance", "service"]
Points = Count | Range


class ItemRow(Table):
    """One item of the score sheet; it starts at its weight and never leaves 0 to `weight`.

    sheet: the total it belongs to; group: its heading; deduct, add: points for each event, a pair where the officer
    picks from a range; cap: the most it can reach; allowed: events that cost nothing; target and per_point: a rate,
    and the points for each percentage point below it. In place of a number stands the key of `[scoring]` that holds
    it.
    """

    key: Key
    name: Word
    sheet: Sheet
    group: str = ""
    weight: Count
    deduct: Mapping[str, Points] = Field(default_factory=dict)
    add: Mapping[str, Count] = Field(default_factory=dict)
    cap: Count | None = None
    allowed: Whole = 0
    target: Percent | None = None
    per_point: Count | None = None


class RepairRateTable(Table):
    """Which tickets the timely repair rate is made of.

    month: by which instant a ticket belongs to a month; no_faults: the rate of a month without any; inside_limit:
    what becomes of a ticket whose limit is not over at scoring; reopened: which repair counts; leaves_out: what is
    not in the population.
    """

    month: Literal["reported", "repaired"] = "reported"
    no_faults: Percent
    inside_limit: Literal["carried", "counted"] = "carried"
    reopened: Literal["final_repair", "first_repair"] = "final_repair"
    leaves_out: tuple[Literal["not_covered", "void", "transmission"], ...] = ("not_covered", "void", "transmission")


class TotalDeductionTable(Table):
    """Points straight off a total, entered by the officer and never by the hotline itself.

    levels: whose late tickets are candidates; points: the range the officer picks from; sheet: the total it comes
    off; requires_second_confirm: another person of the bureau confirms.
    """

    levels: tuple[str, ...]
    points: Range
    sheet: Sheet = "performance"
    requires_second_confirm: bool = True


class ScoringTable(Table):
    """The score sheets.

    cycle: how often a sheet is scored; full_mark: what the weights of each sheet add up to; confirmed_by: who
    confirms; annual_method: how the months become a year; rate_deduction: what a part of a percentage point costs;
    guarantee_deduction, praise_cap, accident_range, user_data_deduction: numbers that items refer to;
    repair_rate_severities: the levels in the repair rate; other_requirements_item: the item under which breaches of
    the other requirements count; one_document_one_deduction: a missing paper is docked once.
    """

    cycle: Literal["month", "year"]
    full_mark: Count
    confirmed_by: tuple[Role, ...] = (Role.SUPERVISING_OFFICER,)
    annual_method: Literal["mean_of_months", "pooled_year", "monthly_slices"] = "mean_of_months"
    rate_deduction: Literal["full_point", "pro_rata", "ceil"] = "full_point"
    guarantee_deduction: Count
    user_data_deduction: Count
    praise_cap: Count
    accident_range: Range
    repair_rate_severities: tuple[str, ...]
    other_requirements_item: str
    one_document_one_deduction: bool = True
    repair_rate: RepairRateTable
    total_deduction: TotalDeductionTable
    items: tuple[ItemRow, ...]

    @model_validator(mode="before")
    @classmethod
    def _follow_keys(cls, raw: Any) -> Any:
        """An item that names a key of this table gets its number, so that it stands in one place only."""
        if not isinstance(raw, dict) or not isinstance(raw.get("items"), list | tuple):
            return raw
        return raw | {"items": [_followed(item, raw) for item in raw["items"]]}

    @model_validator(mode="after")
    def _adds_up(self) -> Self:
        once_each(self.items)
        for sheet in ("performance", "service"):
            total = sum(item.weight for item in self.items if item.sheet == sheet)
            if total != self.full_mark:
                raise ValueError(
                    f"items 中 {sheet} 的 weight 之和是 {total}，应为 {self.full_mark}"
                    f" / the weights of {sheet} add up to {total}, not {self.full_mark}"
                )
        if all(item.key != self.other_requirements_item for item in self.items):
            raise ValueError("other_requirements_item 不是 items 中的一项 / other_requirements_item is no item")
        return self


def _followed(item: object, numbers: Mapping[str, object]) -> object:
    if not isinstance(item, dict):
        return item
    found = dict(item)
    for key in ("deduct", "add"):
        if isinstance(found.get(key), dict):
            found[key] = {event: _number(points, numbers) for event, points in found[key].items()}
    if "cap" in found:
        found["cap"] = _number(found["cap"], numbers)
    return found


def _number(value: object, numbers: Mapping[str, object]) -> object:
    return numbers.get(value, value) if isinstance(value, str) else value
