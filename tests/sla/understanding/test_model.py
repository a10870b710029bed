"""The model: its file is what the labelled messages teach, it is small, and what it reaches does not fall."""

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.config import settings
from bot.reader import Reader
from bot.terminal import lessons
from bot.terminal.lessons import HELD, TRAIN, Contract, Message, kind_of
from sla.severity import WordList
from sla.understanding import Proposal, propose, training, weights
from sla.understanding.training import Example
from sla.understanding.weights import ANSWERS, MAJOR
from tests.sla import contract

ROOT = Path(__file__).parents[3]
FOLDER = ROOT / "tests" / "data" / "messages"
SHIPPED = ROOT / "sla" / "understanding" / "weights.txt"


@cache
def known() -> Mapping[str, Contract]:
    """The contracts with their equipment lists."""
    return lessons.contracts(settings.load(ROOT / "config.example.toml", {}), Reader())


def labelled(split: str) -> Sequence[Message]:
    """The messages of one split."""
    return [message for message in lessons.messages(FOLDER, Reader()) if message.split == split]


@pytest.mark.timeout(600)  # it learns everything anew
def test_the_file_is_what_the_messages_teach() -> None:
    """`make model` makes the shipped file byte for byte; whoever changes signs or labels has to run it."""
    taught = training.fitted(lessons.examples(labelled(TRAIN), known()), weights.shipped().temperature)
    assert taught.written() == SHIPPED.read_text(encoding="utf-8"), "run: make model"


def test_a_file_says_what_was_written_into_it() -> None:
    """Writing and reading lose nothing, and a strange file is refused."""
    text = SHIPPED.read_text(encoding="utf-8")
    assert weights.parsed(text).written() == text
    with pytest.raises(ValueError, match="hotline weights"):
        weights.parsed("no weights")


def test_the_file_is_small() -> None:
    """It is read at the first message: at most 2 MB."""
    assert SHIPPED.stat().st_size <= 2_000_000


def test_learning_repeats_itself() -> None:
    """The same examples make the same weights and the same temperature."""
    few = [
        Example(signs=(f"s{place % 3}",), weakened=(), runs=("a", f"r{place % 4}"), answer=place % 3, fold=place)
        for place in range(60)
    ]
    assert training.trained(few).written() == training.trained(few).written()
    certain = training.trained(few).probabilities(("s1",), ("a", "r1"))
    assert certain.index(max(certain)) == 1


def test_figures_on_messages_that_nobody_trained_on() -> None:
    """Kind, severity, major faults and devices of the held split stay above the floor."""
    held = labelled(HELD)
    found = [_proposed(message) for message in held]
    pairs = list(zip(held, found, strict=True))
    kinds = sum(message.kind == one.kind.value for message, one in pairs) / len(pairs)
    levels = sum(ANSWERS[min(message.answer, 3)] == one.severity for message, one in pairs) / len(pairs)
    major = [one for message, one in pairs if message.answer == MAJOR]
    paged = [message for message, one in pairs if one.severity == ANSWERS[MAJOR]]
    named = [(message, one) for message, one in pairs if message.device is not None]
    offered = sum(message.device in [match.device.key for match in one.devices] for message, one in named)
    assert kinds >= 0.91
    assert levels >= 0.90
    assert sum(one.severity == ANSWERS[MAJOR] for one in major) / len(major) >= 0.97
    assert sum(message.answer == MAJOR for message in paged) / len(paged) >= 0.85
    assert offered / len(named) >= 0.95


@given(st.text(max_size=300))
def test_any_text_gets_an_answer(text: str) -> None:
    """Nothing that can be typed breaks it, and the same text gets the same answer."""
    terms = contract.terms()
    found = propose(text, WordList(levels={"major": ("瘫痪", "")}), terms)
    assert found == propose(text, WordList(levels={"major": ("瘫痪", "")}), terms)
    assert found.level in terms.levels
    assert 0 <= found.confidence <= 1
    assert set(found.unsure) <= set(terms.levels)


@pytest.mark.parametrize("text", ["坏" * 100_000, "<" * 50_000, "“" * 50_000, "请判为" * 30_000, "1" * 100_000])
def test_a_very_long_text_is_judged_by_its_ends(text: str) -> None:
    """Length costs no time: the middle is left out."""
    assert propose(text, WordList(), contract.terms()).level


def test_an_answer_has_a_kind() -> None:
    """Both fault levels are faults; the other answers are kinds themselves."""
    assert [kind_of(answer) for answer in range(6)] == ["fault", "fault", *ANSWERS[2:]]


def _proposed(message: Message) -> Proposal:
    served = known()[message.contract]
    return propose(message.text, served.words, served.terms, served.index)
