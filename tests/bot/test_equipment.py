"""`hotline devices` and what `hotline check` says of the lists."""

import asyncio
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from bot import cli
from bot.checks import check, lists
from bot.engine import lock
from bot.reader import Reader
from bot.terminal import equipment
from storage import devices
from storage.store import Store
from tests.bot.written import Folder, good

SLUG = "shaoguan-command"
LIST = f"contracts/ledger-{SLUG}.csv"
NOW = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
CHINESE = Reader()
Hotline = Callable[..., tuple[int, str, str]]


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """Files in which all is well."""
    return good(tmp_path / "house")


@pytest.fixture
def hotline(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], folder: Folder) -> Iterator[Hotline]:
    """Run `hotline devices` in the folder of the files."""
    monkeypatch.setenv("HOTLINE_LANGUAGE", "zh-CN")
    monkeypatch.chdir(folder.path)

    def run(action: str, *words: str, contract: str = SLUG) -> tuple[int, str, str]:
        code = cli.main(["devices", action, "--contract", contract, *words])
        return (code, *capsys.readouterr())

    yield run


def migrated(folder: Folder) -> None:
    """A database that was made before."""

    async def work() -> None:
        store = await Store.open(folder.load().storage_url)
        await store.migrate(NOW)
        await store.close()

    asyncio.run(work())


def test_the_list_is_counted(hotline: Hotline) -> None:
    """Rows and units of each section and of the whole, services apart, and the names that repeat."""
    code, out, err = hotline("list")
    lines = out.splitlines()
    assert (code, err) == (0, "")
    assert lines[0] == "（一）市区县高清视频会议（会商）系统：8 行，计数 29"
    assert "合计：10 个分项，67 行，其中设备 62 行，计数 341" in lines
    assert "服务和价格：5 行" in lines
    assert lines[-1].startswith("重名，以分项区别：PoE交换机、控制终端")


def test_a_search_is_shown_with_its_scores(hotline: Hotline) -> None:
    """The likeliest row first, with section and number; words that mean nothing get a sentence."""
    code, out, _ = hotline("search", "三楼的ups", "又叫了")
    assert code == 0
    assert out.splitlines()[0].startswith("1. 0.") and "不间断供电电源（3楼）（（五）" in out.splitlines()[0]
    assert hotline("search", "食堂停水了")[1] == "清单中没有相近的项。\n"


def test_an_import_says_what_has_changed(hotline: Hotline, folder: Folder) -> None:
    """The first time everything is new; later only what differs, and what has gone is kept on record."""
    migrated(folder)
    assert hotline("import")[1].startswith("新增 67 项：高清视频会议服务器（（一）")
    assert hotline("import")[1] == "清单没有变化。\n"
    folder.change(LIST, "LCD拼接屏,,,12,台", "LCD拼接屏,,,13,台").change(LIST, "7,反馈抑制器", "77,反馈抑制器")
    code, out, _ = hotline("import")
    assert code == 0
    assert [line.partition("：")[0] for line in out.splitlines()] == [
        "新增 1 项",
        "改动 1 项",
        "移出 1 项，保留记录，不再推荐",
    ]


def test_an_import_beside_a_running_hotline_says_so(hotline: Hotline, folder: Folder) -> None:
    """What it has read is proposed from its next start on."""
    migrated(folder)
    with lock.held(folder.path / "hotline.db.lock"):
        assert hotline("import")[1].splitlines()[-1] == "热线正在运行，下次启动时按新清单推荐。"


def test_a_spoilt_list_is_refused(hotline: Hotline, folder: Folder) -> None:
    """Every action names line, column and reason, changes nothing, and answers 1."""
    migrated(folder)
    hotline("import")
    folder.change(LIST, "LCD拼接屏,,,12,台", "LCD拼接屏,,,十二,台")
    for action in (("list",), ("search", "大屏"), ("import",)):
        code, out, err = hotline(*action)
        assert (code, out) == (1, "")
        assert err.endswith(f"{LIST} [第 10 行 quantity] 数量应为正整数，原文没写时留空，不能是 “十二”。\n")


def test_a_contract_that_has_no_list(hotline: Hotline, folder: Folder) -> None:
    """One sentence, as for a contract that is not there."""
    folder.change(f"contracts/{SLUG}.toml", f'ledger = "ledger-{SLUG}.csv"', "")
    assert hotline("list")[2] == f"合同 {SLUG} 没有维保服务清单：请在合同文件中写 ledger。\n"
    assert hotline("list", contract="shaoguan-comand")[2].startswith("没有合同 “shaoguan-comand”；是不是想写")


async def test_other_replicas_hear_of_an_import(folder: Folder, postgres_url: str) -> None:
    """On PostgreSQL whoever serves learns of the new list from the bell, not by looking."""
    folder.write("config.toml", f'[telegram]\ntoken = "1:a"\n[storage]\nurl = "{postgres_url}"\n')
    settings = folder.load()
    store = await Store.open(settings.storage_url)
    await store.migrate(NOW)
    heard = store.heard()
    assert await anext(heard) == ("", frozenset())
    assert (await equipment.taken_over(settings, SLUG, NOW, CHINESE))[0].startswith("新增 67 项")
    assert (await asyncio.wait_for(anext(heard), 10))[1] == {devices.WAKE}
    await heard.aclose()
    found = await store.read(lambda tx: devices.index(tx, SLUG, date(2026, 11, 21)))
    assert found.search("调音台")[0].device.name == "调音台"
    await store.close()


def test_check_names_what_is_missing_in_a_list(folder: Folder) -> None:
    """Equipment that nobody counted is a number, a double name in one section a line, a broken list its sentence."""
    folder.change(LIST, "LCD拼接屏,,,12,台", "LCD拼接屏,,,,台").change(LIST, "均衡器,,,1", "调音台,,,1")
    said = [one.worded(CHINESE) for one in lists.remarks(folder.load(), CHINESE)]
    assert said == [
        f"合同 {SLUG} 的清单有 1 项没有写数量（例如“LCD拼接屏”），不计入设备可用率：请与甲方核实后补上。",
        f"合同 {SLUG} 的清单“（三）市应急局三楼指挥中心配套系统 / 3.1 会议音响设备”里，“调音台”写了不止一次："
        "请核对是否重复。",
    ]
    folder.change(LIST, "section,seq", "section,sequence")
    assert [one.key for one in lists.remarks(folder.load(), CHINESE)] == ["list", "list"]


async def test_check_finds_nothing_in_a_good_list(folder: Folder) -> None:
    """Names that repeat in different sections are no mistake."""
    assert list(lists.remarks(folder.load(), CHINESE)) == []
    assert (await check.gathered(folder.load(), CHINESE)).lists == ()
