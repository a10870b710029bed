"""What is measured while the hotline runs: numbers only, by lane, contract or kind, and never by person or words."""

import platform
import tomllib
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest

from bot.clock import monotonic
from desk.audit import Counts, Finding, Kind, is_well
from storage.audit import FirstPage
from storage.letters import Letter, State

_PROJECT = Path(__file__).parent.parent.parent / "pyproject.toml"
_AGAIN = "again"
_OUTCOMES = (State.SENT, State.UNCERTAIN, State.DEAD, State.SUPERSEDED)
_UPDATES = ("handled", "refused", "poison")
_MODES = ("read", "write")
_PAGE_BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 1, 2, 5, 10, 30, 60, 300, 3600)
_LATENESS_BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 3600)
_DATABASE_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5)
_MOST_UNREAD = 20_000  # pages that nobody has looked up yet; beyond that the oldest are not measured


class Gauges:
    """The measuring points of one hotline; each part is handed this object and says what it did."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._heard_at = monotonic()
        self._paged: deque[tuple[int, int]] = deque(maxlen=_MOST_UNREAD)
        kept = self.registry
        self._page = Histogram(
            "hotline_page_seconds", "Until the first page of a report was accepted by the Bot API, "
            "counted since the message's own date and since it was received.",
            ["since"], registry=kept, buckets=_PAGE_BUCKETS,
        )  # fmt: skip
        self._lateness = Histogram(
            "hotline_alarm_lateness_seconds", "How long after its instant an alarm was looked at.",
            registry=kept, buckets=_LATENESS_BUCKETS,
        )  # fmt: skip
        self._database = Histogram(
            "hotline_database_seconds", "One transaction, with waiting for its turn.",
            ["mode"], registry=kept, buckets=_DATABASE_BUCKETS,
        )  # fmt: skip
        self._letters = Counter("hotline_letters", "What became of letters, try by try.", ["outcome"], registry=kept)
        self._uncertain = Counter("hotline_uncertain_sends", "Sends of which nobody knows the end.", registry=kept)
        self._updates = Counter("hotline_updates", "Updates by what became of them.", ["outcome"], registry=kept)
        self._poison = Gauge("hotline_poison_updates", "Updates that lie aside for a person to see.", registry=kept)
        self._depth = Gauge("hotline_outbox_letters", "Letters that wait.", ["lane"], registry=kept)
        self._oldest = Gauge("hotline_outbox_oldest_seconds", "Age of the oldest one.", ["lane"], registry=kept)
        self._open = Gauge("hotline_open_tickets", "Tickets that are open.", ["contract"], registry=kept)
        self._findings = Gauge("hotline_audit_findings", "What the auditor found last.", ["kind"], registry=kept)
        self._well = Gauge("hotline_audit_well", "1 while the auditor is content.", registry=kept)
        self._audited = Gauge("hotline_audit_age_seconds", "Since the last audit, or since the start.", registry=kept)
        self._silence = Gauge("hotline_bot_api_silence_seconds", "Since the Bot API answered last.", registry=kept)
        self._silence.set_function(self.silence)
        build = Gauge("hotline_build_info", "What runs here.", ["version", "python"], registry=kept)
        build.labels(_version(), platform.python_version()).set(1)
        ProcessCollector(registry=kept)
        for outcome in (*(state.value for state in _OUTCOMES), _AGAIN):
            self._letters.labels(outcome)
        for outcome in _UPDATES:
            self._updates.labels(outcome)
        for mode in _MODES:
            self._database.labels(mode)
        for since in ("report", "receipt"):
            self._page.labels(since)
        for kind in Kind:
            self._findings.labels(kind.value)

    def heard(self) -> None:
        """The Bot API gave an answer that makes sense."""
        self._heard_at = monotonic()

    def silence(self) -> float:
        """Seconds since the Bot API was heard last, or since the start."""
        return monotonic() - self._heard_at

    def settled(self, letter: Letter, state: State) -> None:
        """This became of a letter, and it is written down."""
        self._letters.labels(state.value).inc()
        if state is State.UNCERTAIN:
            self._uncertain.inc()
        if state is State.SENT and letter.is_urgent and letter.ticket_id is not None:
            self._paged.append((letter.id, letter.ticket_id))

    def put_back(self) -> None:
        """A letter has to be tried again."""
        self._letters.labels(_AGAIN).inc()

    def handled(self, outcome: str) -> None:
        """An update was handled, refused, or put aside as poison."""
        self._updates.labels(outcome).inc()

    def rang(self, lateness: timedelta) -> None:
        """An alarm was looked at so long after its instant."""
        self._lateness.observe(max(lateness.total_seconds(), 0))

    @contextmanager
    def timed(self, mode: str) -> Iterator[None]:
        """One transaction of this mode."""
        began = monotonic()
        try:
            yield
        finally:
            self._database.labels(mode).observe(monotonic() - began)

    def unread_pages(self, most: int = 500) -> dict[int, int]:
        """Letters that may have been first pages, with their tickets; each is given once."""
        return dict(self._paged.popleft() for _ in range(min(most, len(self._paged))))

    def paged(self, page: FirstPage) -> None:
        """The first page of a report was accepted."""
        for since, at in (("report", page.reported_at), ("receipt", page.received_at)):
            self._page.labels(since).observe(max((page.accepted_at - at).total_seconds(), 0))

    def counted(self, counts: Counts, now: datetime) -> None:
        """There is so much of everything."""
        self._poison.set(counts.poison)
        for lane, queue in counts.queues.items():
            since = queue.waiting.since
            self._depth.labels(lane.name.lower()).set(queue.waiting.count)
            self._oldest.labels(lane.name.lower()).set(max((now - since).total_seconds(), 0) if since else 0)
        self._set_open(counts.open_tickets)

    def audited(self, findings: tuple[Finding, ...]) -> None:
        """The auditor has found this."""
        counts = {finding.kind: finding.count for finding in findings}
        for kind in Kind:
            self._findings.labels(kind.value).set(counts.get(kind, 0))
        self._well.set(is_well(findings))
        audited_at = monotonic()
        self._audited.set_function(lambda: monotonic() - audited_at)

    def page(self) -> bytes:
        """Everything, in the text form of Prometheus."""
        return generate_latest(self.registry)

    def _set_open(self, open_tickets: Mapping[str, int]) -> None:
        self._open.clear()
        for contract, count in open_tickets.items():
            self._open.labels(contract).set(count)


def _version() -> str:
    version: str = tomllib.loads(_PROJECT.read_text(encoding="utf-8"))["project"]["version"]
    return version
