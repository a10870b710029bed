"""Service rows: what the contract counts, and when somebody has to be reminded of it."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Annotated, Self

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from sla.calendar import months_later
from sla.profile.fields import Share, Table
from sla.services import Per, Service, ServiceKind

_YEAR = 12


def _day(value: object) -> object:
    """A date, also as the text under which terms are kept; an instant would lose its hour without a word."""
    if isinstance(value, int | float | datetime):
        raise ValueError("应为日期，例如 2026-07-01 / should be a date, such as 2026-07-01")
    return value


Day = Annotated[date, BeforeValidator(_day)]


class LedgerPlace(Table):
    """The row of the equipment list to which a service belongs."""

    section: str = Field(min_length=1)
    seq: int = Field(ge=1)


class ServiceTable(Table):
    """One row ``[[services]]``.

    key: its name in records, never changed; name, unit: as people read them (漏洞扫描, 次); kind: what is done;
    count, per: how many in the whole term, in a contract year, in a quarter counted from the start, or in a calendar
    month; starts, ends: first and last day, where they are not those of the contract; even: spread evenly over the
    period, so that a part is due at the end of each part; at_least_people: how many of the vendor have to be there;
    remind_before: working days before the due day on which those who owe it are reminded; plan_by: the share of the
    period by which all of them have to be planned or done; before_key_periods: to be done before each special period;
    full_round: how many make a full round (46 scans of 23 hosts are two); ledger: the row of the equipment list.
    """

    key: str = Field(pattern=r"^[a-z][a-z0-9_]{0,31}$")
    name: str = Field(min_length=1)
    unit: str = Field(min_length=1)
    kind: ServiceKind
    count: int = Field(strict=True, ge=1)
    per: Per = Per.YEAR
    starts: Day | None = None
    ends: Day | None = None
    even: bool = False
    at_least_people: int = Field(default=1, strict=True, ge=1)
    remind_before: tuple[Annotated[int, Field(strict=True, ge=1, le=250)], ...] = (10, 5)
    plan_by: Share | None = None
    before_key_periods: bool = False
    full_round: int | None = Field(default=None, strict=True, ge=1)
    ledger: LedgerPlace | None = None

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        if self.starts and self.ends and self.starts > self.ends:
            raise ValueError("starts 不能晚于 ends / starts cannot be later than ends")
        if self.plan_by is not None and not 0 < self.plan_by < 1:
            raise ValueError("plan_by 应大于 0 小于 1，例如 0.5 / plan_by should be between 0 and 1, such as 0.5")
        if self.full_round is not None and self.count % self.full_round:
            raise ValueError(
                "count 应是 full_round 的整数倍 / count should be a multiple of full_round, or no last round is full"
            )
        return self

    def service(self, starts: date | None, ends: date | None, months: int = _YEAR) -> Service | None:
        """The row as a value, within these days of the contract; nothing while nobody knows when it begins."""
        first = self.starts or starts
        if first is None:
            return None
        return Service(
            key=self.key,
            name=self.name,
            unit=self.unit,
            kind=self.kind,
            count=self.count,
            per=self.per,
            starts=first,
            ends=self.ends or ends or _last(first, months),
            even=self.even,
            at_least_people=self.at_least_people,
            remind_before=tuple(sorted(set(self.remind_before), reverse=True)),
            plan_by=None if self.plan_by is None else Fraction(self.plan_by),
            before_key_periods=self.before_key_periods,
            full_round=self.full_round,
        )


def _last(first: date, months: int) -> date:
    return months_later(first, months) - timedelta(days=1)


def _distinct(rows: tuple[ServiceTable, ...]) -> tuple[ServiceTable, ...]:
    """One is picked by its name and found by its key."""
    for place, row in enumerate(rows):
        if any(row.key == other.key or row.name == other.name for other in rows[:place]):
            raise ValueError(f"“{row.key}” 的 key 或 name 写了两次 / the key or name of “{row.key}” stands twice")
    return rows


ServiceTables = Annotated[tuple[ServiceTable, ...], AfterValidator(_distinct)]


def services_of(
    rows: Iterable[ServiceTable], starts: date | None, ends: date | None, months: int = _YEAR
) -> tuple[Service, ...]:
    """What the rows come to within these days of the contract, or so many months, where a beginning is known."""
    found = (row.service(starts, ends, months) for row in rows)
    return tuple(service for service in found if service is not None)
