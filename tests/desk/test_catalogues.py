"""The catalogues: two languages with one set of keys, nothing missing, nothing left over, nothing that breaks HTML."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.engine.mishaps import Mishap
from desk.access import Act, Command
from desk.outages import Why
from desk.words import Words, plain_of
from sandbox import markup
from sandbox.entities import length_of
from sla import events, holds, record, spans
from sla.devices import Cover
from sla.notices import Say
from sla.promises import Standing
from sla.services import Step
from sla.terms import Clock, Kind, Role, WayKind
from sla.ticket import AskKind, Stage
from storage import ledger, swaps
from tests.desk.people import LOCALES

WORDS = Words.read(LOCALES)
ROOT = Path(__file__).parents[2]
CHINESE, ENGLISH = "zh-CN", "en"
LONGEST = 4096
_TOP = {"nobody", "small_talk", "subject", "subject_alone"}
_KEY = re.compile(r"[a-z][a-z_]*(\.[a-z][a-z_]*)+")
_SIDES, _KINDS, _STATES = (
    ("vendor", "bureau"),
    tuple(kind.value for kind in Kind),
    tuple(stage.value for stage in Stage),
)
_VARIANTS = ("", *(f"_{kind}" for kind in _KINDS))
_EVENTS = {ledger.kind_of(fact) for fact in events.FACTS} | {"uncertain", "undelivered", "relayed"}
# Families of keys that the program puts together: what must exist, and what may.
MUST: dict[str, set[str]] = {
    "act": {act.value for act in Act},
    "say": {say.value for say in Say},
    "state": {stage.value for stage in Stage},
    "standing": {standing.value for standing in Standing},
    "clock": {clock.value for clock in Clock},
    "level": {"consultation", "other"},
    "role": {"engineer", "technical_lead", "project_manager", "service_desk"},
    "field": set(record.FIELDS),
    "fault_type": set(record.CHOICES["fault_type"]),
    "cause_owner": set(record.CHOICES["cause_owner"]),
    "pause_reason": set(holds.REASONS) - {holds.OWN_WORDS},
    "command": {command.value for command in Command},
    "mark": {"done", "late", "held", "grave", "repeat", *_KINDS},
    "channel": {"private", "group", "phone"},
    "length": {"join", "days", "hours", "minutes", "seconds"},
    "log": {"ask_at", "ask_text"},
    "ask": {"pau", "trn", "voi", "ans", "not", "no", "dis", "fnd"},
    "admin": {mishap.value for mishap in Mishap},
    "outage": {why.value for why in Why},
    "card": {f"propose_{cover.value}" for cover in Cover},
    "cover": {"in", "out"},
    "duty": {f"{shown}_{days}" for shown in ("day", "show") for days in "01w"} | {"show_m"},
    "key_period": {"came", "went", "you_came", "you_went"},
    "refuse": {f"key_period_{why}" for why in spans.WHY},
    "remind": {step.value for step in Step},
    "weekday": {"mon", "tue", "wed", "thu", "fri", "sat", "sun"},
    "way": {kind.value for kind in WayKind},
    "handover": {f"waits_{kind.value}" for kind in AskKind},
    "vacancy": {"silent", "unbound", "blocked"},
    "swap": {f"was_{state.value}" for state in swaps.State}
    | {f"{sentence}_{kind}" for sentence in ("agreed", "news") for kind in ("cover", "exchange")},
}
MAY: dict[str, set[str]] = {
    "act": {f"{act.value}_{kind}" for act in Act for kind in _KINDS},
    "say": {f"{say.value}_{rest}" for say in Say for rest in ("help", *_KINDS)},
    "state": {f"{state}_{kind}" for state in _STATES for kind in _KINDS} | {"merged"},
    "level": {"major", "general", "image_retrieval", "meeting_guarantee"},
    "clock": {"locate_repaired"},
    "standing": {"waived_agreed", "waived_late_agreed"},
    "record": {f"{part}{rest}" for part in ("ask", "waits") for rest in _VARIANTS},
    "role": {role.value for role in Role},
    "card": {f"cleared{rest}" for rest in _VARIANTS},
    "hint": {f"{side}.{state}{rest}" for side in _SIDES for state in _STATES for rest in _VARIANTS},
    "event": _EVENTS,
    "done": {f"{act.value}{rest}" for act in Act for rest in _VARIANTS},
    "illegal": {f"{act.value}{rest}" for act in Act for rest in ("", *(f"_{state}" for state in _STATES))},
    "relay": {say.value for say in Say},
    "refuse": {f"may_not_{act.value}" for act in Act},
    "field_hint": set(record.FIELDS),
}
HOSTILE = (
    "<b>&amp;</b><script>alert(1)</script>",
    "{number}{0}{}}{ %s ${x}",
    "\u202e倒\u2066写\u200f\u0000\ud800",
    "&lt;i&gt; & <a href='x",
    "👨‍👩‍👧‍👦" * 10,
)
# One word for one thing: the glossary's term, and what people say for it that the catalogue must not.
NOT_OURS = (
    "报修单",
    "保修",
    "抢单",
    "派单",
    "关单",
    "核销",
    "优先级",
    "客服",
    "用户端",
    "值班员工",
    "咨询单",
    "故障单",
    "工单号码",
)


def test_both_languages_say_the_same() -> None:
    """Each sentence exists in Chinese and in English, and names the same facts."""
    assert WORDS.keys(CHINESE) == WORDS.keys(ENGLISH)
    differing = [
        key for key in WORDS.keys(CHINESE) if WORDS.placeholders(CHINESE, key) != WORDS.placeholders(ENGLISH, key)
    ]
    assert differing == []


def sources() -> Iterator[tuple[str, ast.Module]]:
    """The parts of the program that say something in the chat; the papers of a contract have words of their own."""
    for folder in ("desk", "handlers", "bot"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            if path.parent != ROOT / "bot" / "papers":
                yield path.name, ast.parse(path.read_text(encoding="utf-8"))


def literal_keys() -> set[str]:
    """Every string of the program that is, or looks like, a key of the catalogues."""
    families = {key.partition(".")[0] for key in WORDS.keys(CHINESE)}
    texts = {
        node.value
        for _, tree in sources()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    keys = {
        text for text in texts if _KEY.fullmatch(text) and text.partition(".")[0] in families and not text.endswith("_")
    }
    return keys | (_TOP & texts)


def expanded(families: dict[str, set[str]]) -> set[str]:
    """The keys of families."""
    return {f"{family}.{name}" for family, names in families.items() for name in names}


def test_every_key_in_use_exists() -> None:
    """Whatever the program can ask the catalogues for is there."""
    assert (literal_keys() | expanded(MUST)) - WORDS.keys(CHINESE) == set()


def test_no_key_is_left_over() -> None:
    """Whatever stands in the catalogues is asked for somewhere."""
    assert WORDS.keys(CHINESE) - literal_keys() - expanded(MUST) - expanded(MAY) == set()


def calls() -> Iterator[tuple[str, str, set[str]]]:
    """Where a sentence is asked for by its name, and which facts are given; not where facts are handed through."""
    for name, tree in sources():
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call):
                continue
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            facts = {keyword.arg for keyword in node.keywords}
            if called not in ("plain", "html", "say", "Refusal") or None in facts:
                continue
            keys = [arg.value for arg in node.args[:2] if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]
            for key in keys:
                if WORDS.has(key):
                    yield f"{name}:{node.lineno}", key, {str(fact) for fact in facts}


def test_every_call_gives_the_facts_that_its_sentence_names() -> None:
    """No sentence lacks a fact at the moment when it is said."""
    found = list(calls())
    assert len(found) > 80
    assert [(where, key) for where, key, facts in found if not WORDS.placeholders(CHINESE, key) <= facts] == []


@pytest.mark.parametrize("language", [CHINESE, ENGLISH])
@pytest.mark.parametrize("fact", [*HOSTILE, "长" * 300, "😀" * 100], ids=range(len(HOSTILE) + 2))
def test_every_sentence_bears_hostile_facts(language: str, fact: str) -> None:
    """Whatever people type into a fact, the sentence stays valid for Telegram, shows it as typed, and fits."""
    for key in sorted(WORDS.keys(language)):
        facts = dict.fromkeys(WORDS.placeholders(language, key), fact)
        made = WORDS.html(language, key, **facts)
        text, _ = markup.from_html(made)
        assert 0 < length_of(text) <= LONGEST, key
        assert text == plain_of(made), key
        assert not re.search("[\u202a-\u202e\u2066-\u2069\u200e\u200f\x00\ud800-\udfff]", text), key


@pytest.mark.parametrize("language", [CHINESE, ENGLISH])
def test_labels_and_toasts_carry_no_markup(language: str) -> None:
    """What is shown without HTML is written without HTML, and a toast fits into 200 characters."""
    for key in WORDS.keys(language):
        text = WORDS.plain(language, key, **dict.fromkeys(WORDS.placeholders(language, key), "值班工程师甲"))
        if key.partition(".")[0] in ("refuse", "illegal", "done", "act", "command", "state", "clock", "role"):
            assert "<" not in text and len(text) <= 200, key
        if key.startswith("act."):
            assert len(text) <= 30, key
        if key.startswith("command."):
            assert 1 <= len(text) <= 256, key


def test_the_chinese_words_are_the_contract_s() -> None:
    """The catalogue uses the terms of the glossary, not what else people may call these things."""
    for key in WORDS.keys(CHINESE):
        text = WORDS.plain(CHINESE, key, **{name: "" for name in WORDS.placeholders(CHINESE, key)})
        assert not any(word in text for word in NOT_OURS), key
    assert {WORDS.plain(CHINESE, f"level.{key}") for key in ("major", "general", "consultation", "other")} == {
        "重大故障",
        "一般故障",
        "技术咨询",
        "其他要求",
    }


def test_the_published_labels_stand_on_the_buttons() -> None:
    """The labels that people and scripts rely on are exactly those of the public table."""
    published = "接单 出发 到场 远程解决 已定位 修复 挂起 恢复 转派 升级 已恢复，销障 未恢复 满意 不满意".split()
    labels = {WORDS.plain(CHINESE, f"act.{act.value}") for act in Act}
    assert set(published) <= labels
    assert len(labels) == len(Act), "two buttons with one label"


def test_an_unknown_language_speaks_chinese() -> None:
    """A language without a catalogue falls back to Chinese instead of failing."""
    assert WORDS.plain("tlh", "cancel.done") == WORDS.plain(CHINESE, "cancel.done")
