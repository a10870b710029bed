"""`hotline contract new`: a skeleton that loads, that says what it is, and that does not rot."""

import csv
import tomllib
from pathlib import Path

import pytest

from bot.checks import check
from bot.checks.account import Account
from bot.checks.check import Facts
from bot.checks.database import Found
from bot.cli import main
from bot.config import settings
from sla.profile import Profile
from tests.bot.papers import whole
from tests.bot.test_check import NOW
from tests.bot.written import CALENDAR, CONFIG, PEOPLE, ROOT, Folder


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """A folder of a house that has no contract yet."""
    (tmp_path / "contracts").mkdir()
    return Folder(tmp_path).write("config.toml", CALENDAR + CONFIG).write("people.toml", "")


def new(folder: Folder, slug: str) -> int:
    """The command."""
    return main(["contract", "new", slug, "--folder", str(folder.path / "contracts")])


def test_the_skeleton_loads_as_it_is(folder: Folder, capsys: pytest.CaptureFixture[str]) -> None:
    """Profile and equipment list are written, the settings take them, and the next steps are said."""
    assert new(folder, whole.SLUG) == 0
    said = capsys.readouterr().out
    assert "sixth-contract.toml" in said and "ledger-sixth-contract.csv" in said and "hotline check" in said
    read = settings.load(folder.config, {})
    profile = read.contracts[whole.SLUG]
    assert (profile.ticket_prefix, profile.terms().levels["major"].name) == (whole.PREFIX, "重大故障")
    ledger = read.ledger_of(profile)
    assert ledger is not None
    with ledger.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 1 and {"section", "seq", "name", "quantity", "unit"} <= rows[0].keys()


def test_check_asks_only_for_what_is_missing(folder: Folder, capsys: pytest.CaptureFixture[str]) -> None:
    """With nobody on it yet one line says so; with the people of a served contract nothing is."""
    facts = Facts(found=Found(), account=Account(username="weibao_bot"))
    new(folder, whole.SLUG)
    missed = {remark.key for remark in check.remarks(settings.load(folder.config, {}), facts, NOW)}
    assert missed == {"nobody"}
    folder.write("people.toml", PEOPLE.replace("shaoguan-command", whole.SLUG))
    assert check.remarks(settings.load(folder.config, {}), facts, NOW) == []


def test_nothing_that_is_there_is_touched(folder: Folder, capsys: pytest.CaptureFixture[str]) -> None:
    """An existing profile or list stops the command with one sentence, and stays as it was."""
    folder.write("contracts/a-b.toml", "mine").write("contracts/ledger-c-d.csv", "mine")
    for slug, file in (("a-b", "a-b.toml"), ("c-d", "ledger-c-d.csv")):
        assert new(folder, slug) == 1
        said = capsys.readouterr().err
        assert file in said and "已经在了" in said and said.count("\n") == 1
        assert (folder.path / "contracts" / file).read_text() == "mine"
    assert not (folder.path / "contracts" / "c-d.toml").exists()


@pytest.mark.parametrize("slug", ["Sixth", "第六", "-six", "../six", "six contract", ""])
def test_a_bad_slug_is_refused(folder: Folder, slug: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A slug that the profile would refuse is refused before anything is written."""
    assert new(folder, slug) in (1, 2)
    said = capsys.readouterr()
    assert said.out == "" and said.err.count("\n") == 1 and not list((folder.path / "contracts").iterdir())


def test_a_folder_that_is_not_there_is_named(folder: Folder, capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing is written somewhere else."""
    assert main(["contract", "new", "six", "--folder", str(folder.path / "contract")]) == 1
    assert str(folder.path / "contract") in capsys.readouterr().err


def test_a_slug_or_prefix_of_another_contract_is_not_taken(folder: Folder, capsys: pytest.CaptureFixture[str]) -> None:
    """Ticket numbers of two contracts never look alike."""
    new(folder, "sun-city")
    assert new(folder, "south-coast") == 0
    prefixes = {profile.ticket_prefix for profile in settings.load(folder.config, {}).contracts.values()}
    assert prefixes == {"SC", "SC2"}
    (folder.path / "contracts" / "sun-city.toml").rename(folder.path / "contracts" / "renamed.toml")
    (folder.path / "contracts" / "ledger-sun-city.csv").unlink()
    assert new(folder, "sun-city") == 1
    assert "sun-city" in capsys.readouterr().err


def test_the_skeleton_has_every_key_of_the_schema_and_no_other() -> None:
    """Whatever a profile may say stands in the skeleton, live or behind a #; nothing else does."""
    assert whole.names(whole.tables()) == set(whole.KEYS)


def test_the_skeleton_loads_with_everything_switched_on() -> None:
    """An example value that is uncommented is one that the schema takes."""
    Profile.model_validate(whole.tables())


def test_every_line_of_the_skeleton_is_explained() -> None:
    """Each table and key has a Chinese comment on its line, or on the line above it."""
    lines = whole.text().splitlines()
    bare = [
        line
        for above, line in zip(["", *lines], lines, strict=False)
        if " = " in line and "#" not in line.lstrip("#") and not above.startswith(("#", "["))
    ]
    assert len(bare) <= len(lines) // 4, bare


def test_the_contracts_of_the_house_speak_the_schema() -> None:
    """Every profile in contracts/ names only keys that the skeleton explains."""
    for file in (ROOT / "contracts").glob("*.toml"):
        assert whole.names(tomllib.loads(file.read_text(encoding="utf-8"))) <= set(whole.KEYS), file.name
