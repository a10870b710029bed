"""Learning the weights from labelled messages: two multinomial logistic regressions, the same file every time."""

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import count

from sla.understanding import weights
from sla.understanding.weights import ANSWERS, Scores, Weights

_ROUNDS = 40
_OF_SIGNS, _OF_RUNS = 8.0, 0.02  # how strongly large weights are held down
_SELDOM = 3  # a run that fewer messages have teaches nothing
_FOLDS = 5
_TEMPERATURES = [step / 100 for step in range(40, 125, 5)]
_MOST_STEPS = 100_003
_FLOOR = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A labelled message as the model sees it; `weakened` as if some of its signs had not been understood.

    The wordings of the signs are made with these messages at hand: strangers use others, and so the model must not rely
    on each of them being found.
    """

    signs: tuple[str, ...]
    weakened: tuple[str, ...]
    runs: tuple[str, ...]
    answer: int
    fold: int


def trained(examples: Sequence[Example]) -> Weights:
    """The weights for all the messages, with a temperature from messages that were left out in turn."""
    found = left_out(examples, lambda example: example.fold % _FOLDS, weakened=True)
    return fitted(examples, _temperature(examples, found))


def left_out(examples: Sequence[Example], part: Callable[[Example], int], *, weakened: bool = False) -> list[Scores]:
    """What a model says of each message that was trained without the message's own part; at temperature one."""
    found: dict[int, Scores] = {}
    for held in sorted({part(example) for example in examples}):
        model = fitted([example for example in examples if part(example) != held])
        for place, example in enumerate(examples):
            if part(example) == held:
                found[place] = model.probabilities(example.weakened if weakened else example.signs, example.runs)
    return [found[place] for place in range(len(examples))]


def warmed(probabilities: Scores, temperature: float) -> Scores:
    """Probabilities at another temperature."""
    return weights.spread([math.log(max(share, _FLOOR)) / temperature for share in probabilities])


def fitted(examples: Sequence[Example], temperature: float = 1.0) -> Weights:
    """The weights for these messages at a temperature that is known."""
    answers = [example.answer for example in examples]
    seen = [*(example.signs for example in examples), *(example.weakened for example in examples)]
    signs = _learnt(seen, [*answers, *answers], _OF_SIGNS, 1, lambda many: 1.0)
    runs = _learnt([example.runs for example in examples], answers, _OF_RUNS, _SELDOM, lambda many: many**-0.5)
    return weights.rounded(signs, runs, temperature)


def _temperature(examples: Sequence[Example], found: Sequence[Scores]) -> float:
    def surprise(temperature: float) -> float:
        said = (warmed(one, temperature)[example.answer] for one, example in zip(found, examples, strict=True))
        return -sum(math.log(max(share, _FLOOR)) for share in said)

    return min(_TEMPERATURES, key=surprise)


def _learnt(
    messages: Sequence[Sequence[str]],
    answers: Sequence[int],
    held_down: float,
    seldom: int,
    scale: Callable[[int], float],
) -> Mapping[str, Scores]:
    """Dual coordinate ascent: each message in turn moves its own part of the weights towards what it should say."""
    numbers = _numbered(messages, seldom)
    rows = [[numbers[key] for key in message if key in numbers] for message in messages]
    scales = [scale(max(len(message), 1)) for message in messages]
    table = [[0.0] * len(numbers) for _ in ANSWERS]
    parts = [[0.0] * len(ANSWERS) for _ in messages]
    for _ in range(_ROUNDS):
        for at in _shuffled(len(messages)):
            row, size = rows[at], scales[at]
            says = weights.spread([size * sum(map(column.__getitem__, row)) for column in table])
            step = 2 * held_down / (2 * held_down + size * size * len(row))
            for answer, column in enumerate(table):
                change = step * ((answer == answers[at]) - says[answer] - parts[at][answer])
                if abs(change) > 1e-4:
                    parts[at][answer] += change
                    more = change * size / held_down
                    for number in row:
                        column[number] += more
    return {key: tuple(column[number] for column in table) for key, number in numbers.items()}


def _numbered(messages: Iterable[Sequence[str]], seldom: int) -> Mapping[str, int]:
    many = Counter(key for message in messages for key in message)
    fresh = count()
    return {key: next(fresh) for key in sorted(many) if many[key] >= seldom}


def _shuffled(length: int) -> Iterable[int]:
    """Every place once, in an order that mixes the kinds of message and is always the same."""
    stride = next(step for step in (7_919, 7_907, 7_901, 7_883) if math.gcd(step, length) == 1) if length > 1 else 1
    return (place * stride % length for place in range(length))
