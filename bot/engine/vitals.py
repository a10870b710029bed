"""The signs of life, each of them tried or measured at the moment of asking."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from bot.clock import Clock, monotonic
from bot.engine.auditor import Auditor
from bot.engine.gauges import Gauges
from bot.engine.guarded import Parts
from bot.engine.ticker import SWEEP, Ticker
from desk import audit
from storage import notes
from storage.store import StorageError, Store

_PROBE = "watch.probe"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign:
    """One sign of life, with what was measured."""

    check: str
    ok: bool
    measured: Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Vitals:
    """Asks the parts whether they live."""

    store: Store
    clock: Clock
    parts: Parts
    ticker: Ticker
    auditor: Auditor
    gauges: Gauges
    swept_within: timedelta = 3 * SWEEP
    heard_within: timedelta = timedelta(minutes=2)

    async def lives(self) -> bool:
        """Whether no part has ended, a row can be written, and the ticker sweeps."""
        return self.whole().ok and self.sweeps().ok and (await self.writes()).ok

    async def signs(self) -> list[Sign]:
        """Everything that has to be so for reports to come in and pages to go out."""
        return [self.whole(), await self.writes(), self.sweeps(), self.hears(), self.audits()]

    def whole(self) -> Sign:
        """No part has ended."""
        return Sign(check="parts", ok=not self.parts.fallen.is_set(), measured={})

    async def writes(self) -> Sign:
        """The database takes a row."""
        began, error = monotonic(), ""
        try:
            await self.store.write(lambda tx: notes.put(tx, _PROBE, self.clock.now().isoformat()))
        except StorageError as failure:
            error = type(failure).__name__
        measured = {"seconds": round(monotonic() - began, 4), **({"error": error} if error else {})}
        return Sign(check="database", ok=not error, measured=measured)

    def sweeps(self) -> Sign:
        """The ticker has looked at the alarms lately."""
        age = self.ticker.since_sweep()
        return Sign(check="ticker", ok=age <= self.swept_within.total_seconds(), measured={"age": round(age, 1)})

    def hears(self) -> Sign:
        """The Bot API has answered lately."""
        age = self.gauges.silence()
        return Sign(check="bot_api", ok=age <= self.heard_within.total_seconds(), measured={"age": round(age, 1)})

    def audits(self) -> Sign:
        """The auditor has nothing to say, and is not overdue itself."""
        auditor = self.auditor
        found = {finding.kind.value: finding.count for finding in auditor.findings}
        measured = {"age": round(auditor.age(), 1), "looked": auditor.has_looked, "findings": found}
        return Sign(check="audit", ok=auditor.is_fresh and audit.is_well(auditor.findings), measured=measured)
