"""Key periods as the bureau declared them, and who keeps watch on site in each."""

from dataclasses import replace
from datetime import UTC, datetime

import sqlalchemy as sa
from sqlalchemy import bindparam

from sla.key_periods import KeyPeriod, Watch
from storage.dialects import upsert
from storage.overrides import WAKE
from storage.schema import KEY_PERIODS, WATCHES
from storage.transaction import Transaction

_K, _W = KEY_PERIODS.c, WATCHES.c
_ADD = sa.insert(KEY_PERIODS).returning(_K.id)
_GET = sa.select(KEY_PERIODS).where(_K.id == bindparam("id"))
_LOCK = _GET.with_for_update()
_VALID = (
    sa.select(KEY_PERIODS)
    .where(_K.contract == bindparam("contract"), _K.until >= bindparam("since"), _K.cancelled_at.is_(None))
    .order_by(_K.start, _K.id)
)
_CANCEL = (
    sa.update(KEY_PERIODS)
    .where(_K.id == bindparam("of_id"), _K.cancelled_at.is_(None))
    .values(cancelled_by=bindparam("doer"), cancelled_at=bindparam("now"))
)
_NAME = upsert(WATCHES, "key_period", "person", returning=("person",))
_RELEASE = sa.delete(WATCHES).where(
    _W.key_period == bindparam("of_id"), _W.person == bindparam("of_person"), _W.in_at.is_(None)
)
_OF_PERIOD = sa.select(WATCHES).where(_W.key_period == bindparam("id")).order_by(_W.named_at, _W.person)
_CAME = (
    sa.update(WATCHES)
    .where(_W.key_period == bindparam("of_id"), _W.person == bindparam("of_person"))
    .values(in_at=bindparam("now"), out_at=None)
)
_WENT = (
    sa.update(WATCHES)
    .where(_W.key_period == bindparam("of_id"), _W.person == bindparam("of_person"))
    .values(out_at=bindparam("now"))
)


async def add(tx: Transaction, period: KeyPeriod) -> KeyPeriod:
    """Keep a period; the same with its number."""
    tx.wake(WAKE)
    made: int = (await tx.run(_ADD, _row(period))).scalar_one()
    return replace(period, id=made)


async def cancel(tx: Transaction, number: int, by: str, at: datetime) -> bool:
    """Whether it counted until now and does so no longer."""
    tx.wake(WAKE)
    return bool(await tx.count(_CANCEL, {"of_id": number, "doer": by, "now": at}))


async def by_id(tx: Transaction, number: int) -> KeyPeriod | None:
    """One period, also a cancelled one; in a transaction that writes it is ours until the end."""
    row = (await tx.run(_LOCK if tx.writable else _GET, {"id": number})).mappings().one_or_none()
    return None if row is None else _period(row)


async def valid(tx: Transaction, contract: str, since: datetime) -> list[KeyPeriod]:
    """What counts and had not ended at the beginning of that UTC day, by its beginning."""
    day = since.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)

    async def read() -> list[KeyPeriod]:
        rows = (await tx.run(_VALID, {"contract": contract, "since": day})).mappings()
        return [_period(row) for row in rows]

    return await tx.recall(WAKE, ("key_periods", contract, day), read)


async def name(tx: Transaction, number: int, person: str, by: str, at: datetime) -> bool:
    """Whether the person was not named for the watch before, and is now."""
    tx.wake(WAKE)
    row = {"key_period": number, "person": person, "named_by": by, "named_at": at, "in_at": None, "out_at": None}
    return (await tx.run(_NAME, row)).scalar_one_or_none() is not None


async def release(tx: Transaction, number: int, person: str) -> bool:
    """Whether the person was named, has never come, and is named no longer."""
    tx.wake(WAKE)
    return bool(await tx.count(_RELEASE, {"of_id": number, "of_person": person}))


async def watches(tx: Transaction, number: int) -> list[Watch]:
    """Who is named for the watch of a period, in the order of naming."""
    rows = (await tx.run(_OF_PERIOD, {"id": number})).mappings()
    return [
        Watch(
            person=row["person"],
            named_by=row["named_by"],
            named_at=row["named_at"],
            in_at=row["in_at"],
            out_at=row["out_at"],
        )
        for row in rows
    ]


async def came(tx: Transaction, number: int, person: str, at: datetime) -> None:
    """The person is on site."""
    await tx.run(_CAME, {"of_id": number, "of_person": person, "now": at})


async def went(tx: Transaction, number: int, person: str, at: datetime) -> None:
    """The person has left."""
    await tx.run(_WENT, {"of_id": number, "of_person": person, "now": at})


def _row(period: KeyPeriod) -> dict[str, object]:
    return {
        "contract": period.contract,
        "name": period.name,
        "start": period.start,
        "until": period.end,
        "people": period.people,
        "by": period.by,
        "at": period.at,
        "cancelled_by": period.cancelled_by,
        "cancelled_at": period.cancelled_at,
    }


def _period(row: sa.RowMapping) -> KeyPeriod:
    return KeyPeriod(
        contract=row["contract"],
        name=row["name"],
        start=row["start"],
        end=row["until"],
        people=row["people"],
        by=row["by"],
        at=row["at"],
        id=row["id"],
        cancelled_by=row["cancelled_by"],
        cancelled_at=row["cancelled_at"],
    )
