"""docs/requirements.md: every requirement once, and everything that it names is there."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.reader import Reader
from bot.terminal.arguments import parser
from desk.access import Command
from sla.profile import Profile, outline
from tests.bot.papers import whole

ROOT = Path(__file__).parent.parent
TABLE = ROOT / "docs" / "requirements.md"
PAPER, OPEN = "只在纸面 paper only：因为", "未做 not yet："
SLUGS = {
    "SG1": "shaoguan-command",
    "SG2": "shaoguan-rescue",
    "BJ1": "beijing-command-center",
    "BJ2": "beijing-it-ops",
    "BJ3": "beijing-gov-cloud",
}
# How the requirements of each contract are numbered, family by family; a gap: that contract has no such clause.
NUMBERED = {
    "SG1": {
        "SVC": "01-07, 10-16",
        "INT": "01-07",
        "SLA": "01-06",
        "ESC": "01-07",
        "ROL": "01-06",
        "ROS": "01-03",
        "INS": "01-10, 12",
        "WFL": "01-17",
        "REC": "01-06",
        "DLV": "01-14",
        "KPI": "01-19",
        "FEE": "01-06",
        "SEC": "01-13",
        "TRM": "01-02",
        "LED": "01-02",
    },
    "SG2": {
        "SVC": "01-05, 08-16",
        "INT": "01-07",
        "SLA": "01-06",
        "ESC": "01-07",
        "ROL": "01-06",
        "ROS": "01, 03-05",
        "INS": "01-07, 09-11",
        "WFL": "01-17",
        "REC": "01-06",
        "DLV": "01-07, 10-14",
        "KPI": "01-19",
        "FEE": "01-06",
        "SEC": "01-13",
        "TRM": "01-02",
        "LED": "01-02",
    },
    "BJ1": {
        "SVC": "01-29",
        "INT": "01-02",
        "SLA": "01-02",
        "ESC": "01-03",
        "ROL": "01-10",
        "ROS": "01-07",
        "INS": "01",
        "REC": "01-02",
        "DLV": "01-04",
        "KPI": "01-05",
        "FEE": "01-09",
        "ACC": "01-02",
        "SEC": "01-15",
        "TRM": "01-07",
        "LED": "01",
    },
    "BJ2": {
        "SVC": "01-15",
        "INT": "01-02",
        "SLA": "01-03",
        "ESC": "01-03",
        "ROL": "01-13",
        "ROS": "01-03",
        "INS": "01-02",
        "REC": "01-04",
        "DLV": "01-07",
        "KPI": "01-15",
        "FEE": "01-14",
        "ACC": "01",
        "SEC": "01-12",
        "TRM": "01-07",
        "LED": "01",
    },
    "BJ3": {
        "SVC": "01-12",
        "INT": "01-06",
        "SLA": "01-05",
        "ESC": "01-03",
        "ROL": "01-08",
        "ROS": "01",
        "INS": "01",
        "REC": "01-02",
        "DLV": "01-05",
        "KPI": "01",
        "FEE": "01-11",
        "ACC": "01-04",
        "SEC": "01-16",
        "TRM": "01-07",
        "LED": "01",
        "PRC": "01-02",
    },
}
SHARED = {"GEN": "01-12", "AMB": "01-58"}
HOW_MANY = 550


def numbers(ranges: str) -> Iterator[str]:
    """Every number of a list of ranges, with two digits."""
    for part in ranges.split(", "):
        first, _, last = part.partition("-")
        yield from (f"{number:02}" for number in range(int(first), int(last or first) + 1))


def expected() -> list[str]:
    """Every id that there is."""
    own = [f"{name}-{number}" for name, ranges in SHARED.items() for number in numbers(ranges)]
    return own + [
        f"{contract}-{family}-{number}"
        for contract, families in NUMBERED.items()
        for family, ranges in families.items()
        for number in numbers(ranges)
    ]


def rows() -> list[tuple[str, str, str]]:
    """The table: id, what is asked, where it is served."""
    lines = TABLE.read_text(encoding="utf-8").splitlines()
    cells = [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines if re.match(r"\| [A-Z]", line)]
    assert all(len(row) == 3 for row in cells), [row for row in cells if len(row) != 3]
    return [(row[0], row[1], row[2]) for row in cells]


def ids(label: str) -> list[str]:
    """The ids of a row: ``SG1/SG2-SLA-03`` is one of either contract."""
    contracts, _, rest = label.partition("-")
    return [f"{contract}-{rest}" for contract in contracts.split("/")]


def named(where: str) -> list[str]:
    """What a row names in backticks."""
    return re.findall(r"`([^`]+)`", where)


def is_key(word: str) -> bool:
    """Whether a name is one of the profile, not of a file or a command."""
    return "/" not in word and not word.startswith("hotline ") and not word.endswith((".md", ".toml"))


def commands() -> set[str]:
    """The commands of the terminal, with their actions."""
    found: set[str] = set()

    def walk(above: str, one: object) -> None:
        for action in getattr(one, "_actions", ()):
            below = action.choices if hasattr(action, "_name_parser_map") else {}
            for name, inner in below.items():
                found.add(f"{above} {name}")
                walk(f"{above} {name}", inner)

    walk("hotline", parser(Reader()))
    return found


def test_every_requirement_stands_once() -> None:
    """None is forgotten, none stands twice, none is made up."""
    assert sum(not name.startswith(tuple(SHARED)) for name in expected()) == HOW_MANY
    found = [name for label, _, _ in rows() for name in ids(label)]
    assert sorted(found) == sorted(set(found)), "twice"
    assert sorted(found) == sorted(expected())


def test_every_requirement_is_said_in_few_words() -> None:
    """What is asked fits on a line, and where it is served is a name or an honest sentence."""
    for label, asked, where in rows():
        assert 2 < len(asked) <= 45, label
        assert named(where) or where.startswith((PAPER, OPEN)), label
        for mark in (PAPER, OPEN):
            if mark in where:
                assert len(where.partition(mark)[2]) >= 2, label


@pytest.mark.parametrize("prefix", [*SLUGS, *SHARED])
def test_every_key_is_one_of_that_contract(prefix: str) -> None:
    """A key that is named is in the schema, and written in the file of the contract that it serves."""
    written = {
        name: whole.names(tomllib.loads((ROOT / "contracts" / f"{slug}.toml").read_text(encoding="utf-8")))
        for name, slug in SLUGS.items()
    }
    schema = outline.of(Profile)
    for label, _, where in rows():
        contracts = label.partition("-")[0].split("/")
        if prefix not in contracts:
            continue
        for key in filter(is_key, named(where)):
            assert key in schema, f"{label}: {key}"
            files = [written[prefix]] if prefix in written else list(written.values())
            assert any(key in names for names in files), f"{label}: {key} is in no file of the contract"


def test_every_file_and_command_is_there() -> None:
    """Nothing is served by what does not exist."""
    known, chat = commands(), {f"/{command.value}" for command in Command}
    for label, _, where in rows():
        for word in named(where):
            if word.startswith("hotline "):
                assert word in known, f"{label}: {word}"
            elif word.startswith("/"):
                assert word in chat, f"{label}: {word}"
            elif not is_key(word):
                assert (ROOT / word).exists(), f"{label}: {word}"
