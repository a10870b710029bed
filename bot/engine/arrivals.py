"""What came from the Bot API, poll or webhook, on its way into the inbox. Nothing here looks at what is said."""

import json
import logging
from datetime import datetime
from typing import Any

from storage import inbox, leases
from storage.store import Store, Transaction

_log = logging.getLogger("hotline.arrivals")
_PRIVATE = "private"


async def keep(store: Store, bot_id: int, updates: list[Any], now: datetime, fence: int | None = None) -> int | None:
    """Keep updates durably; the greatest update_id among them, which may now be confirmed.

    What was polled under a lease is kept only while its number holds, `TakenOver` otherwise. Whoever polls confirms
    only what he has kept himself, so a poller that was paused loses nothing; kept twice, an update is one row.
    """
    rows = [row for row in map(_row, updates) if row is not None]
    if len(rows) < len(updates):
        # Without a number of its own there is nothing to confirm, and no way to know it again.
        _log.error("%s updates without a usable update_id", len(updates) - len(rows))
    if not rows:
        return None

    async def work(tx: Transaction) -> None:
        if fence is not None:
            await leases.guard(tx, leases.POLLING, fence)
        await inbox.add(tx, bot_id, rows, now)

    await store.write(work)
    return max(update_id for update_id, _, _ in rows)


def chat_of(update: dict[str, Any]) -> str:
    """The chat that an update concerns, as far as it can be told without understanding it."""
    for part in update.values():
        if isinstance(part, dict):
            message = part.get("message") if isinstance(part.get("message"), dict) else part
            chat = message.get("chat") if isinstance(message, dict) else None
            if isinstance(chat, dict) and isinstance(chat.get("id"), int):
                return str(chat["id"])
    return ""


def chats_of(updates: list[Any]) -> list[int]:
    """The private chats in which somebody wrote."""
    found = []
    for update in updates:
        message = update.get("message") if isinstance(update, dict) else None
        chat = message.get("chat") if isinstance(message, dict) else None
        if isinstance(chat, dict) and chat.get("type") == _PRIVATE and _is_id(chat.get("id")):
            found.append(chat["id"])
    return list(dict.fromkeys(found))


def _row(update: object) -> tuple[int, str, str] | None:
    if not isinstance(update, dict) or not _is_id(update.get("update_id")):
        return None
    return update["update_id"], json.dumps(update, separators=(",", ":")), chat_of(update)


def _is_id(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**63
