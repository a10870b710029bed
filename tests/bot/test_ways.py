"""Further ways as a clerk writes them: what is wrong is said by file and key, and the secret is never repeated."""

import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot import cli
from bot.checks import check, staffing
from bot.config.findings import SettingsError
from bot.engine import gateways as door
from bot.engine.gateways import Refusal
from bot.reader import Reader
from sla.terms import WayKind
from tests import gateways
from tests.bot.written import Folder, good
from tests.gateways import SECRET, Gateway

READER = Reader()
NOW = datetime(2026, 11, 20, 16, 0, tzinfo=UTC)
WAYS = """
[[ways]]
key = "sms"
kind = "sms"
url_env = "HOTLINE_WAY_SMS"

[[ways]]
key = "desk-mail"
kind = "mail"
url_file = "mail.url"
"""
MINE = 'ways = [{ way = "desk-mail" }, { way = "sms", to = "+86 10001" }]\n'
ENV = {"HOTLINE_WAY_SMS": f"jsons://robot:{SECRET}@sms.example.org/send?:phone={{to}}"}
ROLES = 'roles = [{ contract = "shaoguan-command", role = "engineer", post = "video" }]\n'


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """The good files, with two ways to the engineer."""
    files = good(tmp_path).change("people.toml", ROLES, ROLES + MINE).add("people.toml", WAYS)
    return files.write("mail.url", f"mailtos://robot:{SECRET}@mail.example.org?to=engineer@example.org\n")


@pytest.fixture
def gateway() -> Iterator[Gateway]:
    """A gateway on this machine."""
    with gateways.opened() as opened:
        yield opened


def amiss(folder: Folder, env: dict[str, str]) -> list[str]:
    """What is wrong with the ways."""
    return [str(finding) for finding in door.findings(folder.load(env), READER)]


def test_the_order_is_the_persons_own(folder: Folder) -> None:
    """The ways stand in the order of the file, with the number put into the address, escaped."""
    settings = folder.load(ENV)
    mail, sms = settings.ways.of["engineer-1"]
    assert (mail.key, mail.kind, sms.key, sms.kind) == ("desk-mail", WayKind.MAIL, "sms", WayKind.SMS)
    assert sms.url.endswith("?:phone=%2B86%2010001")
    assert door.findings(settings, READER) == []


def test_a_secret_is_not_in_any_text(folder: Folder) -> None:
    """Neither settings nor ways show an address."""
    settings = folder.load(ENV)
    assert SECRET not in repr(settings) and SECRET not in repr(settings.ways) and "10001" not in repr(settings)


@pytest.mark.parametrize(
    ("old", "new", "key", "reason"),
    [
        ('url_env = "HOTLINE_WAY_SMS"', "", "ways#1", "必须写一个"),
        ('url_env = "HOTLINE_WAY_SMS"', 'url_env = "A"\nurl_file = "b"', "ways#1", "只能写一个"),
        ('kind = "mail"', 'kind = "email"', "ways#2.kind", "是不是想写 mail？"),
        ('key = "desk-mail"', 'key = "sms"', "ways#2.key", "与 ways#1 重复"),
        ('way = "sms"', 'way = "smss"', "people#1.ways#2.way", "是不是想写 sms？"),
        ('way = "sms"', 'way = "desk-mail"', "people#1.ways#2.way", "重复"),
        ('url_file = "mail.url"', f'url = "mailto://u:{SECRET}@h"', "ways#2.url", "没有这个键"),
    ],
)
def test_a_contradiction_in_the_file_is_refused(folder: Folder, old: str, new: str, key: str, reason: str) -> None:
    """What the file alone shows to be wrong is refused by every command, by key and reason, without any secret."""
    with pytest.raises(SettingsError) as caught:
        folder.change("people.toml", old, new).load(ENV)
    found = [finding for finding in caught.value.findings if finding.key == key and reason in finding.reason]
    assert found, caught.value.findings
    assert SECRET not in str(caught.value)


@pytest.mark.parametrize(
    ("address", "key", "reason"),
    [
        ("", "ways#1.url_env", "环境变量 HOTLINE_WAY_SMS 没有设置"),
        (f"wecom://{SECRET}/{{to}}", "ways#1.url_env", "开头：json、jsons"),
        (f"{SECRET}-{{to}}", "ways#1.url_env", "开头：json、jsons"),
        (f"json://h/{{to}}\njson://{SECRET}", "ways#1.url_env", "应是一行"),
        (f"jsons://u:{SECRET}@h/", "people.engineer-1.ways", "地址里没有 {to}"),
        (f"httpsms://{SECRET}?from={{to}}", "people.engineer-1.ways.sms", "地址不完整"),
    ],
)
def test_a_wrong_address_is_a_finding(folder: Folder, address: str, key: str, reason: str) -> None:
    """The address of a gateway is judged without being shown; only what concerns it is stopped."""
    (line,) = amiss(folder, {"HOTLINE_WAY_SMS": address})
    assert line.startswith(f"{folder.path / 'people.toml'} [{key}] ") and reason in line
    assert SECRET not in line


def test_a_missing_number_is_a_finding(folder: Folder) -> None:
    """An address with a place for the number needs one."""
    (line,) = amiss(folder.change("people.toml", ', to = "+86 10001"', ""), ENV)
    assert "people.engineer-1.ways" in line and "请写本人的号码" in line


def test_a_missing_file_is_a_finding(folder: Folder) -> None:
    """The file of an address is named, and the way beside it is kept."""
    (folder.path / "mail.url").unlink()
    (line,) = amiss(folder, ENV)
    assert "ways#2.url_file" in line and "mail.url 文件不存在" in line
    assert [way.key for way in folder.load(ENV).ways.of["engineer-1"]] == ["sms"]


def test_without_the_library_ways_are_no_use(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    """If apprise is not installed, that is said in a sentence, and only where there are ways."""
    monkeypatch.setitem(sys.modules, "apprise", None)
    lines = amiss(folder, ENV)
    assert len(lines) == 1 and "没有安装 apprise" in lines[0]


def test_the_library_is_not_loaded_without_ways(tmp_path: Path) -> None:
    """A house without further ways spares its time and memory."""
    settings = good(tmp_path).load()
    before = set(sys.modules)
    assert door.findings(settings, READER) == []
    assert not any(name.startswith("apprise") for name in set(sys.modules) - before)


def test_a_demanded_way_that_somebody_lacks(folder: Folder) -> None:
    """Whoever is paged for a level that demands a telephone needs one of its kinds."""
    settings = folder.change("contracts/shaoguan-command.toml", "#also_by", "also_by").load(ENV)
    found = [one for one in staffing.remarks(settings, NOW) if one.key == "no_demanded_way"]
    assert [(one.facts["person"], one.facts["level"]) for one in found] == [("lead-1", "major")]
    assert "voice、sms" in found[0].worded(READER)


async def test_check_says_it_first(folder: Folder) -> None:
    """`hotline check` names the ways that cannot be used."""
    lines = await check.check(replace(folder.load({}), token=""), NOW, READER)
    assert "环境变量 HOTLINE_WAY_SMS 没有设置" in lines[0]


async def test_a_text_is_handed_over(folder: Folder, gateway: Gateway) -> None:
    """The gateway gets the text and the number; what it refuses is told without a word of the address."""
    folder.write("mail.url", f"mailtos://robot:{SECRET}@mail.example.org?to=engineer@example.org")
    _, sms = folder.load({"HOTLINE_WAY_SMS": gateway.address("sms")}).ways.of["engineer-1"]
    await door.hand_over(sms, "维保热线测试")
    assert [(one.to, one.text) for one in gateway.taken] == [("+86 10001", "维保热线测试")]
    gateway.down.add("sms")
    with pytest.raises(Refusal) as caught:
        await door.hand_over(sms, "维保热线测试")
    assert str(caught.value) == "refused"


def test_a_clerk_can_try_a_gateway(
    folder: Folder, gateway: Gateway, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """`hotline ways` lists everybody's ways, and sends a test by each of them."""
    folder.change("people.toml", '{ way = "desk-mail" }, ', "")
    monkeypatch.setenv("HOTLINE_WAY_SMS", gateway.address("sms"))
    config = str(folder.config)
    assert cli.main(["ways", "list", "--config", config]) == 0
    assert "值班工程师甲（engineer-1）：Telegram、短信（sms）" in capfd.readouterr().out
    assert cli.main(["ways", "test", "engineer-1", "--config", config]) == 0
    assert "网关已收下" in capfd.readouterr().out
    assert [one.text for one in gateway.taken] == ["【维保热线】测试消息，收到即可，不用处理。"]
    gateway.down.add("sms")
    assert cli.main(["ways", "test", "engineer-1", "--config", config]) == 1
    said = capfd.readouterr()
    assert "网关没有收下" in said.out and SECRET not in said.out + said.err
    assert cli.main(["ways", "test", "lead-1", "--config", config]) == 1
    assert "技术负责人没有 Telegram 之外的联系方式" in capfd.readouterr().err


def test_the_hotline_does_not_start_with_a_way_that_cannot_work(
    folder: Folder, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Better a refusal by day than a silent telephone at night; other commands go on working."""
    monkeypatch.delenv("HOTLINE_WAY_SMS", raising=False)
    assert cli.main(["run", "--config", str(folder.config)]) == 1
    assert "环境变量 HOTLINE_WAY_SMS 没有设置" in capsys.readouterr().err
    assert cli.main(["migrate", "--config", str(folder.config)]) == 0
