"""Chat updates, kept before their receipt is confirmed: nothing accepted is lost, nothing is handled twice."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import bindparam, delete, exists, select, update

from storage import errors
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
# The first of its chat that waits, and nobody's yet: it is taken and settled by one statement, so that the transaction
# that begins with it is the only one that handles the update, and the next of the chat comes after its commit.
_EARLIER = INBOX.alias("earlier")
_MINE = (
    select(INBOX.c.serial)
    .where(
        _THIS,
        INBOX.c.state == State.NEW.value,
        ~exists().where(
            _EARLIER.c.state == State.NEW.value,
            _EARLIER.c.bot == INBOX.c.bot,
            _EARLIER.c.chat == INBOX.c.chat,
            _EARLIER.c.serial < INBOX.c.serial,
        ),
    )
    .with_for_update(skip_locked=True)
)
_WITH = select(INBOX.c.body).where(
    INBOX.c.state == bindparam("state"), INBOX.c.body.contains(bindparam("words"), autoescape=False)
)
_SETTLE = (
    update(INBOX)
    .where(INBOX.c.serial == _MINE.scalar_subquery())
    .values(state=bindparam("new_state"), handled_at=bindparam("now"), error=bindparam("new_error"))
)
_COUNT = (
    update(INBOX)
    .where(_THIS, INBOX.c.state == State.NEW.value)
    .values(attempts=INBOX.c.attempts + 1)
    .returning(INBOX.c.attempts)
)
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


async def waiting_with(tx: Transaction, words: str) -> list[str]:
    """The bodies of updates that nobody has settled yet and in which these words stand."""
    return list((await tx.run(_WITH, {"state": State.NEW.value, "words": words})).scalars())


async def settle(tx: Transaction, bot: int, update_id: int, state: State, now: datetime, error: str = "") -> None:
    """Say what becomes of the update, first of all in the transaction that holds what it causes.

    `TakenOver` if somebody else handles it, or an earlier one of its chat waits.
    """
    values = {"of_bot": bot, "of_update": update_id, "new_state": state.value, "now": now, "new_error": error}
    if (await tx.run(_SETTLE, values)).rowcount != 1:
        raise errors.TakenOver


async def count_attempt(tx: Transaction, bot: int, update_id: int) -> int:
    """One more beginning of its handling; says the how-manieth, or that it is `TakenOver`."""
    attempts: int | None = (await tx.run(_COUNT, {"of_bot": bot, "of_update": update_id})).scalar_one_or_none()
    if attempts is None:
        raise errors.TakenOver
    return attempts


async def purge(tx: Transaction, before: datetime) -> int:
    """Forget what was done before this instant; poison and refused ones stay for a person to see."""
    return (await tx.run(_PURGE, {"state": State.DONE.value, "before": before})).rowcount
