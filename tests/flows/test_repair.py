"""Late arrival, late handling, sent back: what the clocks say on the way to the repair."""

from tests.flows import scenes
from tests.flows.house import Actor, House


async def test_arriving_late_though_acknowledged(house: House, engineer: Actor, manager: Actor, officer: Actor) -> None:
    """Acknowledging does not silence: the arrival clock warns, breaches, and calls the manager by its own."""
    number = await scenes.taken(house)
    await house.passes(hours=2)
    engineer.was_told("到场时限还剩 1 小时")
    engineer.was_told("到场时限还剩 24 分钟")
    manager.heard_nothing()
    await house.passes(seconds=1)
    manager.card(number)
    manager.asked(f"{number} 到场超时，请接手", "接手督办")
    engineer.was_told("到场超时")
    (await manager.presses("接手督办")).answered("您已接手，呼叫停止")
    engineer.was_told("已由项目经理接手督办")
    await house.passes(minutes=30)
    (await engineer.presses("到场")).answered("已记录到场")
    house["reporter-1"].was_told("已到场")
    assert "❌ 到场：11:30:01，超时 30 分钟 1 秒" in engineer.card()
    assert (await house.ticket(number)).handler == "engineer-1"


async def test_arriving_on_the_last_second_is_in_time(house: House, engineer: Actor, manager: Actor) -> None:
    """Limits are inclusive: the second that they name still counts."""
    await scenes.taken(house)
    await house.passes(hours=2)
    engineer.was_told("到场时限还剩 1 小时")
    engineer.was_told("到场时限还剩 24 分钟")
    await engineer.presses("到场")
    house["reporter-1"].was_told("已到场")
    assert "✅ 到场：11:00:00 按时" in engineer.card()
    await house.passes(seconds=1)
    manager.heard_nothing()


async def test_handling_late(house: House, engineer: Actor, manager: Actor, officer: Actor) -> None:
    """On site but not repaired: the handling clock calls the manager until the repair ends it."""
    number = await scenes.on_site(house, scenes.MAJOR)
    await house.passes(hours=4)
    engineer.was_told("处理时限还剩 2 小时")
    engineer.was_told("处理时限还剩 48 分钟")
    await house.passes(minutes=6)
    engineer.was_told("处理超时")
    manager.was_told("处理超时，请接手")
    manager.was_told("第 2 次呼叫")
    await engineer.presses("修复")
    scenes.tested(house, number)
    manager.was_told("呼叫停止")
    assert "❌ 处理：13:06:00，超时 6 分钟" in officer.card()


async def test_sent_back_twice(house: House, reporter: Actor, engineer: Actor, manager: Actor) -> None:
    """A repair that does not hold is sent back, and the handling clock counts through from the report."""
    number = await scenes.under_test(house)
    for round_ in (1, 2):
        (await reporter.presses("未恢复")).answered("已退回重新处理")
        reporter.was_told("已退回。请用一句话说明现在的现象")
        engineer.was_told("测试未恢复，已退回")
        await reporter.says(f"第 {round_} 次还是没有声音")
        reporter.was_told("已作为", "未恢复")
        engineer.was_told("有补充", f"第 {round_} 次还是没有声音")
        assert f"退回 {round_} 次，处理时间连续计算" in engineer.card()
        assert "⏱ 处理：17:00:00 前" in engineer.card()
        await house.passes(minutes=30)
        await engineer.presses("修复")
        scenes.tested(house, number)
    await reporter.presses("已恢复，销障")
    await scenes.recorded(house, number)
    assert "✅ 处理：10:00:00 按时" in reporter.card()
    manager.heard_nothing()


async def test_repaired_remotely(house: House, reporter: Actor, engineer: Actor) -> None:
    """Repaired without a visit: the arrival promise ends; if the repair does not hold, it counts again."""
    number = await scenes.taken(house)
    await house.passes(minutes=30)
    (await engineer.presses("远程解决")).answered("已请用户做恢复测试")
    scenes.tested(house, number)
    assert "✅ 到场：免（已远程解决）" in engineer.card()
    await reporter.presses("未恢复")
    reporter.was_told("请用一句话说明")
    engineer.was_told("已退回")
    assert "⏱ 到场：11:00:00 前" in engineer.card()
    await engineer.presses("到场")
    reporter.was_told("已到场")
    await engineer.presses("修复")
    scenes.tested(house, number)
    await reporter.presses("已恢复，销障")
    await scenes.recorded(house, number)
