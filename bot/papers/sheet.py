"""A contract's profile as a sheet that both parties can read and sign: every table of the schema is on it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from pydantic import BaseModel

from bot.papers import plain
from bot.papers.chapters import CHAPTERS
from bot.papers.leaf import Grid, Lines, Part, Section, Sentence, Sheet
from bot.papers.remarks import Place, Remark
from bot.papers.speech import Speech
from desk.house import Contract
from sla.profile import Profile, outline

_SHOWN = 16  # digits of the digest that two people compare by eye


def of(contract: Contract, speech: Speech, readings: Sequence[Remark] = ()) -> Sheet:
    """The sheet of a contract as it is served now, with the readings that were chosen where a clause is open."""
    profile = contract.profile
    speech = replace(speech, names=dict(_names(profile)))
    digest = contract.digest[:_SHOWN]
    return Sheet(
        title=speech.say("title", name=profile.name),
        mark=f"{profile.slug} {digest}",
        opening=(Sentence(speech.say("opening")),),
        sections=(*_sections(profile, speech), *_readings(profile, speech, readings)),
        closing=(Sentence(speech.say("closing", digest=digest, slug=profile.slug)),),
        signatures=tuple(
            tuple(speech.say(f"signature.{line}", party=speech.say(f"signature.{party}")) for line in _LINES)
            for party in ("client", "vendor")
        ),
    )


_LINES = ("party", "person", "day")
_ORDER = ("parties", "term", "levels", "clocks", "escalation", ..., "words")


def _sections(profile: Profile, speech: Speech) -> Iterator[Section]:
    nested = [name for name in _tables() if name in CHAPTERS or plain.is_nested(getattr(profile, name))]
    lines = [
        (speech.label(name), speech.value(getattr(profile, name), name)) for name in _tables() if name not in nested
    ]
    yield Section(title=speech.say("contract"), parts=(Lines(tuple((label, said) for label, said in lines if said)),))
    for name in nested:
        parts = _parts(name, profile, speech)
        if parts:
            yield Section(title=speech.label(name), parts=parts)


def _readings(profile: Profile, speech: Speech, remarks: Sequence[Remark]) -> Iterator[Section]:
    """What the contract leaves open, how it is read here, and what the file says of it."""
    rows = tuple(
        (_matter(profile, one.place, speech), plain.shown(profile, one.place, speech), one.text) for one in remarks
    )
    if rows:
        head = tuple(speech.say(f"readings.{column}") for column in ("matter", "reading", "remark"))
        yield Section(
            title=speech.say("readings.title"),
            parts=(Sentence(speech.say("readings.opening")), Grid(head=head, rows=rows)),
        )


def _matter(profile: Profile, place: Place, speech: Speech) -> str:
    """A place by the names of its tables and rows, from the outside in."""
    said: list[str] = []
    at: Any = profile
    for length, part in enumerate(place, 1):
        at = at[part] if isinstance(part, int) or isinstance(at, Mapping) else getattr(at, part, None)
        key = outline.place(place[:length], Profile)
        if isinstance(part, int):
            said.append(next((getattr(at, name) for name in plain.NAMES if hasattr(at, name)), str(part + 1)))
        elif key is not None:
            said.append(speech.value(part) if key.path[-1] == outline.ANY else speech.label(key.name))
    return speech.say("within").join(said)


def _names(value: object) -> Iterator[tuple[str, str]]:
    """What the contract calls its levels and rows, by the keys under which other tables name them."""
    match value:
        case BaseModel():
            name = next((getattr(value, one) for one in plain.NAMES if hasattr(value, one)), None)
            key = getattr(value, "key", None) or getattr(value, "post", None)
            if name and key:
                yield key, name
            for _, inner in value:
                yield from _names(inner)
        case Mapping():
            for key, inner in value.items():
                if isinstance(inner, BaseModel) and hasattr(inner, "name"):
                    yield key, inner.name
                yield from _names(inner)
        case tuple() | list():
            for inner in value:
                yield from _names(inner)


def _parts(name: str, profile: Profile, speech: Speech) -> tuple[Part, ...]:
    value = getattr(profile, name)
    if name not in CHAPTERS:
        return plain.parts(value, name, speech)
    chapter, spoken_of = CHAPTERS[name]
    rest = plain.parts(value, name, speech, leave_out=spoken_of) if isinstance(value, BaseModel) else ()
    return (*chapter(profile, speech), *rest)


def _tables() -> list[str]:
    names = [key.path[0] for key in outline.of(Profile).values() if len(key.path) == 1]
    return sorted(names, key=lambda name: _ORDER.index(name if name in _ORDER else ...))
