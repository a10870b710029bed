"""Which of several wordings fits: a request is not repaired and recovered but done and confirmed."""

from desk.words import Words
from sla.terms import Clock, Kind, LocateMetric, Terms

_REQUESTS = frozenset({Kind.OTHER, Kind.IMAGE_RETRIEVAL, Kind.MEETING_GUARANTEE})


def of_kind(words: Words, key: str, kind: Kind) -> str:
    """The key of the kind's own wording, or of any request's, or of all."""
    own = words.variant(key, kind.value)
    return words.variant(key, Kind.OTHER.value) if own == key and kind in _REQUESTS else own


def clock(words: Words, language: str, clock_: Clock, terms: Terms) -> str:
    """What a clock measures; where locating means that the fault is gone, its name says so."""
    cleared = clock_ is Clock.LOCATE and terms.locate_metric is LocateMetric.REPAIRED
    return words.plain(language, "clock.locate_repaired" if cleared else f"clock.{clock_.value}")


def reason(words: Words, language: str, given: str) -> str:
    """Why clocks stand still: one of the reasons that contracts name, or the words that somebody wrote."""
    key = f"pause_reason.{given}"
    return words.plain(language, key) if given.isidentifier() and words.has(key) else given
