"""Why a message is taken for what it is taken for: its own words, in the order in which they were said."""

from collections.abc import Collection, Mapping, Sequence

from sla.understanding.reading import Reading
from sla.understanding.signs import SIGNS
from sla.understanding.weights import CONSULTATION, GENERAL, IMAGE, MAJOR, MEETING, OTHER, Weights

_LOSS = ("danger", "collapsed", "unreachable", "dead", "cut", "mute", "cannot", "emoji_grave")
# For each answer what may speak for it, in groups: of each group the first that does.
_GROUPS: Mapping[int, tuple[tuple[str, ...], ...]] = {
    MAJOR: (("total", "nobody", "no_other", "heart", "system"), _LOSS, ("consequence", "relapse")),
    GENERAL: (
        ("mine", "partial", "attached", "terminal", "place"),
        ("degraded", "alarm", *_LOSS, "small", "emoji_bad"),
        ("others_fine", "spared", "harmless"),
    ),
    CONSULTATION: (("supposed",), ("ask", "howto", "spec"), ("question", "why")),
    OTHER: (
        ("retracted", "recovered"),
        ("complaint", "progress", "plan", "request", "paper"),
        ("praise", "greeting", "calm", "no_words"),
    ),
    IMAGE: (("view",),),
    MEETING: (("meets",), ("guarantee",)),
}
_LONGEST = 12
_MOST = 3
_BESIDE = 0.2  # of what speaks loudest: what is fainter explains little
_EDGES = " ,.。!?"
_ENDING, _ENDINGS = 2, frozenset("上了去来录开通动到出进见痪溃机音")
_UNFINISHED = frozenset("不登连唔瘫崩宕声")


def reason(answer: int, reading: Reading, signs: Collection[str], weights: Weights) -> str:
    """The words that speak for the answer, such as “全部” + “登不上”; nothing if there are no words at all."""
    words = {
        word: None
        for group in _GROUPS[answer]
        if (word := _of_group([sign for sign in group if sign in signs], reading, answer, weights))
    }
    kept = [word for word in words if not any(word != other and word in other for other in words)]
    if not kept:
        kept = [_loudest(reading.clauses, answer, weights)]
    ordered = sorted(kept[:_MOST], key=reading.plain.find)
    return " + ".join(f"“{_short(_whole(word, reading.plain))}”" for word in ordered if word)


def _of_group(signs: Sequence[str], reading: Reading, answer: int, weights: Weights) -> str:
    """What was said of the first of the signs that speaks for the answer, and not much more faintly than the others."""
    loudest = []
    for sign in signs:
        said = (match.group().strip(_EDGES) for match in SIGNS[sign].finditer(reading.unquoted))
        heard = max(((weights.speaking(words, answer), words) for words in said if words), default=(0.0, ""))
        loudest += [heard] if heard[0] > 0 else []
    most = max((loudness for loudness, _ in loudest), default=0.0)
    return next((words for loudness, words in loudest if loudness >= _BESIDE * most), "")


def _loudest(clauses: Sequence[str], answer: int, weights: Weights) -> str:
    """Where no sign explains it: the clause, or the part of a long one, that speaks loudest for the answer."""
    parts = (clause[at : at + _LONGEST] for clause in clauses for at in range(max(len(clause) - _LONGEST, 0) + 1))
    return max(parts, key=lambda part: weights.speaking(part, answer), default="")


def _whole(word: str, plain: str) -> str:
    """The word with the syllables that a reader expects at its end: 登录不上 instead of 登录不."""
    end = plain.find(word) + len(word)
    if word[-1] not in _UNFINISHED:
        return word
    more = 0
    while more < _ENDING and plain[end + more : end + more + 1] in _ENDINGS and end + more < len(plain):
        more += 1
    return word + plain[end : end + more]


def _short(word: str) -> str:
    return word if len(word) <= _LONGEST else f"{word[: _LONGEST - 1]}…"
