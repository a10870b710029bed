"""Calendars that are handed out: the digest of the word in each link, and which edition was read last."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import bindparam

from storage.dialects import upsert
from storage.schema import FEEDS
from storage.transaction import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """One calendar: whose, whether there is a link to it, and its newest edition."""

    owner: str
    token_hash: str | None
    edition: int
    digest: str
    changed_at: datetime


_F = FEEDS.c
_GET = sa.select(FEEDS).where(_F.owner == bindparam("owner"))
_TAKE = _GET.with_for_update()
_BY_TOKEN = sa.select(FEEDS).where(_F.token_hash == bindparam("token_hash"))
_LINK = upsert(FEEDS, "owner", take=lambda new: {"token_hash": new.token_hash})
_EDIT = upsert(
    FEEDS,
    "owner",
    take=lambda new: {"edition": new.edition, "digest": new.digest, "changed_at": new.changed_at},
)


async def link(tx: Transaction, owner: str, token_hash: str | None, now: datetime) -> None:
    """From now on this word opens the calendar, and no other does; nothing does if there is none."""
    await tx.run(_LINK, _row(owner, token_hash, 0, "", now))


async def of_owner(tx: Transaction, owner: str) -> Feed | None:
    """The calendar of this owner, if one was ever handed out."""
    return _feed((await tx.run(_GET, {"owner": owner})).mappings().one_or_none())


async def by_token(tx: Transaction, token_hash: str) -> Feed | None:
    """The calendar that this word opens."""
    return _feed((await tx.run(_BY_TOKEN, {"token_hash": token_hash})).mappings().one_or_none())


async def edited(tx: Transaction, owner: str, digest: str, now: datetime) -> Feed:
    """The edition with these contents: the one that was read last, or the next."""
    was = _feed((await tx.run(_TAKE, {"owner": owner})).mappings().one_or_none())
    if was is not None and was.digest == digest:
        return was
    number = 0 if was is None or not was.digest else was.edition + 1
    await tx.run(_EDIT, _row(owner, None, number, digest, now))
    return Feed(owner=owner, token_hash=was.token_hash if was else None, edition=number, digest=digest, changed_at=now)


def _row(owner: str, token_hash: str | None, edition: int, digest: str, now: datetime) -> dict[str, object]:
    return {"owner": owner, "token_hash": token_hash, "edition": edition, "digest": digest, "changed_at": now}


def _feed(row: sa.RowMapping | None) -> Feed | None:
    return None if row is None else Feed(**row)
