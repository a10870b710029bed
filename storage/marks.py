"""What was done once and is never done again, however many replicas want to do it."""

from datetime import datetime

from storage.dialects import upsert
from storage.schema import MARKS
from storage.transaction import Transaction

_SET = upsert(MARKS, "key", returning=("key",))


async def first_time(tx: Transaction, key: str, now: datetime) -> bool:
    """Whether nobody set this mark before; from now on it is set."""
    return (await tx.run(_SET, {"key": key, "at": now})).scalar_one_or_none() is not None
