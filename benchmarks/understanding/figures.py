"""Figures on judged messages: shares, major faults found and falsely called, confusion, calibration."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from benchmarks.understanding.judged import Judged
from sla.understanding.weights import ANSWERS, MAJOR

BINS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """The shares that are promised."""

    messages: int
    kind: float
    severity: float
    major_recall: float
    major_precision: float
    devices: float
    unsure: float


def of(judged: Sequence[Judged]) -> Figures:
    """The figures of these messages; a doubt holds the graver level, so it counts as found, and as called."""
    major = [one for one in judged if one.message.answer == MAJOR]
    called = [one for one in judged if one.answer == MAJOR]
    named = [one for one in judged if one.message.device is not None]
    return Figures(
        messages=len(judged),
        kind=_share(judged, lambda one: one.kind_is_right),
        severity=_share(judged, lambda one: one.level_is_right),
        major_recall=_share(major, lambda one: one.answer == MAJOR),
        major_precision=_share(called, lambda one: one.message.answer == MAJOR),
        devices=_share(named, lambda one: one.message.device in one.devices),
        unsure=_share(judged, lambda one: one.unsure),
    )


def confusion(judged: Sequence[Judged]) -> Mapping[tuple[str, str], int]:
    """How often what was taken for what."""
    return Counter((ANSWERS[one.message.answer], ANSWERS[one.answer]) for one in judged)


def reliability(judged: Sequence[Judged]) -> Sequence[tuple[int, float, float]]:
    """For each tenth of confidence: how many messages, how sure the model was, how often it was right."""
    tenths: dict[int, list[Judged]] = {}
    for one in judged:
        tenths.setdefault(min(int(one.confidence * BINS), BINS - 1), []).append(one)
    rows = []
    for _, members in sorted(tenths.items()):
        sure = sum(one.confidence for one in members) / len(members)
        rows.append((len(members), sure, _share(members, lambda one: one.answer == one.message.answer)))
    return rows


def calibration_error(judged: Sequence[Judged]) -> float:
    """How far confidence and truth lie apart on average (ECE)."""
    return sum(many * abs(sure - right) for many, sure, right in reliability(judged)) / max(len(judged), 1)


def worst(judged: Sequence[Judged], most: int) -> Sequence[Judged]:
    """The surest of the wrong answers."""
    wrong = [one for one in judged if one.answer != one.message.answer]
    return sorted(wrong, key=lambda one: (-one.confidence, one.message.id))[:most]


def _share(judged: Sequence[Judged], holds: Callable[[Judged], bool]) -> float:
    return sum(holds(one) for one in judged) / len(judged) if judged else 0.0
