"""What a message asks for and how grave it is: a proposal from a word list, which people correct with one tap."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from sla.terms import Kind, Level, Terms


@dataclass(frozen=True, slots=True, kw_only=True)
class WordList:
    """Words that speak for a level or for a kind, gravest first; configurable by contract."""

    levels: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A proposed level with its confidence (0 to 1) and the words that led to it."""

    kind: Kind
    level: str
    confidence: Fraction
    why: str


_SURE = Fraction(3, 4)
_GUESS = Fraction(1, 4)


def classify(text: str, words: WordList, terms: Terms) -> Proposal:
    """Propose a level: the gravest level one of whose words occurs; without any, the contract's usual fault."""
    plain = _plain(text)
    for level in sorted(terms.levels.values(), key=lambda level: level.rank):
        found = next((word for word in words.levels.get(level.key, ()) if _plain(word) in plain), None)
        if found is not None:
            return Proposal(kind=level.kind, level=level.key, confidence=_SURE, why=f"“{found}” -> {level.name}")
    usual = usual_fault(terms)
    return Proposal(kind=usual.kind, level=usual.key, confidence=_GUESS, why="")


def _plain(text: str) -> str:
    """Full-width and half-width, capital and small letters are the same to a reader."""
    return unicodedata.normalize("NFKC", text).casefold()


def usual_fault(terms: Terms) -> Level:
    """The mildest level that is a fault: what an unclear message is taken for."""
    ranked = sorted(terms.levels.values(), key=lambda level: level.rank)
    faults = [level for level in ranked if level.kind is Kind.FAULT]
    return (faults or ranked)[-1]


def level_of_kind(kind: Kind, terms: Terms) -> Level | None:
    """The level under which a kind is served, if the contract has one."""
    ranked = sorted(terms.levels.values(), key=lambda level: level.rank)
    return next((level for level in ranked if level.kind is kind), None)
