"""Where a clause is open, the remark beside its key goes onto the sheet, beside the value that was chosen."""

from pathlib import Path

from bot.papers import markdown, remarks, sheet
from bot.papers.remarks import Remark
from bot.papers.speech import Speech
from desk.house import Contract
from tests.bot.written import good

SLUG = "shaoguan-command"

FILE = """
slug = "made-up"
client = "局 # AMB-1"    # no question
# 一句话（AMB-2）
[pauses]                 # 整张表（AMB-3）
clocks = [
    "arrival",           # 一项（AMB-4）
]
[[rows]]
name = '甲'
[[rows]]
name = "乙 \\" 丙"        # 第二行（AMB-5）
[rows.inner]
key = 1                  # 里面（AMB-6）
"""


def test_remarks_are_found_with_their_places(tmp_path: Path) -> None:
    """Tables, keys, rows and lines of their own; a # within quotes begins no remark."""
    (tmp_path / "other.toml").write_text('slug = "other"  # AMB-9', encoding="utf-8")
    (tmp_path / "x.toml").write_text(FILE, encoding="utf-8")
    found = remarks.readings(tmp_path, "made-up")
    assert [(one.place, one.text) for one in found] == [
        ((), "一句话（AMB-2）"),
        (("pauses",), "整张表（AMB-3）"),
        (("pauses", "clocks"), "一项（AMB-4）"),
        (("rows", 1, "name"), "第二行（AMB-5）"),
        (("rows", 1, "inner", "key"), "里面（AMB-6）"),
    ]
    assert remarks.readings(tmp_path, "absent") == []


def test_readings_stand_on_the_sheet(tmp_path: Path) -> None:
    """Matter, chosen reading and remark, for both parties to confirm; without open questions no such section."""
    contract = Contract.of(good(tmp_path).load().contracts[SLUG])
    found = [
        Remark(place=("escalation", "repeat_every"), text="间隔（AMB-91）"),
        Remark(place=("levels", "major", "response"), text="从何时（AMB-92）"),
        Remark(place=(), text="一句话（AMB-93）"),
    ]
    said = markdown.page(sheet.of(contract, Speech("zh-CN"), found))
    assert "| 呼叫与升级 · 重复间隔 | 5 分钟 | 间隔（AMB-91） |" in said
    assert "| 级别与时限 · 重大故障 · 响应 | 10 分钟 | 从何时（AMB-92） |" in said
    assert "|  |  | 一句话（AMB-93） |" in said
    assert "合同没有写清之处" not in markdown.page(sheet.of(contract, Speech("zh-CN")))
