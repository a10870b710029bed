"""The story as people read it: what happened when, and at the end each person's phone."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from unicodedata import east_asian_width
from zoneinfo import ZoneInfo

from sandbox.phones import Phone
from sandbox.transcript import Deed, Entry

_WHO = 18
_INDENT = " " * 10
_LINES = 3
_KINDS = {"location": "📍（位置）", "photo": "🖼（图片）", "voice": "🎤（语音）", "document": "📄（文件）"}


def lines(entries: Iterable[Entry], zone: ZoneInfo) -> Iterator[str]:
    """One line for each deed; what several people are told at once stands once, a redrawn card by its new state."""
    last, state = None, ""
    for entry, to in _together(entries):
        if entry.deed is Deed.EDITED:
            if entry.what.splitlines()[0] == state:
                continue
            state = entry.what.splitlines()[0]
        elif entry.by_bot and entry.deed is Deed.SAID and entry.buttons and not state:
            state = entry.what.splitlines()[0]
        time = f"{entry.at.astimezone(zone):%H:%M:%S}  " if entry.at != last else _INDENT
        last = entry.at
        yield from _entry(entry, to, time)


def phone(owner: Phone) -> Iterator[str]:
    """What one phone shows at the end."""
    yield f"┌── 📱 {owner.name}"
    for message in owner.chat:
        mine = message.sender is not None and message.sender.id == owner.id
        text = message.text or _KINDS.get(next(iter(message.content), ""), "（附件）")
        for number, line in enumerate(text.splitlines()):
            yield f"│ {('▶' if mine else '·') if number == 0 else ' '} {line}"
        for row in message.buttons:
            yield "│   " + " ".join(f"[{button.label}]" for button in row)
    yield "└──"


def _together(entries: Iterable[Entry]) -> Iterator[tuple[Entry, list[str]]]:
    """Entries with everybody who got the same words at the same time."""
    waiting: dict[tuple[object, ...], tuple[Entry, list[str]]] = {}
    at: datetime | None = None
    for entry in entries:
        if entry.at != at or not entry.by_bot:
            yield from waiting.values()
            waiting, at = {}, entry.at
        key = (entry.deed, entry.what, entry.by_bot or entry.who)
        waiting.setdefault(key, (entry, []))[1].append(entry.chat if entry.by_bot else entry.who)
    yield from waiting.values()


def _entry(entry: Entry, to: list[str], time: str) -> Iterator[str]:
    head = f"{time}{_padded('、'.join(to))}"
    if entry.deed is Deed.EDITED:
        yield f"{time}{_padded('各人的卡片')}→ {entry.what.splitlines()[0]}"
    elif entry.deed is Deed.PRESSED:
        yield f"{head}按下 [{entry.what}]"
    elif entry.deed is Deed.TOASTED:
        if entry.what:
            yield f"{head}（{entry.what}）"
    elif entry.by_bot:
        yield from _message(entry, head)
    else:
        yield f"{head}说：{_KINDS.get(entry.what.strip('<>'), entry.what)}"


def _message(entry: Entry, head: str) -> Iterator[str]:
    body = entry.what.splitlines()
    yield f"{head}📱 {body[0]}"
    for line in body[1:_LINES]:
        yield f"{_INDENT}{' ' * (_WHO + 3)}{line}"
    if entry.buttons:
        yield f"{_INDENT}{' ' * (_WHO + 3)}" + " ".join(f"[{label}]" for label in entry.buttons)


def _padded(text: str) -> str:
    width = sum(2 if east_asian_width(char) in "WF" else 1 for char in text)
    return text + " " * max(_WHO - width, 1)
