"""People who hold a phone, and the bot's own account."""

from __future__ import annotations

from dataclasses import dataclass

ANONYMOUS_ADMIN_ID = 1087968824
CHANNEL_RELAY_ID = 777000


@dataclass(slots=True, eq=False, kw_only=True)
class Person:
    """One Telegram account and how it stands towards the bot."""

    id: int
    name: str
    username: str | None = None
    language: str | None = "zh-hans"
    is_bot: bool = False
    started: bool = False
    blocked: bool = False
    deactivated: bool = False

    def json(self) -> dict[str, object]:
        """The account as a Bot API `User`."""
        user: dict[str, object] = {"id": self.id, "is_bot": self.is_bot, "first_name": self.name}
        if self.username:
            user["username"] = self.username
        if self.language and not self.is_bot:
            user["language_code"] = self.language
        return user


def anonymous_admin() -> Person:
    """The account that Telegram shows in place of an administrator who stays anonymous."""
    return Person(id=ANONYMOUS_ADMIN_ID, name="Group", username="GroupAnonymousBot", is_bot=True)


def channel_relay() -> Person:
    """The account that carries a channel's posts into its discussion group."""
    return Person(id=CHANNEL_RELAY_ID, name="Telegram", language=None)
