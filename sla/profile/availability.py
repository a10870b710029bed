"""How availability and repeated faults are counted, and what a rented line has to carry."""

from typing import Literal

from sla.profile.fields import Table
from sla.profile.values import Count
from sla.terms import Role


class AvailabilityTable(Table):
    """Availability: one less the downtime of all units, over all units through the whole period.

    rows: which rows of the equipment list count; overlap: what becomes of tickets on one row at once; capped:
    downtime of a row is capped at its quantity; leaves_out: spans that are no downtime; begins, ends: the fields of
    the record that bound it; cut_at_period_ends: it counts in the period in which it lies; whole_system: the rows
    that a fault of the whole system takes down.
    """

    rows: Literal["equipment"] = "equipment"
    overlap: Literal["merged", "added"] = "merged"
    capped: bool = True
    leaves_out: tuple[Literal["planned_work", "transmission"], ...] = ("planned_work", "transmission")
    begins: Literal["fault_started_at", "reported"] = "fault_started_at"
    ends: Literal["repaired_at", "cleared_at"] = "repaired_at"
    cut_at_period_ends: bool = True
    whole_system: Literal["all_rows", "named_row"] = "all_rows"


class RepeatTable(Table):
    """What a repeated fault is.

    repeat_window_days: within so many days after the clearance; same: what has to be the same; reopened_counts:
    whether a failed recovery test counts; confirmed_by: who confirms the proposal.
    """

    repeat_window_days: Count
    same: tuple[Literal["ledger_row", "fault_type"], ...] = ("ledger_row", "fault_type")
    reopened_counts: bool = False
    confirmed_by: tuple[Role, ...] = (Role.SUPERVISING_OFFICER,)


class SatelliteTable(Table):
    """The satellite link: what is accepted, and below what it is a fault beyond dispute."""

    uplink_min_mbps: Count
    uplink_contract_mbps: Count
    downlink_mbps: Count
    months: Count
