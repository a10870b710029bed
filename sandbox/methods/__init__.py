"""The methods of the Bot API, one module for each concern."""

from __future__ import annotations

from sandbox.methods import account, commands, copies, edits, intake, media, presses, rooms, texts
from sandbox.methods.registry import Method, Registry

_REGISTRIES: tuple[Registry, ...] = (
    account.METHODS,
    commands.METHODS,
    copies.METHODS,
    edits.METHODS,
    intake.METHODS,
    media.METHODS,
    presses.METHODS,
    rooms.METHODS,
    texts.METHODS,
)


def named(name: str) -> Method | None:
    """The method of this name in any case, or None."""
    wanted = name.lower()
    return next((found for one in _REGISTRIES if (found := one.get(wanted))), None)
