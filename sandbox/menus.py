"""The command menus that the bot has set, and which of them a phone shows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from sandbox.chats import Chat, ChatKind
from sandbox.errors import bad_request
from sandbox.messages import Json
from sandbox.people import Person

Commands = tuple[tuple[str, str], ...]
Scope = tuple[str, int | None, int | None]
DEFAULT: Scope = ("default", None, None)
SCOPES = {
    "default": (),
    "all_private_chats": (),
    "all_group_chats": (),
    "all_chat_administrators": (),
    "chat": ("chat_id",),
    "chat_administrators": ("chat_id",),
    "chat_member": ("chat_id", "user_id"),
}
_NAME = re.compile(r"[a-z0-9_]{1,32}")
MOST_COMMANDS = 100
LONGEST_DESCRIPTION = 256


class Menus:
    """One list of commands for each scope and language."""

    def __init__(self) -> None:
        self._lists: dict[tuple[Scope, str], Commands] = {}

    def set(self, scope: Scope, language: str, commands: Iterable[Json]) -> None:
        """Put a list in the place of the one before; refused as Telegram refuses."""
        self._lists[scope, language] = _checked(commands)

    def get(self, scope: Scope, language: str) -> Commands:
        """The list of exactly this scope and language, empty when never set."""
        return self._lists.get((scope, language), ())

    def delete(self, scope: Scope, language: str) -> None:
        """Forget the list of exactly this scope and language."""
        self._lists.pop((scope, language), None)

    def shown_to(self, person: Person, chat: Chat) -> Commands:
        """The menu on this person's phone in this chat: the narrowest scope, own language first."""
        language = (person.language or "").partition("-")[0]
        for scope in _from_narrowest(person, chat):
            for wished in (language, ""):
                if (scope, wished) in self._lists:
                    return self._lists[scope, wished]
        return ()


def _from_narrowest(person: Person, chat: Chat) -> Iterator[Scope]:
    if chat.kind is ChatKind.PRIVATE:
        yield ("chat", chat.id, None)
        yield ("all_private_chats", None, None)
    else:
        leads = chat.standing_of(person.id).leads
        yield ("chat_member", chat.id, person.id)
        if leads:
            yield ("chat_administrators", chat.id, None)
        yield ("chat", chat.id, None)
        if leads:
            yield ("all_chat_administrators", None, None)
        yield ("all_group_chats", None, None)
    yield DEFAULT


def _checked(commands: Iterable[Json]) -> Commands:
    checked = tuple(_command(one) for one in commands)
    if len(checked) > MOST_COMMANDS:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    return checked


def _command(one: Json) -> tuple[str, str]:
    name = str(one.get("command", "")).removeprefix("/")
    description = str(one.get("description", "")).strip()
    if not _NAME.fullmatch(name):
        raise bad_request("BOT_COMMAND_INVALID")
    if not description:
        raise bad_request("command description must be non-empty")
    if len(description) > LONGEST_DESCRIPTION:
        raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    return name, description
