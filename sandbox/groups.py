"""Groups, supergroups and channels, and what befalls them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.attachments import membership_change
from sandbox.chats import Chat, ChatKind, Member, Standing
from sandbox.entities import found_in
from sandbox.errors import StoryError
from sandbox.messages import Message
from sandbox.people import Person
from sandbox.transcript import Deed

if TYPE_CHECKING:
    from sandbox.phones import Phone
    from sandbox.world import World


class Group:
    """One chat of many; what befalls it reaches the bot as updates and service messages."""

    def __init__(self, world: World, chat: Chat) -> None:
        self.world = world
        self.chat = chat

    @property
    def id(self) -> int:
        """The chat's number."""
        return self.chat.id

    @property
    def title(self) -> str:
        """The chat's name."""
        return self.chat.title

    @property
    def messages(self) -> list[Message]:
        """Everything said here, oldest first, edits applied."""
        return [self.chat.messages[number] for number in sorted(self.chat.messages)]

    def adds(self, phone: Phone, *, by: Phone | None = None) -> Message:
        """Take a person in."""
        return self._joins(phone.person, by.person if by else phone.person)

    def adds_bot(self, *, by: Phone, leads: bool = False) -> Message:
        """Take the bot in, as an administrator if it shall lead."""
        standing = Standing.ADMINISTRATOR if leads else Standing.MEMBER
        return self._joins(self.world.bot, by.person, standing)

    def removes(self, phone: Phone, *, by: Phone | None = None) -> Message:
        """Let a person go, or put the person out."""
        return self._parts(phone.person, by.person if by else phone.person)

    def removes_bot(self, *, by: Phone) -> None:
        """Put the bot out; that is the last it hears from here."""
        self._parts(self.world.bot, by.person)

    def promotes_bot(self, *, by: Phone) -> None:
        """Make the bot an administrator, so that it reads everything."""
        self._stands(self.world.bot, Standing.ADMINISTRATOR, by.person)

    def demotes_bot(self, *, by: Phone) -> None:
        """Make the bot an ordinary member again."""
        self._stands(self.world.bot, Standing.MEMBER, by.person)

    def promotes(self, phone: Phone, *, by: Phone | None = None) -> None:
        """Make a person an administrator."""
        self._stands(phone.person, Standing.ADMINISTRATOR, by.person if by else phone.person)

    def another_bot_says(self, text: str) -> Message:
        """Let another bot speak; this bot never hears it, nor plain commands after it."""
        other = Person(id=self.world.bot.id + 1, name="另一个机器人", username="another_bot", is_bot=True)
        self.chat.other_bot_spoke_last = True
        return self.world.post(self.chat, sender=other, text=text)

    def posts(self, text: str) -> Message:
        """Publish in a channel; a linked group gets the post from Telegram's relay."""
        self._must_be(ChatKind.CHANNEL)
        post = self.world.post(self.chat, sender=None, sender_chat=self.chat, text=text)
        if self.chat.linked:
            origin = {"type": "channel", "date": post.date, "chat": self.chat.json(), "message_id": post.id}
            self.world.post(
                self.chat.linked,
                sender=self.world.channel_relay,
                sender_chat=self.chat,
                text=text,
                forward_origin=origin,
                relayed=True,
            )
        return post

    def edits(self, post: Message, text: str) -> Message:
        """Change a post of a channel."""
        self._must_be(ChatKind.CHANNEL)
        current = self.chat.messages[post.id]
        return self.world.amend(current, by_person=True, text=text, entities=found_in(text))

    def discusses_in(self, group: Group) -> None:
        """Link a discussion group to a channel."""
        self._must_be(ChatKind.CHANNEL)
        self.chat.linked = group.chat

    def becomes_supergroup(self, number: int) -> Group:
        """Upgrade the group: service messages on both sides, the old number fails from now on."""
        self._must_be(ChatKind.GROUP)
        upgraded = self.world.new_chat(ChatKind.SUPERGROUP, number, self.title, bot_inside=False)
        upgraded.chat.members = dict(self.chat.members)
        sender = self._leader()
        self._serves(sender, {"migrate_to_chat_id": number})
        upgraded._serves(sender, {"migrate_from_chat_id": self.id})
        self.chat.upgraded_to = upgraded.chat
        return upgraded

    def _leader(self) -> Person:
        people = [member.person for member in self.chat.members.values() if member.standing.leads]
        return people[0] if people else self.world.anonymous_admin

    def _joins(self, person: Person, by: Person, standing: Standing = Standing.MEMBER) -> Message:
        self._stands(person, standing, by)
        return self._serves(by, {"new_chat_members": [person.json()]})

    def _parts(self, person: Person, by: Person) -> Message:
        self._stands(person, Standing.LEFT if by is person else Standing.KICKED, by)
        return self._serves(by, {"left_chat_member": person.json()})

    def _stands(self, person: Person, new: Standing, by: Person) -> None:
        old = self.chat.standing_of(person.id)
        self.chat.members[person.id] = Member(person=person, standing=new)
        self.world.note(Deed.HAPPENED, by.name, self.chat, f"{person.name}: {old} -> {new}")
        change = membership_change(self.chat, by=by, who=person, old=old, new=new, now=self.world.now())
        if person is self.world.bot:
            self.world.tell("my_chat_member", change, lane=self.id)
        elif self.chat.standing_of(self.world.bot.id).leads:
            self.world.tell("chat_member", change, lane=self.id)

    def _serves(self, sender: Person, content: dict[str, object]) -> Message:
        return self.world.post(self.chat, sender=sender, content=content, service=True)

    def _must_be(self, kind: ChatKind) -> None:
        if self.chat.kind is not kind:
            raise StoryError(f"{self.title} is a {self.chat.kind}, not a {kind}")
