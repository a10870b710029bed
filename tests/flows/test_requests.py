"""Consultations, other requests, and calls that came by telephone."""

from datetime import UTC, datetime

import pytest

from tests.flows import scenes
from tests.flows.house import Actor, House


async def test_a_consultation_is_answered_and_recorded(house: House, reporter: Actor, engineer: Actor) -> None:
    """The answer is the response, goes to the reporter, and closes the ticket."""
    number = await reporter.reports("请问录播文件怎么导出")
    house.have_cards("engineer-1", "technical-lead")
    assert "技术咨询 · 待答复" in engineer.card()
    (await engineer.presses("答复")).answered("请看与机器人的私聊")
    engineer.was_told("请写答复内容")
    await engineer.says("在录播页面点导出")
    engineer.was_told("已作为", "答复")
    told = reporter.asked(f"{number} 的答复（值班工程师甲）", "满意", "不满意")
    assert "在录播页面点导出" in told.text
    assert "技术咨询 · 已答复" in engineer.card()
    (await reporter.presses("满意")).answered("谢谢")


async def test_ask_makes_a_consultation_of_any_words(house: House, reporter: Actor) -> None:
    """/ask is a consultation, whatever its words sound like."""
    await reporter.says("/ask 大屏花屏时先看哪里")
    assert "技术咨询" in reporter.card()
    house.have_cards("engineer-1", "technical-lead")


async def test_an_unanswered_consultation_is_called_like_any_other(
    house: House, reporter: Actor, manager: Actor
) -> None:
    """Ten minutes are the response limit of every kind."""
    number = await reporter.reports("请问录播文件怎么导出")
    house.have_cards("engineer-1", "technical-lead")
    await house.passes(minutes=10, seconds=1)
    for words in ("还剩 5 分钟", "还剩 2 分钟", "响应超时"):
        house.were_told(words, "engineer-1", "technical-lead")
    manager.card(number)
    manager.was_told("响应超时，请接手")


async def test_another_request_is_recorded_and_tracked(house: House, reporter: Actor, engineer: Actor) -> None:
    """It is taken, reported on, done, and confirmed by the bureau; it is never called a repair."""
    number = await reporter.reports("申请借用一台摄像机")
    house.have_cards("engineer-1", "technical-lead")
    assert "其他要求" in engineer.card()
    await engineer.presses("接单")
    reporter.was_told("已由值班工程师甲接单")
    await engineer.presses("更多")
    engineer.was_told("其他操作")
    await engineer.presses("写进展")
    engineer.was_told("请写进展")
    await engineer.says("明天上午送到")
    engineer.was_told("已作为", "写进展")
    reporter.was_told(f"{number} 进展（值班工程师甲）", "明天上午送到")
    (await engineer.presses("已办好")).answered("")
    house["officer-1"].card(number)
    house.were_told("已办好，请确认", "reporter-1", "officer-1")
    (await reporter.presses("确认办结")).answered("已办结")
    reporter.was_told("请评价")
    assert "已结单" in engineer.card()


async def test_a_telephone_call_with_its_own_time(house: House, clerk: Actor, engineer: Actor) -> None:
    """The service desk enters a call; its clocks run from the call, even if that is late already."""
    await clerk.says("/log 08:55 指挥大厅左边一块屏花屏")
    number = house.numbers(clerk.phone.chat)[0]
    house.have_cards("service-desk", "engineer-1", "technical-lead")
    ticket = await house.ticket(number)
    assert ticket.reported_at == datetime(2026, 2, 16, 0, 55, tzinfo=UTC)
    assert "⏱ 响应：09:05:00 前" in engineer.card()
    assert "（电话）" in engineer.card()
    house.were_told("响应时限还剩 5 分钟", "engineer-1", "technical-lead")


async def test_a_telephone_call_step_by_step(house: House, clerk: Actor) -> None:
    """Without words /log asks for the time and then for the words; what is no time is refused in one sentence."""
    await clerk.says("/log")
    clerk.was_told("来电时间？")
    await clerk.says("昨天吧")
    clerk.was_told("看不懂这个时间")
    await clerk.says("2030-01-01 00:00")
    clerk.was_told("来电时间不能晚于现在")
    await clerk.says("08:58")
    clerk.was_told("来电说了什么")
    await clerk.says("三楼没有声音")
    house.have_cards("service-desk", "engineer-1", "technical-lead")
    assert "08:58:00（电话）" in clerk.card()


async def test_a_call_that_is_late_already(house: House, clerk: Actor, manager: Actor) -> None:
    """A call entered after its limit has passed is a breach at once, and says how late it is."""
    await clerk.says("/log 08:30 三楼没有声音")
    house.have_cards("service-desk", "engineer-1", "technical-lead", "project-manager")
    house.were_told("响应超时", "engineer-1", "technical-lead")
    manager.was_told("响应超时，请接手", "已超 20 分钟")


@pytest.mark.parametrize("who", ["reporter-1", "engineer-1", "officer-1", "admin"])
async def test_only_the_service_desk_enters_calls(house: House, who: str) -> None:
    """/log is refused to everybody else, in one sentence."""
    await house[who].says("/log 08:55 大屏花屏")
    house[who].was_told("这个命令不由您使用")


async def test_bare_commands_say_how(house: House, reporter: Actor) -> None:
    """/report and /ask without words explain themselves and open nothing."""
    await reporter.says("/report")
    reporter.was_told("请直接写：什么地方、什么设备、什么现象")
    await reporter.says("/ask")
    reporter.was_told("请直接写您要咨询的问题")
    await reporter.says("/my")
    reporter.was_told("您没有工单")


async def test_lists(house: House, reporter: Actor, engineer: Actor, neighbour: Actor) -> None:
    """/my, /open, /ticket and /duty show each person what is theirs."""
    number = await scenes.taken(house)
    await reporter.says("/my")
    reporter.asked("您的工单（1）", number)
    await engineer.says("/open")
    engineer.asked("未结工单（1）", number)
    await reporter.says(f"/ticket {number.lower()}")
    reporter.was_told(number, "值班工程师甲接单")
    await neighbour.says(f"/ticket {number}")
    neighbour.was_told("没有找到这张工单")
    await neighbour.says("/open")
    neighbour.was_told("这个命令不由您使用")
    await neighbour.says("/duty")
    neighbour.was_told("值班工程师：值班工程师甲")
    await reporter.presses(number)
    reporter.card(number)
    await reporter.says("/nonsense")
    reporter.was_told("没有这个命令")
