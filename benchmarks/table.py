"""The one table: aligned text, and the same as a page and as JSON."""

import unicodedata
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from benchmarks.figures import Figure, Gap, Spread, number

_HEAD = ("项 row", "量 what", "要求 target", "实测 ours (min-max)", "对照 beside it (min-max)", "比 ratio", "达标 met")
_VERDICT = {True: "✓ met", False: "✗ NOT met", None: "-"}


def rendered(lines: Sequence[Figure | Gap]) -> str:
    """All lines under one heading, each column as wide as it has to be."""
    cells = [_HEAD, *(_cells(line) for line in lines)]
    widths = [max(_width(row[column]) for row in cells if len(row) > column) for column in range(len(_HEAD))]
    rows = ["  ".join(map(_padded, row, widths)).rstrip() for row in cells]
    for place, line in enumerate(lines, start=1):
        if isinstance(line, Gap):
            rows[place] += f"  未测 not measured: {line.why}"
    notes = [f"  {line.row}: {line.note}" for line in lines if isinstance(line, Figure) and line.note]
    return "\n".join([rows[0], "-" * (sum(widths) + 2 * len(widths) - 2), *rows[1:], *([""] if notes else []), *notes])


def as_markdown(lines: Sequence[Figure | Gap]) -> str:
    """The same for a page that people read."""
    cells = [_cells(line) if isinstance(line, Figure) else (*_cells(line), "", line.why, "", "", "") for line in lines]
    head = [_HEAD, tuple("---" for _ in _HEAD)]
    return "\n".join("| " + " | ".join(row) + " |" for row in [*head, *cells])


def as_json(lines: Sequence[Figure | Gap]) -> list[dict[str, Any]]:
    """The lines as plain data, with the values of every run."""
    return [asdict(line) | _judged(line) for line in lines]


def _judged(line: Figure | Gap) -> dict[str, Any]:
    return {"median": line.ours.median, "ratio": line.ratio, "met": line.is_met} if isinstance(line, Figure) else {}


def _cells(line: Figure | Gap) -> tuple[str, ...]:
    if isinstance(line, Gap):
        return (line.row, line.what)
    beside = f"{line.beside}: {_spread(line.peer, line.unit)}" if line.peer is not None else ""
    ratio = "" if line.ratio is None else f"{number(line.ratio)}x"
    ours = _spread(line.ours, line.unit)
    return (line.row, line.what, str(line.target or ""), ours, beside, ratio, _VERDICT[line.is_met])


def _spread(spread: Spread, unit: str) -> str:
    middle = f"{number(spread.median)} {unit}".rstrip()
    return middle if len(spread.values) == 1 else f"{middle} ({number(spread.low)}-{number(spread.high)})"


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)


def _padded(text: str, width: int) -> str:
    return text + " " * (width - _width(text))
