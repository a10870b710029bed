"""The world that the bot lives in: accounts, chats, messages, and the one place where they change."""

from __future__ import annotations

import asyncio
import dataclasses
from collections import deque
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any

from sandbox import entities, privacy, reach
from sandbox.bell import Bell
from sandbox.chats import Chat, ChatKind, Member, Standing
from sandbox.connections import Connections
from sandbox.errors import StoryError
from sandbox.faults import Fault, Faults
from sandbox.files import Files
from sandbox.groups import Group
from sandbox.limits import Limits
from sandbox.menus import Menus
from sandbox.messages import Json, Message
from sandbox.people import Person, anonymous_admin, channel_relay
from sandbox.phones import Phone, Press
from sandbox.polls import Polls
from sandbox.transcript import Deed, Entry
from sandbox.updates import MESSAGE_LIFE, Updates
from sandbox.webhook import Webhook


class World:
    """Holds everything that a Bot API server knows about one bot; its clock is the given `now`."""

    def __init__(
        self,
        token: str,
        username: str,
        now: Callable[[], datetime],
        *,
        name: str = "维保热线",
        reads_all_group_messages: bool = False,
        first_update_id: int = 710_000_001,
        first_retry_seconds: float = 1.0,
    ) -> None:
        self.token = token
        self.now = now
        self.bot = Person(id=int(token.partition(":")[0]), name=name, username=username, is_bot=True)
        self.reads_all_group_messages = reads_all_group_messages
        self.people: dict[int, Person] = {self.bot.id: self.bot}
        self.chats: dict[int, Chat] = {}
        self.phones: dict[int, Phone] = {}
        self.groups: dict[int, Group] = {}
        self.presses: dict[str, Press] = {}
        self.anonymous_admin = anonymous_admin()
        self.channel_relay = channel_relay()
        self.updates = Updates(now, first_id=first_update_id)
        self.webhook = Webhook(first_retry_seconds=first_retry_seconds)
        self.files = Files()
        self.menus = Menus()
        self.faults = Faults()
        self.limits = Limits()
        self.transcript: list[Entry] = []
        self.errors: list[Exception] = []
        self.calls: deque[tuple[str, dict[str, Any]]] = deque(maxlen=10_000)
        self.logged_out = False
        self.stopping = asyncio.Event()
        self.changed = Bell()
        self.polls = Polls()
        self.connections: Connections = {}
        self._changes = 0
        self._message_ids = 0
        self._press_ids = 4_000_000_000_000_000_000

    def phone(
        self,
        number: int,
        name: str,
        *,
        started: bool = False,
        username: str | None = None,
        language: str | None = "zh-hans",
    ) -> Phone:
        """A new person's phone; started means that the person pressed Start some time ago."""
        if number in self.people:
            raise StoryError(f"account {number} already belongs to {self.people[number].name}")
        person = Person(id=number, name=name, username=username, language=language, started=started)
        self.people[number] = person
        chat = Chat(id=number, kind=ChatKind.PRIVATE, title=name, username=username, person=person)
        self.chats[number] = chat
        self.phones[number] = Phone(self, person, chat)
        return self.phones[number]

    def group(self, number: int, title: str, *, members: Iterable[Phone] = (), **rights: bool) -> Group:
        """A new basic group; see `new_chat` for what may be said about the bot in it."""
        return self.new_chat(ChatKind.GROUP, number, title, members=members, **rights)

    def supergroup(self, number: int, title: str, *, members: Iterable[Phone] = (), **rights: bool) -> Group:
        """A new supergroup, which numbers its own messages."""
        return self.new_chat(ChatKind.SUPERGROUP, number, title, members=members, **rights)

    def channel(self, number: int, title: str, *, members: Iterable[Phone] = ()) -> Group:
        """A new channel with the bot among its administrators, as bots must be."""
        return self.new_chat(ChatKind.CHANNEL, number, title, members=members, bot_leads=True)

    def new_chat(
        self,
        kind: ChatKind,
        number: int,
        title: str,
        *,
        members: Iterable[Phone] = (),
        bot_inside: bool = True,
        bot_leads: bool = False,
    ) -> Group:
        """A chat of many, in which the first member is the creator."""
        if number in self.chats:
            raise StoryError(f"chat {number} exists already")
        chat = Chat(id=number, kind=kind, title=title)
        for index, phone in enumerate(members):
            standing = Standing.MEMBER if index else Standing.CREATOR
            chat.members[phone.person.id] = Member(person=phone.person, standing=standing)
        if bot_inside:
            standing = Standing.ADMINISTRATOR if bot_leads else Standing.MEMBER
            chat.members[self.bot.id] = Member(person=self.bot, standing=standing)
        self.chats[number] = chat
        self.groups[number] = Group(self, chat)
        return self.groups[number]

    def resolve(self, address: str) -> Chat:
        """The chat that a call names by number or @name, if the bot may know it."""
        return reach.known_chat(self, address)

    def writable(self, address: str) -> Chat:
        """The chat that a call wants to write to; refused as Telegram refuses."""
        return reach.writable_chat(self, address)

    def post(self, chat: Chat, *, sender: Person | None, text: str = "", **details: Any) -> Message:
        """Put a message into a chat and tell the bot of it, if it is one for the bot."""
        marks = details.pop("entities", None)
        message = Message(
            id=self._next_message_id(chat),
            chat=chat,
            date=int(self.now().timestamp()),
            change=self._next_change(),
            sender=sender,
            text=text,
            entities=entities.found_in(text) if marks is None else marks,
            **details,
        )
        self._keep(message)
        deed = Deed.HAPPENED if message.service else Deed.SAID
        self.note(deed, message.author, chat, describe(message), message=message)
        self._offer("channel_post" if chat.kind is ChatKind.CHANNEL else "message", message)
        return message

    def amend(self, message: Message, *, by_person: bool, who: str = "", **changes: Any) -> Message:
        """Change a message in place and tell the bot of it, if a person did it."""
        deed = changes.pop("deed", Deed.EDITED)
        if changes.pop("marked", True):
            changes["edit_date"] = int(self.now().timestamp())
        amended = dataclasses.replace(message, change=self._next_change(), **changes)
        self._keep(amended)
        self.note(deed, who or message.author, message.chat, describe(amended), message=amended)
        if by_person:
            channel = message.chat.kind is ChatKind.CHANNEL
            self._offer("edited_channel_post" if channel else "edited_message", amended)
        return amended

    def remove(self, message: Message, *, who: str) -> None:
        """Take a message out of its chat for everybody."""
        del message.chat.messages[message.id]
        self._next_change()
        self.note(Deed.DELETED, who, message.chat, describe(message), message=message)
        self.changed.ring()

    def note(self, deed: Deed, who: str, chat: Chat, what: str, *, message: Message | None = None) -> None:
        """Write one line of the transcript."""
        entry = Entry(
            at=self.now(),
            who=who,
            by_bot=who == self.bot.name,
            chat=chat.title,
            chat_id=chat.id,
            deed=deed,
            what=what,
            message_id=message.id if message else None,
            buttons=tuple(message.labels) if message and deed in (Deed.SAID, Deed.EDITED) else (),
        )
        self.transcript.append(entry)
        self.changed.ring()

    def next_press_id(self) -> str:
        """A number for a press that was never used before."""
        self._press_ids += 7
        return str(self._press_ids)

    def _next_message_id(self, chat: Chat) -> int:
        if chat.numbers_its_own_messages:
            chat.last_message_id += 1
            return chat.last_message_id
        self._message_ids += 1
        return self._message_ids

    def _next_change(self) -> int:
        self._changes += 1
        return self._changes

    def _keep(self, message: Message) -> None:
        message.chat.messages[message.id] = message
        if message.sender is self.bot:
            message.chat.other_bot_spoke_last = False
        self.changed.ring()

    def _offer(self, kind: str, message: Message) -> None:
        if privacy.is_told(self, message):
            self.tell(kind, message.json(), lane=message.chat.id)

    def tell(self, kind: str, payload: Json, *, life: timedelta = MESSAGE_LIFE, lane: object = None) -> None:
        """Queue an update of any kind for the bot, if it asked for this kind."""
        self.updates.add(kind, payload, until=self.now() + life, lane=lane)

    def injects(self, body: Json) -> int:
        """Queue a raw update, however malformed, and say which id it got."""
        return self.updates.inject(body).id

    def goes_dark(self) -> Fault:
        """Break every open connection and each new call, until the given fault is cancelled."""
        for transport in list(self.connections.values()):
            transport.abort()
        return self.faults.drops_before(times=None)

    def redelivers(self, count: int = 1) -> None:
        """Deliver the last so many updates a second time."""
        self.updates.repeat(count)

    def wake(self) -> None:
        """Let everybody who waits look again, after the clock has jumped."""
        self.webhook.hurry()
        self.updates.bell.ring()
        self.changed.ring()

    def stop(self) -> None:
        """End every wait, for good."""
        self.stopping.set()
        self.wake()


def describe(message: Message) -> str:
    """One line for what a message holds."""
    kinds = [name for name in message.content if not name.startswith("_")]
    mark = f"<{', '.join(kinds)}> " if kinds else ""
    return f"{mark}{message.text}".strip()
