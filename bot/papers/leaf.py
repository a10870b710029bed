"""The sheet before it has a shape: sections of sentences, tables and lines, for whatever paper they are printed on."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sentence:
    """One paragraph."""

    text: str


@dataclass(frozen=True, slots=True)
class Heading:
    """What the parts below it are about, until the next one."""

    text: str


@dataclass(frozen=True, slots=True)
class Lines:
    """What a thing is called, and what it is."""

    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """A table with a head."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


Part = Sentence | Heading | Lines | Grid


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A heading and what stands below it."""

    title: str
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A contract as it is served, to be read and signed."""

    title: str
    opening: tuple[Sentence, ...]
    sections: tuple[Section, ...]
    closing: tuple[Sentence, ...]
    signatures: tuple[tuple[str, ...], ...]
