"""What stands in the buttons around a change of shift: a verb, the row that it is about, and what was chosen."""

import hashlib
from dataclasses import dataclass

from desk import buttons
from desk.buttons import Button
from desk.errors import Refusal
from desk.house import Desk
from storage.people import Person

PREFIX = "s:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pressed:
    """One press: who asked for what, about which row."""

    person: Person
    verb: str
    row: int
    value: str


def button(
    desk: Desk, person: Person | None, key: str, verb: str, row: int, value: str = "", **facts: object
) -> Button:
    """A button with its label from the catalogue."""
    label = desk.house.words.plain(desk.language_of(person), key, **facts)
    return labelled(label, verb, row, value)


def labelled(label: str, verb: str, row: int, value: str = "") -> Button:
    """A button with a label of its own: a name, a day."""
    return Button(label=label, data=f"{PREFIX}{verb}:{buttons.base36(row)}:{value}".rstrip(":"))


def read(person: Person, data: str) -> Pressed:
    """What a press asks for."""
    verb, _, rest = data.removeprefix(PREFIX).partition(":")
    row, _, value = rest.partition(":")
    number = buttons.from_base36(row)
    if number is None:
        raise Refusal("refuse.shift_button")
    return Pressed(person=person, verb=verb, row=number, value=value)


def short(key: str) -> str:
    """A person or a place in a button, which holds 64 bytes."""
    return hashlib.sha256(key.encode()).hexdigest()[:12]
