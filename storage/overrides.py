"""What was changed in the rosters: laid over them, never rubbed out, cancelled by a mark."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

import sqlalchemy as sa
from sqlalchemy import bindparam

from sla.duty import Override
from storage.schema import OVERRIDES
from storage.transaction import Transaction

WAKE = "duty"
FILE = "file"
_O = OVERRIDES.c
_CLEAR = sa.delete(OVERRIDES).where(_O.from_file == bindparam("from_file"))
_INSERT = sa.insert(OVERRIDES)
_ADD = _INSERT.returning(_O.id)
_VALID = (
    sa.select(OVERRIDES)
    .where(_O.contract == bindparam("contract"), _O.until >= bindparam("since"), _O.cancelled_at.is_(None))
    .order_by(_O.from_file.desc(), _O.id)
)
_GET = sa.select(OVERRIDES).where(_O.id == bindparam("id"))
_CANCEL = (
    sa.update(OVERRIDES)
    .where(_O.id == bindparam("of_id"), _O.cancelled_at.is_(None), _O.from_file == bindparam("of_file"))
    .values(cancelled_by=bindparam("doer"), cancelled_at=bindparam("now"))
)


async def put_file(tx: Transaction, overrides: Sequence[Override], now: datetime) -> None:
    """These are the overrides of the duty file from now on; those made in the chat stay as they are."""
    tx.wake(WAKE)
    await tx.run(_CLEAR, {"from_file": True})
    if overrides:
        await tx.run(_INSERT, [_row(replace(one, by=one.by or FILE, at=now), from_file=True) for one in overrides])


async def add(tx: Transaction, override: Override) -> Override:
    """Keep an override; the same with its number."""
    tx.wake(WAKE)
    made: int = (await tx.run(_ADD, _row(override, from_file=False))).scalar_one()
    return replace(override, id=made)


async def cancel(tx: Transaction, number: int, by: str, at: datetime) -> bool:
    """Whether it counted until now and does so no longer; one of the duty file is cancelled there."""
    tx.wake(WAKE)
    return bool(await tx.count(_CANCEL, {"of_id": number, "of_file": False, "doer": by, "now": at}))


async def by_id(tx: Transaction, number: int) -> Override | None:
    """One override, also a cancelled one."""
    row = (await tx.run(_GET, {"id": number})).mappings().one_or_none()
    return None if row is None else _override(row)


async def valid(tx: Transaction, contract: str, since: datetime) -> list[Override]:
    """What counts and had not ended at the beginning of that UTC day, in the order in which it is laid."""
    day = since.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)

    async def read() -> list[Override]:
        rows = (await tx.run(_VALID, {"contract": contract, "since": day})).mappings()
        return [_override(row) for row in rows]

    return await tx.recall(WAKE, ("overrides", contract, day), read)


def _row(override: Override, *, from_file: bool) -> dict[str, object]:
    return {
        "contract": override.contract,
        "role": override.role,
        "post": override.post,
        "start": override.start,
        "until": override.end,
        "absent": override.absent,
        "person": override.person,
        "by": override.by,
        "at": override.at,
        "why": override.why,
        "from_file": from_file,
        "cancelled_by": override.cancelled_by,
        "cancelled_at": override.cancelled_at,
    }


def _override(row: sa.RowMapping) -> Override:
    return Override(
        contract=row["contract"],
        role=row["role"],
        post=row["post"],
        start=row["start"],
        end=row["until"],
        absent=row["absent"],
        person=row["person"],
        by=row["by"],
        at=row["at"],
        why=row["why"],
        id=row["id"],
        cancelled_by=row["cancelled_by"],
        cancelled_at=row["cancelled_at"],
    )
