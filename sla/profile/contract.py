"""A contract profile as it is written in ``contracts/SLUG.toml``: parsed once, strictly, and turned into terms."""

from collections.abc import Mapping
from typing import Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, field_validator, model_validator

from sla.calendar import Calendar
from sla.profile import agreement
from sla.profile.availability import AvailabilityTable, RepeatTable, SatelliteTable
from sla.profile.clocks import (
    ClocksTable,
    LevelChangeTable,
    LevelTable,
    PausesTable,
    TransmissionTable,
    VisitsTable,
)
from sla.profile.confidentiality import ConfidentialityTable
from sla.profile.devices import DevicesTable
from sla.profile.duty import BusinessHoursTable, KeyPeriodsTable, PostTable, RosterTable
from sla.profile.fee import FeeTable, OccurrencesTable, PenaltyRow
from sla.profile.fields import Table, Word
from sla.profile.handover import HandoverTable
from sla.profile.inspection import InspectionTable
from sla.profile.intake import IntakeTable
from sla.profile.kpi import AcceptanceTable, KpiTable, ReviewTable
from sla.profile.ladder import EscalationTable
from sla.profile.papers import CountingTable, DeliverableRow, NoticeRow
from sla.profile.parties import ChannelTable, PartiesTable, TeamTable, TermTable
from sla.profile.records import RecordTable, ReportsTable
from sla.profile.scoring import ScoringTable
from sla.profile.services import ServiceTables, services_of
from sla.roster import BusinessHours
from sla.selectors import post_of, role_of
from sla.services import Service
from sla.severity import WordList
from sla.terms import Clock, Kind, Ladder, Level, Pauses, Reporting, Role, Terms

_KINDS: Mapping[str, Kind] = {kind.value: kind for kind in Kind if kind is not Kind.FAULT}
_IMPLICIT = (("consultation", "技术咨询", Kind.CONSULTATION), ("other", "其他要求", Kind.OTHER))


class Profile(Table):
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
    visits: VisitsTable = VisitsTable()
    reports: dict[str, ReportsTable] = Field(default_factory=dict)
    pauses: PausesTable = PausesTable()
    transmission: TransmissionTable = TransmissionTable()
    level_change: LevelChangeTable = LevelChangeTable()
    record: RecordTable = RecordTable()
    business_hours: BusinessHoursTable = BusinessHoursTable()
    devices: DevicesTable = DevicesTable()
    posts: tuple[PostTable, ...] = ()
    roster: RosterTable = RosterTable()
    key_periods: KeyPeriodsTable = KeyPeriodsTable()
    handover: HandoverTable = HandoverTable()
    services: ServiceTables = ()
    words: Mapping[str, tuple[Word, ...]] = Field(default_factory=dict)
    aliases: tuple[Word, ...] = ()
    interface_roles: tuple[Role, ...] = (Role.PROJECT_MANAGER, Role.TECHNICAL_LEAD)
    term: TermTable | None = None
    parties: PartiesTable = PartiesTable()
    team: TeamTable = TeamTable()
    intake: IntakeTable = IntakeTable()
    channel: ChannelTable = ChannelTable()
    confidentiality: ConfidentialityTable = ConfidentialityTable()
    counting: CountingTable = CountingTable()
    deliverables: tuple[DeliverableRow, ...] = ()
    notices: tuple[NoticeRow, ...] = ()
    inspection: InspectionTable = InspectionTable()
    scoring: ScoringTable | None = None
    kpi: KpiTable | None = None
    review: ReviewTable | None = None
    acceptance: AcceptanceTable | None = None
    fee: FeeTable | None = None
    penalties: tuple[PenaltyRow, ...] = ()
    occurrences: OccurrencesTable | None = None
    availability: AvailabilityTable | None = None
    repeat: RepeatTable | None = None
    satellite: SatelliteTable | None = None

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
        levels = {*self.levels, *(key for key, _, _ in _IMPLICIT)}
        strange = [key for key in self.words if key not in levels]
        if strange:
            valid = "、".join({**self.levels, **_KINDS})
            raise ValueError(f"words.{strange[0]} 不对应任何级别；可用：{valid}")
        return self

    @model_validator(mode="after")
    def _tables_agree(self) -> Self:
        agreement.rows(deliverables=self.deliverables, notices=self.notices, penalties=self.penalties)
        agreement.scored(self.scoring, self.levels, self.deliverables)
        return self

    @model_validator(mode="after")
    def _posts_are_there(self) -> Self:
        places = [(post.role, post.post) for post in self.posts]
        if len(set(places)) < len(places):
            raise ValueError("posts 中同一角色的岗位代号重复")
        known = {post.post for post in self.posts}
        strange = [post for post in self.key_periods.extra if post not in known]
        if strange:
            raise ValueError(f"key_periods.extra 的岗位 “{strange[0]}” 不在 posts 中；可用：{'、'.join(sorted(known))}")
        named = [("escalation", one) for step in self.escalation.steps for one in step]
        named += [("key_periods.page_also", one) for one in self.key_periods.page_also]
        named += [
            (f"levels.{key}.report_at_once", one) for key, level in self.levels.items() for one in level.report_at_once
        ]
        for key, selector in named:
            post = post_of(selector)
            if post is not None and (role_of(selector), post) not in places:
                raise ValueError(f"{key} 的岗位 “{selector}” 不在 posts 中")
        return self

    @property
    def service_rows(self) -> tuple[Service, ...]:
        """What the contract counts, as far as it is known when it begins."""
        term = self.term
        if term is None:
            return services_of(self.services, None, None)
        return services_of(self.services, term.service_start, term.service_end, term.months)

    @model_validator(mode="after")
    def _reports_of_its_levels(self) -> Self:
        for key, table in self.reports.items():
            if key not in self.levels:
                raise ValueError(f"reports.{key} 不对应任何级别；可用：{'、'.join(self.levels)}")
            if table.first and self.levels[key].report_at_once:
                raise ValueError(f"reports.{key}.first 与 levels.{key}.report_at_once 是同一件事，只留一处")
        return self

    @property
    def zone(self) -> ZoneInfo:
        """The contract's local time, for wording and for the day that numbers tickets."""
        return ZoneInfo(self.timezone)

    @property
    def word_list(self) -> WordList:
        """The words that speak for a level."""
        return WordList(levels=self.words)

    def opening(self, calendar: Calendar) -> BusinessHours:
        """When a roster of business hours is staffed, on the working days of this calendar."""
        hours = self.business_hours
        return BusinessHours(zone=self.zone, opens=hours.opens, closes=hours.closes, is_workday=calendar.is_workday)

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
                reasons=self.pauses.reasons,
                clocks=frozenset(Clock(clock) for clock in self.pauses.clocks),
                transmission=self.transmission.allowed,
                transmission_clocks=frozenset(Clock(clock) for clock in self.transmission.clocks),
            ),
            clock_start=self.clocks.starts(),
            restart_at_arrival=frozenset(Clock(clock) for clock in self.clocks.restart_at_arrival),
            locate_metric=self.clocks.locate_metric,
            visit_waiver=self.visits.waiver,
            records=self.record.of_kinds(),
            choices=self.record.choices(),
            level_consent=self.level_change.consent,
            listed=self.ledger is not None,
            cover_by=self.devices.cover_by,
            in_key_period=self.key_periods.tightening(),
        )

    def _levels(self) -> dict[str, Level]:
        levels = {
            key: Level(
                key=key,
                name=table.name,
                kind=_kind(key, table),
                rank=rank,
                limits={clock: limit for clock in Clock if (limit := getattr(table, clock.value, None)) is not None},
                report_at_once=self._told_at_once(key),
                reporting=self._reporting(key),
                also_by=table.also_by,
            )
            for rank, (key, table) in enumerate(self.levels.items())
        }
        for key, name, kind in _IMPLICIT:
            if all(level.kind is not kind for level in levels.values()):
                levels[key] = Level(key=key, name=name, kind=kind, rank=len(levels), limits={})
        return levels

    def _told_at_once(self, level: str) -> tuple[str, ...]:
        table = self.reports.get(level)
        return self.levels[level].report_at_once or (table.first if table else ())

    def _reporting(self, level: str) -> Reporting:
        table = self.reports.get(level)
        if table is None:
            return Reporting()
        return Reporting(every=table.every, to=table.to or self._told_at_once(level), final=table.final)


def _kind(key: str, table: LevelTable) -> Kind:
    return table.kind or _KINDS.get(key, Kind.FAULT)
