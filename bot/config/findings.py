"""What is wrong with a file of settings, said in sentences: file, key, reason."""

import difflib
import re
import zoneinfo
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from bot.reader import Reader
from sla.profile import AUDIENCES, GROUP, ON_DUTY, outline
from sla.terms import Role

_SIMILAR = 0.5
_SELECTORS = (*Role, *(f"{ON_DUTY}{role}" for role in Role), *(f"{GROUP}{audience}" for audience in AUDIENCES))
_LADDER = {"page", "on_breach", "then", "report_at_once", "first", "to"}
_OPTIONS = {"enum", "literal_error"}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong, where, and why."""

    file: str
    key: str
    reason: str

    def __str__(self) -> str:
        place = f"{self.file} [{self.key}]" if self.key else self.file
        return f"{place} {self.reason}"


class SettingsError(Exception):
    """The settings cannot be used; its findings say everything that is wrong with them."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = list(findings)
        super().__init__("\n".join(map(str, self.findings)))


class Unfit(ValueError):
    """A value that cannot be used: a key of the catalogue, with facts; never with the value of a secret."""

    def __init__(self, key: str, **facts: object) -> None:
        super().__init__(key)
        self.key = key
        self.facts = facts


def findings_of(error: ValidationError, model: type[BaseModel], file: str, reader: Reader) -> list[Finding]:
    """Everything that a model refused, in the reader's words."""
    errors = error.errors(include_url=False)
    inside = {one["loc"][:-1] for one in errors}  # a list whose only item is wrong is not empty as well
    told = [one for one in errors if one["type"] != "too_short" or one["loc"] not in inside]
    return [_finding(one, model, file, reader) for one in told]


def nearest(reader: Reader, word: str, valid: Iterable[str]) -> str:
    """A hint at what was probably meant; nothing if nothing is near."""
    found = difflib.get_close_matches(word, list(valid), n=1, cutoff=_SIMILAR)
    return reader.say("settings.nearest", word=found[0]) if found else ""


def key_of(place: Sequence[str | int]) -> str:
    """A place in a file as people count: ``people#2.roles#1.role``."""
    parts = (f"#{part + 1}" if isinstance(part, int) else f".{part}" for part in place)
    return "".join(parts).removeprefix(".")


def _finding(error: ErrorDetails, model: type[BaseModel], file: str, reader: Reader) -> Finding:
    reason = _reason(error, model, reader)
    key = key_of(error["loc"])
    if not key:  # a rule of the whole file: its sentence begins with the key that breaks it
        named = re.match(r"[a-z_]+(?:\.[\w-]+)*", reason)
        key = named[0] if named else ""
    return Finding(file, key, reason)


def _reason(error: ErrorDetails, model: type[BaseModel], reader: Reader) -> str:
    kind, place, facts = error["type"], error["loc"], error.get("ctx", {})
    if kind == "value_error":
        return _refused(facts["error"], error, reader)
    if kind in _OPTIONS:
        valid = re.findall(r"'([^']*)'", str(facts["expected"]))
        word = error["input"] if isinstance(error["input"], str) else str(error["input"])
        hint = nearest(reader, word, valid)
        return reader.say("settings.option", word=word, valid=reader.say("settings.and").join(valid)) + hint
    if kind == "extra_forbidden":
        return reader.say("settings.unknown_key") + nearest(reader, str(place[-1]), _keys(model, place[:-1]))
    if kind == "string_pattern_mismatch":
        rule = f"settings.pattern.{place[-1]}"
        return reader.say(rule if reader.knows(rule) else "settings.pattern.other")
    sentence = f"settings.error.{kind}"
    return reader.say(sentence if reader.knows(sentence) else "settings.error.other", **facts)


def _refused(cause: object, error: ErrorDetails, reader: Reader) -> str:
    if isinstance(cause, Unfit):
        return reader.say(cause.key, **cause.facts)
    chinese, _, english = str(cause).partition(" / ")
    reason = english or chinese if reader.language == "en" else chinese
    return reason + _meant(chinese, error, reader)


def _meant(sentence: str, error: ErrorDetails, reader: Reader) -> str:
    """What a rule of the profile would have taken: its sentence quotes the word and lists what may stand there."""
    if any(part in _LADDER for part in error["loc"]):
        return nearest(reader, error["input"], _SELECTORS) if isinstance(error["input"], str) else ""
    quoted, listed = re.search(r"“([^”]*)”", sentence), re.search(r"；可用：(.+)", sentence)
    word = quoted[1] if quoted else sentence.split()[0].rpartition(".")[2]
    valid = listed[1].split("、") if listed else zoneinfo.available_timezones() if "timezone" in error["loc"] else ()
    return nearest(reader, word, valid)


def _keys(model: type[BaseModel], place: Sequence[str | int]) -> list[str]:
    """The keys that may stand at this place."""
    above = outline.place(place, model)
    path = above.path if above else ()
    return [key.path[-1] for key in outline.of(model).values() if key.path[:-1] == path and key.path[-1] != outline.ANY]
