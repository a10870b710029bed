"""What has to be written down before a ticket closes."""

from pydantic import field_validator

from sla import record
from sla.profile.fields import Table


class RecordTable(Table):
    """The fields that a fault record needs before the ticket closes."""

    fault: tuple[str, ...] = record.FIELDS

    @field_validator("fault")
    @classmethod
    def _known(cls, fields: tuple[str, ...]) -> tuple[str, ...]:
        strange = [field for field in fields if field not in record.FIELDS]
        if strange:
            raise ValueError(f"没有字段 “{strange[0]}”；可用：{'、'.join(record.FIELDS)}")
        return fields
