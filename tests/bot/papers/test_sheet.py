"""The sheet that both parties sign: complete, in sentences, and the same in both languages."""

import re
import tomllib
from html.parser import HTMLParser
from pathlib import Path

import pytest

from bot.cli import main
from bot.papers import markdown, paper, sheet
from bot.papers.speech import Speech
from desk.house import Contract
from desk.words import Words
from sla.profile import Profile
from sla.profile.outline import ANY
from tests.bot.papers import whole
from tests.bot.written import ROOT, Folder, good

CATALOGUE = Words.read(ROOT / "bot" / "papers" / "words")
SPEECH = Speech("zh-CN")
SLUG = "shaoguan-command"


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """Files in which all is well."""
    return good(tmp_path)


def text(profile: Profile, language: str = "zh-CN") -> str:
    """The sheet as Markdown."""
    return markdown.page(sheet.of(Contract.of(profile), Speech(language)))


def everything() -> Profile:
    """A profile in which every key of the schema is written."""
    return Profile.model_validate(whole.tables())


def has_keys(name: str) -> bool:
    """Whether a key holds others."""
    return any(other.startswith(f"{name}.") for other in whole.KEYS)


class Tags(HTMLParser):
    """What is open at the end, and what is asked of other places."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.elsewhere: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Remember it."""
        self.open += [] if tag in ("meta", "link", "img", "br") else [tag]
        self.elsewhere += [tag] if tag in ("link", "img", "script", "iframe") else []
        self.elsewhere += [str(value) for name, value in attrs if name in ("src", "href")]

    def handle_endtag(self, tag: str) -> None:
        """It closes the last that is open."""
        assert self.open.pop() == tag


def test_the_sheet_tells_limits_clocks_and_ladder(folder: Folder) -> None:
    """What a clerk looks for stands there in sentences, in words that the contract uses."""
    said = text(folder.load().contracts[SLUG])
    for sentence in (
        "# 《韶关市政府应急指挥调度系统维保》报障热线执行约定",
        "| 重大故障 | 报障 | 10 分钟 | 1 小时 | 4 小时 | 监督管理员、项目经理 |",
        "| 其他要求 | 其他要求 | 10 分钟 | — | — | — |",
        "响应：从报障时起算，到有人接单为止；机器人的自动回执不算响应。",
        "一开单立即呼叫：值班工程师（以当时值班表为准）、技术负责人。",
        "每个时限用去 50 %、80 % 时，提醒负责的人。",
        "没有人理会的，每 5 分钟再叫一次；再叫 2 次仍没有人理会，呼叫监督管理员。",
        "挂起须经监督管理员同意，期间到场、处理时限停表，恢复后接着算。",
        "甲方（盖章）：",
        "乙方代表签字：",
    ):
        assert sentence in said
    assert Contract.of(folder.load().contracts[SLUG]).digest[:16] in said


def test_a_contract_without_minutes_says_so() -> None:
    """Where no limit is stated the sheet promises none."""
    tables = whole.tables()
    for level in tables["levels"].values():
        for clock in ("response", "arrival", "locate", "handling"):
            level.pop(clock, None)
    said = text(Profile.model_validate(tables))
    assert (
        "本合同没有按分钟计的时限" in said
        and "到时限仍没有完成" not in said
        and "有人按“升级”，立即呼叫" in said
        and "响应：从" not in said
    )


def test_every_key_has_a_name_in_both_languages() -> None:
    """No clerk meets the bare name of a key: a new one needs a word first, and an old word goes with it."""
    for language in ("zh-CN", "en"):
        labels = {key.removeprefix("label.") for key in CATALOGUE.keys(language) if key.startswith("label.")}
        needed = {
            ".".join([*(part for part in key.path if part != ANY), *(["_"] if has_keys(name) else [])])
            for name, key in whole.KEYS.items()
            if key.path[-1] != ANY
        }
        assert labels == needed


def test_both_languages_have_the_same_sentences() -> None:
    """Every sentence is there in both languages and names the same facts."""
    assert CATALOGUE.keys("zh-CN") == CATALOGUE.keys("en")
    for key in CATALOGUE.keys("en"):
        assert CATALOGUE.placeholders("zh-CN", key) == CATALOGUE.placeholders("en", key), key


def test_nothing_on_the_sheet_is_in_the_language_of_the_file() -> None:
    """With every key written, no word of the schema's own stands on the Chinese sheet where a value has a name."""
    said = text(everything())
    words = {
        "supervising_officer",
        "project_manager",
        "on_duty",
        "reported",
        "acknowledged",
        "phenomenon",
        "True",
        "None",
    }
    assert not [word for word in words if word in said]


@pytest.mark.parametrize("file", sorted((ROOT / "contracts").glob("*.toml")), ids=lambda file: file.stem)
def test_a_clerk_reads_no_word_of_the_files_own(file: Path) -> None:
    """On the sheets of the house's own contracts every key and every word has its name."""
    profile = Profile.model_validate(tomllib.loads(file.read_text(encoding="utf-8")))
    said = text(profile)
    for own in (profile.ledger or "", profile.slug, Contract.of(profile).digest[:16]):
        said = said.replace(own, "")
    strange = set(re.findall(r"[A-Za-z][A-Za-z_]{2,}", said))
    assert strange <= {"Asia", "Shanghai", "Mbps", profile.ticket_prefix}, strange


def test_the_page_needs_nothing_else_and_is_whole(folder: Folder) -> None:
    """One file: nothing is fetched from anywhere, every tag is closed, and words of people are only words."""
    folder.change(f"contracts/{SLUG}.toml", 'client = "韶关市应急管理局"', 'client = "<b>局 & 处"')
    page = paper.page(sheet.of(Contract.of(folder.load().contracts[SLUG]), SPEECH), "zh-CN")
    tags = Tags(page)
    assert tags.open == [] and tags.elsewhere == [] and "url(" not in page and "@import" not in page
    assert "&lt;b&gt;局 &amp; 处" in page and "size: A4" in page
    assert f'content: "{SLUG} {Contract.of(folder.load().contracts[SLUG]).digest[:16]}"' in page


def test_an_english_reader_gets_an_english_sheet(folder: Folder) -> None:
    """The sentences follow the language, the contract's own words stay."""
    said = text(folder.load().contracts[SLUG], "en")
    assert "If it is not done by the limit" in said and "Signed for the Vendor:" in said


def test_show_writes_what_the_name_says(
    folder: Folder, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """To the terminal, to Markdown, to a page; a folder that is not there and an unknown contract are named."""
    monkeypatch.setenv("HOTLINE_LANGUAGE", "zh-CN")
    config = ["--config", str(folder.config)]
    assert main(["contract", "show", SLUG, *config]) == 0
    printed = capsys.readouterr().out
    assert printed.startswith("# 《")
    for name, begins in (("sheet.md", "# 《"), ("sheet.html", "<!doctype html>")):
        assert main(["contract", "show", SLUG, *config, "-o", str(folder.path / name)]) == 0
        assert (folder.path / name).read_text(encoding="utf-8").startswith(begins)
        assert name in capsys.readouterr().out
    assert (folder.path / "sheet.md").read_text(encoding="utf-8") == printed
    assert main(["contract", "show", SLUG, *config, "-o", str(folder.path / "absent" / "a.md")]) == 1
    assert "写不进去" in capsys.readouterr().err
    assert main(["contract", "show", "shaoguan-comand", *config]) == 1
    assert f"是不是想写 {SLUG}？" in capsys.readouterr().err
