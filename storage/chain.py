"""The chain in the ledger: what each digest has to be, and where the chain is broken.

A digest is SHA-256 over the UTF-8 of a JSON array without spaces: contract, seq, ticket_id, kind, at, noted_at
(microseconds since 1970 UTC), by, data (the JSON text as it is stored), algorithm, previous. Whoever can write
the whole database can also write a new chain: hand the heads over to both parties from time to time.
"""

import hashlib
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import bindparam

from storage import shapes
from storage.columns import microseconds
from storage.schema import LEDGER, LEDGER_HEADS
from storage.transaction import Transaction

ALGORITHM = "sha256"
_PAGE = 500
_HASHED = ("contract", "seq", "ticket_id", "kind", "at", "noted_at", "by", "data", "algorithm", "previous")


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """The last entry of a contract: its digest stands for all entries before it."""

    contract: str
    seq: int
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Flaw:
    """The first place where the chain of a contract is broken, and how."""

    contract: str
    seq: int
    why: str


_L, _H = LEDGER.c, LEDGER_HEADS.c
_ROWS = (
    sa.select(LEDGER)
    .where(_L.contract == bindparam("contract"), _L.seq > bindparam("after"))
    .order_by(_L.seq)
    .limit(_PAGE)
)
_HEADS = sa.select(LEDGER_HEADS).order_by(_H.contract)
_CONTRACTS = sa.union(sa.select(_L.contract), sa.select(_H.contract))


async def contracts(tx: Transaction) -> list[str]:
    """The contracts that have a ledger."""
    return sorted((await tx.run(_CONTRACTS)).scalars())


async def heads(tx: Transaction) -> list[Head]:
    """The last entry of each contract, to be handed over to both parties."""
    return [Head(**row) for row in (await tx.run(_HEADS)).mappings()]


async def rows_of(tx: Transaction, contract: str) -> AsyncIterator[Mapping[Any, Any]]:
    """The contract's rows as they are stored, page by page."""
    after = -1
    while page := (await tx.run(_ROWS, {"contract": contract, "after": after})).mappings().all():
        for row in page:
            yield row
        after = page[-1]["seq"]


def digest(row: Mapping[Any, Any]) -> str:
    """What the digest of this row has to be."""
    times = {name: microseconds(row[name]) for name in ("at", "noted_at")}
    text = shapes.canonical([times.get(name, row[name]) for name in _HASHED])
    return hashlib.sha256(text.encode()).hexdigest()


async def verify(tx: Transaction) -> list[Flaw]:
    """The first flaw of each contract whose chain does not hold; run it in a read, which sees one instant."""
    known = {head.contract: head for head in await heads(tx)}
    found = [await _flaw(tx, contract, known.get(contract)) for contract in await contracts(tx)]
    return [flaw for flaw in found if flaw is not None]


async def _flaw(tx: Transaction, contract: str, head: Head | None) -> Flaw | None:
    seq, last = 0, ""
    async for row in rows_of(tx, contract):
        seq += 1
        why = _fault(row, seq, last)
        if why is not None:
            return Flaw(contract=contract, seq=seq, why=why)
        last = row["digest"]
    if head is None:
        return Flaw(contract=contract, seq=seq, why="缺少链尾记录 (the record of the last entry is missing)")
    if (head.seq, head.digest) != (seq, last):
        return Flaw(contract=contract, seq=seq + 1, why="链尾不符，末尾条目缺失或多出 (the tail is not the one kept)")
    return None


def _fault(row: Mapping[Any, Any], seq: int, previous: str) -> str | None:
    if row["seq"] != seq:
        return "序号不连续 (an entry is missing)"
    if row["algorithm"] != ALGORITHM:
        return "未知的摘要算法 (unknown algorithm)"
    if row["digest"] != digest(row):
        return "内容与摘要不符 (the entry was changed)"
    if row["previous"] != previous:
        return "与上一条不衔接 (the entry does not follow the one before)"
    return None
