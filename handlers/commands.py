"""Slash commands."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace

from telegram import Message

from desk import access, acquaintance, command_menu, feeds, incoming, intake, lists, phone_log, prompts, sending
from desk.access import Command
from desk.acquaintance import Person
from desk.buttons import Button, Rows
from desk.duty import asked, key_periods
from desk.errors import Refusal
from desk.house import Desk
from desk.services import form as service_form
from desk.services import standing as service_standing
from sla.terms import Kind


async def start(desk: Desk, message: Message, payload: str) -> None:
    """Start was pressed, perhaps through an invite link."""
    if message.from_user is None:
        raise Refusal("refuse.anonymous")
    person = await acquaintance.started(desk, message.from_user.id, payload)
    await command_menu.put(desk, person)
    await _say(desk, person, message.chat_id, desk.say(person, "start.welcome", name=person.name))
    await _say(desk, person, message.chat_id, _help_text(desk, person))


async def handle(desk: Desk, person: Person, message: incoming.Message, name: str, words: str) -> None:
    """Carry out a command, if the person may use it."""
    if name not in set(Command):
        raise Refusal("refuse.unknown_command")
    command = Command(name)
    if not access.may_use(person, command, desk.house.contracts):
        raise Refusal("refuse.command")
    await _DOES[command](desk, person, message, words)


async def _start(desk: Desk, person: Person, message: incoming.Message, _: str) -> None:
    await _say(desk, person, message.chat_id, desk.say(person, "start.in_group"))


async def _help(desk: Desk, person: Person, message: incoming.Message, _: str) -> None:
    await _say(desk, person, message.chat_id, _help_text(desk, person))


async def _report(desk: Desk, person: Person, message: incoming.Message, words: str) -> None:
    await _open(desk, person, message, words, Kind.FAULT)


async def _ask(desk: Desk, person: Person, message: incoming.Message, words: str) -> None:
    await _open(desk, person, message, words, Kind.CONSULTATION)


async def _open(desk: Desk, person: Person, message: incoming.Message, words: str, kind: Kind) -> None:
    """With words it opens a ticket at once; without, it says how."""
    if not words and not message.items:
        key = "report.how" if kind is Kind.FAULT else "report.how_ask"
        await _say(desk, person, message.chat_id, desk.say(person, key))
        return
    await intake.take_in(desk, person, replace(message, text=words, kind=kind, reply_to=None))


async def _log(desk: Desk, person: Person, message: incoming.Message, words: str) -> None:
    await phone_log.start(desk, person, message, words)


async def _my(desk: Desk, person: Person, message: incoming.Message, _: str) -> None:
    text, rows = await lists.mine(desk, person)
    await _privately(desk, person, message, text, rows)


async def _open_ones(desk: Desk, person: Person, message: incoming.Message, _: str) -> None:
    text, rows = await lists.open_ones(desk, person)
    await _privately(desk, person, message, text, rows)


async def _ticket(desk: Desk, person: Person, message: incoming.Message, words: str) -> None:
    text, ticket = await lists.one(desk, person, words)
    await _privately(desk, person, message, text, lists.card_button(desk, person, ticket))


async def _duty(desk: Desk, person: Person, message: incoming.Message, _: str) -> None:
    await _privately(desk, person, message, *await asked.now(desk, person))


async def _key_period(desk: Desk, person: Person, message: incoming.Message, words: str) -> None:
    await _privately(desk, person, message, *await key_periods.asked(desk, person, words))


async def _service(desk: Desk, person: Person, message: incoming.Message, words: str) -> None:
    await service_form.start(desk, person, _own_chat(person, message), words)


async def _calendar(desk: Desk, person: Person, message: incoming.Message, _: str) -> None:
    await feeds.offer(desk, person, _own_chat(person, message))


def _own_chat(person: Person, message: incoming.Message) -> int:
    """The private chat: what is asked or told next is for nobody else."""
    if message.group is None:
        return message.chat_id
    if person.telegram_id is None or not person.reachable:
        raise Refusal("refuse.private")
    return person.telegram_id


async def _quota(desk: Desk, person: Person, message: incoming.Message, _: str) -> None:
    await _privately(desk, person, message, await service_standing.quota(desk, person), ())


async def _cancel(desk: Desk, person: Person, message: incoming.Message, _: str) -> None:
    await _say(desk, person, message.chat_id, await prompts.cancel(desk, person, message.chat_id))


async def _language(desk: Desk, person: Person, message: incoming.Message, _: str) -> None:
    names = [(language, desk.house.words.plain(language, "language.name")) for language in desk.house.words.languages]
    rows = (tuple(Button(label=name, data=f"l:{language}") for language, name in names),)
    await _say(desk, person, message.chat_id, desk.say(person, "language.choose"), rows)


_DOES: Mapping[Command, Callable[[Desk, Person, incoming.Message, str], Awaitable[None]]] = {
    Command.START: _start,
    Command.HELP: _help,
    Command.REPORT: _report,
    Command.ASK: _ask,
    Command.LOG: _log,
    Command.MY: _my,
    Command.OPEN: _open_ones,
    Command.TICKET: _ticket,
    Command.DUTY: _duty,
    Command.SERVICE: _service,
    Command.QUOTA: _quota,
    Command.CALENDAR: _calendar,
    Command.KEY_PERIOD: _key_period,
    Command.CANCEL: _cancel,
    Command.LANGUAGE: _language,
}


def _help_text(desk: Desk, person: Person) -> str:
    lines = [desk.say(person, "help.head")]
    lines += [desk.say(person, "help.line", command=name, what=what) for name, what in command_menu.of(desk, person)]
    return "\n".join(lines)


async def _privately(desk: Desk, person: Person, message: incoming.Message, text: str, rows: Rows) -> None:
    """Lists go to the person who asked; a group sees only that they were sent."""
    if message.group is None:
        await _say(desk, person, message.chat_id, text, rows)
        return
    if person.telegram_id is None or not person.reachable:
        raise Refusal("refuse.private")
    await _say(desk, person, person.telegram_id, text, rows)
    await _say(desk, person, message.chat_id, desk.say(person, "list.sent_privately"))


async def _say(desk: Desk, person: Person, chat_id: int, text: str, rows: Rows = ()) -> None:
    await sending.send_text(desk, "", chat_id, text, person=person, rows=rows)
