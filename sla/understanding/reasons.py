"""Why a message is taken for what it is taken for: its own words, in the order in which they were said."""

from collections.abc import Mapping

from sla.understanding.weights import CONSULTATION, GENERAL, IMAGE, MAJOR, MEETING, OTHER

_LOSS = ("danger", "collapsed", "unreachable", "dead", "cut", "mute", "cannot", "emoji_grave")
# For each answer what may speak for it, in groups: of each group the first that was said.
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
_ENDING, _ENDINGS = 2, frozenset("上了去来录开通动到出进见痪溃机")
_UNFINISHED = frozenset("不登连唔瘫崩宕")


def reason(answer: int, plain: str, signs: Mapping[str, str]) -> str:
    """The words that speak for the answer, such as “全部” + “登不上”; nothing if there are none."""
    said = dict.fromkeys(_of_group(group, signs) for group in _GROUPS[answer])
    words = [word for word in said if word and not any(word != other and word in other for other in said)]
    ordered = sorted(words[:_MOST], key=plain.find)
    return " + ".join(f"“{_short(_whole(word, plain))}”" for word in ordered)


def _of_group(group: tuple[str, ...], signs: Mapping[str, str]) -> str:
    return next((signs[sign].strip(" ,.。!?") for sign in group if signs.get(sign, "").strip(" ,.。!?")), "")


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
