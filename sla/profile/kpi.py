"""Indicators that are passed or failed, the review they are judged in, and the acceptance at the end."""

from collections.abc import Mapping
from typing import Literal, Self

from pydantic import Field, model_validator

from sla.profile.fields import Duration, Table, Word
from sla.profile.values import Count, Key, Percent, Whole, once_each

_LIMITS = ("at_least", "at_most", "at_most_count", "within")


class IndicatorRow(Table):
    """One indicator with its one limit, which includes the figure itself.

    at_least, at_most: a rate; at_most_count: a number of events; within: a length of time; each_of: systems that have
    to meet it each for itself.
    """

    key: Key
    name: Word
    at_least: Percent | None = None
    at_most: Percent | None = None
    at_most_count: Whole | None = None
    within: Duration | None = None
    each_of: tuple[Word, ...] = ()

    @model_validator(mode="after")
    def _has_one_limit(self) -> Self:
        if sum(getattr(self, limit) is not None for limit in _LIMITS) != 1:
            raise ValueError(f"{'、'.join(_LIMITS)} 须写一个，且只能写一个 / exactly one of {', '.join(_LIMITS)}")
        return self


class KpiTable(Table):
    """The table of indicators.

    period: over what time they are judged; complaint_mode: whether complaints are a share of the requests or a
    number; planned_work_counts: whether planned work counts as an outage; definitions: what a figure is made of, by
    its key.
    """

    period: Literal["month", "quarter", "year"]
    complaint_mode: Literal["ratio", "count"] = "ratio"
    planned_work_counts: bool = False
    definitions: Mapping[str, Word] = Field(default_factory=dict)
    indicators: tuple[IndicatorRow, ...]

    @model_validator(mode="after")
    def _names_what_there_is(self) -> Self:
        once_each(self.indicators)
        strange = [key for key in self.definitions if all(row.key != key for row in self.indicators)]
        if strange:
            raise ValueError(
                f"definitions.{strange[0]} 没有对应的指标 / there is no indicator definitions.{strange[0]}"
            )
        return self


class ReviewTable(Table):
    """The regular review by the client.

    review_cycle: the cycle that is passed or failed; monthly_record: a yes or no is noted each month as well;
    failed_in_a_row: so many failed cycles allow the client to end the contract, if not corrected within
    correct_within_days of the notice.
    """

    review_cycle: Literal["month", "quarter", "year"]
    monthly_record: bool = False
    failed_in_a_row: Count
    correct_within_days: Count


class AcceptanceTable(Table):
    """The acceptance of the whole service.

    after: what has to lie behind; within_workdays: working days for it (absent: not stated); planned: the month in
    which it is planned; resubmit_within_days: calendar days to mend and hand in again; attempts: a failure of this
    number is a breach; in_stages: stage acceptances may be held.
    """

    after: Literal["end_of_service", "papers"]
    within_workdays: Count | None = None
    planned: str = Field(default="", pattern=r"^(\d{4}-\d{2})?$")
    resubmit_within_days: Count | None = None
    attempts: Count | None = None
    in_stages: bool = False
