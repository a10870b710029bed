"""The group chats of each contract; a group that becomes a supergroup changes its id, and nothing else."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import bindparam

from storage.accounts import WAKE
from storage.letters import State
from storage.schema import CARDS, FORMS, GROUPS, OUTBOX
from storage.transaction import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A group chat and whom it is for: vendor, bureau or joint."""

    chat_id: int
    contract: str
    audience: str


_G = GROUPS.c
_ALL = sa.select(GROUPS).with_for_update()  # a group that moves meanwhile waits, and moves from here
_CLEAR = sa.delete(GROUPS)
_INSERT = sa.insert(GROUPS)
_ACTIVE = (
    sa.select(_G.chat_id, _G.contract, _G.audience)
    .where(_G.active == bindparam("active"))
    .order_by(_G.audience, _G.configured_id)
)
_WAITING = sa.and_(OUTBOX.c.chat_id == bindparam("old"), OUTBOX.c.state == State.NEW.value)


def _moves(table: sa.Table, key: str | None, **reset: str | None) -> tuple[sa.Delete, sa.Update]:
    # The new chat may have a row of its own already: that is the newer one.
    newer = table.alias("newer")
    same = sa.true() if key is None else newer.c[key] == table.c[key]
    theirs = table.c.chat_id == bindparam("old")
    return (
        sa.delete(table).where(theirs, sa.exists().where(newer.c.chat_id == bindparam("new"), same)),
        sa.update(table).where(theirs).values(chat_id=bindparam("new"), **reset),
    )


_MOVES = (
    *_moves(GROUPS, None),
    *_moves(CARDS, "ticket_id", message_id=None, drawn=""),
    *_moves(FORMS, "person"),
    sa.update(OUTBOX).where(_WAITING).values(chat_id=bindparam("new")),
)


async def put(tx: Transaction, groups: Sequence[tuple[int, str, str]]) -> None:
    """These (chat_id, contract, audience) are the groups from now on; a migrated chat keeps its new id."""
    present = {row["configured_id"]: dict(row) for row in (await tx.run(_ALL)).mappings()}
    rows: dict[int, dict[str, Any]] = {}
    for configured, contract, audience in groups:
        chat = present[configured]["chat_id"] if configured in present else configured
        rows[chat] = _row(configured, chat, contract, audience)
    taken = {row["configured_id"] for row in rows.values()}
    for row in present.values():
        if row["configured_id"] not in taken and row["chat_id"] not in rows:
            rows[row["chat_id"]] = row | {"active": False}
    tx.wake(WAKE)
    await tx.run(_CLEAR)
    if rows:
        await tx.run(_INSERT, list(rows.values()))


async def by_chat(tx: Transaction, chat_id: int) -> Group | None:
    """The group with this chat, if it is one of ours."""
    return next((group for group in await _all(tx) if group.chat_id == chat_id), None)


async def of_contract(tx: Transaction, contract: str) -> list[Group]:
    """The groups of the contract."""
    return [group for group in await _all(tx) if group.contract == contract]


async def migrate(tx: Transaction, old: int, new: int) -> None:
    """The chat `old` is called `new` from now on, also in what waits to be posted.

    The new chat numbers its messages anew: cards are posted again there, and old messages stay where they were.
    """
    tx.wake(WAKE)
    for statement in _MOVES:
        await tx.run(statement, {"old": old, "new": new})


async def _all(tx: Transaction) -> list[Group]:
    async def read() -> list[Group]:
        return [Group(**row) for row in (await tx.run(_ACTIVE, {"active": True})).mappings()]

    return await tx.recall(WAKE, "groups", read)


def _row(configured: int, chat: int, contract: str, audience: str) -> dict[str, Any]:
    return {
        "configured_id": configured,
        "chat_id": chat,
        "contract": contract,
        "audience": audience,
        "active": True,
    }
