"""Requests to swap shifts, and orders to stand in: who asks whom, for which shifts, and how it ended."""

from collections.abc import Collection
from dataclasses import dataclass, fields
from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy import bindparam

from storage.schema import SWAPS
from storage.transaction import Transaction

WAKE = "swaps"


class State(StrEnum):
    """How far it has come: a request is drafted, asked and answered; an order is given and received."""

    DRAFT = "draft"
    ASKED = "asked"
    AGREED = "agreed"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    OVERTAKEN = "overtaken"
    ORDERED = "ordered"
    RECEIVED = "received"


@dataclass(frozen=True, slots=True, kw_only=True)
class Swap:
    """The shift of `person` from `start` to `end` is to be served by `colleague`.

    In an exchange `person` serves the other shift in return. `by` is who asks for it or orders it.
    """

    id: int = 0
    contract: str
    role: str
    post: str = ""
    by: str
    person: str
    start: datetime
    end: datetime
    colleague: str = ""
    other_start: datetime | None = None
    other_end: datetime | None = None
    why: str = ""
    state: State = State.DRAFT
    reminded: int = 0
    made_at: datetime
    asked_at: datetime | None = None
    told_at: datetime | None = None
    settled_at: datetime | None = None

    @property
    def begins_at(self) -> datetime:
        """The earlier of its shifts: from then on nothing can be swapped any more."""
        return min(self.start, self.other_start or self.start)


_S = SWAPS.c
_OWN = tuple(field.name for field in fields(Swap))
_ALL = sa.select(*(_S[name] for name in _OWN))
_INSERT = sa.insert(SWAPS).returning(_S.id)
_SAVE = (
    sa.update(SWAPS)
    .where(_S.id == bindparam("of_id"))
    .values({name: bindparam(f"new_{name}") for name in _OWN if name != "id"})
)
_LOAD = _ALL.where(_S.id == bindparam("id")).with_for_update()
_IN = (
    _ALL.where(
        _S.contract == bindparam("contract"),
        _S.state.in_(bindparam("states", expanding=True)),
        _S.end > bindparam("now"),
    )
    .order_by(_S.id)
    .with_for_update()
)


async def put(tx: Transaction, swap: Swap) -> int:
    """Keep a new one; its id."""
    tx.wake(WAKE)
    id_: int = (await tx.run(_INSERT, _row(swap))).scalar_one()
    return id_


async def save(tx: Transaction, swap: Swap) -> None:
    """This is how it stands now."""
    tx.wake(WAKE)
    await tx.run(_SAVE, {f"new_{name}": value for name, value in _row(swap).items()} | {"of_id": swap.id})


async def load(tx: Transaction, id: int) -> Swap | None:
    """One of them; in a write nobody else changes it until the end of the transaction."""
    row = (await tx.run(_LOAD, {"id": id})).mappings().one_or_none()
    return None if row is None else _swap(row)


async def standing(tx: Transaction, contract: str, states: Collection[State], now: datetime) -> list[Swap]:
    """Those of a contract that stand so and are not over, the oldest first; nobody else changes them meanwhile."""
    values = {"contract": contract, "states": [state.value for state in states], "now": now}
    return [_swap(row) for row in (await tx.run(_IN, values)).mappings()]


def _row(swap: Swap) -> dict[str, Any]:
    return {name: getattr(swap, name) for name in _OWN if name != "id"} | {"state": swap.state.value}


def _swap(row: Any) -> Swap:
    return Swap(**{**row, "state": State(row["state"])})
