"""The auditor looks at the whole house once a minute, and says what it finds: to the log, the measures, the people."""

import logging
from collections.abc import Awaitable, Callable, Collection, Sequence
from datetime import timedelta

from bot.clock import Clock, monotonic
from bot.engine.gauges import Gauges
from bot.engine.mishaps import Mishap, Mishaps
from desk import audit
from desk.audit import Counts, Finding, Kind, Memory
from desk.house import Desk
from sla.ticket import Ticket
from storage import audit as rows
from storage.store import Store, Transaction

Judge = Callable[[Desk, Collection[int], Memory], Awaitable[list[tuple[Kind, Ticket]]]]
_log = logging.getLogger("hotline.auditor")
_AT_ONCE = 50  # tickets read in one go: a page must not wait for the auditor
_SILENT_FOR = timedelta(minutes=2)
_TOLD = {
    Kind.STRANDED: Mishap.STRANDED,
    Kind.UNTAKEN: Mishap.UNTAKEN,
    Kind.OVERDUE: Mishap.OVERDUE,
    Kind.LATE_URGENT: Mishap.LATE_URGENT,
    Kind.LATE_NORMAL: Mishap.LATE_NORMAL,
    Kind.LATE_INFO: Mishap.LATE_INFO,
    Kind.STUCK: Mishap.STUCK,
    Kind.UNHANDLED: Mishap.UNHANDLED,
}  # the rest is told when it happens, or cannot be told at all while the line is dead


class Auditor:
    """Reads only; any number of processes may each have one."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        desk_at: Callable[[Transaction], Desk],
        mishaps: Mishaps,
        gauges: Gauges,
        every: timedelta,
    ) -> None:
        self._store, self._clock, self._desk_at = store, clock, desk_at
        self._mishaps, self._gauges, self._every = mishaps, gauges, every
        self._memory = Memory()
        self._findings: tuple[Finding, ...] | None = None
        self._looked_at = monotonic()
        self._listeners: list[Callable[[], object]] = []

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What it found last."""
        return self._findings or ()

    @property
    def has_looked(self) -> bool:
        """Whether it has looked at all since the start."""
        return self._findings is not None

    @property
    def is_fresh(self) -> bool:
        """Whether it is not overdue itself."""
        return self.age() <= 2 * self._every.total_seconds()

    @property
    def is_content(self) -> bool:
        """Whether it has looked lately and found that the program does its part."""
        return self.has_looked and self.is_fresh and audit.is_well(self.findings)

    def age(self) -> float:
        """Seconds since it looked last, or since the start."""
        return monotonic() - self._looked_at

    def on_look(self, listener: Callable[[], object]) -> None:
        """Call this after each look."""
        self._listeners.append(listener)

    async def audit(self) -> tuple[Finding, ...]:
        """Look at everything once."""
        counts, findings = await self._store.read(self._rows)
        self._gauges.counted(counts, self._clock.now())
        findings += await self._tickets()
        silence = timedelta(seconds=self._gauges.silence())
        if silence > _SILENT_FOR:
            findings.append(Finding(kind=Kind.LINE, count=1, age=silence))
        await self._read_pages()
        await self._say(audit.merged(findings))
        return self.findings

    async def count(self) -> None:
        """Only measure: how much there is of everything, and how fast the first pages were."""
        counts = await self._store.read(lambda tx: audit.counted(self._desk_at(tx)))
        self._gauges.counted(counts, self._clock.now())
        await self._read_pages()

    async def _read_pages(self) -> None:
        while letters := self._gauges.unread_pages():
            tickets = set(letters.values())
            for page in await self._store.read(lambda tx, ids=tickets: rows.first_pages(tx, ids)):  # type: ignore[misc]
                if page.letter_id in letters:
                    self._gauges.paged(page)

    async def _rows(self, tx: Transaction) -> tuple[Counts, list[Finding]]:
        desk = self._desk_at(tx)
        counts = await audit.counted(desk)
        return counts, await audit.of_rows(desk, counts, self._memory)

    async def _tickets(self) -> list[Finding]:
        """Ticket by ticket, a few in each transaction: each sees one instant, and none holds anybody up."""
        found: list[tuple[Kind, Ticket]] = []
        for choose, judge in ((audit.unjudged, audit.of_tickets), (audit.uncompared, audit.of_clocks)):
            ids = await self._store.read(lambda tx, of=choose: of(self._desk_at(tx), self._memory))  # type: ignore[misc]
            for start in range(0, len(ids), _AT_ONCE):
                found += await self._judged(judge, ids[start : start + _AT_ONCE])
        return audit.gathered(found, self._clock.now())

    async def _judged(self, judge: Judge, ids: Sequence[int]) -> list[tuple[Kind, Ticket]]:
        return await self._store.read(lambda tx: judge(self._desk_at(tx), ids, self._memory))

    async def _say(self, findings: Sequence[Finding]) -> None:
        known = {finding.kind for finding in self.findings}
        self._findings, self._looked_at = tuple(findings), monotonic()
        self._gauges.audited(self._findings)
        for listener in self._listeners:
            listener()
        for finding in findings:
            if finding.kind in known:
                continue
            _log.error(
                "found %s: %s, the oldest for %s s, for example %s",
                finding.kind, finding.count, int(finding.age.total_seconds()), finding.first,
            )  # fmt: skip
            mishap = _TOLD.get(finding.kind)
            if mishap is not None:
                await self._mishaps.tell(mishap, finding.first, finding.count, finding.age)
        for kind in known - {finding.kind for finding in findings}:
            _log.info("found no more: %s", kind)
