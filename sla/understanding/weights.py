"""The trained weights: how much each thing in a message speaks for each answer, kept as plain text in a file."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import combinations
from pkgutil import get_data

ANSWERS = ("major", "general", "consultation", "other", "image_retrieval", "meeting_guarantee")
MAJOR, GENERAL, CONSULTATION, OTHER, IMAGE, MEETING = range(6)

_FILE = "weights.txt"
_STEP = 40  # of a weight of a sign: fortieths
_FINE = 8  # of a weight of a run: eighths
_SAY_OF_SIGNS = 0.35  # the rest is said by the runs of characters
_HEAD = "hotline weights 1"

Scores = tuple[float, ...]
Row = tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """Whole numbers, so that the same messages always make the same file."""

    signs: Mapping[str, Row]
    runs: Mapping[str, Row]
    temperature: float = 1.0

    def probabilities(self, signs: Iterable[str], runs: Sequence[str]) -> Scores:
        """How likely each answer is."""
        return spread([score / self.temperature for score in self._scores(signs, runs)])

    def _scores(self, signs: Iterable[str], runs: Sequence[str]) -> list[float]:
        """Signs generalise better than characters, so they have the greater say."""
        of_signs = _added(self.signs, signs)
        of_runs = _added(self.runs, runs)
        share = (1 - _SAY_OF_SIGNS) / (_FINE * math.sqrt(max(len(runs), 1)))
        return [one * _SAY_OF_SIGNS / _STEP + other * share for one, other in zip(of_signs, of_runs, strict=True)]

    def speaking(self, words: str, answer: int) -> float:
        """How much the characters of these words speak for an answer, beside what they say for the others."""
        totals = _added(self.runs, (words[at:end] for at, end in combinations(range(len(words) + 1), 2)))
        return totals[answer] - (sum(totals) - totals[answer]) / (len(totals) - 1)

    def written(self) -> str:
        """The file."""
        lines = [_HEAD, f"temperature {self.temperature:.2f}"]
        for name, table in (("signs", self.signs), ("runs", self.runs)):
            lines.append(f"{name} {len(table)}")
            lines += [f"{key}\t{' '.join(map(str, table[key]))}" for key in sorted(table)]
        return "\n".join(lines) + "\n"


def rounded(signs: Mapping[str, Scores], runs: Mapping[str, Scores], temperature: float) -> Weights:
    """Weights in whole numbers; what speaks for nothing is left out."""
    return Weights(signs=_whole(signs, _STEP), runs=_whole(runs, _FINE), temperature=temperature)


def parsed(text: str) -> Weights:
    """The weights of a file."""
    lines = iter(text.split("\n"))
    if next(lines) != _HEAD:
        raise ValueError(_HEAD)
    temperature = float(next(lines).removeprefix("temperature "))
    signs, runs = ({key: row for key, row in _table(lines)} for _ in range(2))
    return Weights(signs=signs, runs=runs, temperature=temperature)


@cache
def shipped() -> Weights:
    """The weights that come with the program, read like a module when first needed."""
    data = get_data(__package__, _FILE)
    if data is None:
        raise FileNotFoundError(_FILE)
    return parsed(data.decode("utf-8"))


def spread(scores: Sequence[float]) -> Scores:
    """Scores as shares of one."""
    top = max(scores)
    powers = [math.exp(score - top) for score in scores]
    total = sum(powers)
    return tuple(power / total for power in powers)


def _added(table: Mapping[str, Row], keys: Iterable[str]) -> list[int]:
    totals = [0] * len(ANSWERS)
    for key in keys:
        row = table.get(key)
        if row is not None:
            totals = [total + weight for total, weight in zip(totals, row, strict=True)]
    return totals


def _whole(table: Mapping[str, Scores], step: int) -> dict[str, Row]:
    rows = {key: tuple(round(weight * step) for weight in weights) for key, weights in table.items()}
    return {key: row for key, row in rows.items() if any(row)}


def _table(lines: Iterable[str]) -> Iterable[tuple[str, Row]]:
    lines = iter(lines)
    count = int(next(lines).split(" ")[1])
    for _ in range(count):
        key, _, row = next(lines).partition("\t")
        yield key, tuple(map(int, row.split(" ")))
