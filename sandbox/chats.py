"""Private chats, groups, supergroups and channels with their members and messages."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from sandbox import people
from sandbox.messages import Json, Message


class ChatKind(StrEnum):
    """The kinds of chats of the Bot API."""

    PRIVATE = "private"
    GROUP = "group"
    SUPERGROUP = "supergroup"
    CHANNEL = "channel"


class Standing(StrEnum):
    """How somebody stands in a chat."""

    CREATOR = "creator"
    ADMINISTRATOR = "administrator"
    MEMBER = "member"
    LEFT = "left"
    KICKED = "kicked"

    @property
    def present(self) -> bool:
        """Whether this one reads the chat."""
        return self not in (Standing.LEFT, Standing.KICKED)

    @property
    def leads(self) -> bool:
        """Whether this one administers the chat."""
        return self in (Standing.CREATOR, Standing.ADMINISTRATOR)


@dataclass(slots=True, eq=False, kw_only=True)
class Member:
    """One account's place in a chat."""

    person: people.Person
    standing: Standing = Standing.MEMBER


@dataclass(slots=True, eq=False, kw_only=True)
class Chat:
    """One chat as the Bot API server keeps it."""

    id: int
    kind: ChatKind
    title: str
    username: str | None = None
    person: people.Person | None = None
    members: dict[int, Member] = field(default_factory=dict)
    messages: dict[int, Message] = field(default_factory=dict)
    upgraded_to: Chat | None = None
    linked: Chat | None = None
    pinned: int | None = None
    keyboard: Json | None = None
    other_bot_spoke_last: bool = False
    last_message_id: int = 0

    def json(self) -> Json:
        """The chat as a Bot API `Chat`."""
        chat: Json = {"id": self.id, "type": str(self.kind)}
        chat["first_name" if self.person else "title"] = self.title
        if self.username:
            chat["username"] = self.username
        return chat

    def standing_of(self, account: int) -> Standing:
        """How this account stands here; a stranger has left."""
        member = self.members.get(account)
        return member.standing if member else Standing.LEFT

    @property
    def numbers_its_own_messages(self) -> bool:
        """Supergroups and channels count from 1; other chats share the bot's one counter."""
        return self.kind in (ChatKind.SUPERGROUP, ChatKind.CHANNEL)
