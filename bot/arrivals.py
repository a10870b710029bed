"""What came from the Bot API, poll or webhook, on its way into the inbox. Nothing here looks at what is said."""

import json
from datetime import datetime
from typing import Any

from storage import inbox
from storage.store import Store

_PRIVATE = "private"


async def keep(store: Store, bot_id: int, updates: list[Any], now: datetime) -> int | None:
    """Keep updates durably; the greatest update_id among them, which may now be confirmed."""
    rows = [
        (update["update_id"], json.dumps(update, separators=(",", ":")), chat_of(update))
        for update in updates
        if isinstance(update, dict) and _is_id(update.get("update_id"))
    ]
    if not rows:
        return None
    await store.write(lambda tx: inbox.add(tx, bot_id, rows, now))
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
        if isinstance(chat, dict) and chat.get("type") == _PRIVATE and isinstance(chat.get("id"), int):
            found.append(chat["id"])
    return list(dict.fromkeys(found))


def _is_id(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**63
