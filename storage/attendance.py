"""Who was asked before a shift whether they are there, and what they answered."""

from dataclasses import dataclass, fields
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import bindparam

from storage.dialects import upsert
from storage.schema import ATTENDANCE
from storage.transaction import Transaction

WAKE = "attendance"


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question to one person before one shift; `alarmed_at` is when others were told that it may stay empty."""

    id: int = 0
    contract: str
    role: str
    post: str = ""
    person: str
    start: datetime
    until: datetime
    asked_at: datetime
    answered_at: datetime | None = None
    alarmed_at: datetime | None = None


_A = ATTENDANCE.c
_OWN = tuple(field.name for field in fields(Question))
_WHOLE = ("contract", "role", "post", "person", "start")
_ALL = sa.select(*(_A[name] for name in _OWN))
_INSERT = upsert(ATTENDANCE, *_WHOLE, returning=("id",))
_LOAD = _ALL.where(_A.id == bindparam("id")).with_for_update()
_COMING = (
    _ALL.where(_A.contract == bindparam("contract"), _A.start > bindparam("now")).order_by(_A.id).with_for_update()
)
_ANSWERED = sa.update(ATTENDANCE).where(_A.id == bindparam("of_id")).values(answered_at=bindparam("now"))
_ALARMED = sa.update(ATTENDANCE).where(_A.id == bindparam("of_id")).values(alarmed_at=bindparam("now"))


async def ask(tx: Transaction, question: Question) -> int | None:
    """Keep a question; its id, or nothing if it was asked already."""
    row = {name: getattr(question, name) for name in _OWN if name != "id"}
    id_: int | None = (await tx.run(_INSERT, row)).scalar_one_or_none()
    return id_


async def load(tx: Transaction, id: int) -> Question | None:
    """One question; in a write nobody else changes it until the end of the transaction."""
    row = (await tx.run(_LOAD, {"id": id})).mappings().one_or_none()
    return None if row is None else Question(**row)


async def coming(tx: Transaction, contract: str, now: datetime) -> list[Question]:
    """The questions about shifts that have not begun."""
    return [Question(**row) for row in (await tx.run(_COMING, {"contract": contract, "now": now})).mappings()]


async def answered(tx: Transaction, id: int, now: datetime) -> None:
    """The person is there."""
    tx.wake(WAKE)
    await tx.run(_ANSWERED, {"of_id": id, "now": now})


async def alarmed(tx: Transaction, id: int, now: datetime) -> None:
    """Others were told that nobody answered."""
    await tx.run(_ALARMED, {"of_id": id, "now": now})
