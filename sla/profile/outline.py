"""What a profile may contain, read from its own schema: skeleton, guide, sheet and refusals follow it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

ANY = "*"  # stands where the writer chooses the word: the key of a level


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """One key of a table: where it may stand, what it holds, and whether the file can do without it."""

    path: tuple[str, ...]
    field: FieldInfo | None
    holds: Any
    table: type[BaseModel] | None
    repeated: bool

    @property
    def name(self) -> str:
        """The dotted name: ``levels.*.response``."""
        return ".".join(self.path)

    @property
    def is_required(self) -> bool:
        """Whether the table is refused without it."""
        return self.field is not None and self.field.is_required()


@cache
def of(model: type[BaseModel]) -> Mapping[str, Key]:
    """Every key of a schema and of the tables below it, by dotted name, in the order in which they are declared."""
    return {key.name: key for key in _keys(model, ())}


def place(path: Sequence[str | int], model: type[BaseModel]) -> Key | None:
    """The key that is meant by a place in a file; the numbers of repeated tables name none."""
    names = [part for part in path if isinstance(part, str)]
    known = of(model)
    found: list[str] = []
    for name in names:
        plain = ".".join([*found, name])
        found.append(name if plain in known else ANY)
    return known.get(".".join(found))


def _keys(model: type[BaseModel], above: tuple[str, ...]) -> Iterator[Key]:
    for name, field in model.model_fields.items():
        yield from _key((*above, name), field, field.annotation, repeated=False)


def _key(path: tuple[str, ...], field: FieldInfo | None, annotation: Any, *, repeated: bool) -> Iterator[Key]:
    holds = _plain(annotation)
    origin, inner = get_origin(holds), get_args(holds)
    if isinstance(holds, type) and issubclass(holds, BaseModel):
        yield Key(path=path, field=field, holds=holds, table=holds, repeated=repeated)
        yield from _keys(holds, path)
    elif isinstance(origin, type) and issubclass(origin, Mapping):
        yield Key(path=path, field=field, holds=holds, table=None, repeated=repeated)
        yield from _key((*path, ANY), None, inner[1], repeated=False)
    elif origin in (tuple, list) and inner and _is_table(_plain(inner[0])):
        yield from _key(path, field, inner[0], repeated=True)
    else:
        yield Key(path=path, field=field, holds=holds, table=None, repeated=repeated)


def _plain(annotation: Any) -> Any:
    """Without notes for the parser, and without the choice to leave it out."""
    if get_origin(annotation) is Annotated:
        return _plain(get_args(annotation)[0])
    if get_origin(annotation) in (Union, UnionType):
        left = [part for part in get_args(annotation) if part is not type(None)]
        return _plain(left[0]) if len(left) == 1 else annotation
    return annotation


def _is_table(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, BaseModel)
