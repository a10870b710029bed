"""Who is told at once, warned, called on breach, and called next."""

from fractions import Fraction

from pydantic import Field, field_validator

from sla.profile.fields import Duration, Selector, Share, Table


class EscalationTable(Table):
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

    @property
    def steps(self) -> tuple[tuple[str, ...], ...]:
        """Whoever is told on its steps, from the first to the last."""
        return (self.page, self.on_breach, self.then)
