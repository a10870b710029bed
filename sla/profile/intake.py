"""What comes in at the single point of intake."""

from pydantic import field_validator

from sla.profile.fields import Table, Word
from sla.terms import Kind


class IntakeTable(Table):
    """What may be asked for.

    kinds: the kinds of the contract's own text; other: requests that are taken in as another request; on_request:
    services that are rendered only when asked for; in_writing: what needs a written application first;
    with_work_order: what needs the number of a work order of the cloud manager.
    """

    kinds: tuple[Kind, ...] = (Kind.FAULT, Kind.CONSULTATION, Kind.OTHER)
    other: tuple[Word, ...] = ()
    on_request: tuple[Word, ...] = ()
    in_writing: tuple[Word, ...] = ()
    with_work_order: tuple[Word, ...] = ()

    @field_validator("kinds")
    @classmethod
    def _takes_faults(cls, kinds: tuple[Kind, ...]) -> tuple[Kind, ...]:
        if Kind.FAULT not in kinds:
            raise ValueError("kinds 中至少要有 fault / kinds should hold fault")
        return kinds
