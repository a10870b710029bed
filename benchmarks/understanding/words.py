"""The plain way: the gravest level one of whose words occurs, as the peer that the model is measured beside."""

import unicodedata

from sla.severity import WordList, usual_fault
from sla.terms import Level, Terms


def level_of(text: str, words: WordList, terms: Terms) -> Level:
    """The gravest level one of whose words occurs; without any, the contract's usual fault."""
    plain = _plain(text)
    for level in sorted(terms.levels.values(), key=lambda level: level.rank):
        if any(_plain(word) in plain for word in words.levels.get(level.key, ())):
            return level
    return usual_fault(terms)


def _plain(text: str) -> str:
    """Full-width and half-width, capital and small letters are the same to a reader."""
    return unicodedata.normalize("NFKC", text).casefold()
