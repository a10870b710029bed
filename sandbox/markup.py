"""HTML of the Bot API: what it marks, and why it is refused."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from sandbox.entities import Entity, length_of
from sandbox.errors import ApiError, bad_request

_STYLES = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "u": "underline",
    "ins": "underline",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "a": "text_link",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "tg-emoji": "custom_emoji",
}
_REFERENCE = re.compile(r"&(?:#(\d{1,8})|#[xX]([0-9a-fA-F]{1,6})|(lt|gt|amp|quot));")
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_NAME = re.compile(r"<(/?)([^\s>]*)")
_REST = re.compile(r"((?:[^>\"']|\"[^\"]*\"|'[^']*')*)>")
_ATTRIBUTE = re.compile(r"([A-Za-z-]+)\s*(?:=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+)))?")


def from_html(source: str) -> tuple[str, tuple[Entity, ...]]:
    """The plain text and its entities; bad markup is refused with the place where it is bad."""
    return _Reader(source).read()


@dataclass(slots=True)
class _Open:
    tag: str
    offset: int
    start: int
    attributes: dict[str, str]


@dataclass(slots=True)
class _Reader:
    source: str
    parts: list[str] = field(default_factory=list)
    units: int = 0
    opened: list[_Open] = field(default_factory=list)
    found: list[Entity] = field(default_factory=list)

    def read(self) -> tuple[str, tuple[Entity, ...]]:
        position = 0
        while position < len(self.source):
            if self.source[position] == "<":
                position = self._tag(position)
            else:
                position = self._plain(position)
        if self.opened:
            raise _refusal(f'Can\'t find end tag corresponding to start tag "{self.opened[-1].tag}"')
        return "".join(self.parts), tuple(sorted(self.found, key=lambda one: (one.offset, -one.length)))

    def _plain(self, position: int) -> int:
        end = self.source.find("<", position)
        end = len(self.source) if end < 0 else end
        self._write(_REFERENCE.sub(_character, self.source[position:end]))
        return end

    def _write(self, text: str) -> None:
        self.parts.append(text)
        self.units += length_of(text)

    def _tag(self, position: int) -> int:
        slash, name = _NAME.match(self.source, position).groups()  # type: ignore[union-attr]
        after = position + 1 + len(slash + name)
        rest = _REST.match(self.source, after)
        if after == len(self.source) or (rest is None and (slash or name.lower() in _STYLES)):
            kind = "end" if slash else "start"
            raise _refusal(f"Unclosed {kind} tag at byte offset {self._byte(position)}")
        if slash:
            self._close(name.lower(), position)
        else:
            self._open(name.lower(), rest.group(1) if rest else "", position)
        return rest.end() if rest else after

    def _open(self, tag: str, rest: str, position: int) -> None:
        found = _ATTRIBUTE.findall(rest)
        attributes = {name.lower(): _REFERENCE.sub(_character, a or b or c) for name, a, b, c in found}
        if tag not in _STYLES or (tag == "span" and attributes.get("class") != "tg-spoiler"):
            kind = "Tag" if tag == "span" else "Unsupported start tag"
            detail = ' must have class "tg-spoiler"' if tag == "span" else ""
            raise _refusal(f'{kind} "{tag}"{detail} at byte offset {self._byte(position)}')
        self.opened.append(_Open(tag, self.units, len(self.parts), attributes))

    def _close(self, tag: str, position: int) -> None:
        where = self._byte(position)
        if not self.opened:
            raise _refusal(f"Unexpected end tag at byte offset {where}")
        last = self.opened.pop()
        if tag and tag != last.tag:
            raise _refusal(f'Unmatched end tag at byte offset {where}, expected "</{last.tag}>", found "</{tag}>"')
        if self.units > last.offset:
            self._mark(last)

    def _mark(self, last: _Open) -> None:
        kind, details = _STYLES[last.tag], dict[str, str]()
        if last.tag == "a":
            details["url"] = last.attributes.get("href") or "".join(self.parts[last.start :])
            if "." not in details["url"] and ":" not in details["url"]:
                return
        if last.tag == "blockquote" and "expandable" in last.attributes:
            kind = "expandable_blockquote"
        if last.tag == "tg-emoji":
            details["custom_emoji_id"] = last.attributes.get("emoji-id", "")
        language = last.attributes.get("class", "")
        within_pre = bool(self.opened) and self.opened[-1].tag == "pre"
        if last.tag == "code" and within_pre and language.startswith("language-"):
            self.opened[-1].attributes["language"] = language.removeprefix("language-")
            return
        if last.tag == "code" and within_pre:
            return
        if last.tag == "pre" and "language" in last.attributes:
            details["language"] = last.attributes["language"]
        length = self.units - last.offset
        self.found.append(Entity(type=kind, offset=last.offset, length=length, details=tuple(details.items())))

    def _byte(self, position: int) -> int:
        return len(self.source[:position].encode())


def _character(match: re.Match[str]) -> str:
    decimal, hexadecimal, name = match.groups()
    if name:
        return _NAMED[name]
    code = int(decimal) if decimal else int(hexadecimal, 16)
    return chr(code) if 0 < code < 0x110000 and not 0xD800 <= code < 0xE000 else match.group()


def _refusal(reason: str) -> ApiError:
    return bad_request(f"can't parse entities: {reason}")
