"""Signs of life: until when the house was alive, until when it saw the chat, and which update it saw last."""

import json
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select

from storage import notes, shapes
from storage.schema import NOTES
from storage.transaction import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign:
    """The last sign of life, of the house and not of one process: several replicas write the same one.

    `serial`, `update_id` and `update_at` are the last update's; since then the house was blind for at most
    `blind_seconds` at a time, and `shared` says that somebody else took updates.
    """

    alive_at: datetime
    seen_at: datetime
    serial: int = 0
    update_id: int | None = None
    update_at: datetime | None = None
    blind_seconds: int = 0
    shared: bool = False


# Locked, so that of two replicas that come back at once one finds what the other has just written.
_TAKE = select(NOTES.c.value).where(NOTES.c.key == bindparam("key")).with_for_update()


async def take(tx: Transaction, bot: int) -> Sign | None:
    """The last sign of this bot's house, ours to write anew until the transaction ends; nothing before the first."""
    value: str | None = (await tx.run(_TAKE, {"key": _key(bot)})).scalar_one_or_none()
    return None if value is None else shapes.load(Sign, json.loads(value))


async def put(tx: Transaction, bot: int, sign: Sign) -> None:
    """This is the last sign now."""
    await notes.put(tx, _key(bot), shapes.canonical(shapes.dump(sign)))


def _key(bot: int) -> str:
    return f"sign of life {bot}"
