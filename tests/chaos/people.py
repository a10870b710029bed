"""What people do while the hotline is being hurt: they act on what they see, and again only if nothing came."""

import re
from collections.abc import Callable

from sandbox.messages import Message
from sandbox.phones import Phone
from tests.chaos.house import House, NotReached

NUMBER = re.compile(r"[A-Z]{3}-\d{8}-\d{3,}")
MAJOR = "全市视频会议全部中断，开不了会"
RECORD = ("硬件", "主板老化", "更换主板", "设备老化", "纳入巡检")
_NOTHING_CAME = 15.0
_TIMES = 3


def reports(house: House, key: str, words: str) -> Message:
    """Somebody reports a new fault."""
    message = house.phones[key].says(f"/report {words}")
    house.said.append(message)
    return message


def writes(house: House, key: str, words: str) -> Message:
    """Somebody simply writes."""
    message = house.phones[key].says(words)
    house.said.append(message)
    return message


def card(phone: Phone, words: str) -> Message | None:
    """The newest card on this phone with these words."""
    found = [one for one in phone.chat if one.sender is phone.world.bot and is_card(one) and words in one.text]
    return found[-1] if found else None


def is_card(message: Message) -> bool:
    """Whether this is the card of a ticket: its number begins the second line."""
    lines = message.text.split("\n")
    return len(lines) > 1 and NUMBER.match(lines[1]) is not None and " · " in lines[0]


def number_of(message: Message) -> str:
    """The ticket that a message is about."""
    found = NUMBER.search(message.text)
    assert found is not None, message.text
    return found.group()


async def sees_card(house: House, key: str, words: str, state: str) -> Message:
    """Wait for the card of the fault with these words, until it shows this state."""
    phone = house.phones[key]

    async def shown() -> bool:
        found = card(phone, words)
        return found is not None and f"· {state}" in found.text

    await house.becomes(f"{phone.name} sees {state}", shown)
    found = card(phone, words)
    assert found is not None
    return found


async def hears(house: House, key: str, words: str, *, about: str) -> None:
    """Wait for a message with these words about a ticket."""
    phone = house.phones[key]

    async def heard() -> bool:
        return any(words in one.text and about in one.text for one in phone.chat)

    await house.becomes(f"{phone.name} hears {words}", heard)


async def presses(house: House, key: str, label: str, words: str, state: str) -> None:
    """Press a button of the card until the card shows this state; again only if nothing came for long."""
    phone = house.phones[key]

    def offer() -> tuple[Message, str] | None:
        message = card(phone, words)
        return None if message is None or label not in message.labels else (message, label)

    await _press(house, phone, offer, words, label, state)


async def takes(house: House, key: str, number: str) -> None:
    """Take a ticket, on its card or on the message that tells of a whole wave of them."""
    phone = house.phones[key]

    def offer() -> tuple[Message, str] | None:
        exact = ("接单", f"接单 {number.rpartition('-')[2]}")
        about = (message for message in reversed(phone.chat) if number in message.text)
        found = ((message, label) for message in about for label in message.labels if label in exact)
        return next(found, None)

    await _press(house, phone, offer, number, "接单", "已接单")


async def _press(
    house: House, phone: Phone, offer: Callable[[], tuple[Message, str] | None], words: str, label: str, state: str
) -> None:
    async def done() -> bool:
        message = card(phone, words)
        return message is not None and f"· {state}" in message.text

    async def done_or_offered() -> bool:
        return await done() or offer() is not None

    for _ in range(_TIMES):
        await house.becomes(f"{phone.name} can press {label}", done_or_offered)
        found = offer()
        if found is None or await done():
            return
        message, button = found
        press = phone.presses(button, on=message)
        number = words if NUMBER.fullmatch(words) else number_of(message)
        house.presses.append((number, label, press))
        try:
            await house.becomes(f"{phone.name} sees {state}", done, _NOTHING_CAME)
        except NotReached:
            continue
        return
    raise NotReached(f"{phone.name} pressed {label} {_TIMES} times, and the card never showed {state}")


async def fills_record(house: House, key: str, words: str) -> None:
    """Answer what the record still asks for; press for the next question if none came."""
    phone = house.phones[key]
    found = card(phone, words)
    assert found is not None
    number = number_of(found)
    for left in range(len(RECORD), 0, -1):
        asked = f"{number} 故障记录，还差 {left} 项"
        try:
            await _reads(house, phone, asked, _NOTHING_CAME / 2)
        except NotReached:
            phone.presses("填写记录")
            await _reads(house, phone, asked, _NOTHING_CAME)
        house.said.append(phone.says(RECORD[len(RECORD) - left]))
    await sees_card(house, key, words, "已结单")


async def _reads(house: House, phone: Phone, words: str, within: float) -> None:
    async def read() -> bool:
        return any(words in one.text for one in phone.chat)

    await house.becomes(f"{phone.name} reads {words}", read, within)


async def repairs(house: House, words: str) -> None:
    """The whole way from the page to the closed record."""
    await presses(house, "engineer-1", "接单", words, "已接单")
    await presses(house, "engineer-1", "到场", words, "已到场")
    await presses(house, "engineer-1", "修复", words, "待恢复测试")
    await presses(house, "officer-1", "已恢复，销障", words, "已销障")
    await fills_record(house, "engineer-1", words)


async def story(house: House) -> None:
    """A major fault that nobody answers until the manager is called; then it is repaired, tested, recorded, closed."""
    reports(house, "reporter-1", MAJOR)
    seen = await sees_card(house, "engineer-1", MAJOR, "待接单")
    await hears(house, "project-manager", "响应超时", about=number_of(seen))
    await repairs(house, MAJOR)
