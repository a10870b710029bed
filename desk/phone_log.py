"""/log: the service desk enters a telephone call, with the call's own time."""

import re
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from desk import access, reports, sending
from desk.access import Command
from desk.errors import Refusal
from desk.house import Desk
from desk.incoming import PHONE, Message
from storage import forms
from storage.forms import Form
from storage.people import Person

PURPOSE = "log"
_TIME = re.compile(r"(?:(\d{4}-\d{2}-\d{2}|昨天|昨日|今天|yesterday|today)[ T]?)?(\d{1,2})[:：](\d{2})(?!\d)\s*")
_NOW = frozenset({"", "刚刚", "现在", "now"})
_JUST_NOW = re.compile(r"^(?:刚刚|现在|now(?![A-Za-z]))\s*[,，:：]?\s*")
_YESTERDAY = frozenset({"昨天", "昨日", "yesterday"})
_OLDEST = timedelta(days=31)


async def start(desk: Desk, person: Person, message: Message, words: str) -> None:
    """Enter a call in one line (``/log 02:15 words``), or be asked for time and words in turn."""
    contract = await _contract_of(desk, person, message)
    zone = desk.contract(contract).profile.zone
    if not words:
        await _ask(desk, person, contract, message, "at", {"contract": contract})
        return
    match = _TIME.match(words)
    at = _read(match, zone, message.at) if match else message.at
    rest = words[match.end() :].strip() if match else _JUST_NOW.sub("", words)
    if rest:
        await _open(desk, person, contract, message, at, rest)
    else:
        await _ask(desk, person, contract, message, "text", {"at": at.isoformat(), "contract": contract})


async def answer(desk: Desk, person: Person, form: Form, message: Message) -> bool:
    """The next step of a call that is being entered."""
    contract = form.data["contract"]
    if not message.text:
        return False
    if form.field == "text":
        await forms.drop(desk.tx, person.key, message.chat_id)
        await _open(desk, person, contract, message, datetime.fromisoformat(form.data["at"]), message.text)
        return True
    words = message.text.strip()
    match = _TIME.fullmatch(words)
    if match is None and words not in _NOW:
        raise Refusal("log.not_a_time")
    at = _read(match, desk.contract(contract).profile.zone, message.at) if match else message.at
    await _ask(desk, person, contract, message, "text", {"at": at.isoformat(), "contract": contract})
    return True


async def _contract_of(desk: Desk, person: Person, message: Message) -> str:
    """The contract whose service desk the person is: the group's, or the one last used, or the first."""
    contract = await reports.contract_of(desk, person, message)
    if access.may_use(person, Command.LOG, [contract]):
        return contract
    own = [
        slug for slug in access.contracts(person, desk.house.contracts) if access.may_use(person, Command.LOG, [slug])
    ]
    if message.group is not None or not own:
        raise Refusal("refuse.command")
    return own[0]


def _read(match: re.Match[str], zone: ZoneInfo, now: datetime) -> datetime:
    """The call's time; without a day it is the last time that the clock showed it."""
    day, hour, minute = match.groups()
    local = now.astimezone(zone)
    try:
        called_on = _date(day, local)
        at = datetime(called_on.year, called_on.month, called_on.day, int(hour), int(minute), tzinfo=zone)
    except ValueError as error:
        raise Refusal("log.not_a_time") from error
    if not day and at > local:
        at -= timedelta(days=1)
    if at > local:
        raise Refusal("log.future")
    if local - at > _OLDEST:
        raise Refusal("log.too_old")
    return at.astimezone(now.tzinfo)


def _date(day: str | None, local: datetime) -> date:
    if day in _YESTERDAY:
        return local.date() - timedelta(days=1)
    return datetime.fromisoformat(day).date() if day and day[0].isdigit() else local.date()


async def _open(desk: Desk, person: Person, contract: str, message: Message, at: datetime, words: str) -> None:
    call = Message(
        chat_id=message.chat_id,
        message_id=message.message_id,
        at=at,
        text=words,
        items=message.items,
        group=message.group,
    )
    await reports.open_ticket(desk, person, contract, call, channel=PHONE)


async def _ask(desk: Desk, person: Person, contract: str, message: Message, field: str, data: dict[str, str]) -> None:
    """Ask in private: in a group with privacy mode the plain answer would not be heard."""
    if message.group is not None and not (person.reachable and person.telegram_id):
        raise Refusal("refuse.private")
    chat = message.chat_id if message.group is None else person.telegram_id or message.chat_id
    form = Form(
        person=person.key, chat_id=chat, purpose=PURPOSE, ticket_id=None, field=field, data=data, made_at=desk.now
    )
    await forms.put(desk.tx, form)
    markup = desk.say(person, f"log.ask_{field}")
    await sending.send_text(desk, contract, chat, markup, person=person, purpose="prompt")
