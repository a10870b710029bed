"""Keyboards under messages: which ones Telegram takes."""

from __future__ import annotations

from typing import Any

from sandbox.errors import bad_request
from sandbox.messages import Json

MOST_BUTTONS = 100
LONGEST_DATA = 64
_ACTIONS = (
    "url",
    "callback_data",
    "web_app",
    "login_url",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat",
    "copy_text",
    "callback_game",
    "pay",
)


def checked(markup: Any) -> Json | None:
    """The keyboard as it will be shown; refused as Telegram would refuse it."""
    if markup is None or markup == {}:
        return None
    if not isinstance(markup, dict):
        raise bad_request("object expected as reply markup")
    if "inline_keyboard" in markup:
        return _inline(markup["inline_keyboard"])
    if "keyboard" in markup:
        for key in (key for row in _rows(markup["keyboard"], "keyboard") for key in row):
            if not isinstance(key if isinstance(key, str) else _text_of(key), str):
                raise bad_request("can't parse keyboard button: KeyboardButton must be a String or an Object")
        return dict(markup)
    if markup.get("remove_keyboard") or markup.get("force_reply"):
        return dict(markup)
    return None


def _rows(rows: Any, name: str) -> list[list[Any]]:
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad_request(f'field "{name}" of the ReplyMarkup must be an Array of Arrays')
    if sum(len(row) for row in rows) > MOST_BUTTONS:
        raise bad_request("REPLY_MARKUP_TOO_LONG")
    return [row for row in rows if row]


def _inline(rows: Any) -> Json | None:
    kept = [[_button(button) for button in row] for row in _rows(rows, "inline_keyboard")]
    return {"inline_keyboard": kept} if kept else None


def _text_of(button: Any) -> Any:
    return button.get("text") if isinstance(button, dict) else None


def _button(button: Any) -> Json:
    if not isinstance(button, dict) or not isinstance(button.get("text"), str):
        raise bad_request("can't parse inline keyboard button: Can't find field \"text\"")
    if not button["text"].strip():
        raise bad_request("BUTTON_TEXT_INVALID")
    if not any(action in button for action in _ACTIONS):
        raise bad_request("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
    data = button.get("callback_data")
    if data is not None and not (isinstance(data, str) and 1 <= len(data.encode()) <= LONGEST_DATA):
        raise bad_request("BUTTON_DATA_INVALID")
    return button
