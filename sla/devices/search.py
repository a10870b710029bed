"""Which rows of the list a free message speaks of: by name, nickname, place, model, initials, and by ear."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from sla.devices import sounds, spelling
from sla.devices.rows import Device
from sla.devices.spelling import Signs

MOST = 3
_DECIMALS = 6
_HALF_SURE = 6.0  # the weight at which a score is one half
_LEAST = 0.3  # a score below which nothing is offered
_FAR = 0.4  # of the best weight: what weighs less is no alternative
_REMEMBERED = 256
_LONGEST_TEXT, _MOST_INITIALS = 300, 5  # whoever writes more has named the device before
_USUAL_LENGTH = 40  # of a list: in a shorter one hardly anything is rare

# What a thing in common weighs; the rarer it is in the list, the more.
_PAIR, _BY_EAR, _APART, _ALONE, _LATIN, _NUMBER, _ROOM = 0.5, 0.5, 0.15, 0.12, 1.0, 0.3, 1.5
_WHOLE, _MODEL, _INITIALS, _SPELT, _COMPLETE = 1.5, 2.0, 2.0, 1.2, 0.25
_OF_SECTION, _OF_VENDOR = 0.3, 0.8
_ROOM_DIGITS = 3  # a number of so many digits is a door, a band, a model
_SHORTEST_PART, _SHORTEST_TYPO, _SHORTEST_SPELT, _LONGEST_INITIALS = 3, 5, 4, 12

Feature = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Match:
    """A row that may be meant; the score goes from 0 to 1."""

    device: Device
    score: float


@dataclass(frozen=True, slots=True)
class _Row:
    """What a row is looked for by, as it is compared."""

    device: Device
    keys: tuple[str, ...]
    models: tuple[str, ...]
    initials: tuple[str, ...]
    spelt: tuple[str, ...]
    name: frozenset[Feature]


class Index:
    """The list made ready for searching; the same words always get the same answer."""

    def __init__(self, devices: Iterable[Device]) -> None:
        self.devices: Sequence[Device] = tuple(devices)
        self._rows = [_row(device) for device in self.devices]
        self._found = _weighed([_features_of(device) for device in self.devices])
        self._words = {feature[1] for feature in self._found if feature[0] == "latin"}
        self._answers: dict[str, tuple[Match, ...]] = {}

    def search(self, text: str, most: int = MOST) -> tuple[Match, ...]:
        """The rows that the text may mean, the likeliest first; nothing if it speaks of none."""
        if text not in self._answers:
            if len(self._answers) >= _REMEMBERED:
                self._answers.clear()
            self._answers[text] = self._ranked(text)
        return self._answers[text][:most]

    def by_code(self, code: str) -> Device | None:
        """The row that a button names."""
        return next((device for device in self.devices if device.code == code), None)

    def _ranked(self, text: str) -> tuple[Match, ...]:
        plain = spelling.plain(text[:_LONGEST_TEXT])
        signs = spelling.signs(plain)
        features = tuple(dict.fromkeys(_features(signs)))
        weights = self._in_common(features)
        joined, models = "".join(signs), spelling.models(plain)
        typed = [sign for sign in dict.fromkeys(signs) if self._may_be_initials(sign)][:_MOST_INITIALS]
        said = set(features)
        for place, row in enumerate(self._rows):
            more = _whole(row, joined) + _of_model(row, models) + sum(_of_initials(row, one) for one in typed)
            weight = weights.get(place, 0.0) + more
            if weight:
                weights[place] = weight * (1 + _COMPLETE * len(row.name & said) / max(len(row.name), 1))
        order = sorted(weights.items(), key=lambda item: (-round(item[1], _DECIMALS), item[0]))
        best = order[0][1] if order else 0.0
        found = (Match(self.devices[place], _score(weight)) for place, weight in order if weight >= best * _FAR)
        return tuple(match for match in found if match.score >= _LEAST)

    def _in_common(self, features: Sequence[Feature]) -> dict[int, float]:
        weights: defaultdict[int, float] = defaultdict(float)
        for feature in features:
            for place, weight in self._found.get(feature, ()):
                weights[place] += weight
        return dict(weights)

    def _may_be_initials(self, sign: str) -> bool:
        return sign.isascii() and sign.isalpha() and 1 < len(sign) <= 2 * _LONGEST_INITIALS and sign not in self._words


def _score(weight: float) -> float:
    return round(weight / (weight + _HALF_SURE), 3)


def _row(device: Device) -> _Row:
    plain = [spelling.plain(words) for words in (device.name, *device.aliases) if words]
    signs = [spelling.signs(words) for words in plain]
    return _Row(
        device=device,
        keys=tuple(key for one in signs if len(key := "".join(one)) > 1),
        models=spelling.models(spelling.plain(device.model)),
        initials=tuple(dict.fromkeys(reading for one in signs for reading in sounds.initials(one))),
        spelt=tuple(sounds.spoken(one) for one in signs),
        name=frozenset(_features(signs[0])) if signs else frozenset(),
    )


def _features_of(device: Device) -> Mapping[Feature, float]:
    """What a message may have in common with the row, and how much of its weight that keeps."""
    kept: dict[Feature, float] = {}
    sources = [(words, 1.0) for words in (device.name, *device.aliases)]
    sources += [(device.vendor, _OF_VENDOR), (device.section, _OF_SECTION)]
    for words, share in sources:
        for feature in _features(spelling.signs(spelling.plain(words))):
            kept[feature] = max(kept.get(feature, 0.0), share)
    return kept


def _features(signs: Signs) -> Iterator[Feature]:
    heard = [sounds.by_ear(sign) for sign in signs]
    yield from ((_kind_of(sign), sign) for sign in signs)
    yield from (("pair", *pair) for pair in pairwise(signs))
    yield from (("ear", *pair) for pair in pairwise(heard))
    yield from (("apart", first, second) for first, second in zip(signs, signs[2:], strict=False))


def _kind_of(sign: str) -> str:
    if sign.isdecimal():
        return "number" if len(sign) < _ROOM_DIGITS else "room"
    return "latin" if sign.isascii() and sign.isalpha() else "alone"


_SHARES = {
    **{"pair": _PAIR, "ear": _BY_EAR, "apart": _APART},
    **{"alone": _ALONE, "latin": _LATIN, "number": _NUMBER, "room": _ROOM},
}


def _weighed(rows: Sequence[Mapping[Feature, float]]) -> Mapping[Feature, Sequence[tuple[int, float]]]:
    """For each feature the rows that have it, with its weight there."""
    counts = Counter(feature for row in rows for feature in row)
    found: defaultdict[Feature, list[tuple[int, float]]] = defaultdict(list)
    length = max(len(rows), _USUAL_LENGTH) + 1
    for place, row in enumerate(rows):
        for feature, share in row.items():
            rare = math.log(length / counts[feature]) + 0.3
            found[feature].append((place, share * _SHARES[feature[0]] * rare))
    return dict(found)


def _whole(row: _Row, joined: str) -> float:
    """A whole name within the message, or the whole message within a name."""
    within = max((len(key) for key in row.keys if key in joined), default=0)
    if not within and len(joined) > 1 and any(joined in key for key in row.keys):
        within = len(joined)
    return _WHOLE * within


def _of_model(row: _Row, typed: Signs) -> float:
    return _MODEL * max((_alike(model, run) for model in row.models for run in typed), default=0.0)


def _alike(model: str, run: str) -> float:
    """How many signs of a model were typed: all, a part, or all but one."""
    if model in run:
        return float(len(model))
    if run in model and len(run) >= _SHORTEST_PART:
        return len(run) * len(run) / len(model)
    if min(len(model), len(run)) >= _SHORTEST_TYPO and _differ_by_one(model, run):
        return len(model) - 2.0
    return 0.0


def _differ_by_one(one: str, other: str) -> bool:
    """Whether one sign was typed wrong, left out, or typed too much."""
    if abs(len(one) - len(other)) > 1:
        return False
    head = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    skip_one, skip_other = head + (len(one) >= len(other)), head + (len(other) >= len(one))
    return one[skip_one:] == other[skip_other:]


def _of_initials(row: _Row, typed: str) -> float:
    """Letters that may be the first ones of a name, or its pinyin."""
    best = 0.0
    for letters in row.initials if len(typed) <= _LONGEST_INITIALS else ():
        if typed == letters:
            best = max(best, _INITIALS * (len(typed) + 1))
        elif typed in letters:
            best = max(best, _INITIALS * len(typed))
        elif len(typed) > 2 and _is_within(typed, letters):
            best = max(best, _INITIALS * len(typed) / 2)
    if len(typed) >= _SHORTEST_SPELT and any(typed in spelt for spelt in row.spelt):
        best = max(best, _SPELT * len(typed))
    return best


def _is_within(letters: str, whole: str) -> bool:
    """Whether the letters stand in the whole in their order, with others between."""
    rest = iter(whole)
    return all(letter in rest for letter in letters)
