"""Pictures within five minutes, meetings with or without an interruption, and a contract without any minutes."""

import pytest

from tests.flows.conftest import Furnish
from tests.flows.contracts import COMMAND_CENTRE, NO_MINUTES_AT_ALL
from tests.flows.house import House


@pytest.fixture
async def house(furnish: Furnish) -> House:
    """A house of a command centre, at nine in the morning."""
    return await furnish(contract=COMMAND_CENTRE)


async def asked_for(house: House, words: str = "请调取国贸桥的图像") -> str:
    """Somebody asks for it, and the engineer on duty takes it after a minute."""
    number = await house["reporter-1"].reports(words)
    house.have_cards("engineer-1", "technical-lead")
    await house.passes(minutes=1)
    (await house["engineer-1"].presses("接单")).answered("已接单")
    house["reporter-1"].was_told("已由值班工程师甲接单")
    return number


async def test_a_picture_is_retrieved_in_time(house: House) -> None:
    """Asked for, taken, retrieved, seen: four taps, and the five minutes count from the request."""
    number = await asked_for(house)
    engineer, reporter = house["engineer-1"], house["reporter-1"]
    assert "图像调取 · 已接单" in engineer.card() and "⏱ 处理：09:05:00 前" in engineer.card()
    assert "到场" not in engineer.buttons() and "调出图像后请点“已调取”。" in engineer.card()
    engineer.may_have_heard("时限还剩")
    await house.passes(minutes=2)
    engineer.was_told("处理时限还剩")
    (await engineer.presses("已调取")).answered("已请用户确认")
    house["officer-1"].card(number)
    for key in ("reporter-1", "officer-1"):
        house[key].asked("图像已调取，请查看", "已看到图像", "未调到")
    (await reporter.presses("已看到图像")).answered("已办结")
    reporter.was_told("请评价")
    assert "图像调取 · 已结单" in engineer.card() and "✅ 处理：09:03:00 按时" in engineer.card()


async def test_a_picture_that_is_late_and_not_there(house: House) -> None:
    """After five minutes the manager is called; “no picture” sends it back, and the time counts through."""
    number = await asked_for(house)
    engineer, reporter, manager = house["engineer-1"], house["reporter-1"], house["project-manager"]
    await house.passes(minutes=4, seconds=1)
    engineer.was_told("时限还剩")
    engineer.was_told("时限还剩")
    engineer.asked(f"{number} 处理超时", "已调取")
    manager.card(number)
    manager.was_told("处理超时，请接手")
    (await engineer.presses("已调取")).answered("已请用户确认")
    manager.was_told("呼叫停止")
    house["officer-1"].card(number)
    house.were_told("图像已调取", "reporter-1", "officer-1")
    (await reporter.presses("未调到")).answered("已退回，请维保方重新调取")
    reporter.was_told("请用一句话说明")
    engineer.asked(f"{number} 用户没有看到图像，已退回", "已调取")
    await reporter.says("/cancel")
    reporter.was_told("已取消")
    (await engineer.presses("已调取")).answered("已请用户确认")
    manager.was_told("呼叫停止")
    house.were_told("图像已调取", "reporter-1", "officer-1")
    assert "❌ 处理" in engineer.card()


async def test_a_meeting_is_supported(house: House) -> None:
    """After the meeting one tap says that it went well; the bureau confirms, and it stands in the record."""
    number = await asked_for(house, "下午三点二号会议室会议保障")
    engineer, officer = house["engineer-1"], house["officer-1"]
    assert "会议保障 · 已接单" in engineer.card() and "本合同对“会议保障”未约定时限" in engineer.card()
    (await engineer.presses("到场")).answered("已记录到场")
    house["reporter-1"].was_told("已到场")
    await house.passes(hours=7)
    (await engineer.presses("已保障，无中断")).answered("已请用户确认")
    officer.card(number)
    for key in ("reporter-1", "officer-1"):
        house[key].asked("会议已保障，请确认", "确认办结", "与实际不符")
    assert "会议无中断" in officer.card()
    (await officer.presses("确认办结")).answered("已办结")
    house["reporter-1"].was_told("请评价")
    ticket = await house.ticket(number)
    assert ticket.interrupted is False and not ticket.is_open


async def test_an_interruption_is_put_right(house: House) -> None:
    """The reporter says that it was otherwise; the engineer corrects it with one tap."""
    number = await asked_for(house, "下午三点二号会议室会议保障")
    engineer, reporter = house["engineer-1"], house["reporter-1"]
    await engineer.presses("已保障，无中断")
    house["officer-1"].card(number)
    house.were_told("会议已保障", "reporter-1", "officer-1")
    (await reporter.presses("与实际不符")).answered("已退回")
    reporter.was_told("请用一句话说明")
    engineer.asked("用户认为与实际不符，已退回", "到场", "已保障，无中断", "已保障，有中断")
    await reporter.says("三点二十分画面断了两分钟")
    reporter.was_told("已作为")
    engineer.was_told("画面断了两分钟")
    (await engineer.presses("已保障，有中断")).answered("已记录有中断")
    house.were_told("会议已保障", "reporter-1", "officer-1")
    assert "会议有中断" in reporter.card()
    assert (await house.ticket(number)).interrupted is True


async def test_a_fault_of_a_contract_without_minutes(furnish: Furnish) -> None:
    """It opens, pages, is tracked, recorded and closed; the card says in one line that nothing was promised."""
    house = await furnish(contract=NO_MINUTES_AT_ALL)
    number = await asked_for(house, "大屏花屏")
    engineer, reporter = house["engineer-1"], house["reporter-1"]
    assert "本合同未约定时限" in engineer.card() and "⏱" not in engineer.card()
    await house.passes(hours=30)
    for label in ("到场", "修复"):
        await engineer.presses(label)
    reporter.was_told("已到场")
    house["officer-1"].card(number)
    house.were_told("请做恢复测试", "reporter-1", "officer-1")
    await reporter.presses("已恢复，销障")
    reporter.was_told("请评价")
    assert "故障 · 已结单" in engineer.card()


async def test_another_request_wants_its_result(house: House) -> None:
    """The record of a request is asked for in its own words, and closes it."""
    number = await asked_for(house, "申请借用一台摄像机")
    engineer = house["engineer-1"]
    await engineer.presses("已办好")
    house["officer-1"].card(number)
    house.were_told("已办好，请确认", "reporter-1", "officer-1")
    await house["reporter-1"].presses("确认办结")
    engineer.was_told("办理记录，还差 1 项", "处理结果")
    assert "已办结，待补全记录" in engineer.card()
    await engineer.says("已借出，下周一归还")
    engineer.was_told("记录完整，已结单")
    house["reporter-1"].was_told("请评价")
