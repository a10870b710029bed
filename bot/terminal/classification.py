"""`hotline classify`: JSON lines in, a proposal for each out, in their order."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from bot.config import devices_file
from bot.config.findings import SettingsError
from bot.config.settings import Settings
from bot.reader import Reader
from sla.devices import Index
from sla.severity import WordList
from sla.terms import Level, Terms
from sla.understanding import Proposal, propose

_GENERAL = ("major", "general", "consultation", "other")


@dataclass(frozen=True, slots=True)
class Answer:
    """One line out, or the sentence that says why there is none."""

    line: str
    is_complaint: bool = False


@dataclass(frozen=True, slots=True)
class Rules:
    """By what a message is judged."""

    terms: Terms
    words: WordList
    ledger: Path | None = None


def answers(lines: Iterable[bytes], settings: Settings, reader: Reader) -> Iterator[Answer]:
    """The answer to each line; a broken one is complained about and the next one is taken."""
    general = general_rules(settings)
    served = {
        slug: Rules(profile.terms(), profile.word_list, settings.ledger_of(profile))
        for slug, profile in settings.contracts.items()
    }
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        message = _message(line)
        if message is None:
            yield Answer(reader.say("classify.not_json", number=number), is_complaint=True)
        elif "id" not in message or not isinstance(message.get("text"), str):
            yield Answer(reader.say("classify.no_text", number=number), is_complaint=True)
        else:
            rules = served.get(str(message.get("contract", "")), general)
            yield Answer(json.dumps(_answer(message, rules, reader), ensure_ascii=False))


def general_rules(settings: Settings) -> Rules:
    """What is usual: the common levels of all contracts with all their words, without an equipment list."""
    profiles = list(settings.contracts.values())
    found: dict[str, list[Level]] = {}
    for profile in profiles:
        for key, level in profile.terms().levels.items():
            found.setdefault(key, []).append(level)
    all_levels = {key: _most_usual(levels) for key, levels in found.items()}
    usual = profiles[0].terms()
    common = {key: all_levels[key] for key in _GENERAL if key in all_levels}
    levels = common if {"major", "general"} <= common.keys() else dict(usual.levels)
    ranked = {key: replace(level, rank=rank) for rank, (key, level) in enumerate(levels.items())}
    spoken = {key: _spoken(settings, key) for key in ranked}
    return Rules(_with_levels(usual, ranked), WordList(levels=spoken))


def _most_usual(levels: Sequence[Level]) -> Level:
    """Contracts may call one level differently; the name that most of them use is understood."""
    names = Counter(level.name for level in levels)
    return max(levels, key=lambda level: names[level.name])


def _message(line: bytes) -> dict[str, Any] | None:
    try:
        message = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return message if isinstance(message, dict) else None


def _answer(message: Mapping[str, Any], rules: Rules, reader: Reader) -> dict[str, Any]:
    """Severity is said on the scale that all contracts share; `unsure` in the levels of this one, if there is doubt."""
    text: str = message["text"]
    proposal = propose(text, rules.words, rules.terms, _listed(rules.ledger, reader))
    return {
        "id": message["id"],
        "kind": proposal.kind.value,
        "severity": proposal.severity,
        "device": proposal.devices[0].device.name if proposal.devices else None,
        "confidence": proposal.confidence,
        "why": _why(proposal, rules.terms, reader),
        "level": proposal.level,
        "unsure": list(proposal.unsure),
        "devices": [{"name": match.device.name, "score": match.score} for match in proposal.devices],
    }


def _why(proposal: Proposal, terms: Terms, reader: Reader) -> str:
    return proposal.why or reader.say("classify.unclear", level=terms.levels[proposal.level].name)


@cache
def _listed(ledger: Path | None, reader: Reader) -> Index:
    """The equipment list; one that cannot be read names nothing, and `hotline check` says so."""
    try:
        return Index(devices_file.read(ledger, reader) if ledger else ())
    except SettingsError:
        return Index(())


def _spoken(settings: Settings, key: str) -> tuple[str, ...]:
    words = (word for profile in settings.contracts.values() for word in profile.words.get(key, ()))
    return tuple(dict.fromkeys(words))


def _with_levels(terms: Terms, levels: Mapping[str, Level]) -> Terms:
    return Terms(contract="", levels=levels, ladder=terms.ladder, pauses=terms.pauses)
