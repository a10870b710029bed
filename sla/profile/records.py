"""What has to be written down before a ticket closes, and what the bureau is told until then."""

from collections.abc import Mapping

from pydantic import ValidationInfo, field_validator

from sla import record
from sla.profile.fields import Duration, Selector, Table, known
from sla.terms import Kind


class RecordTable(Table):
    """The fields that a record needs before the ticket closes, for each kind of ticket.

    What the ticket itself knows (times, people, the words of the report, whether a meeting was interrupted) fills
    itself; the rest is asked of the handler, one question at a time. `fault_types` and `cause_owners` are the answers
    offered as buttons for `fault_type` and `cause_owner`; own words are taken as well.
    """

    fault: tuple[str, ...] = record.FAULT_FIELDS
    consultation: tuple[str, ...] = ()
    other: tuple[str, ...] = ()
    image_retrieval: tuple[str, ...] = ()
    meeting_guarantee: tuple[str, ...] = ()
    fault_types: tuple[str, ...] = record.FAULT_TYPES
    cause_owners: tuple[str, ...] = record.CAUSE_OWNERS

    @field_validator("fault", "consultation", "other", "image_retrieval", "meeting_guarantee")
    @classmethod
    def _known(cls, fields: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        return known(fields, record.OF_KIND[Kind(str(info.field_name))], "字段")

    @field_validator("fault_types", "cause_owners")
    @classmethod
    def _offered(cls, choices: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        return known(choices, record.CHOICES[str(info.field_name).removesuffix("s")], "选项")

    def of_kinds(self) -> Mapping[Kind, tuple[str, ...]]:
        """The fields of each kind."""
        return {kind: getattr(self, kind.value) for kind in Kind}

    def choices(self) -> Mapping[str, tuple[str, ...]]:
        """The answers that are offered, by field."""
        return {"fault_type": self.fault_types, "cause_owner": self.cause_owners}


class ReportsTable(Table):
    """Reports to the bureau while a ticket of one level is worked on: `[reports.LEVEL]`.

    `first` (首报) is who is told at once, another place for `levels.LEVEL.report_at_once`. `every` (续报) is how long
    the handler may go without writing a progress note before being asked for one, again and again, but not while
    clocks stand still nor after the repair; each note goes to the reporter and to those whom `to` names (or `first`,
    if it names nobody). `final` (终报) demands a summary with preventive measures in the record before the ticket
    closes; it goes to the same people.
    """

    first: tuple[Selector, ...] = ()
    every: Duration | None = None
    to: tuple[Selector, ...] = ()
    final: bool = False
