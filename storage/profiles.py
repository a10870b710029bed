"""The text of every contract profile that was ever in force: a ticket keeps the terms that it opened under."""

from datetime import datetime

from sqlalchemy import bindparam, select

from storage.dialects import upsert
from storage.schema import TERMS
from storage.transaction import Transaction

_KEEP = upsert(TERMS, "digest", "contract", take=lambda new: {"kept_at": new.kept_at})
_BODY = select(TERMS.c.body).where(TERMS.c.digest == bindparam("digest")).limit(1)
_LATEST = (
    select(TERMS.c.digest).where(TERMS.c.contract == bindparam("contract")).order_by(TERMS.c.kept_at.desc()).limit(1)
)


async def keep(tx: Transaction, contract: str, digest: str, body: str, now: datetime) -> None:
    """Keep this profile for good, as the one in force from now on."""
    await tx.run(_KEEP, {"contract": contract, "digest": digest, "body": body, "kept_at": now})


async def body(tx: Transaction, digest: str) -> str | None:
    """The text of the profile with this digest."""
    text: str | None = (await tx.run(_BODY, {"digest": digest})).scalar_one_or_none()
    return text


async def latest(tx: Transaction, contract: str) -> str | None:
    """The digest of the profile that was kept last for the contract."""
    digest: str | None = (await tx.run(_LATEST, {"contract": contract})).scalar_one_or_none()
    return digest
