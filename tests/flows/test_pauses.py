"""Spans in which clocks stand still: agreed pauses, and transmission-network faults."""

from tests.flows import scenes
from tests.flows.house import Actor, House


async def test_a_pause_with_consent(house: House, reporter: Actor, officer: Actor, engineer: Actor) -> None:
    """Clocks run until the officer agrees, stand still until it is resumed, and then have what was left."""
    number = await scenes.on_site(house)
    (await engineer.presses("挂起")).answered("请看与机器人的私聊")
    engineer.was_told("请写挂起的原因")
    await engineer.says("等备件")
    engineer.was_told("已作为", "挂起")
    officer.asked(f"{number}：值班工程师甲请求挂起", "同意挂起", "不同意挂起")
    await house.passes(hours=1)
    (await officer.presses("同意挂起")).answered("已同意挂起，时限暂停")
    house.were_told(f"{number} 已挂起，时限暂停", "reporter-1", "engineer-1")
    assert "⏸ 处理：暂停计时（时限 8 小时）" in engineer.card()
    (await engineer.forges("t:1:fix:99")).refused("已挂起，请先点“恢复”")
    await house.passes(hours=48)
    (await engineer.presses("恢复")).answered("已恢复计时")
    house.were_told("已恢复，时限继续计算", "reporter-1", "officer-1")
    assert "⏱ 处理：17:00:00 前" in engineer.card()


async def test_a_pause_refused(house: House, officer: Actor, engineer: Actor) -> None:
    """Without consent nothing stood still."""
    number = await scenes.on_site(house)
    await engineer.presses("挂起")
    engineer.was_told("请写挂起的原因")
    await engineer.says("等备件")
    engineer.was_told("已作为", "挂起")
    officer.was_told("请求挂起", "等备件")
    (await house["reporter-1"].forges("t:1:pok:99")).refused("不由您操作")
    (await officer.presses("不同意挂起")).answered("已回绝")
    engineer.was_told(f"{number}：挂起未获同意，时限照常计算")
    assert "⏱ 处理：17:00:00 前" in engineer.card()


async def test_a_cancelled_pause(house: House, engineer: Actor, officer: Actor) -> None:
    """/cancel takes the question back, and nobody is asked."""
    await scenes.on_site(house)
    await engineer.presses("挂起")
    engineer.was_told("请写挂起的原因")
    await engineer.says("/cancel")
    engineer.was_told("已取消")
    await engineer.says("/cancel")
    engineer.was_told("没有要取消的")
    officer.heard_nothing()


async def declared(house: House) -> str:
    """The engineer declares a transmission-network fault."""
    number = await scenes.on_site(house)
    engineer = house["engineer-1"]
    await house.passes(hours=1)
    await engineer.presses("更多")
    engineer.was_told("其他操作")
    (await engineer.presses("申告传输故障")).answered("请看与机器人的私聊")
    engineer.was_told("请写判断为传输网络故障的理由")
    await engineer.says("专线侧无光")
    engineer.was_told("已作为", "申告传输故障")
    for key in ("reporter-1", "officer-1"):
        house[key].asked("申告为传输网络故障", "确认传输故障", "不是传输故障")
    assert "⏸ 处理：暂停计时" in engineer.card()
    return number


async def test_a_transmission_fault_confirmed_and_handed_back(
    house: House, reporter: Actor, officer: Actor, engineer: Actor
) -> None:
    """The clocks stand still from the declaration until the network is back."""
    number = await declared(house)
    (await officer.presses("确认传输故障")).answered("已确认")
    engineer.was_told("用户确认是传输网络故障")
    await house.passes(hours=20)
    (await officer.forges("t:1:tba:99")).answered("已恢复计时")
    house.were_told(f"{number}：传输已恢复", "reporter-1", "engineer-1")
    assert "⏱ 处理：13:00:00 前" in engineer.card()


async def test_a_transmission_fault_refused(house: House, reporter: Actor, engineer: Actor, manager: Actor) -> None:
    """If it is none, the time since the declaration counts after all, even into a breach."""
    number = await declared(house)
    await house.passes(hours=8)
    (await reporter.presses("不是传输故障")).answered("已回绝")
    for key in ("engineer-1", "project-manager", "technical-lead"):
        house[key].was_told("用户认为不是传输网络故障")
    manager.card(number)
    manager.was_told("处理超时，请接手", "已超 1 小时")
    engineer.was_told("处理超时")
