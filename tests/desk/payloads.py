"""Updates as the Bot API writes them."""

from collections.abc import Mapping
from datetime import datetime
from itertools import count
from typing import Any

from telegram import Update

BOT_ID, BOT_NAME = 100001, "weibao_bot"
ANONYMOUS = 1087968824
GROUP = -1_001_234_567_890
Json = dict[str, Any]
_numbers = count(1)


def private(account: int) -> Json:
    """A private chat has the number of its person."""
    return {"id": account, "type": "private", "first_name": "用户"}


def group(chat: int = GROUP) -> Json:
    """A supergroup."""
    return {"id": chat, "type": "supergroup", "title": "维保群"}


def user(account: int, **other: Any) -> Json:
    """An account of a person, or of a bot."""
    return {"id": account, "is_bot": False, "first_name": "用户", **other}


def message(account: int, at: datetime, text: str = "", chat: Json | None = None, **content: Any) -> Json:
    """A message; slash commands are marked as Telegram marks them."""
    body: Json = {
        "message_id": next(_numbers),
        "date": int(at.timestamp()),
        "chat": chat or private(account),
        "from": user(account),
    }
    if text:
        body["text"] = text
    if text.startswith("/"):
        body["entities"] = [{"type": "bot_command", "offset": 0, "length": len(text.split()[0])}]
    return {name: value for name, value in (body | content).items() if value is not None}


def written(body: Json) -> Json:
    """The update in which a message comes."""
    return {"update_id": next(_numbers), "message": body}


def edited(body: Json, at: datetime, **changes: Any) -> Json:
    """The update in which an edit of the message comes."""
    return {"update_id": next(_numbers), "edited_message": body | {"edit_date": int(at.timestamp())} | changes}


def pressed(account: int, data: str | None, at: datetime, chat: Json | None = None, **other: Any) -> Json:
    """The update in which the press of a button under one of the bot's messages comes."""
    shown = {
        "message_id": next(_numbers),
        "date": int(at.timestamp()),
        "chat": chat or private(account),
        "from": user(BOT_ID, is_bot=True, username=BOT_NAME),
        "text": "卡片",
    }
    query: Json = {"id": str(next(_numbers)), "from": user(account), "chat_instance": "1", "message": shown}
    query |= {"data": data} | other
    return {
        "update_id": next(_numbers),
        "callback_query": {key: value for key, value in query.items() if value is not None},
    }


def parsed(payload: Mapping[str, Any]) -> Update:
    """The update as python-telegram-bot reads it."""
    update = Update.de_json(dict(payload), None)
    assert update is not None
    return update
