"""What a test can do to a hotline that runs in another process: a few numbers in a file that both have mapped."""

import mmap
import struct
from enum import IntEnum
from pathlib import Path

_FORM = struct.Struct("<dqqq")


class Side(IntEnum):
    """On which side of a commit the process dies."""

    BEFORE = 0
    AFTER = 1


class Levers:
    """Shifts the clock by seconds, fills the disk, lets a process die at a commit."""

    def __init__(self, path: Path) -> None:
        if not path.exists():
            path.write_bytes(_FORM.pack(0.0, 0, 0, 0))
        with path.open("r+b") as file:
            self._map = mmap.mmap(file.fileno(), _FORM.size)
        self.path = path

    @property
    def shift(self) -> float:
        """By how many seconds the clock is wrong."""
        return self._values[0]

    @property
    def is_full(self) -> bool:
        """Whether the disk is full."""
        return bool(self._values[1])

    def comes_to_commit(self) -> Side | None:
        """Count one commit; the side on which to die, if it is the one."""
        shift, full, left, side = self._values
        if left:
            self._write(shift, full, left - 1, side)
        return Side(side) if left == 1 else None

    def sets_clock(self, seconds: float) -> None:
        """From now on the clock is wrong by so much."""
        self._write(seconds, *self._values[1:])

    def fills_disk(self, *, full: bool) -> None:
        """From now on nothing more can be written, or it can again."""
        shift, _, *death = self._values
        self._write(shift, int(full), *death)

    def kills(self, commit: int, side: Side = Side.BEFORE) -> None:
        """Whoever comes to the n-th commit from now on dies there; nobody if 0."""
        self._write(*self._values[:2], commit, side)

    @property
    def _values(self) -> tuple[float, int, int, int]:
        values: tuple[float, int, int, int] = _FORM.unpack(self._map[: _FORM.size])
        return values

    def _write(self, *values: float) -> None:
        self._map[: _FORM.size] = _FORM.pack(values[0], *map(int, values[1:]))
