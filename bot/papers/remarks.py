"""The remarks beside the keys of a profile: where a clause leaves something open, they say how it is read."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

_TABLE = re.compile(r"\s*\[([\w.-]+)\]\s*")
_ROW = re.compile(r"\s*\[\[([\w.-]+)\]\]\s*")
_KEY = re.compile(r"\s*([\w-]+)\s*=")
_READING = re.compile(r"AMB-\d+")

Place = tuple[str | int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """What stands behind the # of a line, and the key or table before it; nothing in a line of its own."""

    place: Place
    text: str


def readings(folder: Path, slug: str) -> list[Remark]:
    """The remarks of a contract's file that name an open question, in their order."""
    return [remark for remark in _remarks(_text(folder, slug)) if _READING.search(remark.text)]


def _text(folder: Path, slug: str) -> str:
    for file in sorted(folder.glob("*.toml")):
        text = file.read_text(encoding="utf-8-sig")
        if tomllib.loads(text).get("slug") == slug:
            return text
    return ""


def _remarks(text: str) -> Iterator[Remark]:
    table: Place = ()
    place: Place = ()
    rows: dict[str, int] = {}
    for line in text.splitlines():
        written, said = _parted(line)
        if found := _ROW.fullmatch(written):
            rows = {name: count for name, count in rows.items() if not name.startswith(f"{found[1]}.")}
            rows[found[1]] = rows.get(found[1], -1) + 1
            table = place = _placed(found[1], rows)
        elif found := _TABLE.fullmatch(written):
            table = place = _placed(found[1], rows)
        elif found := _KEY.match(written):
            place = (*table, found[1])
        if said:
            yield Remark(place=place if written.strip() else (), text=said)


def _placed(name: str, rows: Mapping[str, int]) -> Place:
    """A table within the last row of each repeated table around it."""
    parts = name.split(".")
    prefixes = [".".join(parts[:length]) for length in range(1, len(parts) + 1)]
    return tuple(
        one for part, above in zip(parts, prefixes, strict=True) for one in (part, rows.get(above)) if one is not None
    )


def _parted(line: str) -> tuple[str, str]:
    """What a line writes, and what it remarks: a # within quotes is neither."""
    quote = before = ""
    for place, sign in enumerate(line):
        if quote:
            quote = "" if sign == quote and before != "\\" else quote
        elif sign in "\"'":
            quote = sign
        elif sign == "#":
            return line[:place], line[place + 1 :].strip()
        before = sign
    return line, ""
