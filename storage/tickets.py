"""Tickets as they stand now; the ledger holds how they came to stand so."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy import bindparam

from sla.ticket import Stage, Ticket
from storage import errors, shapes
from storage.dialects import upsert
from storage.schema import COUNTERS, TICKET_IDS, TICKETS
from storage.transaction import Transaction

_T = TICKETS.c
_IDS = ("", "")  # the counter of ticket ids, beside those of each contract and day
_COUNT = upsert(COUNTERS, "contract", "day", take=lambda _: {"n": COUNTERS.c.n + 1}, returning=("contract", "day", "n"))
# Where several write at once, openings under different contracts do not wait for each other: a gap in ids is no harm.
_COUNT_WITH_ID: Any = _COUNT["postgresql"]
_COUNT_WITH_ID = _COUNT_WITH_ID.returning(TICKET_IDS.next_value().label("id"))
_INSERT = sa.insert(TICKETS)
_SAVE = (
    sa.update(TICKETS)
    .where(_T.id == bindparam("of_id"), _T.version == bindparam("was"))
    .values({name: bindparam(f"new_{name}") for name in _T.keys() if name != "id"})
)
_BODIES = sa.select(_T.body)
_LOAD = _BODIES.where(_T.id == bindparam("id"))
_LOAD_ALL = _BODIES.where(_T.id.in_(bindparam("ids", expanding=True)))
# Not plain FOR UPDATE, which would also stop those who only point to the ticket.
_LOAD_LOCKED = _LOAD.with_for_update(key_share=True)
_BY_NUMBER = _BODIES.where(_T.number == bindparam("number"))
_OPEN_IN = (
    _BODIES.where(_T.contract.in_(bindparam("contracts", expanding=True)), _T.open == bindparam("open"))
    .order_by(_T.reported_at, _T.id)
    .limit(bindparam("most"))
)
_OPEN = _BODIES.where(_T.contract == bindparam("contract"), _T.open == bindparam("open"))
_REPORTED = _OPEN.where(_T.reporter == bindparam("person"), _T.stage != bindparam("cleared"))
_HANDLED = _OPEN.where(_T.handler == bindparam("person"))
_THEIRS = sa.or_(_T.reporter == bindparam("person"), _T.handler == bindparam("person"))
_OF_PERSON = _BODIES.where(_THEIRS).order_by(_T.reported_at.desc(), _T.id.desc()).limit(bindparam("most"))
_AROUND = sa.union_all(
    *(
        sa.select(some.order_by(_T.reported_at.desc(), _T.id.desc()).limit(bindparam("most")).subquery())
        for some in (_REPORTED, _HANDLED, _BODIES.where(_THEIRS, _T.contract == bindparam("contract")))
    )
)
_CONTRACT_OF = sa.select(_T.contract).where(_THEIRS).order_by(_T.reported_at.desc(), _T.id.desc()).limit(1)
_COUNT_OPEN = (
    sa.select(sa.func.count())
    .select_from(TICKETS)
    .where(_T.contract.in_(bindparam("contracts", expanding=True)), _T.open == bindparam("open"))
)


async def allocate(tx: Transaction, contract: str, prefix: str, day: date) -> tuple[int, str]:
    """An id and a number like ``SGC-20261121-001`` that nobody else gets; `day` is the contract's own date."""
    own = (contract, day.isoformat())
    if tx.dialect == "postgresql":
        row = (await tx.run(_COUNT_WITH_ID, {"contract": contract, "day": own[1], "n": 1})).one()
        id_, count = row.id, row.n
    else:
        result = await tx.run(_COUNT, [{"contract": contract, "day": day, "n": 1} for contract, day in (_IDS, own)])
        counts = {(row.contract, row.day): row.n for row in result}
        id_, count = counts[_IDS], counts[own]
    return id_, f"{prefix}-{day:%Y%m%d}-{count:03d}"


async def insert(tx: Transaction, ticket: Ticket) -> None:
    """Keep a new ticket."""
    tx.collect(TICKETS, _insert_all, _row(ticket))


async def save(tx: Transaction, ticket: Ticket, was: int) -> None:
    """Keep the ticket in place of its version `was`; `StaleTicket` if that is not the one that is kept."""
    for waiting in tx.collected(TICKETS, _insert_all):
        if waiting["id"] == ticket.id:
            waiting.update(_row(ticket))
            return
    values = {f"new_{name}": value for name, value in _row(ticket).items() if name != "id"}
    tx.collect(TICKETS, _save_all, values | {"of_id": ticket.id, "was": was})


async def load(tx: Transaction, id: int, lock: bool = True) -> Ticket | None:
    """The ticket; in a write nobody else changes it until the end of the transaction."""
    statement = _LOAD_LOCKED if lock and tx.writable else _LOAD
    return _one(await _tickets(tx, statement, {"id": id}))


async def load_all(tx: Transaction, ids: Collection[int]) -> dict[int, Ticket]:
    """These tickets, by id; those that are there."""
    found = await _tickets(tx, _LOAD_ALL, {"ids": list(ids)})
    return {ticket.id: ticket for ticket in found}


async def by_number(tx: Transaction, number: str) -> Ticket | None:
    """The ticket with this number, in capitals or not."""
    return _one(await _tickets(tx, _BY_NUMBER, {"number": _spelled(number)}))


async def open_in(tx: Transaction, contracts: Sequence[str], limit: int = 50) -> list[Ticket]:
    """What is open under these contracts, the oldest report first."""
    return await _tickets(tx, _OPEN_IN, {"contracts": list(contracts), "open": True, "most": limit})


async def around(tx: Transaction, person: str, contract: str, limit: int) -> list[Ticket]:
    """What a person may mean under the contract, the newest report first.

    What is open and was reported by the person, what is open and handled by the person, and the latest of all: of each
    the newest few.
    """
    values = {"person": person, "contract": contract, "open": True, "cleared": Stage.CLEARED.value, "most": limit}
    found = {ticket.id: ticket for ticket in await _tickets(tx, _AROUND, values)}
    return sorted(found.values(), key=lambda ticket: (ticket.reported_at, ticket.id), reverse=True)


async def of_person(tx: Transaction, person: str, limit: int) -> list[Ticket]:
    """What this person has reported or handles, the newest report first."""
    return await _tickets(tx, _OF_PERSON, {"person": person, "most": limit})


async def count_open(tx: Transaction, contracts: Sequence[str]) -> int:
    """How many tickets are open under these contracts."""
    result = await tx.run(_COUNT_OPEN, {"contracts": list(contracts), "open": True})
    count: int = result.scalar_one()
    return count


async def latest_contract_of(tx: Transaction, person: str) -> str | None:
    """The contract of the newest ticket that this person has reported or handles."""
    contract: str | None = (await tx.run(_CONTRACT_OF, {"person": person})).scalar_one_or_none()
    return contract


async def _save_all(tx: Transaction, many: list[dict[str, Any]]) -> None:
    if await tx.count(_SAVE, many) != len(many):
        raise errors.StaleTicket(many[0]["of_id"], many[0]["was"])


async def _insert_all(tx: Transaction, many: list[dict[str, Any]]) -> None:
    await tx.run(_INSERT, many)


def _row(ticket: Ticket) -> dict[str, Any]:
    return {
        "id": ticket.id,
        "contract": ticket.contract,
        "number": _spelled(ticket.number),
        "kind": ticket.kind.value,
        "level": ticket.level,
        "stage": ticket.stage.value,
        "open": ticket.is_open,
        "reporter": ticket.reporter,
        "handler": ticket.handler,
        "reported_at": ticket.reported_at,
        "closed_at": ticket.closed_at,
        "version": ticket.version,
        "body": shapes.dump(ticket),
    }


def _spelled(number: str) -> str:
    return number.strip().upper()


async def _tickets(tx: Transaction, statement: sa.Executable, values: dict[str, Any]) -> list[Ticket]:
    return [shapes.load(Ticket, body) for body in (await tx.run(statement, values)).scalars()]


def _one(found: list[Ticket]) -> Ticket | None:
    return found[0] if found else None
