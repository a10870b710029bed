"""Labelled messages, and what a model learns from them: `hotline classify --train FOLDER -o FILE`."""

import json
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.config import devices_file
from bot.config.settings import Settings
from bot.reader import Reader, Stop
from sla.devices import Index
from sla.profile import Profile
from sla.severity import WordList
from sla.terms import Terms
from sla.understanding import training
from sla.understanding.features import Features, features, signs_of
from sla.understanding.proposal import kinds_of
from sla.understanding.reading import read
from sla.understanding.training import Example
from sla.understanding.weights import ANSWERS, IMAGE, OTHER, Weights, shipped

TRAIN, HELD = "train", "held"
_FORGOTTEN = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A labelled message."""

    id: str
    contract: str
    text: str
    answer: int
    device: tuple[str, str] | None = None
    style: str = ""
    hand: str = ""
    split: str = TRAIN

    @property
    def kind(self) -> str:
        """What it asks for."""
        return kind_of(self.answer)


@dataclass(frozen=True, slots=True, kw_only=True)
class Contract:
    """What is known of a contract when its messages are judged."""

    terms: Terms
    words: WordList
    index: Index


def kind_of(answer: int) -> str:
    """The kind that belongs to an answer: both fault levels are faults."""
    return "fault" if answer < 2 else ANSWERS[answer]


def messages(folder: Path, reader: Reader) -> Sequence[Message]:
    """All labelled messages below a folder, always in the same order."""
    try:
        lines = [line for file in sorted(folder.glob("*/*.jsonl")) for line in file.read_text("utf-8").splitlines()]
        found = [_message(json.loads(line)) for line in lines if line.strip()]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Stop(reader.say("classify.no_lessons", folder=folder)) from error
    if not found:
        raise Stop(reader.say("classify.no_lessons", folder=folder))
    return found


def contracts(settings: Settings, reader: Reader) -> Mapping[str, Contract]:
    """The contracts of the configuration with their equipment lists."""
    return {slug: _contract(profile, settings, reader) for slug, profile in settings.contracts.items()}


def examples(lessons: Iterable[Message], known: Mapping[str, Contract]) -> Sequence[Example]:
    """The messages as the model sees them; those of a contract that is not configured are left out."""
    taken = [lesson for lesson in lessons if lesson.contract in known]
    return [_example(lesson, known[lesson.contract], place) for place, lesson in enumerate(taken)]


def seen(text: str, contract: Contract, forgetting: str = "") -> Features:
    """What the model weighs of a message under a contract; or what it would, if it missed some of the signs."""
    reading = read(text)
    signs = {sign for sign in signs_of(reading) if not forgetting or not _is_forgotten(sign, forgetting)}
    return features(reading, signs, contract.index.search(text), kinds_of(contract.terms))


def model(folder: Path, settings: Settings, reader: Reader) -> Weights:
    """The weights that the messages of the training split teach."""
    lessons = [lesson for lesson in messages(folder, reader) if lesson.split == TRAIN]
    return training.trained(examples(lessons, contracts(settings, reader)))


def taught(lessons: Iterable[Message], known: Mapping[str, Contract]) -> Weights:
    """The weights that these messages teach, as sure of themselves as the shipped ones."""
    return training.fitted(examples(lessons, known), shipped().temperature)


def _contract(profile: Profile, settings: Settings, reader: Reader) -> Contract:
    ledger = settings.ledger_of(profile)
    index = Index(devices_file.read(ledger, reader) if ledger else ())
    return Contract(terms=profile.terms(), words=profile.word_list, index=index)


def _example(lesson: Message, contract: Contract, place: int) -> Example:
    found, weak = seen(lesson.text, contract), seen(lesson.text, contract, forgetting=lesson.id)
    return Example(signs=found.signs, weakened=weak.signs, runs=found.runs, answer=lesson.answer, fold=place)


def _is_forgotten(sign: str, by: str) -> bool:
    """One sign of five, always the same ones of a message."""
    return zlib.crc32(f"{by} {sign}".encode()) % _FORGOTTEN == 0


def _message(row: Mapping[str, str]) -> Message:
    kind, severity = row["kind"], row["severity"]
    return Message(
        id=row["id"],
        contract=row["contract"],
        text=row["text"],
        answer=ANSWERS.index(kind) if kind in ANSWERS[IMAGE:] else ANSWERS.index(severity, 0, OTHER + 1),
        device=(row["section"], row["seq"]) if row.get("device") else None,
        style=row.get("style", ""),
        hand=row.get("hand", ""),
        split=row.get("split", TRAIN),
    )
