"""How methods are found by their names."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from sandbox.parameters import Parameters

if TYPE_CHECKING:
    from sandbox.world import World

Method = Callable[["World", Parameters], Any]
"""Gives the result, or an awaitable of it."""
MethodT = TypeVar("MethodT", bound=Method)


@dataclass(frozen=True, slots=True)
class Described:
    """A result with a sentence about it."""

    result: object
    description: str


class Registry(dict[str, Method]):
    """Methods by lower-case name."""

    def __call__(self, name: str) -> Callable[[MethodT], MethodT]:
        """Register the decorated function under this Bot API name."""

        def register(method: MethodT) -> MethodT:
            self[name.lower()] = method
            return method

        return register
