"""Phones: what people see and do, in words that read like a story."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sandbox import attachments
from sandbox.chats import Chat, ChatKind, Standing
from sandbox.entities import found_in
from sandbox.errors import StoryError
from sandbox.messages import Button, Json, Message
from sandbox.presses import Press
from sandbox.screens import Screen
from sandbox.transcript import Deed
from sandbox.updates import PRESS_LIFE

if TYPE_CHECKING:
    from sandbox.groups import Group

__all__ = ["Phone", "Press"]


class Phone(Screen):
    """One person's phone; what it does reaches the bot as an update."""

    def says(
        self,
        text: str,
        *,
        in_: Group | None = None,
        reply_to: Message | None = None,
        anonymously: bool = False,
    ) -> Message:
        """Send a text."""
        return self._sends(in_, reply_to, anonymously, text=text)

    def starts(self) -> Message:
        """Press Start."""
        return self.says("/start")

    def opens_link(self, payload: str) -> Message:
        """Open the bot by its deep link and press Start."""
        return self.says(f"/start {payload}" if payload else "/start")

    def taps(self, label: str) -> Message:
        """Tap a key of the reply keyboard."""
        if label not in self.keyboard:
            raise StoryError(f"{self.name} has no key {label!r}; there are {self.keyboard}")
        return self.says(label)

    def sends_photo(
        self,
        caption: str = "",
        *,
        album: str | None = None,
        data: bytes = b"\xff\xd8 photo \xff\xd9",
        in_: Group | None = None,
        reply_to: Message | None = None,
    ) -> Message:
        """Send a photo; those that name the same album belong together."""
        content = self._file("photo", data, "photo.jpg")
        return self._sends(in_, reply_to, text=caption, content=content, album=album)

    def sends_video(self, caption: str = "", *, album: str | None = None, in_: Group | None = None) -> Message:
        """Send a video."""
        content = self._file("video", b"video", "video.mp4")
        return self._sends(in_, None, text=caption, content=content, album=album)

    def sends_voice(self, *, data: bytes = b"OggS voice", in_: Group | None = None) -> Message:
        """Send a voice message."""
        return self._sends(in_, None, content=self._file("voice", data, "voice.oga"))

    def sends_sticker(self, *, in_: Group | None = None) -> Message:
        """Send a sticker."""
        return self._sends(in_, None, content=self._file("sticker", b"RIFF", "sticker.webp"))

    def sends_document(
        self,
        name: str,
        data: bytes = b"document",
        *,
        caption: str = "",
        size: int | None = None,
        in_: Group | None = None,
        reply_to: Message | None = None,
    ) -> Message:
        """Send a file, which may claim to be larger than it is."""
        content = self._file("document", data, name, size)
        return self._sends(in_, reply_to, text=caption, content=content)

    def sends_location(
        self, latitude: float, longitude: float, *, live_for: int | None = None, in_: Group | None = None
    ) -> Message:
        """Share a place, or a live one for so many seconds."""
        place: Json = {"latitude": latitude, "longitude": longitude}
        if live_for:
            place |= {"live_period": live_for, "horizontal_accuracy": 10}
        return self._sends(in_, None, content={"location": place})

    def sends_contact(self, number: str, name: str, *, account: int | None = None) -> Message:
        """Share a telephone number."""
        card: Json = {"phone_number": number, "first_name": name}
        if account:
            card["user_id"] = account
        return self._sends(None, None, content={"contact": card})

    def forwards(self, message: Message, *, to: Group | None = None, hidden: bool = False) -> Message:
        """Forward a message to the bot or into a group; hidden tells only the author's name."""
        return self._sends(
            to,
            None,
            text=message.text,
            entities=message.entities,
            content=message.content,
            forward_origin=attachments.origin_of(message, hidden=hidden),
        )

    def edits(self, message: Message, text: str) -> Message:
        """Change the words of an own message."""
        current = self._own(message)
        return self.world.amend(current, by_person=True, text=text, entities=found_in(text))

    def moves(self, message: Message, latitude: float, longitude: float) -> Message:
        """Let an own live place move."""
        current = self._own(message)
        place = {**current.content["location"], "latitude": latitude, "longitude": longitude}
        return self.world.amend(current, by_person=True, content={"location": place})

    def deletes(self, message: Message) -> None:
        """Delete a message for everybody; the bot is not told."""
        self.world.remove(self._current(message), who=self.name)

    def _own(self, message: Message) -> Message:
        current = self._current(message)
        if current.sender is not self.person and not current.sender_chat:
            raise StoryError(f"{self.name} cannot edit a message of {current.author}")
        return current

    def _current(self, message: Message) -> Message:
        current = message.chat.messages.get(message.id)
        if current is None:
            raise StoryError(f"the message {message.text!r} was deleted")
        return current

    def _file(self, kind: str, data: bytes, name: str, size: int | None = None) -> Json:
        return attachments.stored(self.world.files, kind, data, name=name, size=size)

    def _sends(
        self, group: Group | None, reply_to: Message | None, anonymously: bool = False, **details: Any
    ) -> Message:
        chat = group.chat if group else self.private
        self._may_write(chat)
        sender, sender_chat = self.person, None
        if anonymously:
            sender, sender_chat = self.world.anonymous_admin, chat
        if chat.kind is ChatKind.PRIVATE:
            self.person.started = True
        return self.world.post(chat, sender=sender, sender_chat=sender_chat, replies_to=reply_to, **details)

    def _may_write(self, chat: Chat) -> None:
        if chat.person and self.person.blocked:
            raise StoryError(f"{self.name} has blocked the bot and must unblock it first")
        if not chat.person and not chat.standing_of(self.person.id).present:
            raise StoryError(f"{self.name} is not in {chat.title}")
        if chat.upgraded_to:
            raise StoryError(f"{chat.title} has become a supergroup")

    def presses(self, label: str, *, on: Message | None = None, in_: Group | None = None) -> Press:
        """Press a button: on the newest message that has it, or on the given one as it was then."""
        if self.person.blocked:
            raise StoryError(f"{self.name} has blocked the bot and must unblock it first")
        message, button = self._button(label, on, in_)
        press = Press(self, message, button, self.world.next_press_id())
        self.world.presses[press.id] = press
        self.world.note(Deed.PRESSED, self.name, message.chat, button.label, message=message)
        self.world.tell("callback_query", press.json(), life=PRESS_LIFE, lane=("press", self.id))
        return press

    def _button(self, label: str, on: Message | None, in_: Group | None) -> tuple[Message, Button]:
        candidates = [on] if on else sorted(self._within_reach(in_), key=lambda one: -one.change)
        for message in candidates:
            for button in (button for row in message.buttons for button in row):
                if label == button.label and button.data is not None:
                    return message, button
        seen = sorted({word for message in candidates for word in message.labels})
        raise StoryError(f"{self.name} has no button {label!r}; there are {seen}")

    def _within_reach(self, in_: Group | None) -> list[Message]:
        if in_:
            return self.reads(in_)
        rooms = [room for room in self.world.chats.values() if room.standing_of(self.id).present]
        return [message for room in [self.private, *rooms] for message in room.messages.values()]

    def blocks_bot(self) -> None:
        """Block the bot."""
        self._turns(blocked=True)

    def unblocks_bot(self) -> None:
        """Let the bot write again."""
        self._turns(blocked=False)

    def deletes_account(self) -> None:
        """Leave Telegram for good; writing to this person fails from now on."""
        self.person.deactivated = True

    def _turns(self, *, blocked: bool) -> None:
        old, new = (Standing.MEMBER, Standing.KICKED) if blocked else (Standing.KICKED, Standing.MEMBER)
        self.person.blocked = blocked
        self.person.started = True
        self.world.note(Deed.HAPPENED, self.name, self.private, "blocks the bot" if blocked else "unblocks the bot")
        change = attachments.membership_change(
            self.private, by=self.person, who=self.world.bot, old=old, new=new, now=self.world.now()
        )
        self.world.tell("my_chat_member", change, lane=self.private.id)
