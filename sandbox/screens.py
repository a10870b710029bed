"""What phones show: chats, keyboards and menus as they stand now."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from sandbox import attachments
from sandbox.bell import Deadline
from sandbox.chats import Chat
from sandbox.errors import NotSeen
from sandbox.messages import Message
from sandbox.people import Person

if TYPE_CHECKING:
    from sandbox.groups import Group
    from sandbox.world import World

PATIENCE = 5.0


class Screen:
    """What one person's phone shows, and waiting for it to show something."""

    def __init__(self, world: World, person: Person, private: Chat) -> None:
        self.world = world
        self.person = person
        self.private = private

    @property
    def id(self) -> int:
        """The account's number, which is also the number of its private chat."""
        return self.person.id

    @property
    def name(self) -> str:
        """The name that others see."""
        return self.person.name

    @property
    def chat(self) -> list[Message]:
        """The private chat with the bot, as the phone shows it now."""
        return self.reads()

    def reads(self, group: Group | None = None) -> list[Message]:
        """Everything in the private chat or in a group, oldest first, edits applied."""
        room = group.chat if group else self.private
        return [room.messages[number] for number in sorted(room.messages)]

    @property
    def keyboard(self) -> list[str]:
        """The words on the keys that stand in place of the phone's keyboard."""
        return attachments.keys_of(self.private.keyboard)

    def menu(self, in_: Group | None = None) -> list[tuple[str, str]]:
        """The commands that the phone offers, with their descriptions."""
        return list(self.world.menus.shown_to(self.person, in_.chat if in_ else self.private))

    def finds(self, text: str, *, in_: Group | None = None, after: Message | None = None) -> Message | None:
        """The newest message of somebody else with these words, changed after the given one."""
        since = after.change if after else 0
        others = [one for one in self.reads(in_) if one.sender is not self.person and one.change > since]
        return next((one for one in reversed(others) if _shows(one, text)), None)

    async def sees(
        self,
        text: str,
        *,
        in_: Group | None = None,
        after: Message | None = None,
        within: float = PATIENCE,
    ) -> Message:
        """Wait until somebody else's message shows these words; else raise an error that shows the chat."""
        found = await self._awaited(lambda: self.finds(text, in_=in_, after=after), within)
        if found is None:
            place = in_.title if in_ else "the private chat"
            shown = "\n".join(map(_line, self.reads(in_))) or "  (nothing)"
            raise NotSeen(f"{self.name} did not see {text!r} in {place} within {within} s; it shows:\n{shown}")
        return found

    async def _awaited(self, look: Callable[[], Message | None], within: float) -> Message | None:
        deadline = Deadline(within)
        while (found := look()) is None and await self.world.changed.heard(deadline.left):
            pass
        return found


def _shows(message: Message, text: str) -> bool:
    return text in message.text or text in " ".join(message.labels)


def _line(message: Message) -> str:
    buttons = "".join(f" [{label}]" for label in message.labels)
    edited = " (edited)" if message.edited else ""
    return f"  #{message.id} {message.author}: {message.text}{edited}{buttons}"
