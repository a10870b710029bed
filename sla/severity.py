"""The levels of a contract by what they are for, and the words of its list that speak for them."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sla.terms import Kind, Level, Terms


@dataclass(frozen=True, slots=True, kw_only=True)
class WordList:
    """Words that speak for a level or for a kind, gravest first; configurable by contract."""

    levels: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def usual_fault(terms: Terms) -> Level:
    """The mildest level that is a fault: what an unclear message is taken for."""
    ranked = sorted(terms.levels.values(), key=lambda level: level.rank)
    faults = [level for level in ranked if level.kind is Kind.FAULT]
    return (faults or ranked)[-1]


def level_of_kind(kind: Kind, terms: Terms) -> Level | None:
    """The level under which a kind is served, if the contract has one."""
    ranked = sorted(terms.levels.values(), key=lambda level: level.rank)
    return next((level for level in ranked if level.kind is kind), None)
