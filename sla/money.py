"""Money: exact shares of a sum, rounded once, at the end, half up to the cent."""

from decimal import Decimal
from fractions import Fraction

_HALF = Fraction(1, 2)


def share_of(total: Decimal, share: Fraction) -> Decimal:
    """So much of the total; shares that belong together are added before they come here."""
    cents = Fraction(total) * share * 100
    return Decimal((cents + _HALF).__floor__()).scaleb(-2)
