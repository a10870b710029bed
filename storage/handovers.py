"""Hand-overs at changes of shift: who goes, who comes, and whether the one who comes has accepted."""

from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import bindparam

from storage.dialects import upsert
from storage.schema import HANDOVERS
from storage.transaction import Transaction

WAKE = "handovers"


@dataclass(frozen=True, slots=True, kw_only=True)
class Handover:
    """One hand-over. `given_at` is when the outgoing person got the card, `begun_at` when the incoming one got it.

    It has ended when it was accepted, or when another change of shift came before that.
    """

    id: int = 0
    contract: str
    role: str
    post: str = ""
    at: datetime
    left_at: datetime
    outgoing: str
    incoming: str
    remark: str = ""
    reminded: int = 0
    given_at: datetime | None = None
    begun_at: datetime | None = None
    told_at: datetime | None = None
    ended_at: datetime | None = None
    accepted: bool = False


_H = HANDOVERS.c
_OWN = tuple(field.name for field in fields(Handover))
_WHOLE = ("contract", "role", "post", "at", "outgoing", "incoming")
_ALL = sa.select(*(_H[name] for name in _OWN))
_INSERT = upsert(HANDOVERS, *_WHOLE, returning=("id",))
_SAVE = (
    sa.update(HANDOVERS)
    .where(_H.id == bindparam("of_id"))
    .values({name: bindparam(f"new_{name}") for name in _OWN if name != "id"})
)
_LOAD = _ALL.where(_H.id == bindparam("id")).with_for_update()
_AT = (
    _ALL.where(
        _H.contract == bindparam("contract"),
        _H.role == bindparam("role"),
        _H.post == bindparam("post"),
        _H.at == bindparam("at"),
    )
    .order_by(_H.id)
    .with_for_update()
)
_WAITING = (
    _ALL.where(_H.contract == bindparam("contract"), _H.begun_at.is_not(None), _H.ended_at.is_(None))
    .order_by(_H.id)
    .with_for_update()
)


async def put(tx: Transaction, handover: Handover) -> int | None:
    """Keep a new hand-over; its id, or nothing if the same one is kept already."""
    tx.wake(WAKE)
    id_: int | None = (await tx.run(_INSERT, _row(handover))).scalar_one_or_none()
    return id_


async def save(tx: Transaction, handover: Handover) -> None:
    """This is how it stands now."""
    tx.wake(WAKE)
    await tx.run(_SAVE, {f"new_{name}": value for name, value in _row(handover).items()} | {"of_id": handover.id})


async def load(tx: Transaction, id: int) -> Handover | None:
    """One hand-over; in a write nobody else changes it until the end of the transaction."""
    found = await _handovers(tx, _LOAD, {"id": id})
    return found[0] if found else None


async def of_change(tx: Transaction, contract: str, role: str, post: str, at: datetime) -> list[Handover]:
    """What is handed over in one place at one instant; nobody else changes it meanwhile."""
    return await _handovers(tx, _AT, {"contract": contract, "role": role, "post": post, "at": at})


async def waiting(tx: Transaction, contract: str) -> list[Handover]:
    """What has begun and was not accepted yet; nobody else changes it meanwhile."""
    return await _handovers(tx, _WAITING, {"contract": contract})


def _row(handover: Handover) -> dict[str, Any]:
    return {name: getattr(handover, name) for name in _OWN if name != "id"}


async def _handovers(tx: Transaction, statement: sa.Executable, values: dict[str, Any]) -> list[Handover]:
    return [Handover(**row) for row in (await tx.run(statement, values)).mappings()]
