"""What the service costs, when it is paid, what is due if something goes wrong."""

from decimal import Decimal
from fractions import Fraction
from typing import Literal, Self

from pydantic import model_validator

from sla.profile.fields import Table, Word
from sla.profile.values import Count, Key, Money, Percent, once_each

Basis = Literal["contract_total", "yearly_fee", "performance_bond"]


class InstalmentRow(Table):
    """One payment.

    share: of the contract total; amount: the same in yuan, as the contract states it; after: what sets it off;
    months: of service, where that sets it off; within_workdays: working days to pay, before the start of service, or
    after signing, or after the client's confirmation or the passed acceptance.
    """

    key: Key
    share: Percent
    amount: Money | None = None
    after: Literal["signing", "months", "acceptance", "before_start"]
    months: Count | None = None
    within_workdays: Count
    confirmed: bool = False


class BondTable(Table):
    """The performance bond: a share of the contract total, and the sum as the contract states it."""

    share: Percent
    amount: Money
    within_workdays: Count


class LatePaymentTable(Table):
    """What the client owes for paying late.

    rate_per_day: of the delayed sum; cap: the most; grace_workdays: overdue working days that the clause names;
    reading: whether it counts from the first overdue day or after the grace.
    """

    rate_per_day: Percent
    cap: Percent
    grace_workdays: Count
    reading: Literal["first_overdue_day", "after_grace"] = "after_grace"


class FeeTable(Table):
    """The money of the contract, exact; sums are rounded once, at the end, half up to the cent.

    method: by the two scores of the year, or by instalments; contract_total: absent while the paper leaves it blank;
    ceiling: the most it may be; settlement_cycle: how often the bureau confirms what is settled; sets: how many sets
    the total buys; supplement_cap: the most a supplementary contract may add; waits_for_funds: a delay of the
    treasury is nobody's breach; invoice_first: no payment before the invoice.
    """

    method: Literal["dual_score", "instalments"]
    contract_total: Money | None = None
    ceiling: Money | None = None
    tax_included: bool = False
    settlement_cycle: Literal["month", "year"] | None = None
    sets: Count | None = None
    supplement_cap: Percent | None = None
    waits_for_funds: bool = False
    invoice_first: bool = False
    instalments: tuple[InstalmentRow, ...] = ()
    bond: BondTable | None = None
    late_payment: LatePaymentTable | None = None

    @model_validator(mode="after")
    def _adds_up(self) -> Self:
        once_each(self.instalments)
        if self.instalments and sum(row.share for row in self.instalments) != 1:
            raise ValueError("instalments 各期比例之和应为 100% / the shares of the instalments should make 100%")
        stated = [
            (f"instalments.{row.key}", row.share, row.amount) for row in self.instalments if row.amount is not None
        ]
        if self.bond is not None:
            stated.append(("bond", self.bond.share, self.bond.amount))
        for place, share, amount in stated:
            if self.contract_total is None or Fraction(amount) != share * Fraction(self.contract_total):
                raise ValueError(
                    f"{place} 的 amount 不等于合同总金额乘以 share / {place}: amount is not share × contract_total"
                )
        if self.ceiling is not None and (self.contract_total or Decimal()) > self.ceiling:
            raise ValueError("contract_total 高于 ceiling / contract_total is above the ceiling")
        return self


class PenaltyRow(Table):
    """One thing that costs money if it happens.

    share and of, or amount: how much; computed: the hotline proposes the sum, else it only tells what the contract
    says; each: it counts for each occurrence; times: the number of occurrences at which more follows; ends_contract:
    it allows the other side to end the contract; grounds: the cases it covers.
    """

    key: Key
    name: Word
    share: Percent | None = None
    of: Basis = "contract_total"
    amount: Money | None = None
    computed: bool = False
    each: bool = False
    times: Count | None = None
    ends_contract: bool = False
    grounds: tuple[Word, ...] = ()


class OccurrencesTable(Table):
    """How occurrences are counted.

    one_per_ticket_and_ground: a ticket counts once for each ground; heavier_ground_wins: of several grounds of one
    ticket only the heaviest; round_once: the sum is rounded, not each occurrence; internet_outage_minutes: what a
    long outage is.
    """

    one_per_ticket_and_ground: bool = True
    heavier_ground_wins: bool = True
    round_once: bool = True
    internet_outage_minutes: Count
