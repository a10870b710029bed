"""A table of a profile without wording of its own: a line for each key, or a grid where there are several of a kind."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from pydantic import BaseModel

from bot.papers.leaf import Grid, Lines, Part
from bot.papers.speech import Speech


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


def is_nested(value: Any) -> bool:
    """Whether it needs a table of its own."""
    if isinstance(value, Mapping):
        return True
    return isinstance(value, BaseModel) or (isinstance(value, tuple | list) and any(map(is_nested, value)))


def _of_table(table: BaseModel, name: str, speech: Speech, leave_out: Collection[str]) -> Iterator[Part]:
    shown = [(key, value) for key, value in table if key not in leave_out]
    plain = [(key, value) for key, value in shown if not is_nested(value)]
    yield from _lines([(speech.label(f"{name}.{key}"), speech.value(value, f"{name}.{key}")) for key, value in plain])
    for key, value in shown:
        if is_nested(value):
            yield from parts(value, f"{name}.{key}", speech)


def _lines(rows: list[tuple[str, str]]) -> tuple[Part, ...]:
    said = tuple((label, value) for label, value in rows if value)
    return (Lines(said),) if said else ()


def _grid(rows: list[tuple[str, BaseModel]], name: str, speech: Speech) -> Grid:
    """A column for each key that any row has something under."""
    keys = [key for key in type(rows[0][1]).model_fields if any(_cell(row, name, key, speech) for _, row in rows)]
    named = any(label for label, _ in rows)
    head = ([speech.label(name)] if named else []) + [speech.label(f"{name}.{key}") for key in keys]
    body = (
        ([speech.value(label, name)] if named else []) + [_cell(row, name, key, speech) for key in keys]
        for label, row in rows
    )
    return Grid(head=tuple(head), rows=tuple(map(tuple, body)))


def _cell(row: BaseModel, name: str, key: str, speech: Speech) -> str:
    value = getattr(row, key)
    if not is_nested(value):
        return speech.value(value, f"{name}.{key}")
    inner = parts(value, f"{name}.{key}", speech)
    return speech.say("and").join(" ".join(filter(None, row)) for part in inner for row in getattr(part, "rows", ()))
