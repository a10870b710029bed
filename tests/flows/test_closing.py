"""A fault closes with its record complete, asked for field by field."""

from tests.flows import scenes
from tests.flows.house import Actor, House


async def test_the_record_survives_a_restart_half_way(house: House, engineer: Actor, reporter: Actor) -> None:
    """What is filled stays filled, and the question that was open is still open after the restart."""
    number = await scenes.under_test(house)
    await reporter.presses("已恢复，销障")
    for field, answer in (("故障类型", "硬件"), ("故障原因分析", "主板老化")):
        engineer.was_told("故障记录，还差", field)
        await engineer.says(answer)
    engineer.was_told("故障处理情况")
    await house.restarts(hours=1)
    house["admin"].was_told("热线中断了 1 小时")
    house["engineer-1"].was_told("请看您待办的工单（1）", "已销障")
    for answer, field in (("更换主板", "责任分析"), ("设备老化", "经验教训")):
        await engineer.says(answer)
        engineer.was_told("故障记录，还差", field)
    assert "已销障，待补全记录" in engineer.card()
    await engineer.says("纳入巡检")
    told = engineer.was_told("记录完整，已结单")
    for words in ("故障类型：硬件", "故障起始时间：09:00:00", "故障处理人：值班工程师甲", "经验教训：纳入巡检"):
        assert words in told.text
    reporter.was_told("请评价这次服务")
    assert (await house.ticket(number)).record["cause_analysis"] == "主板老化"


async def test_answers_given_while_the_bot_is_down(house: House, engineer: Actor, reporter: Actor) -> None:
    """Answers that were typed while the bot was down fill the record when it is back, in their order."""
    number = await scenes.under_test(house)
    await reporter.presses("已恢复，销障")
    engineer.was_told("还差 5 项")
    await house.closes()
    for answer in scenes.RECORD:
        engineer.phone.says(answer)
    await house.opens()
    engineer.may_have_heard("故障记录，还差")
    engineer.was_told("记录完整")
    reporter.was_told("请评价")
    record = (await house.ticket(number)).record
    assert tuple(record[key] for key in ("fault_type", "lessons_learned")) == ("硬件", "纳入巡检")


async def test_the_fault_type_can_be_tapped(house: House, engineer: Actor, reporter: Actor) -> None:
    """The types stand below the question; a second tap on an old question changes nothing."""
    number = await scenes.under_test(house)
    await reporter.presses("已恢复，销障")
    question = engineer.was_told("故障类型")
    await engineer.presses("供电")
    engineer.was_told("故障原因分析")
    (await engineer.presses("线路", on=question)).refused("这件事已经处理过了")
    assert (await house.ticket(number)).record["fault_type"] == "供电"


async def test_a_cancelled_record_is_taken_up_again(house: House, engineer: Actor, reporter: Actor) -> None:
    """/cancel keeps what is filled; the card's button goes on with the first missing field."""
    await scenes.under_test(house)
    await reporter.presses("已恢复，销障")
    engineer.was_told("故障类型")
    await engineer.says("硬件")
    engineer.was_told("故障原因分析")
    await engineer.says("/cancel")
    engineer.was_told("已取消，填好的内容都还在")
    (await engineer.presses("填写记录")).answered("请看与机器人的私聊")
    engineer.was_told("还差 4 项", "故障原因分析")


async def test_satisfied(house: House, reporter: Actor) -> None:
    """After closing the reporter is asked once."""
    await scenes.closed(house)
    (await reporter.presses("满意")).answered("谢谢您的评价")
    assert "满意" not in reporter.buttons()


async def test_dissatisfied(house: House, reporter: Actor, engineer: Actor) -> None:
    """A dissatisfied reporter is asked why, and the contacts are told to call back."""
    number = await scenes.closed(house)
    (await reporter.presses("不满意")).answered("已记录，我们会改进")
    reporter.was_told("请用一句话说明哪里不满意")
    house.were_told(f"{number} 回访不满意", "project-manager", "technical-lead")
    await reporter.says("来得太慢")
    reporter.was_told("已作为", "不满意")
    engineer.was_told("来得太慢")
    assert (await house.ticket(number)).satisfied is False
