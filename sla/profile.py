"""A contract profile as it is written in ``contracts/SLUG.toml``: parsed once, strictly, and turned into terms."""

from collections.abc import Mapping
from datetime import time, timedelta
from fractions import Fraction
from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator, model_validator

from sla import durations, record
from sla.roster import BusinessHours
from sla.severity import WordList
from sla.terms import Clock, ClockStart, Kind, Ladder, Level, Pauses, Role, Terms, WayKind

Duration = Annotated[timedelta, BeforeValidator(durations.parse)]
ON_DUTY = "on_duty:"
GROUP = "group:"
AUDIENCES = ("vendor", "bureau", "joint")
_KINDS = {"consultation": Kind.CONSULTATION, "other": Kind.OTHER}
Holdable = Literal["arrival", "locate", "handling"]
_HOLDABLE: tuple[Holdable, ...] = ("arrival", "locate", "handling")


def selector(value: object) -> str:
    """Who may stand in a ladder: a role, the person on duty in a role, or a bound group."""
    text = str(value)
    role = text.removeprefix(ON_DUTY)
    known = text.removeprefix(GROUP) in AUDIENCES if text.startswith(GROUP) else role in {role.value for role in Role}
    if not known:
        raise ValueError(f"“{text}” 不是角色；可用：{'、'.join(Role)}，或 on_duty:角色，或 group:vendor")
    return text


def share(value: object) -> Fraction:
    """A part of a limit, exact: ``0.5`` or ``"1/3"``."""
    try:
        return Fraction(str(value))
    except ZeroDivisionError as error:
        raise ValueError(f"“{value}” 不是数") from error


def time_of_day(value: object) -> object:
    """A bare 9 would be nine seconds past midnight: a number is refused."""
    if isinstance(value, int | float):
        raise ValueError("应为时刻，例如 09:00:00")
    return value


Selector = Annotated[str, BeforeValidator(selector)]
Share = Annotated[Fraction, BeforeValidator(share)]
TimeOfDay = Annotated[time, BeforeValidator(time_of_day)]
Word = Annotated[str, Field(min_length=1)]


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)


class LevelTable(_Table):
    """One row of the level table."""

    name: str = Field(min_length=1)
    kind: Kind | None = None
    response: Duration | None = None
    arrival: Duration | None = None
    locate: Duration | None = None
    handling: Duration | None = None
    report_at_once: tuple[Selector, ...] = ()
    also_by: tuple[WayKind, ...] = ()


class EscalationTable(_Table):
    """Who is told at once, warned, called on breach, and called next."""

    page: tuple[Selector, ...] = Field(min_length=1)
    warn_at: tuple[Share, ...] = (Fraction(1, 2), Fraction(4, 5))
    on_breach: tuple[Selector, ...] = Field(min_length=1)
    repeat_every: Duration
    then: tuple[Selector, ...] = ()
    repeats_before_then: int = Field(default=2, ge=0)

    @field_validator("warn_at")
    @classmethod
    def _rising(cls, shares: tuple[Fraction, ...]) -> tuple[Fraction, ...]:
        if any(not 0 < share < 1 for share in shares) or list(shares) != sorted(set(shares)):
            raise ValueError("warn_at 应为递增的、大于 0 小于 1 的数，例如 [0.5, 0.8]")
        return shares


class ClocksTable(_Table):
    """The instant from which each limit is counted, where the contract does not say the report."""

    response: Literal["reported"] = "reported"
    arrival: ClockStart = ClockStart.REPORTED
    locate: ClockStart = ClockStart.REPORTED
    handling: ClockStart = ClockStart.REPORTED


class PausesTable(_Table):
    """Who agrees to a pause, and which clocks it stops."""

    consent: tuple[Role, ...] = ()
    clocks: tuple[Holdable, ...] = _HOLDABLE


class TransmissionTable(_Table):
    """Whether a declared transmission-network fault stops clocks, and which."""

    allowed: bool = True
    clocks: tuple[Holdable, ...] = _HOLDABLE


class LevelChangeTable(_Table):
    """Whose word is enough to lower a level; anybody else of the contract asks for it."""

    consent: tuple[Role, ...] = (Role.REPORTER, Role.SUPERVISING_OFFICER)


class RecordTable(_Table):
    """The fields that a fault record needs before the ticket closes."""

    fault: tuple[str, ...] = record.FIELDS

    @field_validator("fault")
    @classmethod
    def _known(cls, fields: tuple[str, ...]) -> tuple[str, ...]:
        strange = [field for field in fields if field not in record.FIELDS]
        if strange:
            raise ValueError(f"没有字段 “{strange[0]}”；可用：{'、'.join(record.FIELDS)}")
        return fields


class BusinessHoursTable(_Table):
    """Local opening hours, Monday to Friday, of rosters that are not staffed round the clock."""

    opens: TimeOfDay = time(9)
    closes: TimeOfDay = time(18)

    @model_validator(mode="after")
    def _opens_before_it_closes(self) -> Self:
        if self.opens >= self.closes:
            raise ValueError("opens 应早于 closes")
        return self


class Profile(_Table):
    """One maintenance contract."""

    slug: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$")
    name: str = Field(min_length=1)
    client: str = ""
    ticket_prefix: str = Field(pattern=r"^[A-Z0-9]{1,8}$")
    timezone: str = "Asia/Shanghai"
    ledger: str | None = None
    hotline: tuple[str, ...] = ()
    levels: dict[str, LevelTable] = Field(min_length=1)
    escalation: EscalationTable
    clocks: ClocksTable = ClocksTable()
    pauses: PausesTable = PausesTable()
    transmission: TransmissionTable = TransmissionTable()
    level_change: LevelChangeTable = LevelChangeTable()
    record: RecordTable = RecordTable()
    business_hours: BusinessHoursTable = BusinessHoursTable()
    words: Mapping[str, tuple[Word, ...]] = Field(default_factory=dict)

    @field_validator("timezone")
    @classmethod
    def _zone_exists(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise ValueError(f"没有时区 “{name}”，例如 Asia/Shanghai") from error
        return name

    @model_validator(mode="after")
    def _has_a_fault_level(self) -> Self:
        if all(_kind(key, table) is not Kind.FAULT for key, table in self.levels.items()):
            raise ValueError("levels 中至少要有一个故障级别")
        hidden = [
            key for key, kind in _KINDS.items() if key in self.levels and _kind(key, self.levels[key]) is not kind
        ]
        if hidden:
            raise ValueError(f"levels.{hidden[0]} 的 kind 只能是 {_KINDS[hidden[0]]}，其他级别请换一个名称")
        strange = [key for key in self.words if key not in self.levels and key not in _KINDS]
        if strange:
            raise ValueError(f"words.{strange[0]} 不对应任何级别")
        return self

    @property
    def zone(self) -> ZoneInfo:
        """The contract's local time, for wording and for the day that numbers tickets."""
        return ZoneInfo(self.timezone)

    @property
    def word_list(self) -> WordList:
        """The words that speak for a level."""
        return WordList(levels=self.words)

    def opening(self) -> BusinessHours:
        """When a roster of business hours is staffed."""
        return BusinessHours(zone=self.zone, opens=self.business_hours.opens, closes=self.business_hours.closes)

    def terms(self) -> Terms:
        """What the core needs of this profile."""
        return Terms(
            contract=self.slug,
            levels=self._levels(),
            ladder=Ladder(
                page=self.escalation.page,
                warn_at=self.escalation.warn_at,
                on_breach=self.escalation.on_breach,
                repeat_every=self.escalation.repeat_every,
                then=self.escalation.then,
                repeats_before_then=self.escalation.repeats_before_then,
            ),
            pauses=Pauses(
                consent=self.pauses.consent,
                clocks=frozenset(Clock(clock) for clock in self.pauses.clocks),
                transmission=self.transmission.allowed,
                transmission_clocks=frozenset(Clock(clock) for clock in self.transmission.clocks),
            ),
            clock_start={Clock(name): ClockStart(start) for name, start in self.clocks},
            record_fields=self.record.fault,
            level_consent=self.level_change.consent,
        )

    def _levels(self) -> dict[str, Level]:
        levels = {
            key: Level(
                key=key,
                name=table.name,
                kind=_kind(key, table),
                rank=rank,
                limits={clock: limit for clock in Clock if (limit := getattr(table, clock.value, None)) is not None},
                report_at_once=table.report_at_once,
                also_by=table.also_by,
            )
            for rank, (key, table) in enumerate(self.levels.items())
        }
        for key, name, kind in (("consultation", "技术咨询", Kind.CONSULTATION), ("other", "其他要求", Kind.OTHER)):
            if all(level.kind is not kind for level in levels.values()):
                levels[key] = Level(key=key, name=name, kind=kind, rank=len(levels), limits={})
        return levels


def _kind(key: str, table: LevelTable) -> Kind:
    return table.kind or _KINDS.get(key, Kind.FAULT)
