"""Records of services that contracts count: only ever added; the bureau's word is written beside one, once."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy import bindparam

from sla.services import Record, Verdict
from storage.schema import SERVICE_RECORDS
from storage.transaction import Transaction

WAKE = "services"
_S = SERVICE_RECORDS.c
_ADD = sa.insert(SERVICE_RECORDS).returning(_S.id)
_OF = sa.select(SERVICE_RECORDS).where(_S.contract == bindparam("contract")).order_by(_S.id)
_GET = sa.select(SERVICE_RECORDS).where(_S.id == bindparam("id"))
_SETTLE = (
    sa.update(SERVICE_RECORDS)
    .where(_S.id == bindparam("of_id"), _S.verdict.is_(None))
    .values(verdict=bindparam("said"), settled_by=bindparam("person"), settled_at=bindparam("now"))
)


async def add(tx: Transaction, record: Record) -> int:
    """Keep a record; its number."""
    tx.wake(WAKE)
    number: int = (await tx.run(_ADD, _row(record))).scalar_one()
    return number


async def settle(tx: Transaction, number: int, verdict: Verdict, by: str, at: datetime) -> bool:
    """The bureau's word; false if it was said before."""
    tx.wake(WAKE)
    return bool(await tx.count(_SETTLE, {"of_id": number, "said": verdict.value, "person": by, "now": at}))


async def by_id(tx: Transaction, number: int) -> Record | None:
    """One record."""
    row = (await tx.run(_GET, {"id": number})).mappings().one_or_none()
    return None if row is None else _record(row)


async def of_contract(tx: Transaction, contract: str) -> list[Record]:
    """All records of the contract, the oldest first."""
    return [_record(row) for row in (await tx.run(_OF, {"contract": contract})).mappings()]


def _row(record: Record) -> dict[str, object]:
    return {
        "contract": record.contract,
        "service": record.service,
        "day": record.day.isoformat(),
        "amount": record.amount,
        "planned": record.planned,
        "people": record.people,
        "remark": record.remark,
        "by": record.by,
        "at": record.at,
        "corrects": record.corrects,
        "verdict": record.verdict.value if record.verdict else None,
        "settled_by": record.settled_by,
        "settled_at": record.settled_at,
    }


def _record(row: sa.RowMapping) -> Record:
    verdict = row["verdict"]
    return Record(**{**row, "day": date.fromisoformat(row["day"]), "verdict": Verdict(verdict) if verdict else None})
