"""Equipment lists as clerks save them: read whole, or refused with line, column and reason."""

import re
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from bot.config import devices_file
from bot.config.findings import SettingsError
from bot.reader import Reader
from sla.devices import Device, Scope
from tests.bot.written import ROOT

HEADER = "section,seq,name,vendor,model,quantity,unit,note"
MORE = f"{HEADER},aliases,scope,important,core,device_class,valid_from,valid_to,added_after_signing"
ROW = "（二）大屏,1,拼接屏,,,12,台,"


def read(folder: Path, text: str | bytes, reader: Reader = Reader()) -> tuple[Device, ...]:  # noqa: B008 - frozen
    """The rows of a file with this text."""
    path = folder / "list.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return devices_file.read(path, reader)


def refused(folder: Path, text: str | bytes, reader: Reader = Reader()) -> list[str]:  # noqa: B008 - frozen
    """The sentences with which a file is refused, without its path."""
    with pytest.raises(SettingsError) as error:
        read(folder, text, reader)
    return [str(finding).removeprefix(str(folder / "list.csv")).strip() for finding in error.value.findings]


@pytest.mark.parametrize(
    ("slug", "rows", "units", "services", "unlisted"),
    [
        ("shaoguan-command", 62, 341, 5, 0),
        ("shaoguan-rescue", 54, 74, 4, 4),
        ("beijing-command-center", 48, 203, 5, 1),
        ("beijing-it-ops", 29, 0, 10, 0),
        ("beijing-gov-cloud", 7, 26, 3, 0),
    ],
)
def test_the_five_lists_are_complete(slug: str, rows: int, units: int, services: int, unlisted: int) -> None:
    """Rows and units are those of the contracts; in the first two the price lines are counted apart."""
    devices = devices_file.read(ROOT / "contracts" / f"ledger-{slug}.csv", Reader())
    scopes = Counter(device.scope for device in devices)
    priced = services if slug.startswith("shaoguan") else 0
    assert len(devices) - scopes[Scope.IN_SCOPE_UNLISTED] - priced == rows
    assert (scopes[Scope.SERVICE], scopes[Scope.IN_SCOPE_UNLISTED]) == (services, unlisted)
    assert sum(device.quantity or 0 for device in devices if device.is_counted) == units
    assert all(device.quantity is None for device in devices if device.scope is Scope.IN_SCOPE_UNLISTED)
    assert not any(re.search(r"[A-Za-z]{2,} [a-z]{2,}", device.note) for device in devices)


def test_every_column_is_read(tmp_path: Path) -> None:
    """The optional columns too, in whatever order they stand, with dates and yes or no as Excel writes them."""
    text = f"{MORE}\n一,1,屏,海格,X-1,２,台,备注,大屏、电视墙,out_of_scope,是,2,显示,2026/7/1,2027-06-30,TRUE\n"
    assert read(tmp_path, text) == (
        Device(
            section="一",
            seq="1",
            name="屏",
            vendor="海格",
            model="X-1",
            quantity=2,
            unit="台",
            note="备注",
            aliases=("大屏", "电视墙"),
            scope=Scope.OUT_OF_SCOPE,
            important=True,
            core=2,
            device_class="显示",
            valid_from=date(2026, 7, 1),
            valid_to=date(2027, 6, 30),
            added_after_signing=True,
        ),
    )
    assert read(tmp_path, "name,seq,section,vendor,model,quantity,unit,note\n屏,1,一,,,,,\n")[0].quantity is None


@pytest.mark.parametrize(
    "data",
    [
        f"{HEADER}\n{ROW}\n".encode("utf-8-sig"),
        f"{HEADER}\r\n{ROW}\r\n".encode("gbk"),
        f'{HEADER}\n"（二）大屏","1","拼接屏",,,"12","台",\n\n,,,,,,,\n'.encode(),
        f"{HEADER.upper()}\n {ROW} \n".encode(),
    ],
)
def test_a_list_is_understood_as_excel_saves_it(tmp_path: Path, data: bytes) -> None:
    """With a mark at the beginning, in GBK, with quotes, with empty lines at the end."""
    (device,) = read(tmp_path, data)
    assert (device.section, device.name, device.quantity) == ("（二）大屏", "拼接屏", 12)


def test_a_cell_may_hold_several_lines(tmp_path: Path) -> None:
    """A quoted cell with a line break is one cell, and the lines after it keep their numbers."""
    text = f'{HEADER}\n一,1,屏,,,1,台,"上\n下"\n一,2,屏,,,x,台,\n'
    assert refused(tmp_path, text) == ["[第 4 行 quantity] 数量应为正整数，原文没写时留空，不能是 “x”。"]
    assert read(tmp_path, text.replace("x", "2"))[0].note == "上\n下"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "清单是空的：第一行应为列名，下面每行一项。"),
        (b"\xff\xfe\x00\x81", "不是 UTF-8 或 GBK 文字：请在 Excel 中另存为“CSV UTF-8（逗号分隔）”。"),
        (HEADER.replace("unit", "单位"), "[第 1 行 单位] 没有这一列"),
        (HEADER.replace("quantity", "quantiti"), "[第 1 行 quantiti] 没有这一列；是不是想写 quantity？"),
        (f"{HEADER},note", "[第 1 行 note] 这一列写了两次。"),
        (HEADER.removesuffix(",note"), "[第 1 行 note] 缺少这一列。"),
        (f"{HEADER}\n{ROW},多", "[第 2 行] 这一行有 9 格，列名有 8 格：请检查逗号和引号。"),
        (f"{HEADER}\n{ROW}\n{ROW}", "[第 3 行 seq] “（二）大屏” 的序号 “1” 与第 2 行重复：分项加序号要唯一。"),
        (f"{HEADER}\n一,1,屏,,,0,台,", "[第 2 行 quantity] 数量应为正整数，原文没写时留空，不能是 “0”。"),
        (f"{HEADER}\n一,1,屏,,,1.5,台,", "[第 2 行 quantity] 数量应为正整数，原文没写时留空，不能是 “1.5”。"),
        (f"{HEADER}\n一,1,屏,,,12台,台,", "[第 2 行 quantity] 数量应为正整数，原文没写时留空，不能是 “12台”。"),
        (f"{HEADER}\n一,,屏,,,1,台,", "[第 2 行 seq] 不能为空。"),
        (f"{HEADER}\n一,1,,,,1,台,", "[第 2 行 name] 不能为空。"),
        (f"{HEADER},scope\n{ROW},unlisted", "[第 2 行 scope] 不能是 “unlisted”，只能是 listed、"),
        (f"{HEADER},important\n{ROW},也许", "[第 2 行 important] 应写“是”或“否”，不能是 “也许”。"),
        (f"{HEADER},core\n{ROW},10", "[第 2 行 core] 应为 0 至 9 的整数，不能是 “10”。"),
        (f"{HEADER},valid_to\n{ROW},2026-02-30", "[第 2 行 valid_to] 应为日期，例如 2026-07-01，不能是 “2026-02-30”。"),
        (f"{HEADER},valid_from,valid_to\n{ROW},2026-07-01,2026-06-30", "[第 2 行 valid_to] 止期早于起期。"),
        (f'{HEADER}\n一,1,"屏"坏,,,1,台,', "[第 2 行] 引号不成对"),
    ],
)
def test_a_list_that_cannot_be_used_is_refused(tmp_path: Path, text: str | bytes, sentence: str) -> None:
    """One sentence names the line, the column and the reason."""
    found = refused(tmp_path, text)
    assert any(one.startswith(sentence) for one in found), found
    assert "line" in refused(tmp_path, text, Reader("en"))[0] or "[" not in sentence


def test_everything_that_is_wrong_is_said_at_once(tmp_path: Path) -> None:
    """A clerk corrects a list in one go."""
    found = refused(tmp_path, f"{HEADER}\n一,,屏,,,x,台,\n一,2,,,,1,台,\n")
    assert [one.partition("]")[0] for one in found] == ["[第 2 行 seq", "[第 2 行 quantity", "[第 3 行 name"]


def test_a_list_that_is_not_there(tmp_path: Path) -> None:
    """A missing file is called that."""
    with pytest.raises(SettingsError, match="文件不存在"):
        devices_file.read(tmp_path / "absent.csv", Reader())
