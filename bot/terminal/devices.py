"""Which device of the contract's equipment list a message speaks of."""

import csv
import unicodedata
from collections.abc import Sequence
from difflib import SequenceMatcher
from pathlib import Path

_SHORTEST = 3  # signs in common below which two words are alike by chance


def names(ledger: Path) -> tuple[str, ...]:
    """The names of the list, each once; none if the list cannot be read."""
    try:
        with ledger.open(encoding="utf-8-sig", newline="") as file:
            rows = [row.get("name") or "" for row in csv.DictReader(file)]
    except (OSError, UnicodeDecodeError, csv.Error):
        return ()
    return tuple(dict.fromkeys(name.strip() for name in rows if name.strip()))


def spoken_of(text: str, devices: Sequence[str]) -> str | None:
    """The one device that the text names best; nothing if none or several are meant."""
    plain = _plain(text)
    scores = {name: _in_common(plain, _plain(name)) for name in devices}
    best = max(scores.values(), default=0)
    found = [name for name, score in scores.items() if score == best]
    whole = [name for name in found if _plain(name) in plain]
    if best < _SHORTEST and not whole:
        return None
    chosen = whole or found
    return chosen[0] if len(chosen) == 1 else None


def _in_common(text: str, name: str) -> int:
    longest = SequenceMatcher(None, text, name, autojunk=False).find_longest_match().size
    return longest if longest * 2 >= len(name) else 0


def _plain(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(sign for sign in folded if not sign.isspace())
