"""Labelled messages with what was said of them: by the model, by models that had not seen them, by the words."""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context

from benchmarks.understanding.words import level_of
from bot.terminal.lessons import Contract, Message, examples, kind_of
from sla.terms import Kind
from sla.understanding import proposal, propose, training
from sla.understanding.reading import read
from sla.understanding.weights import ANSWERS, GENERAL, OTHER, Scores, shipped


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One message: what it is, what was said, how sure, and whether a doubt between major and general was named."""

    message: Message
    answer: int
    confidence: float
    unsure: bool = False
    devices: tuple[tuple[str, str], ...] = ()

    @property
    def kind_is_right(self) -> bool:
        """The kind that was said is the kind it is."""
        return kind_of(self.answer) == self.message.kind

    @property
    def level_is_right(self) -> bool:
        """The severity is right; kinds of one contract only are of severity other."""
        return min(self.answer, OTHER) == min(self.message.answer, OTHER)


Known = Mapping[str, Contract]
_OF_A_WORD = 0.75  # a list does not say how sure it is


def by_model(messages: Sequence[Message], known: Known) -> Sequence[Judged]:
    """What the shipped model says."""
    return [_by_model(message, known[message.contract]) for message in messages]


def by_others(messages: Sequence[Message], known: Known, part: Callable[[Message], str]) -> Sequence[Judged]:
    """What models say that were trained without the part to which a message belongs; one process for each core."""
    lessons, parts = examples(messages, known), [part(message) for message in messages]
    names = sorted(set(parts))
    with ProcessPoolExecutor(mp_context=get_context("fork")) as pool:
        models = pool.map(training.fitted, ([e for e, p in zip(lessons, parts, strict=True) if p != n] for n in names))
        taught = dict(zip(names, models, strict=True))
    return [
        _concluded(message, taught[own].probabilities(example.signs, example.runs), known)
        for message, example, own in zip(messages, lessons, parts, strict=True)
    ]


def by_words(messages: Sequence[Message], known: Known) -> Sequence[Judged]:
    """What the contract's word list alone says."""
    return [_by_words(message, known[message.contract]) for message in messages]


def _by_model(message: Message, contract: Contract) -> Judged:
    found = propose(message.text, contract.words, contract.terms, contract.index)
    devices = tuple(match.device.key for match in found.devices)
    unsure = bool(found.unsure)
    answer = _answer(found.kind, found.severity)
    return Judged(message=message, answer=answer, confidence=found.confidence, unsure=unsure, devices=devices)


def _concluded(message: Message, shares: Scores, known: Known) -> Judged:
    contract = known[message.contract]
    warm = training.warmed(shares, shipped().temperature)
    within = proposal.within(warm, proposal.kinds_of(contract.terms))
    final = proposal.biased(within, read(message.text), contract.words, contract.terms)
    answer = proposal.decided(final)
    return Judged(message=message, answer=answer, confidence=final[answer], unsure=final[answer] < proposal.SURE)


def _by_words(message: Message, contract: Contract) -> Judged:
    found = level_of(message.text, contract.words, contract.terms)
    faults = [one for one in sorted(contract.terms.levels.values(), key=lambda one: one.rank) if one.kind is Kind.FAULT]
    gravest = found.kind is Kind.FAULT and len(faults) > 1 and found.key == faults[0].key
    answer = _answer(found.kind, "major" if gravest else "general")
    return Judged(message=message, answer=answer, confidence=_OF_A_WORD)


def _answer(kind: Kind, level: str) -> int:
    if kind is Kind.FAULT:
        return 0 if level == "major" else GENERAL
    return ANSWERS.index(kind.value)
