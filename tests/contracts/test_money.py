"""Sums of the worked examples, from the shares that stand in the contracts."""

from decimal import Decimal
from fractions import Fraction

import pytest

from sla.money import share_of
from tests.contracts import files

CEILING = Decimal("323982.76")
CLOUD = "beijing-gov-cloud"


def penalty(key: str) -> Fraction:
    """A share of the contract sum that something costs there."""
    found = next(row.share for row in files.profile(CLOUD).penalties if row.key == key)
    assert found is not None
    return found


@pytest.mark.parametrize(("times", "costs"), [(1, "323.98"), (4, "1295.93")])
def test_occurrences_are_added_and_rounded_once(times: int, costs: str) -> None:
    """Four occurrences rounded one by one would make a cent less (WE-19)."""
    assert share_of(CEILING, penalty("late_service") * times) == Decimal(costs)


def test_the_instalments_make_the_whole() -> None:
    """The first is rounded, the second is what is left, less what is deducted (WE-19)."""
    fee = files.profile(CLOUD).fee
    assert fee is not None and fee.ceiling == CEILING
    first = share_of(CEILING, fee.instalments[0].share)
    assert (first, CEILING - first) == (Decimal("259186.21"), Decimal("64796.55"))
    assert CEILING - first - share_of(CEILING, penalty("late_service") * 4) == Decimal("63500.62")


def test_a_rectification_that_was_not_made_costs_a_tenth() -> None:
    """Ten in a hundred of the contract sum, rounded half up (WE-19)."""
    assert share_of(CEILING, penalty("security_rectification")) == Decimal("32398.28")


@pytest.mark.parametrize("slug", ["shaoguan-command", "shaoguan-rescue"])
def test_a_breach_of_secrecy_costs_a_fifth_at_least(slug: str) -> None:
    """Where the loss cannot be fixed: of a million, two hundred thousand (WE-30)."""
    share = files.profile(slug).confidentiality.damages_share
    assert share is not None
    assert share_of(Decimal(1_000_000), share) == Decimal("200000.00")


@pytest.mark.parametrize(
    ("total", "share", "sum_"), [("0.01", Fraction(1, 2), "0.01"), ("0.03", Fraction(1, 2), "0.02"), ("1", 0, "0.00")]
)
def test_half_a_cent_is_a_cent(total: str, share: Fraction, sum_: str) -> None:
    """Rounded half up, and with two places always."""
    assert str(share_of(Decimal(total), Fraction(share))) == sum_
