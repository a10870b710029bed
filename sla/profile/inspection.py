"""Inspections: how often, how complete, what is looked at and who signs."""

from typing import Self

from pydantic import Field, model_validator

from sla.profile.fields import Table, Word
from sla.profile.values import Cadence, Count, Key, Percent, once_each
from sla.terms import Role


class InspectionRow(Table):
    """One round of inspections; times: how often within the cadence; report: a report is due after it."""

    key: Key
    name: Word
    cadence: Cadence
    times: Count = 1
    report: bool = False


class InspectionTable(Table):
    """The inspections of the contract.

    coverage: the share of the equipment list that a round has to cover; sign_roles: who signs the record, in this
    order; accompanied_by: who goes along; paper_archived: the signed paper is kept, a scan never replaces it;
    checklist: what is looked at.
    """

    coverage: Percent | None = None
    sign_roles: tuple[Role, ...] = Field(default=(Role.ENGINEER, Role.SUPERVISING_OFFICER), min_length=1)
    accompanied_by: Role | None = None
    paper_archived: bool = False
    checklist: tuple[Word, ...] = ()
    rounds: tuple[InspectionRow, ...] = ()

    @model_validator(mode="after")
    def _distinct(self) -> Self:
        once_each(self.rounds)
        return self
