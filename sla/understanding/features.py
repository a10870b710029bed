"""What the model weighs of a message: its signs and how they meet, runs of characters, and the device."""

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from sla.devices import Match, Scope
from sla.understanding.reading import Reading
from sla.understanding.signs import SIGNS

LOST = ("collapsed", "unreachable", "dead", "cut", "mute", "cannot")
_MILD = ("degraded", "alarm", "small", "emoji_bad")
_SCOPE = ("total", "nobody", "partial", "mine", "others_fine", "spared", "harmless", "no_other", "consequence")
_THINGS = ("system", "heart", "terminal", "attached", "place")
_TIME = ("since", "recovered", "relapse", "retracted", "negated", "still")
_ASKED = ("supposed", "why", "question", "ask", "howto", "request", "plan", "paper", "complaint", "praise")
_TONE = ("urgent", "calm")
_MEETING = (*_SCOPE, *_THINGS, *_TIME, *_ASKED, *_TONE)
_WRONG = ("lost", "mild", "wrong", *LOST, "danger", "degraded")
_OF_ONE_CONTRACT = ("view", "guarantee", "meets")
_PAIRS = (
    *(("question", other) for other in ("ask", "spec", "howto", "plan", "request", "supposed", "paper", "view")),
    *(("request", other) for other in ("paper", "plan", "ask", "spec", "partial", "since", "view")),
    *(("recovered", other) for other in ("relapse", "praise", "negated")),
    *(("partial", other) for other in ("total", "nobody", "why", "small")),
    *(("complaint", other) for other in ("since", "still", "paper")),
    *(("plan", other) for other in ("negated", "since", "relapse")),
    *(("total", "others_fine"), ("why", "since"), ("urgent", "view"), ("danger", "since")),
)
_POLITE = frozenset({"greeting", "praise", "urgent", "no_words"})  # a greeting asks nothing
_ORDERED = (
    *("recovered", "relapse", "question", "request", "praise", "retracted", "harmless", "supposed", "plan"),
    "others_fine",
)
_MEANT = 0.45  # the score from which on the likeliest device counts as meant
_LENGTHS = (0, 2, 5, 10, 20, 45)
_LONGEST_RUN = 4

Spots = Mapping[str, tuple[int, int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Features:
    """What there is to weigh, each thing once."""

    signs: tuple[str, ...]
    runs: tuple[str, ...]


def signs_of(reading: Reading) -> dict[str, str]:
    """The signs that the message carries, each with the words that show it; what is quoted shows nothing."""
    found = ((sign, pattern.search(reading.unquoted)) for sign, pattern in SIGNS.items())
    said = {sign: match.group() for sign, match in found if match}
    return {sign: words for sign, words in said.items() if sign in _POLITE} if "greeting" in said else said


def features(reading: Reading, signs: AbstractSet[str], devices: Sequence[Match], kinds: Sequence[str]) -> Features:
    """Everything that the model weighs; `kinds` are those that only this contract has."""
    of_signs = (*_alone(reading, signs, devices), *_of_kinds(signs, kinds), *_order(reading, signs))
    return Features(signs=tuple(dict.fromkeys(of_signs)), runs=tuple(dict.fromkeys(_runs(reading))))


def _alone(reading: Reading, signs: AbstractSet[str], devices: Sequence[Match]) -> Iterator[str]:
    lost = [sign for sign in LOST if sign in signs]
    weight = _weight(devices)
    have = {*signs, f"dev:{weight}"}
    have |= {"lost"} if lost else set()
    have |= {"mild"} if have & {*_MILD} else set()
    have |= {"wrong"} if have & {"lost", "mild", "danger"} else set()
    have |= {"dev:single"} if _is_single(devices) else set()
    yield "always"
    yield from (f"s:{sign}" for sign in sorted(have))
    for wrong in _WRONG:
        if wrong in have:
            for other in (*_MEETING, f"dev:{weight}", "dev:single"):
                yield f"x:{wrong}*{'' if other in have else '!'}{other}"
    yield from (f"x:{one}*{other}" for one, other in _PAIRS if one in have and other in have)
    if lost:
        yield from _extent(have, lost, weight)
    yield f"len:{sum(len(reading.plain) > length for length in _LENGTHS)}"
    yield f"orders:{reading.commands}"
    yield f"quotes:{reading.quotes}"


def _extent(have: AbstractSet[str], lost: Sequence[str], weight: str) -> Iterator[str]:
    """What is lost, for how many, and whether something stands in for it."""
    some = "partial" if have & {"partial", "mine", "others_fine"} else "none"
    scope = next((sign for sign in ("total", "nobody") if sign in have), some)
    soft = "soft" if have & {"spared", "harmless", "others_fine"} else "hard"
    thing = next((sign for sign in ("attached", "terminal", "heart", "system") if sign in have), "nothing")
    served = "sys" if have & {"system", "heart"} else "part"
    yield from (f"t:{scope}*{soft}", f"t:{scope}*{soft}*{weight}", f"t:{scope}*{soft}*{served}")
    yield f"t:{thing}*{scope}*{soft}"
    for one in lost:
        yield from (f"t:{one}*{thing}", f"t:{one}*{scope}*{soft}")


def _of_kinds(signs: AbstractSet[str], kinds: Sequence[str]) -> Iterator[str]:
    for kind in kinds:
        yield f"kind:{kind}"
        yield from (f"kind:{kind}*{sign}" for sign in _OF_ONE_CONTRACT if sign in signs)


def _weight(devices: Sequence[Match]) -> str:
    """How much the business hangs on the device that is meant."""
    if not devices or devices[0].score < _MEANT:
        return "none"
    device = devices[0].device
    return "service" if device.scope is Scope.SERVICE else f"core{device.core}"


def _is_single(devices: Sequence[Match]) -> bool:
    return bool(devices) and devices[0].score >= _MEANT and devices[0].device.quantity == 1


def _order(reading: Reading, signs: AbstractSet[str]) -> Iterator[str]:
    """Which of the signs comes first and which last: what was said at the end holds."""
    spots = {sign: found for sign in _ORDERED if sign in signs and (found := _spots(reading, (sign,)))}
    lost = _spots(reading, [sign for sign in LOST if sign in signs])
    everywhere = {**spots, **({"lost": lost} if lost else {})}
    if everywhere:
        yield f"first:{min(everywhere, key=lambda sign: (everywhere[sign][0], sign))}"
        yield f"last:{max(everywhere, key=lambda sign: (everywhere[sign][1], sign))}"
    if lost:
        yield from (f"o:{sign}{'>' if found[1] > lost[1] else '<'}lost" for sign, found in spots.items())


def _spots(reading: Reading, signs: Sequence[str]) -> tuple[int, int] | None:
    places = [match.start() for sign in signs for match in SIGNS[sign].finditer(reading.unquoted)]
    return (min(places), max(places)) if places else None


def _runs(reading: Reading) -> Iterator[str]:
    """Runs of one to four characters within a clause, its edges marked."""
    for clause in reading.clauses:
        edged = f"^{clause}$"
        for length in range(1, _LONGEST_RUN + 1):
            yield from (edged[at : at + length] for at in range(len(edged) - length + 1))
