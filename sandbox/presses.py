"""Presses of buttons, from the tap to the toast."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.bell import Deadline
from sandbox.errors import NotSeen
from sandbox.messages import Button, Json, Message
from sandbox.screens import PATIENCE

if TYPE_CHECKING:
    from sandbox.phones import Phone


class Press:
    """One press of a button; it holds the answer as soon as the bot gives one."""

    def __init__(self, phone: Phone, message: Message, button: Button, number: str) -> None:
        self.id = number
        self.phone = phone
        self.message = message
        self.button = button
        self.at = phone.world.now()
        self.answered = False
        self.toast = ""
        self.alert = False

    async def answer(self, within: float = PATIENCE) -> str:
        """Wait for the bot's answer and give its words."""
        deadline = Deadline(within)
        while not self.answered and await self.phone.world.changed.heard(deadline.left):
            pass
        if not self.answered:
            raise NotSeen(f"{self.phone.name}: {self.button.label!r} was not answered within {within} s")
        return self.toast

    def json(self) -> Json:
        """The press as a Bot API `CallbackQuery`."""
        chat = self.message.chat
        current = chat.messages.get(self.message.id)
        gone: Json = {"chat": chat.json(), "message_id": self.message.id, "date": 0}
        return {
            "id": self.id,
            "from": self.phone.person.json(),
            "message": current.json() if current else gone,
            "chat_instance": str(abs(chat.id) * 1_000_003),
            "data": self.button.data,
        }
