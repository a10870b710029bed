"""A proposed level from the words of a message; people correct it with one tap."""

from fractions import Fraction

import pytest

from sla import severity
from sla.severity import WordList
from sla.terms import Kind
from tests.sla import contract


@pytest.mark.parametrize(
    ("text", "level", "word"),
    [
        ("指挥平台瘫痪了", "major", "瘫痪"),
        ("二号屏花屏", "general", "花屏"),
        ("二号屏花屏，会议中断", "major", "中断"),
        ("花屏怎么处理", "general", "花屏"),
        ("请问怎么录像", "consultation", "怎么"),
        ("想加装一台终端", "other", "加装"),
        ("机房 ups断电", "major", "ＵＰＳ断电"),
        ("机房 ＵＰＳ断电", "major", "ＵＰＳ断电"),
    ],
)
def test_the_gravest_word_decides(text: str, level: str, word: str) -> None:
    """The gravest level one of whose words occurs is proposed, the word as reason; width and case do not matter."""
    profile = contract.profile()
    proposal = severity.classify(text, profile.word_list, profile.terms())
    named = profile.terms().levels[level]
    assert (proposal.level, proposal.kind, proposal.why) == (level, named.kind, f"“{word}” -> {named.name}")
    assert proposal.confidence == Fraction(3, 4)


@pytest.mark.parametrize("text", ["", "   ", "你好", "📷"])
def test_an_unclear_message_is_the_usual_fault(text: str) -> None:
    """Without a word of the list the mildest fault is proposed, with little confidence and no reason."""
    profile = contract.profile()
    proposal = severity.classify(text, profile.word_list, profile.terms())
    assert (proposal.level, proposal.kind, proposal.why) == ("general", Kind.FAULT, "")
    assert proposal.confidence == Fraction(1, 4)


def test_a_contract_without_words_proposes_its_usual_fault() -> None:
    """The cloud contract has no list: everything is a fault of its mildest level."""
    profile = contract.profile(contract.GOV_CLOUD)
    assert severity.classify("全部瘫痪", profile.word_list, profile.terms()).level == "normal"


def test_words_of_an_implicit_level_count() -> None:
    """A list may name consultation or other although the level table does not."""
    terms = contract.terms(contract.GOV_CLOUD)
    proposal = severity.classify("请问密码", WordList(levels={"consultation": ("请问",)}), terms)
    assert (proposal.level, proposal.kind) == ("consultation", Kind.CONSULTATION)


@pytest.mark.parametrize(
    ("kind", "level"), [(Kind.FAULT, "major"), (Kind.CONSULTATION, "consultation"), (Kind.OTHER, "other")]
)
def test_each_kind_has_its_level(kind: Kind, level: str) -> None:
    """The gravest level of a kind serves it."""
    found = severity.level_of_kind(kind, contract.terms())
    assert found is not None
    assert found.key == level
