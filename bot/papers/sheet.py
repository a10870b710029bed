"""A contract's profile as a sheet that both parties can read and sign: every table of the schema is on it."""

from collections.abc import Iterator

from pydantic import BaseModel

from bot.papers import plain
from bot.papers.chapters import CHAPTERS
from bot.papers.leaf import Lines, Part, Section, Sentence, Sheet
from bot.papers.speech import Speech
from desk.house import Contract
from sla.profile import Profile, outline

_SHOWN = 16  # digits of the digest that two people compare by eye


def of(contract: Contract, speech: Speech) -> Sheet:
    """The sheet of a contract as it is served now."""
    profile = contract.profile
    digest = contract.digest[:_SHOWN]
    return Sheet(
        title=speech.say("title", name=profile.name),
        opening=(Sentence(speech.say("opening")),),
        sections=tuple(_sections(profile, speech)),
        closing=(Sentence(speech.say("closing", digest=digest, slug=profile.slug)),),
        signatures=tuple(
            tuple(speech.say(f"signature.{line}", party=speech.say(f"signature.{party}")) for line in _LINES)
            for party in ("client", "vendor")
        ),
    )


_LINES = ("party", "person", "day")
_FIRST = ("parties", "term", "levels", "clocks", "escalation")


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


def _parts(name: str, profile: Profile, speech: Speech) -> tuple[Part, ...]:
    value = getattr(profile, name)
    if name not in CHAPTERS:
        return plain.parts(value, name, speech)
    chapter, spoken_of = CHAPTERS[name]
    rest = plain.parts(value, name, speech, leave_out=spoken_of) if isinstance(value, BaseModel) else ()
    return (*chapter(profile, speech), *rest)


def _tables() -> list[str]:
    names = [key.path[0] for key in outline.of(Profile).values() if len(key.path) == 1]
    return sorted(names, key=lambda name: _FIRST.index(name) if name in _FIRST else len(_FIRST))
