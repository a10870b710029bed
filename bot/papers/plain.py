"""A table of a profile without wording of its own: a line for each key, or a grid where there are several of a kind."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from pydantic import BaseModel

from bot.papers.leaf import Grid, Heading, Lines, Part
from bot.papers.speech import Speech

NAMES = ("name", "title")  # by which people know a row; beside these its code is of no use to them


def parts(value: Any, name: str, speech: Speech, leave_out: Collection[str] = ()) -> tuple[Part, ...]:
    """What stands in a table, whatever it is; nothing if it is empty."""
    match value:
        case BaseModel():
            return tuple(_of_table(value, name, speech, leave_out))
        case tuple() | list() if value and isinstance(value[0], BaseModel):
            return (_grid([("", one) for one in value], name, speech),)
        case Mapping() if value and isinstance(next(iter(value.values())), BaseModel):
            return (_grid([(str(key), one) for key, one in value.items()], name, speech),)
        case Mapping():
            return _lines([(speech.value(key, name), speech.value(one, name)) for key, one in value.items()])
        case _:
            return _lines([(speech.label(name), speech.value(value, name))])


def shown(profile: BaseModel, place: Sequence[str | int], speech: Speech) -> str:
    """The value at a place of the profile; nothing where there is a table."""
    value: Any = profile
    for part in place:
        value = value[part] if isinstance(part, int) or isinstance(value, Mapping) else getattr(value, part, None)
    name = ".".join(part for part in place if isinstance(part, str))
    return "" if is_nested(value) else speech.value(value, name)


def is_nested(value: Any) -> bool:
    """Whether it needs a table of its own."""
    if isinstance(value, Mapping):
        return True
    return isinstance(value, BaseModel) or (isinstance(value, tuple | list) and any(map(is_nested, value)))


def _of_table(table: BaseModel, name: str, speech: Speech, leave_out: Collection[str]) -> Iterator[Part]:
    told = [(key, value) for key, value in table if key not in leave_out and _is_told(table, key, value)]
    plain = [(key, value) for key, value in told if not is_nested(value)]
    yield from _lines([(speech.label(f"{name}.{key}"), speech.value(value, f"{name}.{key}")) for key, value in plain])
    for key, value in told:
        inner = parts(value, f"{name}.{key}", speech) if is_nested(value) else ()
        if inner:
            yield Heading(speech.label(f"{name}.{key}"))
            yield from inner


def _is_told(table: BaseModel, key: str, value: Any) -> bool:
    """A no that the file does not write is not the contract's word."""
    return value is not False or key in table.model_fields_set


def _lines(rows: list[tuple[str, str]]) -> tuple[Part, ...]:
    said = tuple((label, value) for label, value in rows if value)
    return (Lines(said),) if said else ()


def _grid(rows: list[tuple[str, BaseModel]], name: str, speech: Speech) -> Grid:
    """A column for each key that any row has something under."""
    fields = type(rows[0][1]).model_fields
    spare = {"key", "post"} if any(word in fields for word in NAMES) else set()
    keys = [key for key in fields if key not in spare and any(_cell(row, name, key, speech) for _, row in rows)]
    named = any(label for label, _ in rows)
    head = ([speech.say("levels.level")] if named else []) + [speech.label(f"{name}.{key}") for key in keys]
    body = (
        ([speech.value(label, name)] if named else []) + [_cell(row, name, key, speech) for key in keys]
        for label, row in rows
    )
    return Grid(head=tuple(head), rows=tuple(map(tuple, body)))


def _cell(row: BaseModel, name: str, key: str, speech: Speech) -> str:
    value = getattr(row, key)
    if value is False:  # a column of noes says nothing
        return ""
    if not is_nested(value):
        return speech.value(value, f"{name}.{key}")
    inner = parts(value, f"{name}.{key}", speech)
    return speech.say("and").join(" ".join(filter(None, row)) for part in inner for row in getattr(part, "rows", ()))
