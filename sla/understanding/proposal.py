"""What is proposed for a message: kind, level, devices, how sure it is, and the reason that the card shows."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from sla.devices import Index, Match
from sla.severity import WordList, level_of_kind, usual_fault
from sla.terms import Kind, Level, Terms
from sla.understanding.features import features, signs_of
from sla.understanding.reading import Reading, read
from sla.understanding.reasons import reason
from sla.understanding.weights import (
    ANSWERS,
    CONSULTATION,
    GENERAL,
    IMAGE,
    MAJOR,
    MEETING,
    OTHER,
    Scores,
    Weights,
    shipped,
)

# Where to draw the lines, on calibrated shares: `make classify-report` shows what each of them costs.
PAGES = 0.15  # a major fault this likely is taken for one: a missed one costs more than a false one
_IN_A_FAULT = 0.4  # ... if the message is this likely about a fault at all,
_IN_ANYTHING = 0.25  # or if the major fault is this likely
IS_FAULT = 0.5
SURE = 0.75  # below this the card asks
_POSSIBLE = 0.12  # an answer less likely is not asked about
_BY_WORD = math.log(3)  # what a word of the contract's own list adds
_DOUBT, _CERTAIN = 0.3, 0.95  # ... and what one of the gravest leaves at least, unless something else is certain
_GUESS = 0.25
_KINDS = {
    CONSULTATION: Kind.CONSULTATION,
    OTHER: Kind.OTHER,
    IMAGE: Kind.IMAGE_RETRIEVAL,
    MEETING: Kind.MEETING_GUARANTEE,
}
_SPECIAL = (IMAGE, MEETING)


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A proposed level, which people correct with one tap; `unsure` names the levels between which the card asks."""

    kind: Kind
    level: str
    severity: str
    confidence: float
    why: str
    unsure: tuple[str, ...] = ()
    devices: tuple[Match, ...] = ()


def propose(
    text: str, words: WordList, terms: Terms, index: Index | None = None, weights: Weights | None = None
) -> Proposal:
    """What the message asks for; nothing said is the contract's usual fault."""
    reading = read(text)
    devices = index.search(text) if index is not None else ()
    levels = levels_of(terms)
    if not reading.plain and not reading.commands:
        usual = usual_fault(terms)
        return Proposal(kind=usual.kind, level=usual.key, severity=ANSWERS[GENERAL], confidence=_GUESS, why="")
    signs = signs_of(reading)
    weights = weights or shipped()
    shares = likelihoods(reading, signs, devices, terms, weights)
    shares = biased(shares, reading, words, terms)
    answer = decided(shares)
    level = levels[answer]
    said = reason(answer, reading, signs, weights)
    return Proposal(
        kind=level.kind,
        level=level.key,
        severity=ANSWERS[min(answer, OTHER)],
        confidence=round(shares[answer], 3),
        why=f"{said} -> {level.name}" if said else "",
        unsure=_asked(shares, answer, levels),
        devices=tuple(devices),
    )


def likelihoods(
    reading: Reading, signs: dict[str, str], devices: Sequence[Match], terms: Terms, weights: Weights
) -> Scores:
    """How likely each answer is under this contract: kinds that it does not have are other requests."""
    kinds = kinds_of(terms)
    found = features(reading, signs.keys(), devices, kinds)
    return within(weights.probabilities(found.signs, found.runs), kinds)


def kinds_of(terms: Terms) -> tuple[str, ...]:
    """The kinds that not every contract has."""
    return tuple(ANSWERS[answer] for answer in _SPECIAL if level_of_kind(_KINDS[answer], terms))


def within(shares: Scores, kinds: Sequence[str]) -> Scores:
    """The shares of kinds that the contract does not have belong to other requests."""
    folded = list(shares)
    for answer in _SPECIAL:
        if ANSWERS[answer] not in kinds:
            folded[OTHER] += folded[answer]
            folded[answer] = 0.0
    return tuple(folded)


def decided(shares: Scores) -> int:
    """The answer that holds until somebody corrects it: in doubt the graver fault."""
    fault = shares[MAJOR] + shares[GENERAL]
    if shares[MAJOR] >= PAGES and (fault >= _IN_A_FAULT or shares[MAJOR] >= _IN_ANYTHING):
        return MAJOR
    if fault >= IS_FAULT:
        return GENERAL
    return max(range(CONSULTATION, len(ANSWERS)), key=lambda answer: shares[answer])


def levels_of(terms: Terms) -> dict[int, Level]:
    """Which level of the contract stands for which answer: by its key, or else by its kind and rank."""
    faults = sorted((level for level in terms.levels.values() if level.kind is Kind.FAULT), key=lambda one: one.rank)
    usual = usual_fault(terms)
    levels = {
        MAJOR: terms.levels.get(ANSWERS[MAJOR], faults[0] if faults else usual),
        GENERAL: terms.levels.get(ANSWERS[GENERAL], usual),
    }
    other = level_of_kind(Kind.OTHER, terms) or usual
    return levels | {answer: level_of_kind(kind, terms) or other for answer, kind in _KINDS.items()}


def biased(shares: Scores, reading: Reading, words: WordList, terms: Terms) -> Scores:
    """A word of the contract's own list speaks for its level; one of the gravest leaves a doubt, where there is any."""
    if not words.levels:
        return shares
    levels = levels_of(terms)
    keys = {key for key, listed in words.levels.items() if any(read_word(word) in reading.unquoted for word in listed)}
    raised = [
        share * (math.exp(_BY_WORD) if levels[answer].key in keys else 1.0) for answer, share in enumerate(shares)
    ]
    if levels[MAJOR].key in keys and max(raised[GENERAL:]) < _CERTAIN * sum(raised):
        raised[MAJOR] = max(raised[MAJOR], _DOUBT / (1 - _DOUBT) * sum(raised[GENERAL:]))
    total = sum(raised)
    return tuple(share / total for share in raised)


@cache
def read_word(word: str) -> str:
    """A word of the list in the spelling in which messages are compared."""
    return read(word).plain or word


def _asked(shares: Scores, answer: int, levels: dict[int, Level]) -> tuple[str, ...]:
    """The levels between which the card asks, the one that holds first; nothing if it is sure enough."""
    if shares[answer] >= SURE:
        return ()
    others = [other for other in range(len(ANSWERS)) if levels[other].key != levels[answer].key]
    second = max(others, key=lambda other: shares[other], default=answer)
    if second == answer or shares[second] < _POSSIBLE:
        return ()
    return levels[answer].key, levels[second].key
