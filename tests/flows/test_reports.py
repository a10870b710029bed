"""Reports to the bureau while a major fault is worked on: at once, every half an hour, and at the end."""

import pytest

from tests.flows import scenes
from tests.flows.conftest import Furnish
from tests.flows.house import House

REPORTS = {
    "[level_change]": '[reports.major]\nevery = "30m"\nto = ["supervising_officer"]\nfinal = true\n\n[level_change]',
}
TOLD = ("engineer-1", "technical-lead", "project-manager", "officer-1")


@pytest.fixture
async def house(furnish: Furnish) -> House:
    """A house whose contract wants reports of major faults."""
    return await furnish(terms=REPORTS)


async def note(house: House, words: str) -> None:
    """The engineer writes a progress note."""
    engineer = house["engineer-1"]
    await engineer.presses("写进展")
    engineer.was_told("请写进展")
    await engineer.says(words)
    engineer.was_told("已作为", "写进展")


async def test_the_handler_is_asked_for_progress(house: House) -> None:
    """On site since nine, asked at 09:30 and again at 10:00; a note goes to the reporter and the officer."""
    number = await scenes.on_site(house, scenes.MAJOR)
    await house.passes(minutes=30)
    house["engineer-1"].asked(f"{number} 该报进展了", "写进展")
    await house.passes(minutes=30)
    house["engineer-1"].asked(f"{number} 该报进展了", "写进展")
    await note(house, "已定位到视频服务器")
    house.were_told("已定位到视频服务器", "reporter-1", "officer-1")
    await house.passes(minutes=29)
    house["engineer-1"].heard_nothing()
    await house.passes(minutes=1)
    house["engineer-1"].was_told("该报进展了")


async def test_the_question_survives_a_restart(house: House) -> None:
    """The program was away when it came due: it is asked once, as soon as it is back."""
    number = await scenes.on_site(house, scenes.MAJOR)
    await house.restarts(minutes=40)
    await house.settles()
    house["engineer-1"].was_told(f"{number} 该报进展了")
    for key in ("admin", "engineer-1"):
        house[key].may_have_heard("中断")
    await house.passes(minutes=29)
    house["engineer-1"].heard_nothing()


async def test_nobody_is_asked_while_the_clocks_stand_still_or_after_the_repair(house: House) -> None:
    """Paused for two hours and then repaired: not one question."""
    await scenes.on_site(house, scenes.MAJOR)
    engineer, officer = house["engineer-1"], house["officer-1"]
    await engineer.presses("挂起")
    engineer.was_told("请写挂起的原因")
    await engineer.says("等备件")
    engineer.was_told("已作为", "挂起")
    officer.was_told("请求挂起")
    await officer.presses("同意挂起")
    house.were_told("已挂起", "reporter-1", "engineer-1")
    await house.passes(hours=2)
    await engineer.presses("恢复")
    house.were_told("已恢复，时限继续计算", "reporter-1", "officer-1")
    await house.passes(minutes=10)
    await engineer.presses("修复")
    house.were_told("请做恢复测试", "reporter-1", "officer-1")
    await house.passes(hours=2)
    engineer.heard_nothing()


async def test_the_final_report_closes_a_major_fault(house: House) -> None:
    """The record form asks for it; the officer reads it when the ticket closes."""
    number = await scenes.under_test(house, scenes.MAJOR)
    await house["reporter-1"].presses("已恢复，销障")
    engineer = house["engineer-1"]
    for answer in scenes.RECORD:
        engineer.was_told("故障记录，还差")
        await engineer.says(answer)
    engineer.was_told("还差 2 项", "终报")
    assert "已销障，待补全记录" in engineer.card()
    await engineer.says("九时视频服务器断电，十时恢复")
    engineer.was_told("还差 1 项", "防范措施")
    await engineer.says("加装双电源，本月底前完成")
    engineer.was_told("记录完整，已结单")
    house["officer-1"].was_told(f"{number} 终报", "视频服务器断电", "防范措施：加装双电源")
    house["reporter-1"].was_told("请评价")


async def test_a_general_fault_is_not_reported_on(house: House) -> None:
    """The table names the major level only."""
    await scenes.on_site(house)
    await house.passes(hours=1)
    house["engineer-1"].heard_nothing()


async def test_the_officer_waives_the_visit(house: House) -> None:
    """Among the rarer buttons, 免到场 ends the arrival clock, and 修复 is possible without 到场."""
    number = await scenes.taken(house, scenes.MAJOR)
    engineer, officer = house["engineer-1"], house["officer-1"]
    assert "修复" not in engineer.buttons()
    assert "免到场" not in officer.buttons()
    await officer.presses("更多")
    officer.was_told("其他操作")
    (await officer.presses("免到场")).answered("已同意免到场")
    house.were_told(f"{number}：监督管理员同意免到场", "reporter-1", "engineer-1")
    assert "免（用户同意免到场）" in engineer.card()
    (await engineer.presses("修复")).answered("已请用户做恢复测试")
    scenes.tested(house, number)
