"""Exact values of the contract facts: shares, money, days and counts, never a float."""

import re
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Literal, Protocol

from pydantic import AfterValidator, BeforeValidator, Field, PlainSerializer

_PERCENT = re.compile(r"(\d+(?:\.\d+)?)\s*[%％]")
_MONEY = re.compile(r"\d{1,3}(,\d{3})+(\.\d{1,2})?|\d+(\.\d{1,2})?")


def percent(value: object) -> Fraction:
    """``98%`` or ``0.05%``, exact; without its sign a number could be a share or a count, and is refused."""
    if isinstance(value, Fraction):
        return value
    text = value.strip() if isinstance(value, str) else ""
    if found := _PERCENT.fullmatch(text):
        return Fraction(found[1]) / 100
    raise ValueError("应为带 % 的数并加引号，例如 “98%” / should be a quoted number with %, such as 98%")


def as_percent(share: Fraction) -> str:
    """A share as it was written: shares come from decimals, so that this loses nothing."""
    return f"{Decimal(share.numerator * 100) / share.denominator:f}%"


def money(value: object) -> Decimal:
    """``2,204,250.00`` or ``2204250``, exact to the cent; a float is refused."""
    if isinstance(value, Decimal):
        return value
    text = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
    if not isinstance(text, str) or not _MONEY.fullmatch(text.strip()):
        raise ValueError(
            "应为金额（元）并加引号，例如 “2,204,250.00” / should be a quoted sum of yuan, such as 2,204,250.00"
        )
    return Decimal(text.strip().replace(",", ""))


def day(value: object) -> object:
    """A day of the calendar: a number or an instant is refused."""
    if isinstance(value, int | float | datetime):
        raise ValueError("应为日期，例如 2026-07-01 / should be a date, such as 2026-07-01")
    if isinstance(value, str):
        try:
            return date.fromisoformat(value)
        except ValueError as error:
            raise ValueError("应为日期，例如 2026-07-01 / should be a date, such as 2026-07-01") from error
    return value


def rising(value: tuple[int, int]) -> tuple[int, int]:
    """A range runs from the smaller number to the greater."""
    if value[0] > value[1]:
        raise ValueError("范围应从小到大，例如 [5, 10] / a range should rise, such as [5, 10]")
    return value


Percent = Annotated[Fraction, BeforeValidator(percent), PlainSerializer(as_percent)]
Money = Annotated[Decimal, BeforeValidator(money)]
Day = Annotated[date, BeforeValidator(day)]
Count = Annotated[int, Field(strict=True, ge=1)]
Whole = Annotated[int, Field(strict=True, ge=0)]
Range = Annotated[tuple[Whole, Whole], AfterValidator(rising)]
Key = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
Cadence = Literal["once", "daily", "weekly", "monthly", "quarterly", "half_yearly", "yearly", "on_event", "as_agreed"]
"""How often; ``on_event`` is after each of what it reports on, ``as_agreed`` is what the contract leaves open."""


class Keyed(Protocol):
    """A row that is found by its key."""

    @property
    def key(self) -> str: ...


def once_each(rows: Iterable[Keyed]) -> None:
    """Every key stands once, so that whoever looks a row up finds the only one."""
    seen: set[str] = set()
    for row in rows:
        if row.key in seen:
            raise ValueError(f"key “{row.key}” 写了两次 / the key “{row.key}” stands twice")
        seen.add(row.key)
