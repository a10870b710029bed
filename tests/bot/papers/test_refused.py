"""A profile that breaks a rule is refused with file, key, reason, and what was probably meant: for every key."""

from datetime import date, timedelta
from enum import Enum
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

import pytest

from bot.config import toml_file
from bot.config.findings import SettingsError
from bot.reader import Reader
from sla.profile import Profile
from sla.profile.outline import ANY, Key
from tests.bot.papers import whole
from tests.bot.test_settings import JARGON

FILE = Path("contracts/sixth-contract.toml")
NAMED = [name for name, key in whole.KEYS.items() if key.path[-1] != ANY]
LEAVES = [name for name, key in whole.KEYS.items() if key.table is None and f"{name}.{ANY}" not in whole.KEYS]


def refused(tables: dict[str, Any], language: str = "zh-CN") -> dict[str, str]:
    """What the clerk is told, by key."""
    with pytest.raises(SettingsError) as caught:
        toml_file.fitted(tables, Profile, FILE, Reader(language))
    assert not [word for word in JARGON for finding in caught.value.findings if word in str(finding)]
    return {finding.key: finding.reason for finding in caught.value.findings}


def words_of(key: Key) -> tuple[str, ...]:
    """The words among which a value has to be chosen; nothing if it is free."""
    kinds = [key.holds, *get_args(key.holds)]
    for kind in kinds:
        if get_origin(kind) is Literal:
            return tuple(map(str, get_args(kind)))
        if isinstance(kind, type) and issubclass(kind, Enum):
            return tuple(str(member.value) for member in kind)
    return ()


@pytest.mark.parametrize("name", NAMED)
def test_a_misspelt_key_is_offered_right(name: str) -> None:
    """One letter too many, anywhere in the schema, and the clerk reads the key that was meant."""
    last = whole.KEYS[name].path[-1]
    tables, where = whole.changed(whole.KEYS[name], f"{last}{last[-1]}", None)
    assert refused(tables)[where] == f"没有这个键；是不是想写 {last}？"


@pytest.mark.parametrize("name", LEAVES)
def test_a_value_of_another_type_is_explained(name: str) -> None:
    """A table in place of a value is refused at its key, in words that say what should stand there."""
    for wrong in ({"a": 1}, [[["x"]]]):
        tables, where = whole.changed(whole.KEYS[name], "", wrong)
        reasons = [reason for place, reason in refused(tables).items() if place.startswith(where)]
        assert reasons and "值不对。" not in reasons


@pytest.mark.parametrize("name", [name for name in LEAVES if words_of(whole.KEYS[name])])
def test_a_misspelt_word_is_offered_right(name: str) -> None:
    """Where a value is one of several words, the nearest is offered."""
    key = whole.KEYS[name]
    word = words_of(key)[0]
    wrong = f"{word}{word[-1]}"
    tables, where = whole.changed(key, "", [wrong] if isinstance(whole.example(key), list) else wrong)
    (reason,) = [reason for place, reason in refused(tables).items() if place.startswith(where)]
    assert f"“{wrong}”" in reason and reason.endswith(f"是不是想写 {word}？")


@pytest.mark.parametrize("name", [name for name in LEAVES if whole.KEYS[name].holds is timedelta])
def test_a_length_without_unit_is_refused(name: str) -> None:
    """A bare number does not say whether it means minutes or hours."""
    for wrong in (10, "10", "十分钟"):
        tables, where = whole.changed(whole.KEYS[name], "", wrong)
        assert "不是时长" in refused(tables)[where]


def test_a_day_that_is_none_is_refused() -> None:
    """The thirtieth of February, and words for a day, are refused with an example, wherever a day stands."""
    for name in [name for name in LEAVES if whole.KEYS[name].holds is date]:
        for wrong in ("2026-02-30", "明年七月"):
            tables, where = whole.changed(whole.KEYS[name], "", wrong)
            assert "例如 2026-07-01" in refused(tables)[where]


@pytest.mark.parametrize("table", ["escalatoin", "puases", "level_chang", "busines_hours"])
def test_a_misspelt_table_is_offered_right(table: str) -> None:
    """A table that does not exist is refused by its name, not by what is missed for it."""
    (found,) = [reason for key, reason in refused(whole.tables() | {table: {}}).items() if key == table]
    assert "没有这个键；是不是想写 " in found


@pytest.mark.parametrize(
    ("key", "wrong", "meant"),
    [
        ("escalation.page", ["on_duty:enginer"], "on_duty:engineer"),
        ("escalation.then", ["supervising_oficer"], "supervising_officer"),
        ("escalation.on_breach", ["group:vendors"], "group:vendor"),
        ("levels.*.report_at_once", ["project_maneger"], "project_manager"),
        ("levels.*.kind", "falut", "fault"),
        ("record.fault", ["phenomenom"], "phenomenon"),
        ("timezone", "Asia/Shangai", "Asia/Shanghai"),
    ],
)
def test_a_misspelt_name_is_offered_right(key: str, wrong: Any, meant: str) -> None:
    """Roles, groups, fields and zones have names, and the nearest of these is offered."""
    tables, where = whole.changed(whole.KEYS[key], "", wrong)
    (reason,) = [reason for place, reason in refused(tables).items() if place.startswith(where)]
    assert reason.endswith(f"是不是想写 {meant}？")


@pytest.mark.parametrize(
    ("table", "key", "wrong", "meant"),
    [
        ("deliverables", "missing_item", "report_complience", "report_compliance"),
        ("key_periods", "extra", {"vidoe": 1}, "video"),
        ("scoring", "repair_rate_severities", ["majro"], "major"),
    ],
)
def test_a_misspelt_name_of_the_contracts_own_is_offered_right(table: str, key: str, wrong: Any, meant: str) -> None:
    """Levels, posts and score items are named by the contract itself, and the nearest of these is offered."""
    tables = whole.tables()
    rows = tables[table]
    (rows[0] if isinstance(rows, list) else rows)[key] = wrong
    (reason,) = refused(tables).values()
    assert reason.endswith(f"是不是想写 {meant}？")


def test_words_of_no_level_are_offered_a_level() -> None:
    """A list of words under a misspelt level is no list of its own."""
    tables = whole.tables()
    tables["words"]["majro"] = ["瘫痪"]
    (reason,) = refused(tables).values()
    assert reason.endswith("是不是想写 major？")


def test_a_day_that_toml_does_not_know_is_called_so(tmp_path: Path) -> None:
    """An impossible date without quotes breaks the file itself; the sentence speaks of the day, not of brackets."""
    file = tmp_path / "x.toml"
    file.write_text("slug = 'a'\nfrom = 2026-02-30\n", encoding="utf-8")
    with pytest.raises(SettingsError) as caught:
        toml_file.table(file, Reader())
    assert (
        str(caught.value.findings[0])
        == f"{file} [第 2 行] 第 2 行：没有这一天或这个时刻，例如 2026-07-01 或 08:00:00。"
    )


def test_an_english_reader_gets_the_same_hint() -> None:
    """The suggestion does not depend on the language."""
    tables, where = whole.changed(whole.KEYS["levels.*.kind"], "", "falut")
    assert refused(tables, "en")[where].endswith("did you mean fault?")
