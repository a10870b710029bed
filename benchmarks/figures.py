"""What was measured, and what it was to be."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass


class NotMeasured(Exception):
    """A row that cannot be measured here and now; its text says why."""


@dataclass(frozen=True, slots=True)
class Spread:
    """The same quantity in several runs."""

    values: tuple[float, ...]

    @property
    def median(self) -> float:
        """The middle of the runs."""
        return statistics.median(self.values)

    @property
    def low(self) -> float:
        """The smallest of the runs."""
        return min(self.values)

    @property
    def high(self) -> float:
        """The greatest of the runs."""
        return max(self.values)


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """At most (or at least) so much."""

    limit: float
    unit: str = ""
    at_least: bool = False

    def is_met(self, value: float) -> bool:
        """Whether the value keeps to it; the limit itself does."""
        return value >= self.limit if self.at_least else value <= self.limit

    def __str__(self) -> str:
        return f"{'>=' if self.at_least else '<='} {number(self.limit)} {self.unit}".rstrip()


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One line of the table: ours, what was measured beside it in the same run, and their ratio.

    `beside` names the peer or the limit. A figure that is only told for orientation has no target.
    """

    row: str
    what: str
    ours: Spread
    unit: str
    target: Target | None = None
    beside: str = ""
    peer: Spread | None = None
    note: str = ""

    @property
    def ratio(self) -> float | None:
        """Ours to the other, if there is another."""
        return self.ours.median / self.peer.median if self.peer is not None and self.peer.median else None

    @property
    def is_met(self) -> bool | None:
        """Whether the median of the runs reaches the target; nothing if there is none."""
        return None if self.target is None else self.target.is_met(self.ours.median)


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """A line of the table that could not be measured, and why."""

    row: str
    what: str
    why: str


def quantile(values: Sequence[float], share: float) -> float:
    """The value below which this share of all lies, by the nearest rank: one that was really measured."""
    ordered = sorted(values)
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)]


def number(value: float) -> str:
    """A number with the digits that mean something."""
    if value == round(value):
        return str(round(value))
    for limit, digits in ((100, 0), (10, 1), (1, 2)):
        if abs(value) >= limit:
            return f"{value:.{digits}f}"
    return f"{value:.3f}".rstrip("0").rstrip(".") or "0"
