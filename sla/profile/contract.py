"""A contract profile as it is written in ``contracts/SLUG.toml``: parsed once, strictly, and turned into terms."""

from collections.abc import Mapping
from typing import Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, field_validator, model_validator

from sla.profile.clocks import ClocksTable, LevelChangeTable, LevelTable, PausesTable, TransmissionTable
from sla.profile.duty import BusinessHoursTable, KeyPeriodsTable, PostTable, RosterTable
from sla.profile.fields import Table, Word
from sla.profile.handover import HandoverTable
from sla.profile.ladder import EscalationTable
from sla.profile.records import RecordTable
from sla.roster import BusinessHours
from sla.selectors import post_of, role_of
from sla.severity import WordList
from sla.terms import Clock, ClockStart, Kind, Ladder, Level, Pauses, Terms

_KINDS = {"consultation": Kind.CONSULTATION, "other": Kind.OTHER}


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
    pauses: PausesTable = PausesTable()
    transmission: TransmissionTable = TransmissionTable()
    level_change: LevelChangeTable = LevelChangeTable()
    record: RecordTable = RecordTable()
    business_hours: BusinessHoursTable = BusinessHoursTable()
    posts: tuple[PostTable, ...] = ()
    roster: RosterTable = RosterTable()
    key_periods: KeyPeriodsTable = KeyPeriodsTable()
    handover: HandoverTable = HandoverTable()
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

    @model_validator(mode="after")
    def _posts_are_there(self) -> Self:
        places = [(post.role, post.post) for post in self.posts]
        if len(set(places)) < len(places):
            raise ValueError("posts 中同一角色的岗位代号重复")
        known = {post.post for post in self.posts}
        strange = [post for post in self.key_periods.extra if post not in known]
        if strange:
            raise ValueError(f"key_periods.extra 的岗位 “{strange[0]}” 不在 posts 中")
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
