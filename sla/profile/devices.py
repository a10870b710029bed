"""What is asked about the equipment list; the list itself is the CSV file that `ledger` names."""

from pydantic import Field, field_validator

from sla.profile.fields import Table
from sla.terms import Role

_BUREAU = (Role.SUPERVISING_OFFICER, Role.REPORTER)


class DevicesTable(Table):
    """Who picks and who judges; the columns of the list are described in docs/operations.md.

    `cover_by`: the roles of the bureau that judge whether the contract covers what was reported.
    """

    cover_by: tuple[Role, ...] = Field(default=_BUREAU, min_length=1)

    @field_validator("cover_by")
    @classmethod
    def _of_the_bureau(cls, roles: tuple[Role, ...]) -> tuple[Role, ...]:
        strange = [role for role in roles if role not in _BUREAU]
        if strange:
            raise ValueError(f"维保范围由甲方判定，不能是 “{strange[0]}”，只能是 {'、'.join(_BUREAU)}")
        return roles
