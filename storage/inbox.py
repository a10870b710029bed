"""Chat updates, kept before their receipt is confirmed: nothing accepted is lost, nothing is handled twice."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import bindparam, delete, select, update

from storage.dialects import upsert
from storage.schema import INBOX
from storage.transaction import Transaction

WAKE = "inbox"


class State(StrEnum):
    """What became of an update."""

    NEW = "new"
    DONE = "done"
    POISON = "poison"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Update:
    """One update as it came, with how often its handling was begun."""

    bot: int
    update_id: int
    body: str
    chat: str
    received_at: datetime
    attempts: int


_THIS = (INBOX.c.bot == bindparam("of_bot")) & (INBOX.c.update_id == bindparam("of_update"))
_ADD = upsert(INBOX, "bot", "update_id")
_WAITING = (
    select(INBOX.c.bot, INBOX.c.update_id, INBOX.c.body, INBOX.c.chat, INBOX.c.received_at, INBOX.c.attempts)
    .where(INBOX.c.bot == bindparam("bot"), INBOX.c.state == bindparam("state"))
    .order_by(INBOX.c.serial)
    .limit(bindparam("most"))
)
_SETTLE = (
    update(INBOX)
    .where(_THIS)
    .values(state=bindparam("new_state"), handled_at=bindparam("now"), error=bindparam("new_error"))
)
_COUNT = update(INBOX).where(_THIS).values(attempts=INBOX.c.attempts + 1).returning(INBOX.c.attempts)
_PURGE = delete(INBOX).where(INBOX.c.state == bindparam("state"), INBOX.c.handled_at < bindparam("before"))


async def add(tx: Transaction, bot: int, updates: Sequence[tuple[int, str, str]], received_at: datetime) -> int:
    """Keep these (update_id, body, chat), each once for ever; says how many were new."""
    if not updates:
        return 0
    rows = [
        {
            "bot": bot,
            "update_id": update_id,
            "body": body,
            "chat": chat,
            "received_at": received_at,
            "state": State.NEW.value,
            "attempts": 0,
            "error": "",
        }
        for update_id, body, chat in updates
    ]
    new = (await tx.run(_ADD, rows)).rowcount
    if new:
        tx.wake(WAKE)
    return new


async def waiting(tx: Transaction, bot: int, limit: int = 100) -> list[Update]:
    """Updates that nobody has settled yet, in order of arrival."""
    rows = await tx.run(_WAITING, {"bot": bot, "state": State.NEW.value, "most": limit})
    return [Update(**row) for row in rows.mappings()]


async def settle(tx: Transaction, bot: int, update_id: int, state: State, now: datetime, error: str = "") -> None:
    """Say what became of the update, in the transaction that holds what it caused."""
    values = {"of_bot": bot, "of_update": update_id, "new_state": state.value, "now": now, "new_error": error}
    tx.collect(INBOX, _settle_all, values)


async def count_attempt(tx: Transaction, bot: int, update_id: int) -> int:
    """One more beginning of its handling; says the how-manieth."""
    result = await tx.run(_COUNT, {"of_bot": bot, "of_update": update_id})
    attempts: int = result.scalar_one()
    return attempts


async def purge(tx: Transaction, before: datetime) -> int:
    """Forget what was done before this instant; poison and refused ones stay for a person to see."""
    return (await tx.run(_PURGE, {"state": State.DONE.value, "before": before})).rowcount


async def _settle_all(tx: Transaction, many: list[dict[str, Any]]) -> None:
    await tx.run(_SETTLE, many)
