"""A furnished house: the real hotline, everybody's phone, and verbs in which a flow reads like the contract."""

import logging
import re
from collections.abc import Iterator
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bot.clock import HandClock
from bot.config import settings
from bot.config.settings import Settings
from bot.demo import stage
from bot.demo.stage import Stage
from sandbox.groups import Group
from sandbox.messages import Button, Message
from sandbox.phones import Phone
from sandbox.presses import Press
from sandbox.transcript import Deed, Entry
from sandbox.world import World
from sla.ticket import Ticket
from storage import tickets
from tests.flows.furniture import Plan, written

MORNING = datetime(2026, 2, 16, 1, 0, tzinfo=UTC)  # 09:00 in Shaoguan; engineer-1 is on duty until 08:00 next day
MIDNIGHT = datetime(2026, 2, 16, 15, 55, tzinfo=UTC)  # 23:55
NUMBER = re.compile(r"[A-Z]{3}-\d{8}-\d{3}")
_CARD = re.compile(r"\S+ .+ · .+\n[A-Z]{3}-\d{8}-\d{3}")
_LONGEST_OPINION = timedelta(seconds=2)
_LINK_TO_CARD = {"看卡片", "Show card"}


class Pressed:
    """One press, and what the bot answered to it."""

    def __init__(self, press: Press) -> None:
        self.press = press
        self.named = False

    def answered(self, words: str) -> None:
        """It was done, in these words."""
        assert words in self.press.toast and not self.press.alert, f"{self}, not {words!r}"

    def refused(self, words: str) -> None:
        """It was not done, for this reason."""
        assert words in self.press.toast and self.press.alert, f"{self}, not {words!r}"
        self.named = True

    def __str__(self) -> str:
        kind = "refused" if self.press.alert else "answered"
        return f"{self.press.phone.name} pressed {self.press.button.label}: {kind} {self.press.toast!r}"


class Actor:
    """Somebody with a phone. Verbs act and wait until the hotline has done its part."""

    def __init__(self, house: "House", phone: Phone) -> None:
        self.house = house
        self.phone = phone

    async def says(self, text: str, **how: Any) -> Message:
        """Write something."""
        message = self.phone.says(text, **how)
        await self.house.settles()
        return message

    async def reports(self, text: str, **how: Any) -> str:
        """Report something and get a new card for it; its ticket number."""
        known = self.house.numbers(self.phone.chat)
        await self.says(text, **how)
        new = [number for number in self.house.numbers(self.phone.chat) if number not in known]
        assert len(new) == 1, f"{text!r} opened {new or 'nothing'}"
        self.card(new[0])
        return new[0]

    async def sends(self, verb: str, *details: Any, **how: Any) -> Message:
        """Send a photo, a voice message, a place: by the name of the phone's verb."""
        message: Message = getattr(self.phone, f"sends_{verb}")(*details, **how)
        await self.house.settles()
        return message

    async def edits(self, message: Message, text: str) -> None:
        """Change the words of an own message."""
        self.phone.edits(message, text)
        await self.house.settles()

    async def presses(self, label: str, *, on: Message | None = None, in_: Group | None = None) -> Pressed:
        """Press a button on the newest message that has it, or on the given one as it was then."""
        pressed = Pressed(self.phone.presses(label, on=on, in_=in_))
        self.house.pressed.append(pressed)
        await self.house.settles()
        assert pressed.press.answered, f"{label} was never answered"
        return pressed

    async def forges(self, data: str) -> Pressed:
        """Press a button that nobody drew, with this data."""
        world = self.phone.world
        press = Press(self.phone, self.phone.chat[-1], Button("?", data), world.next_press_id())
        world.presses[press.id] = press
        world.tell("callback_query", press.json(), lane=("press", self.phone.id))
        pressed = Pressed(press)
        self.house.pressed.append(pressed)
        await self.house.settles()
        return pressed

    def was_told(self, *words: str, in_: Group | None = None) -> Message:
        """The oldest message that no test line has named yet and that has all these words."""
        waiting = self.house.unnamed(in_.id if in_ else self.phone.id)
        for entry in waiting:
            if all(word in entry.what for word in words):
                return self.house.name(entry)
        shown = "\n".join(map(str, waiting)) or "(nothing new)"
        raise AssertionError(f"{self.phone.name} was not told {words}; what came is:\n{shown}")

    def may_have_heard(self, words: str) -> None:
        """Any number of messages with these words: which of them is still true depends on who was faster."""
        for entry in self.house.unnamed(self.phone.id):
            if words in entry.what:
                self.house.name(entry)

    def asked(self, words: str, *labels: str) -> Message:
        """The same, with exactly these buttons."""
        message = self.was_told(words)
        assert message.labels == list(labels)
        return message

    def heard_nothing(self, in_: Group | None = None) -> None:
        """No message came that was not named yet."""
        waiting = self.house.unnamed(in_.id if in_ else self.phone.id)
        assert not waiting, "\n".join(map(str, waiting))

    def card_message(self, number: str = "", *, in_: Group | None = None) -> Message:
        """The newest card in the private chat or in a group, as it stands now."""
        cards = [one for one in self.house.cards(self.phone.reads(in_)) if f"\n{number}" in one.text]
        assert cards, f"{self.phone.name} has no card {number}"
        self.house.named.add((cards[-1].chat.id, cards[-1].id))
        return cards[-1]

    def card(self, number: str = "", *, in_: Group | None = None) -> str:
        """What that card says."""
        return self.card_message(number, in_=in_).text

    def buttons(self, number: str = "", *, in_: Group | None = None) -> list[str]:
        """What that card offers."""
        return self.card_message(number, in_=in_).labels


class House:
    """Everything of one flow: files, world, people, and the hotline while it runs."""

    def __init__(self, plan: Plan, folder: Path, start: datetime) -> None:
        self.plan = plan
        self.settings = _unhurried(settings.load(written(plan, folder), {}))
        self.clock = HandClock(start)
        self.world: World = stage.world_at(self.clock)
        self.actors = {one.key: self._moves_in(one.name, one.account) for one in plan.everybody if one.account}
        self.named: set[tuple[int, int]] = set()
        self.pressed: list[Pressed] = []
        self.excused: list[str] = []
        self.log = _Errors()
        self._stage: Stage | None = None
        self._open = AsyncExitStack()

    def __getitem__(self, key: str) -> Actor:
        return self.actors[key]

    @property
    def stage(self) -> Stage:
        """The hotline that runs now."""
        assert self._stage is not None, "the hotline is down"
        return self._stage

    @property
    def is_open(self) -> bool:
        """Whether the hotline runs."""
        return self._stage is not None

    async def opens(self) -> None:
        """Start the hotline on its database."""
        self._stage = await self._open.enter_async_context(stage.opened(self.settings, self.world, self.clock))
        while self.plan.webhook_port and not self.world.webhook.url:
            await self.world.changed.heard(1)

    async def closes(self) -> None:
        """Stop the hotline; what people do meanwhile waits at the Bot API."""
        self._stage = None
        await self._open.aclose()

    async def restarts(self, **down: float) -> None:
        """Stop, stay down for a while, and start again on the same database."""
        await self.closes()
        self.clock.move(self.clock.now() + timedelta(**down))
        await self.opens()

    async def settles(self) -> None:
        """Wait until the hotline has answered everything."""
        if self._stage is not None:
            await self._stage.settles()

    async def passes(self, **span: float) -> None:
        """Let time pass; whatever comes due on the way happens at its own moment."""
        await self.stage.passes(**span)

    def stranger(self, name: str, account: int) -> Actor:
        """Somebody whom the people file does not name."""
        return self._moves_in(name, account)

    def were_told(self, words: str, *keys: str) -> None:
        """Each of these people got one new message with these words."""
        for key in keys:
            self[key].was_told(words)

    def have_cards(self, *keys: str, number: str = "") -> None:
        """Each of these people has a card of the ticket."""
        for key in keys:
            self[key].card(number)

    def excuses(self, words: str) -> None:
        """An error line with these words belongs to the flow."""
        self.excused.append(words)

    async def ticket(self, number: str) -> Ticket:
        """A ticket as it is kept."""
        found = await self.stage.hotline.store.read(lambda tx: tickets.by_number(tx, number))
        assert found is not None, f"there is no {number}"
        return found

    def cards(self, messages: list[Message]) -> list[Message]:
        """Those messages that are cards."""
        mine = (one for one in messages if one.sender is self.world.bot and _CARD.match(one.text))
        return [one for one in mine if not _LINK_TO_CARD & set(one.labels)]

    def numbers(self, messages: list[Message]) -> list[str]:
        """The tickets of which there are cards among the messages."""
        found = (NUMBER.search(one.text) for one in self.cards(messages))
        return list(dict.fromkeys(match.group() for match in found if match))

    def said(self) -> Iterator[Entry]:
        """Everything that the bot has said, to anybody."""
        return (one for one in self.world.transcript if one.by_bot and one.deed is Deed.SAID)

    def unnamed(self, chat: int | None = None) -> list[Entry]:
        """What the bot has said and no test line has named, in one chat or in all."""
        return [one for one in self.said() if chat in (None, one.chat_id) and _key(one) not in self.named]

    def name(self, entry: Entry) -> Message:
        """From now on this message is expected."""
        chat, message = _key(entry)
        self.named.add((chat, message))
        return self.world.chats[chat].messages[message]

    def _moves_in(self, name: str, account: int) -> Actor:
        return Actor(self, self.world.phone(account, name, started=True))


def _unhurried(read: Settings) -> Settings:
    """A slow machine is no slow model: only a limit that a flow has written itself is kept."""
    asked = read.second_opinion
    if asked is None or asked.limit < _LONGEST_OPINION:
        return read
    return replace(read, second_opinion=replace(asked, limit=timedelta(minutes=1)))


class _Errors(logging.Handler):
    """Keeps every error line."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


def _key(entry: Entry) -> tuple[int, int]:
    return entry.chat_id, entry.message_id or 0
