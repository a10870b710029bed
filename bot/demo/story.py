"""The story of the demo: a major fault at night that nobody answers, until somebody does."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.demo.stage import Stage
from sandbox.phones import Phone

ZONE = ZoneInfo("Asia/Shanghai")
BEGINS = datetime(2026, 11, 21, 23, 54, tzinfo=ZONE).astimezone(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cast:
    """Who plays."""

    reporter: Phone
    engineer: Phone
    manager: Phone
    officer: Phone


async def play(stage: Stage, cast: Cast) -> None:
    """Play from the report to the closed record; a step that does not happen raises `NotSeen`."""
    await _unanswered(stage, cast)
    await _repaired(stage, cast)
    await _sent_back_and_signed_off(stage, cast)
    await _recorded(stage, cast)


async def _unanswered(stage: Stage, cast: Cast) -> None:
    """23:55 — nobody takes the page; after ten minutes the project manager is called, and called again."""
    await stage.passes(minutes=1)
    cast.reporter.says("全市视频会议全部中断，所有分会场都掉线，请马上处理！")
    await stage.settles()
    await cast.engineer.sees("待接单")
    await stage.passes(minutes=10, seconds=2)
    await cast.manager.sees("响应超时")
    await stage.passes(minutes=5)
    await cast.manager.sees("第 2 次呼叫")
    await stage.passes(minutes=1)


async def _repaired(stage: Stage, cast: Cast) -> None:
    """00:11 — the engineer wakes up, drives, arrives within the hour, reports progress, and repairs."""
    await _presses(stage, cast.engineer, "接单")
    await cast.manager.sees("呼叫停止")
    await stage.passes(minutes=6)
    await _presses(stage, cast.engineer, "出发")
    await stage.passes(minutes=25)
    cast.engineer.sends_location(24.81, 113.59)
    await stage.settles()
    await _presses(stage, cast.engineer, "到场")
    await stage.passes(minutes=30)
    await cast.engineer.sees("该报进展了")
    await _presses(stage, cast.engineer, "写进展")
    cast.engineer.says("会议服务器启动不了，正在更换备用主板")
    await stage.settles()
    await cast.reporter.sees("正在更换备用主板")
    await stage.passes(minutes=50)
    await _presses(stage, cast.engineer, "修复")
    await cast.reporter.sees("请做恢复测试")


async def _sent_back_and_signed_off(stage: Stage, cast: Cast) -> None:
    """02:02 — the test fails once; the clock counts through, and the second repair holds."""
    await stage.passes(minutes=5)
    await _presses(stage, cast.reporter, "未恢复")
    cast.reporter.says("主会场好了，三个分会场还是没有声音")
    await stage.settles()
    await cast.engineer.sees("三个分会场还是没有声音")
    await stage.passes(minutes=30)
    await _presses(stage, cast.engineer, "修复")
    await stage.passes(minutes=8)
    await _presses(stage, cast.officer, "已恢复，销障")


async def _recorded(stage: Stage, cast: Cast) -> None:
    """02:45 — the record is asked for field by field; when it is complete, the ticket closes."""
    answers = (
        ("故障类型", "硬件"),
        ("故障原因分析", "会议服务器主板电容老化，重启后音频授权未加载"),
        ("故障处理情况", "更换备用主板，重新加载音频授权，逐个分会场测试"),
        ("责任分析", "设备老化，维保方负责"),
        ("经验教训", "主板纳入月度巡检，备件常备一套"),
        ("终报", "会议服务器主板老化致全市会议中断，换板后音频授权未加载，重新加载后各分会场恢复"),
        ("防范措施", "下月起巡检检查主板，由维保方落实"),
    )
    for field, words in answers:
        await cast.engineer.sees(field)
        cast.engineer.says(words)
        await stage.passes(seconds=40)
    await cast.engineer.sees("记录完整，已结单")
    await _presses(stage, cast.reporter, "满意")


async def _presses(stage: Stage, phone: Phone, label: str) -> None:
    press = phone.presses(label)
    await stage.settles()
    await press.answer(within=timedelta(seconds=10).total_seconds())
