"""The text of every contract profile that was ever in force: a ticket keeps the terms that it opened under."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from sqlalchemy import bindparam, select

from storage.dialects import upsert
from storage.schema import TERMS, TERMS_IN_FORCE, TICKETS
from storage.transaction import Transaction

_KEEP = upsert(TERMS, "digest", "contract")
_BEGIN = upsert(TERMS_IN_FORCE, "contract", "since", take=lambda new: {"digest": new.digest})
_BODY = select(TERMS.c.body).where(TERMS.c.digest == bindparam("digest")).limit(1)
_OF = TERMS_IN_FORCE.c.contract == bindparam("contract")
_LATEST = select(TERMS_IN_FORCE.c.digest).where(_OF).order_by(TERMS_IN_FORCE.c.since.desc()).limit(1)
_HISTORY = select(TERMS_IN_FORCE.c.digest, TERMS_IN_FORCE.c.since).where(_OF).order_by(TERMS_IN_FORCE.c.since)
_UNDER = select(TICKETS.c.body).where(TICKETS.c.contract == bindparam("contract"), TICKETS.c.open == bindparam("open"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """A profile that was in force from an instant on, until the next one was."""

    digest: str
    since: datetime


async def keep(tx: Transaction, contract: str, digest: str, body: str, now: datetime) -> None:
    """Keep this profile for good; if another was in force until now, this one is from now on."""
    await tx.run(_KEEP, {"contract": contract, "digest": digest, "body": body, "kept_at": now})
    if await latest(tx, contract) != digest:
        await tx.run(_BEGIN, {"contract": contract, "since": now, "digest": digest})


async def body(tx: Transaction, digest: str) -> str | None:
    """The text of the profile with this digest."""
    text: str | None = (await tx.run(_BODY, {"digest": digest})).scalar_one_or_none()
    return text


async def latest(tx: Transaction, contract: str) -> str | None:
    """The digest of the profile that came into force last."""
    digest: str | None = (await tx.run(_LATEST, {"contract": contract})).scalar_one_or_none()
    return digest


async def history(tx: Transaction, contract: str) -> Sequence[Version]:
    """Every change of the contract's profile, the oldest first; two that began the same one at once are one."""
    rows = (await tx.run(_HISTORY, {"contract": contract})).all()
    first = (next(same) for _, same in groupby(rows, key=lambda row: row.digest))
    return [Version(digest=row.digest, since=row.since) for row in first]


async def open_under(tx: Transaction, contract: str) -> Mapping[str, int]:
    """How many open tickets of the contract were opened under each profile."""
    counts: dict[str, int] = {}
    for ticket in (await tx.run(_UNDER, {"contract": contract, "open": True})).scalars():
        counts[ticket["terms"]] = counts.get(ticket["terms"], 0) + 1
    return counts
