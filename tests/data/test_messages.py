"""The labelled messages keep their form: fields, split, amounts, ledger names, and no two that are nearly the same."""

import csv
import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, fields
from math import ceil
from pathlib import Path
from typing import Any

import pytest

MESSAGES = Path(__file__).parent / "messages"
LEDGERS = Path(__file__).parents[2] / "contracts"

CONTRACTS = ("beijing-command-center", "beijing-gov-cloud", "beijing-it-ops", "shaoguan-command", "shaoguan-rescue")
# The least number of messages of a style, over all contracts.
STYLES = {
    "asks": 95,
    "bare": 110,
    "dialect": 105,
    "injection": 35,
    "lookalike": 80,
    "plain": 270,
    "rambling": 85,
    "scope": 115,
    "terse": 160,
    "turned": 120,
    "typos": 110,
    "voice": 115,
}
# Who wrote them: of the first hand every fourth message is held, of the last two, the examiners, all are.
FIRST, TEACHERS, EXAMINERS = "a", "bcdefghijklmnop", "xy"
# Which levels a kind may have.
LEVELS_OF = {
    "fault": {"major", "general"},
    "consultation": {"consultation"},
    "other": {"other"},
    "image_retrieval": {"other"},
    "meeting_guarantee": {"other"},
}
SPECIAL_KINDS = {"image_retrieval", "meeting_guarantee"}
# Share of each level over all contracts: from, to.
SHARES = {"major": (0.20, 0.26), "general": (0.32, 0.40), "consultation": (0.15, 0.21), "other": (0.19, 0.26)}


@dataclass(frozen=True, slots=True)
class Message:
    """One line of a file."""

    id: str
    contract: str
    text: str
    kind: str
    severity: str
    device: str | None
    section: str | None
    seq: str | None
    style: str
    split: str
    hand: str


def files() -> list[Path]:
    """Every file of messages, in a fixed order."""
    return sorted(MESSAGES.rglob("*.jsonl"))


def lines(file: Path) -> list[str]:
    """The lines of a file; only a line feed ends one."""
    return file.read_text("utf-8").removesuffix("\n").split("\n")


def messages() -> Iterator[Message]:
    """Every message of every file."""
    for file in files():
        yield from (Message(**json.loads(line)) for line in lines(file))


def short(contract: str, named: list[Message]) -> list[str]:
    """The ledger's rows (section, number, name) that messages name and the ledger lacks."""
    with (LEDGERS / f"ledger-{contract}.csv").open(encoding="utf-8", newline="") as ledger:
        rows = {(row["section"], row["seq"], row["name"]) for row in csv.DictReader(ledger)}
    return [message.id for message in named if (message.section, message.seq, message.device) not in rows]


def split_of(hand: str, number: int) -> str:
    """To which split a message belongs, by its writer and its number in the file."""
    assert hand in (FIRST, *TEACHERS, *EXAMINERS)
    return "held" if hand in EXAMINERS or (hand == FIRST and number % 4 == 0) else "train"


def trigrams(text: str) -> frozenset[str]:
    """All runs of three characters without blanks; a shorter text is its own run."""
    plain = "".join(text.split())
    return frozenset(plain[at : at + 3] for at in range(len(plain) - 2)) or frozenset({plain})


def characters(text: str) -> frozenset[tuple[str, int]]:
    """All characters without blanks; the second "的" is another one than the first."""
    seen: Counter[str] = Counter()
    found = []
    for sign in "".join(text.split()):
        found.append((sign, seen[sign]))
        seen[sign] += 1
    return frozenset(found)


def sharing(parts: Mapping[str, frozenset[Any]], limit: float) -> Iterator[tuple[str, str]]:
    """Pairs that have at least `limit` of the larger one's parts in common.

    Such a pair has one of the rarest parts of each in common, however few of these are looked at: so most pairs need no
    comparison.
    """
    many = Counter(part for own in parts.values() for part in own)
    holders: dict[object, list[str]] = defaultdict(list)
    for name, own in parts.items():
        rarest = sorted(own, key=lambda part: (many[part], part))[: len(own) - ceil(limit * len(own)) + 1]
        for other in dict.fromkeys(other for part in rarest for other in holders[part]):
            if len(own & parts[other]) >= limit * max(len(own), len(parts[other])):
                yield other, name
        for part in rarest:
            holders[part].append(name)


def near(texts: Mapping[str, str], limit: float) -> list[tuple[str, str]]:
    """Pairs whose runs of three are the same to at least `limit` (Jaccard)."""
    runs = {name: trigrams(text) for name, text in texts.items()}
    found = sharing(runs, limit)
    return [
        (one, other) for one, other in found if len(runs[one] & runs[other]) >= limit * len(runs[one] | runs[other])
    ]


def alike(texts: Mapping[str, str], limit: float) -> list[tuple[str, str]]:
    """Pairs that have more than `limit` of the longer one's characters in common, in any order."""
    signs = {name: characters(text) for name, text in texts.items()}
    return [
        (one, other)
        for one, other in sharing(signs, limit)
        if len(signs[one] & signs[other]) > limit * max(len(signs[one]), len(signs[other]))
    ]


def test_the_files_are_those_of_the_contracts_and_styles() -> None:
    """Each contract has one file for each style, and there is nothing else."""
    found = {file.relative_to(MESSAGES).as_posix() for file in files()}
    assert found == {f"{contract}/{style}.jsonl" for contract in CONTRACTS for style in STYLES}


@pytest.mark.parametrize("file", files(), ids=lambda file: f"{file.parent.name}/{file.stem}")
def test_every_line_has_the_fields_in_their_order_and_right_values(file: Path) -> None:
    """Contract and style are those of the file, numbers run from 001, every fourth is held, and labels agree."""
    for number, line in enumerate(lines(file), start=1):
        entry = json.loads(line)
        assert list(entry) == [each.name for each in fields(Message)], line
        message = Message(**entry)
        assert line == json.dumps(asdict(message), ensure_ascii=False)
        assert message.id == f"{file.parent.name}-{file.stem}-{number:03d}"
        assert (message.contract, message.style) == (file.parent.name, file.stem)
        assert message.split == split_of(message.hand, number), message.id
        assert message.severity in LEVELS_OF[message.kind], message.id
        assert message.kind not in SPECIAL_KINDS or message.contract == "beijing-command-center", message.id
        assert message.text == message.text.strip() and 1 <= len(message.text) <= 200, message.id
        assert (message.device is None) == (message.section is None) == (message.seq is None), message.id


def test_there_are_enough_messages_of_everything() -> None:
    """9,000 in all, 1,500 of each contract, the stated number of each style, and each level within its share."""
    everything = list(messages())
    assert len(everything) >= 9000
    for contract, amount in Counter(message.contract for message in everything).items():
        assert amount >= 1500, contract
    styles = Counter(message.style for message in everything)
    assert {style: styles[style] for style, least in STYLES.items() if styles[style] < least} == {}
    for split in ("train", "held"):
        of_split = [message for message in everything if message.split == split]
        levels = Counter(message.severity for message in of_split)
        for level, (least, most) in SHARES.items():
            assert least <= levels[level] / len(of_split) <= most, (split, level)


@pytest.mark.parametrize("contract", CONTRACTS)
def test_each_contract_has_every_kind_and_level(contract: str) -> None:
    """Each level is at least an eighth of a contract's messages; the command centre has both special kinds."""
    own = [message for message in messages() if message.contract == contract]
    levels = Counter(message.severity for message in own)
    assert all(levels[level] >= len(own) / 8 for level in SHARES), levels
    kinds = Counter(message.kind for message in own)
    special = {kind: kinds[kind] for kind in SPECIAL_KINDS}
    if contract == "beijing-command-center":
        assert min(special.values()) >= 20, special
    else:
        assert not any(special.values()), special


@pytest.mark.parametrize("contract", CONTRACTS)
def test_most_messages_name_a_device_as_people_call_it(contract: str) -> None:
    """At least 55 of 100 name a row of the ledger, and do so without the ledger's own words."""
    own = [message for message in messages() if message.contract == contract]
    called = [message for message in own if message.device and message.device not in message.text]
    assert len(called) >= 0.55 * len(own)


@pytest.mark.parametrize("contract", CONTRACTS)
def test_the_devices_are_rows_of_the_ledger(contract: str) -> None:
    """Section, number and name of a device stand in the contract's ledger exactly as they are written here."""
    named = [message for message in messages() if message.contract == contract and message.device]
    assert short(contract, named) == []


def test_no_two_messages_are_nearly_the_same() -> None:
    """Two messages share fewer than 60 of 100 runs of three characters, and at most 80 of 100 characters."""
    texts = {message.id: message.text for message in messages()}
    assert near(texts, 0.6) == []
    assert alike(texts, 0.8) == []


def test_what_is_nearly_the_same_is_found() -> None:
    """A changed end, a changed order and a message that is written twice are all found; a like subject is not."""
    texts = {
        "first": "三楼会议室左边的音箱没有声音了",
        "end": "三楼会议室左边的音箱没有声音",
        "order": "左边的音箱没有声音了，三楼会议室",
        "subject": "会议室音箱有电流声，在三楼",
        "twice": "👍",
        "again": "👍",
    }
    same = {frozenset(pair) for pair in (("first", "end"), ("first", "order"), ("end", "order"), ("twice", "again"))}
    assert {frozenset(pair) for pair in near(texts, 0.6)} == same
    assert {frozenset(pair) for pair in alike(texts, 0.8)} == same


def test_no_message_carries_a_secret_or_a_way_to_reach_a_person() -> None:
    """No telephone number, mail address, link, token or password is in any text."""
    personal = re.compile(
        r"\d{7,}|\d{3,4}-\d{4,}|[\w.]+@[\w.]+|https?://|\d{6,}:[\w-]{20,}|(?:密码|口令)[是为：:]\s*\w"
    )
    assert [message.id for message in messages() if personal.search(message.text)] == []
