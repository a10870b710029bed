"""What a contract promises, as values: levels with their limits, the escalation ladder, pauses, rights.

Terms are read from a profile (`sla.profile`) and frozen with each ticket: editing a profile never rewrites history.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from fractions import Fraction


class Kind(StrEnum):
    """What a message asks for; each kind has its own path."""

    FAULT = "fault"
    CONSULTATION = "consultation"
    OTHER = "other"
    IMAGE_RETRIEVAL = "image_retrieval"
    MEETING_GUARANTEE = "meeting_guarantee"


class Clock(StrEnum):
    """A promise that is measured.

    Two have no limit of their own: HELP is the ladder of a call made by hand, REPORT only asks for the next progress
    note.
    """

    RESPONSE = "response"
    ARRIVAL = "arrival"
    LOCATE = "locate"
    HANDLING = "handling"
    HELP = "help"
    REPORT = "report"


class Role(StrEnum):
    """What a person is under one contract."""

    REPORTER = "reporter"
    SUPERVISING_OFFICER = "supervising_officer"
    ENGINEER = "engineer"
    TECHNICAL_LEAD = "technical_lead"
    PROJECT_MANAGER = "project_manager"
    SERVICE_MANAGER = "service_manager"
    SERVICE_DESK = "service_desk"
    EXPERT = "expert"
    ADMIN = "admin"


class WayKind(StrEnum):
    """How a person is reached beside Telegram."""

    SMS = "sms"
    VOICE = "voice"
    MAIL = "mail"
    CHAT = "chat"


class ClockStart(StrEnum):
    """The instant from which a limit is counted."""

    REPORTED = "reported"
    ACKNOWLEDGED = "acknowledged"
    CLIENT_NOTICE = "client_notice"


class LocateMetric(StrEnum):
    """What ends the locate clock: the cause is known, or the fault is gone."""

    LOCATED = "located"
    REPAIRED = "repaired"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reporting:
    """What the bureau is told of a level while it is worked on: how often, who beside the reporter, and at its end."""

    every: timedelta | None = None
    to: tuple[str, ...] = ()
    final: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """One row of the contract's level table."""

    key: str
    name: str
    kind: Kind
    rank: int
    limits: Mapping[Clock, timedelta]
    report_at_once: tuple[str, ...] = ()
    reporting: Reporting = Reporting()
    also_by: tuple[WayKind, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Ladder:
    """Who is told, when, and who is called next."""

    page: tuple[str, ...]
    warn_at: tuple[Fraction, ...]
    on_breach: tuple[str, ...]
    repeat_every: timedelta
    then: tuple[str, ...]
    repeats_before_then: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Pauses:
    """Which clocks a pause or a transmission fault stops, for which reasons, and whose consent a pause needs."""

    consent: tuple[Role, ...] = ()
    reasons: tuple[str, ...] = ()
    clocks: frozenset[Clock] = frozenset()
    transmission: bool = True
    transmission_clocks: frozenset[Clock] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Tightening:
    """What a key period adds to the ladder: who is told and how often, never what a fact makes of a ticket."""

    page_also: tuple[str, ...] = ()
    repeat_every: timedelta | None = None
    breach_at_once: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """All that `decide` needs to know of a contract."""

    contract: str
    levels: Mapping[str, Level]
    ladder: Ladder
    pauses: Pauses
    clock_start: Mapping[Clock, ClockStart] = field(default_factory=dict)
    restart_at_arrival: frozenset[Clock] = frozenset()
    locate_metric: LocateMetric = LocateMetric.LOCATED
    visit_waiver: tuple[Role, ...] = ()
    records: Mapping[Kind, tuple[str, ...]] = field(default_factory=dict)
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    level_consent: tuple[Role, ...] = ()
    in_key_period: Tightening = Tightening()

    def rank(self, level: str) -> int:
        """Severity as a number: 0 is the gravest."""
        return self.levels[level].rank

    def is_graver(self, level: str, than: str) -> bool:
        """Whether going from one level to the other raises it."""
        return self.rank(level) < self.rank(than)

    @property
    def has_limits(self) -> bool:
        """Whether the contract promises any time at all."""
        return any(level.limits for level in self.levels.values())
