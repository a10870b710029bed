"""Pictures and files that belong to tickets: what has to be fetched, and where it was put."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy import bindparam

from storage import errors
from storage.replicas import WHOLE, Share
from storage.schema import FILES
from storage.transaction import Transaction

WAKE = "files"


class State(StrEnum):
    """What became of a file."""

    WANTED = "wanted"
    KEPT = "kept"
    TOO_BIG = "too_big"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """One file as Telegram names it, with the path of our own copy once there is one."""

    id: int
    contract: str
    ticket_id: int | None
    chat_id: int | None
    message_id: int | None
    person: str | None
    kind: str
    file_id: str
    file_unique_id: str
    name: str | None
    mime: str | None
    size: int | None
    state: State
    path: str | None
    sha256: str | None
    attempts: int
    error: str
    next_at: datetime
    added_at: datetime


_F = FILES.c
_ADD = sa.insert(FILES).returning(_F.id)
# One replica's part of what is to be fetched.
_SHARE = _F.id % bindparam("of") == bindparam("rank")
_WANTED = (
    sa.select(FILES)
    .where(_F.state == bindparam("state"), _F.next_at <= bindparam("now"), _SHARE)
    .order_by(_F.next_at, _F.id)
    .limit(bindparam("most"))
)
# Settled once: where two replicas have fetched the same file, the second finds that it is done.
_STILL_WANTED = sa.and_(_F.id == bindparam("of_id"), _F.state == State.WANTED.value)
_KEPT = (
    sa.update(FILES)
    .where(_STILL_WANTED)
    .values(
        state=bindparam("new_state"),
        path=bindparam("new_path"),
        sha256=bindparam("new_sha256"),
        size=bindparam("new_size"),
        error="",
    )
)
_FAILED = (
    sa.update(FILES)
    .where(_STILL_WANTED)
    .values(
        state=bindparam("new_state"),
        next_at=sa.func.coalesce(bindparam("new_next_at", type_=_F.next_at.type), _F.next_at),
        error=bindparam("new_error"),
        attempts=_F.attempts + 1,
    )
)
_MOVE = (
    sa.update(FILES)
    .where(_F.chat_id == bindparam("of_chat"), _F.message_id == bindparam("of_message"))
    .values(ticket_id=bindparam("new_ticket"))
)
_NEXT = sa.select(sa.func.min(_F.next_at)).where(_F.state == bindparam("state"), _SHARE)
_OF_TICKET = sa.select(FILES).where(_F.ticket_id == bindparam("ticket_id")).order_by(_F.id)


async def add(
    tx: Transaction,
    *,
    contract: str,
    ticket_id: int | None,
    person: str | None,
    kind: str,
    file_id: str,
    file_unique_id: str,
    name: str | None = None,
    mime: str | None = None,
    size: int | None = None,
    chat_id: int | None = None,
    message_id: int | None = None,
    added_at: datetime,
) -> int:
    """Keep in mind that this file has to be fetched; says its id."""
    given = {"contract": contract, "ticket_id": ticket_id, "person": person, "kind": kind, "file_id": file_id}
    source = {"chat_id": chat_id, "message_id": message_id}
    told = {"file_unique_id": file_unique_id, "name": name, "mime": mime, "size": size}
    start = {"state": State.WANTED.value, "attempts": 0, "error": "", "next_at": added_at, "added_at": added_at}
    tx.wake(WAKE)
    id_: int = (await tx.run(_ADD, given | source | told | start)).scalar_one()
    return id_


async def move(tx: Transaction, chat_id: int, message_id: int, ticket_id: int) -> None:
    """The files of this message belong to another ticket from now on."""
    await tx.run(_MOVE, {"of_chat": chat_id, "of_message": message_id, "new_ticket": ticket_id})


async def wanted(tx: Transaction, now: datetime, limit: int = 10, share: Share = WHOLE) -> list[File]:
    """Files to fetch now, the longest waiting first."""
    values = {"state": State.WANTED.value, "now": now, "most": limit} | share.values()
    return [_file(row) for row in (await tx.run(_WANTED, values)).mappings()]


async def kept(tx: Transaction, id: int, path: str, sha256: str, size: int) -> None:
    """Our copy of the file is at this path; `TakenOver` if the file is wanted no longer."""
    values = {"new_path": path, "new_sha256": sha256, "new_size": size}
    await _settle(tx, _KEPT, values | {"of_id": id, "new_state": State.KEPT.value})


async def failed(tx: Transaction, id: int, state: State, next_at: datetime | None, error: str) -> None:
    """The file was not fetched: still wanted from `next_at` on, or given up; `TakenOver` if wanted no longer."""
    values = {"of_id": id, "new_state": state.value, "new_next_at": next_at, "new_error": error}
    await _settle(tx, _FAILED, values)


async def next_at(tx: Transaction, share: Share = WHOLE) -> datetime | None:
    """When the earliest of the wanted files may be fetched."""
    values = {"state": State.WANTED.value} | share.values()
    earliest: datetime | None = (await tx.run(_NEXT, values)).scalar_one()
    return earliest


async def of_ticket(tx: Transaction, ticket_id: int) -> list[File]:
    """The files of the ticket, in the order in which they came."""
    return [_file(row) for row in (await tx.run(_OF_TICKET, {"ticket_id": ticket_id})).mappings()]


async def _settle(tx: Transaction, statement: sa.Update, values: Mapping[str, object]) -> None:
    if (await tx.run(statement, values)).rowcount != 1:
        raise errors.TakenOver


def _file(row: sa.RowMapping) -> File:
    return File(**{**row, "state": State(row["state"])})
