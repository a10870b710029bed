"""docs/contracts.md explains every table and key that a profile may have, and no other."""

import re
from pathlib import Path

from bot.papers import skeleton
from sla.profile import Profile, outline
from tests.test_requirements import commands

GUIDE = (Path(__file__).parent.parent / "docs" / "contracts.md").read_text(encoding="utf-8")
ROWS = [
    [cell.strip() for cell in line.strip("|").split(" | ")] for line in GUIDE.splitlines() if line.startswith("| `")
]
EXPLAINED = {row[0].strip("` ").strip("|").strip("` "): row[1:] for row in ROWS if not row[0].startswith('| `"')}


def test_the_guide_explains_every_key_of_the_schema_and_no_other() -> None:
    """A new key needs its row, with what it means; a key that has gone takes its row along."""
    named = {name for name, key in outline.of(Profile).items() if key.path[-1] != outline.ANY}
    tables = {name for name in named if any(other.startswith(f"{name}.") for other in outline.of(Profile))}
    explained = {name for name in EXPLAINED if re.fullmatch(r"[\w.*]+", name) and not name.endswith(outline.ANY)}
    assert explained - tables == named - tables
    for name in sorted(named - tables):
        assert len(EXPLAINED[name][0]) >= 2, name


def test_the_guide_has_a_chapter_for_every_table() -> None:
    """Each top-level table has a heading, and says from which clauses it comes."""
    chapters = re.findall(r"^### .*?`\[+(\w+)[^`]*`(.*?)(?=^### |\Z)", GUIDE, flags=re.MULTILINE | re.DOTALL)
    tables = {name.partition(".")[0] for name in outline.of(Profile) if "." in name}
    assert {name for name, _ in chapters} == tables
    assert not [name for name, text in chapters if "出自：" not in text]


def test_the_examples_of_the_guide_are_those_of_the_skeleton() -> None:
    """Whoever copies an example from either gets the same."""
    text = skeleton.TEMPLATE.read_text(encoding="utf-8").replace("@slug@", "sixth-contract").replace("@prefix@", "SC")
    for name, cells in EXPLAINED.items():
        example = cells[1].strip("`") if re.fullmatch(r"[\w.*]+", name) and len(cells) > 1 else ""
        if example and name not in ("record.fault", "words.*"):
            assert f"{name.rpartition('.')[2]} = {example}" in text, name


def test_the_guide_names_commands_that_exist() -> None:
    """Every command of the guide is one."""
    known = commands() | {"hotline check", "hotline invite"}
    for words in re.findall(r"`(hotline [a-z]+(?: (?:new|show|history))?)", GUIDE):
        assert words in known, words
