"""What was read and holds until somebody writes it: the people of a contract are asked for with every message."""

from collections.abc import Awaitable, Callable, Hashable, Iterable
from typing import Any, TypeVar

T = TypeVar("T")


class Memory:
    """Values under the names by which transactions say what they changed. One that is off remembers nothing."""

    def __init__(self, *, on: bool = False) -> None:
        self._on = on
        self._kept: dict[str, dict[Hashable, Any]] = {}

    async def recall(self, name: str, key: Hashable, load: Callable[[], Awaitable[T]]) -> T:
        """The value that is kept, or else what is loaded, kept from now on unless it was forgotten meanwhile."""
        kept = self._kept.setdefault(name, {})
        if key in kept:
            value: T = kept[key]
            return value
        value = await load()
        if self._on and self._kept.get(name) is kept:
            kept[key] = value
        return value

    def turn(self, *, on: bool) -> None:
        """Remember from now on, or nothing more."""
        if on is not self._on:
            self._on = on
            self._kept.clear()

    def forget(self, names: Iterable[str]) -> None:
        """Somebody has changed what stands under these names."""
        for name in names:
            self._kept.pop(name, None)
