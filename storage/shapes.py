"""Frozen dataclasses to JSON and back, by their type hints: rows outlive the classes that wrote them."""

import dataclasses
import json
import types
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from enum import Enum
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar, Union, get_args, get_origin, get_type_hints

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

JSON = None | bool | int | float | str | list["JSON"] | dict[str, "JSON"]
T = TypeVar("T", bound="DataclassInstance")
Loader = Callable[[Any], Any]
_PLAIN = frozenset({str, int, bool, float, type(None)})
_ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def dump(value: "DataclassInstance") -> dict[str, JSON]:
    """The value as JSON: times in UTC, enums by value, sets sorted."""
    return {name: _dumped(getattr(value, name)) for name in _names(type(value))}


def load(cls: type[T], data: Mapping[str, Any]) -> T:
    """The value again; unknown keys are ignored, absent ones take their default, so older rows stay readable."""
    return cls(**{name: loader(data[name]) for name, loader in _loaders(cls) if name in data})


def canonical(data: object) -> str:
    """The one JSON text of these data: keys sorted, no spaces, nothing escaped that need not be."""
    return without_halves(_ENCODER.encode(data))


def storable(text: str) -> str:
    """The text with U+FFFD for what a database cannot keep: U+0000 and halves of surrogate pairs."""
    return without_halves(text.replace("\0", "\ufffd") if "\0" in text else text)


def without_halves(text: str) -> str:
    """The text with U+FFFD for each half of a surrogate pair, which has no UTF-8."""
    if text.isascii():
        return text
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def _dumped(value: Any) -> JSON:
    kind = type(value)
    if kind in _PLAIN:
        return value  # type: ignore[no-any-return]
    if isinstance(value, Enum):
        return value.value  # type: ignore[no-any-return]
    if isinstance(value, datetime):
        return _instant(value)
    if isinstance(value, (list, tuple)):
        return [_dumped(item) for item in value]
    if isinstance(value, (set, frozenset)):
        return sorted((_dumped(item) for item in value), key=canonical)
    if isinstance(value, Mapping):
        return {_key(key): _dumped(item) for key, item in value.items()}
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return dump(value)
    raise TypeError(f"no JSON for {kind.__name__}")


def _instant(value: datetime) -> str:
    if value.tzinfo is None:
        raise ValueError("a time without a zone is no instant")
    return value.astimezone(UTC).isoformat()


def _key(key: object) -> str:
    text = key.value if isinstance(key, Enum) else key
    if not isinstance(text, str):
        raise TypeError(f"a key is text, not {type(key).__name__}")
    return text


@cache
def _names(cls: "type[DataclassInstance]") -> tuple[str, ...]:
    return tuple(field.name for field in dataclasses.fields(cls))


@cache
def _loaders(cls: "type[DataclassInstance]") -> tuple[tuple[str, Loader], ...]:
    hints = get_type_hints(cls)
    return tuple((field.name, _loader(hints[field.name])) for field in dataclasses.fields(cls) if field.init)


@cache
def _loader(hint: Any) -> Loader:
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        return _optional([argument for argument in arguments if argument is not type(None)], hint)
    if origin in (tuple, frozenset, list):
        return _collection(origin, arguments)
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return _mapping(*(_loader(argument) for argument in arguments))
    if hint in _PLAIN or hint in (Any, object):
        return _same
    if hint is datetime:
        return lambda text: datetime.fromisoformat(text).astimezone(UTC)
    if isinstance(hint, type) and issubclass(hint, Enum):
        return hint
    if isinstance(hint, type) and dataclasses.is_dataclass(hint):
        return lambda data: load(hint, data)
    raise TypeError(f"no way back from JSON to {hint}")


def _same(value: Any) -> Any:
    return value


def _optional(others: list[Any], hint: Any) -> Loader:
    if all(other in _PLAIN for other in others):
        return _same
    if len(others) != 1:
        raise TypeError(f"JSON does not tell which of {hint} it was")
    inner = _loader(others[0])
    return lambda value: None if value is None else inner(value)


def _collection(origin: type, arguments: tuple[Any, ...]) -> Loader:
    if origin is tuple and (len(arguments) != 2 or arguments[1] is not Ellipsis):
        raise TypeError("only tuples of any length are stored: tuple[X, ...]")
    inner = _loader(arguments[0])
    return lambda items: origin(inner(item) for item in items)


def _mapping(key: Loader, value: Loader) -> Loader:
    return lambda data: {key(name): value(item) for name, item in data.items()}
