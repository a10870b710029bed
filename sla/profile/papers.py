"""What the vendor hands in, when it is due, who reviews it, and how days are counted."""

from typing import Literal, Self

from pydantic import model_validator

from sla.profile.fields import Table, Word
from sla.profile.values import Cadence, Count, Key, Whole
from sla.terms import Role

Due = Literal[
    "last_workday", "last_workday_of_month_before", "within_month", "before_start", "end_of_period", "end_of_term",
    "with_the_work", "as_agreed",
]  # fmt: skip


class CountingTable(Table):
    """How a day that the contract leaves open is read.

    deliverable_due: the day of a monthly paper of which the contract only says the month; deliverable_reminders:
    working days before it on which whoever owes it is reminded; calendar_day_roll: a period of calendar days whose
    last day is a rest day ends on the next working day.
    """

    deliverable_due: Literal["last_workday", "last_day"] = "last_workday"
    deliverable_reminders: tuple[Whole, ...] = ()
    calendar_day_roll: bool = True


class DeliverableRow(Table):
    """One paper, meeting or record that the contract wants.

    key: its name in lists; name: its title, aliases: other titles the contract gives it; cadence: how often; due: by
    when (absent: as `[counting] deliverable_due` says); reviewer: who reviews it; review_days: calendar days after
    which it is deemed approved without a word; stamped: a stamped scan is kept beside the paper; missing_item: the
    score item that a missing one counts under.
    """

    key: Key
    name: Word
    aliases: tuple[Word, ...] = ()
    cadence: Cadence
    due: Due | None = None
    reviewer: Role | None = Role.SUPERVISING_OFFICER
    review_days: Count | None = None
    stamped: bool = False
    missing_item: str = ""


class NoticeRow(Table):
    """A period that runs from an event: for a written notice, a correction, a proof.

    days or months: its length; counted: calendar or working days; before: whether it lies before the event.
    """

    key: Key
    name: Word
    days: Count | None = None
    months: Count | None = None
    counted: Literal["calendar", "workdays"] = "calendar"
    before: bool = False

    @model_validator(mode="after")
    def _has_one_length(self) -> Self:
        if (self.days is None) is (self.months is None):
            raise ValueError("days 与 months 须写一个，且只能写一个 / exactly one of days and months")
        return self
