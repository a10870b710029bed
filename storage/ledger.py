"""What happened, entry after entry, each holding the digest of the one before; the database refuses to change any."""

import json
import re
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import bindparam

from sla import events
from sla.decide import Entry
from sla.ticket import Ticket
from storage import chain, shapes
from storage.chain import Flaw, Head, contracts, heads, verify
from storage.dialects import upsert
from storage.schema import LEDGER, LEDGER_HEADS
from storage.transaction import Transaction

__all__ = [
    "Flaw",
    "Head",
    "LedgerEntry",
    "append",
    "append_facts",
    "contracts",
    "entries_of",
    "facts_of",
    "heads",
    "kind_of",
    "verify",
    "walk",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerEntry:
    """One entry as it is kept; `data` is what happened, in JSON."""

    contract: str
    seq: int
    ticket_id: int | None
    kind: str
    at: datetime
    noted_at: datetime
    by: str
    data: Mapping[str, Any]
    algorithm: str
    previous: str
    digest: str


def kind_of(fact: type[events.Deed]) -> str:
    """The name of a fact in the ledger: ``recovery_confirmed`` for `RecoveryConfirmed`."""
    return re.sub(r"(?<=.)(?=[A-Z])", "_", fact.__name__).lower()


_FACTS = {kind_of(fact): fact for fact in events.FACTS}
_KINDS = {fact: kind for kind, fact in _FACTS.items()}
_L, _H = LEDGER.c, LEDGER_HEADS.c
# Changes nothing but takes the row's lock, and makes the row for a contract's first entry.
_LOCK = upsert(LEDGER_HEADS, "contract", take=lambda _: {"seq": _H.seq}, returning=("seq", "digest"))
_MOVE = (
    sa.update(LEDGER_HEADS)
    .where(_H.contract == bindparam("of_contract"))
    .values(seq=bindparam("new_seq"), digest=bindparam("new_digest"))
)
_INSERT = sa.insert(LEDGER)
_OF_TICKET = sa.select(LEDGER).where(_L.ticket_id == bindparam("ticket_id")).order_by(_L.seq)
_FACTS_OF = sa.select(_L.kind, _L.data).where(_L.ticket_id == bindparam("ticket_id")).order_by(_L.seq)


async def append(
    tx: Transaction,
    contract: str,
    *,
    ticket_id: int | None,
    kind: str,
    at: datetime,
    noted_at: datetime,
    by: str,
    data: Mapping[str, Any],
) -> None:
    """Keep one entry for good."""
    row = {"ticket_id": ticket_id, "kind": kind, "at": at, "noted_at": noted_at, "by": by, "data": data}
    tx.collect(LEDGER, _append, {**row, "contract": shapes.storable(contract)})


async def append_facts(tx: Transaction, ticket: Ticket, entries: Sequence[Entry]) -> None:
    """Keep these facts of the ticket for good."""
    for entry in entries:
        await append(
            tx,
            ticket.contract,
            ticket_id=ticket.id,
            kind=_KINDS[type(entry.fact)],
            at=entry.fact.at,
            noted_at=entry.noted_at,
            by=entry.fact.by,
            data=shapes.dump(entry.fact),
        )


async def facts_of(tx: Transaction, ticket_id: int) -> list[events.Fact]:
    """The facts from which the ticket can be rebuilt, in their order."""
    rows = [(row.kind, row.data) for row in await tx.run(_FACTS_OF, {"ticket_id": ticket_id})]
    facts: list[Any] = [shapes.load(_FACTS[kind], json.loads(data)) for kind, data in rows if kind in _FACTS]
    return facts


async def entries_of(tx: Transaction, ticket_id: int) -> list[LedgerEntry]:
    """All entries of the ticket, facts and others."""
    return [_entry(row) for row in (await tx.run(_OF_TICKET, {"ticket_id": ticket_id})).mappings()]


async def walk(tx: Transaction, contract: str) -> AsyncIterator[LedgerEntry]:
    """All entries of the contract, from the first to the last."""
    async for row in chain.rows_of(tx, contract):
        yield _entry(row)


async def _append(tx: Transaction, rows: list[Mapping[str, Any]]) -> None:
    """One chain after the other, always in the same order: two transactions never wait for each other crosswise."""
    chained: list[dict[str, Any]] = []
    moves = []
    for contract in sorted({row["contract"] for row in rows}):
        head = (await tx.run(_LOCK, {"contract": contract, "seq": 0, "digest": ""})).one()
        seq, last = head.seq, head.digest
        for row in rows:
            if row["contract"] == contract:
                seq += 1
                chained.append(_chained(row, seq=seq, previous=last))
                last = chained[-1]["digest"]
        moves.append({"of_contract": contract, "new_seq": seq, "new_digest": last})
    await tx.run(_INSERT, chained)
    await tx.run(_MOVE, moves)


def _chained(row: Mapping[str, Any], **place: Any) -> dict[str, Any]:
    # Hashed as it will be stored, or it would not be found again.
    words = {name: shapes.storable(row[name]) for name in ("kind", "by")}
    whole = {**row, **words, **place, "data": shapes.canonical(row["data"]), "algorithm": chain.ALGORITHM}
    return whole | {"digest": chain.digest(whole)}


def _entry(row: Mapping[Any, Any]) -> LedgerEntry:
    return LedgerEntry(**{**row, "data": json.loads(row["data"])})
