"""Signs of life: until when the house was alive, until when it saw the chat, and which update it saw last."""

import json
from dataclasses import dataclass
from datetime import datetime

from storage import notes, shapes
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


async def take(tx: Transaction, bot: int) -> Sign | None:
    """The last sign of this bot's house, ours to write anew until the transaction ends; nothing before the first."""
    value = await notes.take(tx, _key(bot))
    return None if value is None else shapes.load(Sign, json.loads(value))


async def put(tx: Transaction, bot: int, sign: Sign) -> None:
    """This is the last sign now."""
    await notes.put(tx, _key(bot), shapes.canonical(shapes.dump(sign)))


def _key(bot: int) -> str:
    return f"sign of life {bot}"
