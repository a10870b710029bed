"""Small things to remember under a name, for example when Telegram last answered."""

from sqlalchemy import bindparam, select

from storage.dialects import all_but, upsert
from storage.schema import NOTES
from storage.transaction import Transaction

_GET = select(NOTES.c.value).where(NOTES.c.key == bindparam("key"))
_TAKE = _GET.with_for_update()
_PUT = upsert(NOTES, "key", take=all_but("key"))


async def get(tx: Transaction, key: str) -> str | None:
    """The note under this key, if there is one."""
    value: str | None = (await tx.run(_GET, {"key": key})).scalar_one_or_none()
    return value


async def take(tx: Transaction, key: str) -> str | None:
    """The same, ours to write anew until the transaction ends: of two replicas one finds what the other has written."""
    value: str | None = (await tx.run(_TAKE, {"key": key})).scalar_one_or_none()
    return value


async def put(tx: Transaction, key: str, value: str) -> None:
    """Write the note over the one that was there."""
    await tx.run(_PUT, {"key": key, "value": value})
