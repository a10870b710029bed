"""When and by whom the contract's posts are staffed."""

from datetime import time
from typing import Self

from pydantic import model_validator

from sla.profile.fields import Table, TimeOfDay


class BusinessHoursTable(Table):
    """Local opening hours, Monday to Friday, of rosters that are not staffed round the clock."""

    opens: TimeOfDay = time(9)
    closes: TimeOfDay = time(18)

    @model_validator(mode="after")
    def _opens_before_it_closes(self) -> Self:
        if self.opens >= self.closes:
            raise ValueError("opens 应早于 closes")
        return self
