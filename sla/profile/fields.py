"""What a value of a profile may look like."""

from collections.abc import Sequence
from datetime import time, timedelta
from fractions import Fraction
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from sla import durations, selectors
from sla.selectors import AUDIENCES, GROUP, ON_DUTY
from sla.terms import Role

__all__ = ["AUDIENCES", "GROUP", "ON_DUTY", "Duration", "Selector", "Share", "Table", "TimeOfDay", "Word"]

Duration = Annotated[timedelta, BeforeValidator(durations.parse)]


def selector(value: object) -> str:
    """Who may stand in a ladder: a role, the person on duty in a role, or a bound group."""
    text = str(value)
    if not selectors.is_known(text):
        raise ValueError(
            f"“{text}” 不是角色；可用：{'、'.join(Role)}，或 on_duty:角色、on_duty:角色/岗位，或 group:vendor"
        )
    return text


def known(named: tuple[str, ...], valid: Sequence[str], what: str) -> tuple[str, ...]:
    """The names as they are, if all of them are known; a refusal lists what may stand there."""
    strange = [name for name in named if name not in valid]
    if strange:
        raise ValueError(f"没有{what} “{strange[0]}”；可用：{'、'.join(valid)}")
    return named


def share(value: object) -> Fraction:
    """A part of a limit, exact: ``0.5`` or ``"1/3"``."""
    try:
        return Fraction(str(value))
    except ZeroDivisionError as error:
        raise ValueError(f"“{value}” 不是数") from error


def time_of_day(value: object) -> object:
    """A bare 9 would be nine seconds past midnight: a number is refused."""
    if isinstance(value, int | float):
        raise ValueError("应为时刻，例如 09:00:00")
    return value


Selector = Annotated[str, BeforeValidator(selector)]
Share = Annotated[Fraction, BeforeValidator(share)]
TimeOfDay = Annotated[time, BeforeValidator(time_of_day)]
Word = Annotated[str, Field(min_length=1)]


class Table(BaseModel):
    """One table of a profile: a key that is not known is refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)
