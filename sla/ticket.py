"""A ticket as a value: what is known of one report at one moment."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from sla.devices import Chosen
from sla.terms import Clock, Kind


class Stage(StrEnum):
    """Where the ticket stands; PAUSED and TRANSFERRED lie over a stage while a hold is open."""

    REPORTED = "reported"
    ACKNOWLEDGED = "acknowledged"
    EN_ROUTE = "en_route"
    ON_SITE = "on_site"
    LOCATED = "located"
    UNDER_TEST = "under_test"
    REOPENED = "reopened"
    CLEARED = "cleared"
    CLOSED = "closed"
    VOID = "void"
    PAUSED = "paused"
    TRANSFERRED = "transferred"


WORKING = frozenset({Stage.ACKNOWLEDGED, Stage.EN_ROUTE, Stage.ON_SITE, Stage.LOCATED, Stage.REOPENED})
ENDED = frozenset({Stage.CLOSED, Stage.VOID})


class HoldKind(StrEnum):
    """Why clocks stand still."""

    PAUSE = "pause"
    TRANSMISSION = "transmission"
    UNCOVERED = "uncovered"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """A span in which clocks stand still; a refused one is kept, and counts for nothing."""

    kind: HoldKind
    began_at: datetime
    ended_at: datetime | None = None
    reason: str = ""
    confirmed: bool = False
    refused: bool = False


class AskKind(StrEnum):
    """What the bureau is asked to agree to."""

    LOWER_LEVEL = "lower_level"
    PAUSE = "pause"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """A question to the bureau that waits for its answer."""

    kind: AskKind
    by: str
    at: datetime
    version: int
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rung:
    """How far the ladder of one clock has been climbed."""

    clock: Clock
    warned: int = 0
    breached_at: datetime | None = None
    due_at: datetime | None = None
    calls: int = 0
    called_at: datetime | None = None
    taken_by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """One report under one contract, with everything that has happened to it folded in."""

    id: int
    contract: str
    number: str
    terms: str
    kind: Kind
    level: str
    stage: Stage
    version: int
    round_began: int
    text: str
    reporter: str
    channel: str
    reported_at: datetime
    received_at: datetime
    why: str = ""
    unsure: tuple[str, ...] = ()
    acknowledged_at: datetime | None = None
    arrived_at: datetime | None = None
    onsite_requested_at: datetime | None = None
    visit_waived_at: datetime | None = None
    visit_waived_by: str | None = None
    located_at: datetime | None = None
    repaired_at: datetime | None = None
    answered_at: datetime | None = None
    interrupted: bool | None = None
    progress_at: datetime | None = None
    cleared_at: datetime | None = None
    cleared_by: str | None = None
    closed_at: datetime | None = None
    handler: str | None = None
    offered_to: str | None = None
    handlers: tuple[str, ...] = ()
    reopened: int = 0
    holds: tuple[Hold, ...] = ()
    asks: tuple[Ask, ...] = ()
    rungs: Mapping[Clock, Rung] = field(default_factory=dict)
    record: Mapping[str, str] = field(default_factory=dict)
    merged_into: str | None = None
    absorbed: tuple[str, ...] = ()
    also_reported_by: tuple[str, ...] = ()
    added: int = 0
    satisfied: bool | None = None
    device: Chosen | None = None
    covered: bool | None = None
    cover_judged_by: str | None = None
    uncovered: tuple[Hold, ...] = ()
    levelled_by: str | None = None  # who decided the level; nobody while it is only proposed
    suggested: str | None = None

    @property
    def hold(self) -> Hold | None:
        """The hold that is open now, if any."""
        return next((hold for hold in self.holds if hold.ended_at is None and not hold.refused), None)

    @property
    def state(self) -> Stage:
        """The stage as people see it: an open hold lies over it."""
        if self.hold is None or self.stage in ENDED:
            return self.stage
        return Stage.PAUSED if self.hold.kind is HoldKind.PAUSE else Stage.TRANSFERRED

    @property
    def is_open(self) -> bool:
        """Whether anybody still has something to do."""
        return self.stage not in ENDED

    @property
    def reporters(self) -> tuple[str, ...]:
        """Everybody who reported this fault: the first reporter, and those whose reports were merged into it."""
        return (self.reporter, *self.also_reported_by)

    def ask(self, kind: AskKind) -> Ask | None:
        """The open question of this kind, if any."""
        return next((ask for ask in self.asks if ask.kind is kind), None)
