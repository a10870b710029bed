"""Key periods: spans for which the bureau asks for more people and a tighter ladder.

A ticket keeps the terms that it opened under; a period that runs is laid over them when something is decided. It only
changes who is told and how often, so that a ticket replayed without it is the same ticket.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from sla.terms import Kind, Level, Terms


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyPeriod:
    """From when to when, how many people on site, and who declared it; a cancelled one counts for nothing."""

    contract: str
    name: str
    start: datetime
    end: datetime
    people: int
    by: str
    at: datetime
    id: int = 0
    cancelled_by: str | None = None
    cancelled_at: datetime | None = None

    def covers(self, now: datetime) -> bool:
        """Whether it runs at this instant: from its start, inclusive, to its end, exclusive."""
        return self.cancelled_at is None and self.start <= now < self.end


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """Somebody named for the watch on site of a period, and when the person last came and went."""

    person: str
    named_by: str
    named_at: datetime
    in_at: datetime | None = None
    out_at: datetime | None = None

    @property
    def is_present(self) -> bool:
        """Whether the person has come and not gone since."""
        return self.in_at is not None and (self.out_at is None or self.out_at < self.in_at)


def running(periods: Iterable[KeyPeriod], now: datetime) -> KeyPeriod | None:
    """The period that runs now; of several the one that asks for the most people."""
    return max((one for one in periods if one.covers(now)), key=lambda one: one.people, default=None)


def laid_over(terms: Terms) -> Terms:
    """The terms as they count in a key period: more people paged, calls repeated oftener."""
    asked = terms.in_key_period
    page = tuple(dict.fromkeys((*terms.ladder.page, *asked.page_also)))
    every = min(terms.ladder.repeat_every, asked.repeat_every or terms.ladder.repeat_every)
    told = terms.ladder.on_breach if asked.breach_at_once else ()
    return replace(
        terms,
        ladder=replace(terms.ladder, page=page, repeat_every=every),
        levels={key: _with(level, told) for key, level in terms.levels.items()},
    )


def _with(level: Level, told: tuple[str, ...]) -> Level:
    if level.kind is not Kind.FAULT:
        return level
    return replace(level, report_at_once=tuple(dict.fromkeys((*level.report_at_once, *told))))
