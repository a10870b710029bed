"""Levels: raised at once, lowered with the bureau's word; limits count from the report all the same."""

from tests.flows import scenes
from tests.flows.house import Actor, House


async def test_raised_at_once_by_the_reporter(house: House, reporter: Actor, engineer: Actor) -> None:
    """One tap raises it: everybody who has to know is called at once, the limits are those of the new level."""
    number = await scenes.reported(house)
    await house.passes(minutes=4)
    (await reporter.presses("重大故障")).answered("级别已更正")
    house.were_told(f"{number} 升为重大故障", "engineer-1", "technical-lead")
    house.have_cards("officer-1", "project-manager")
    assert "⏱ 处理：13:00:00 前" in engineer.card()


async def test_raised_after_the_new_limit_has_passed(house: House, engineer: Actor, manager: Actor) -> None:
    """A limit that is over under the new level is a breach at once."""
    number = await scenes.taken(house)
    await house.passes(minutes=90)
    engineer.was_told("到场时限还剩 1 小时")
    (await engineer.presses("重大故障")).answered("级别已更正")
    house["technical-lead"].was_told("升为重大故障")
    house.have_cards("officer-1", "project-manager")
    manager.was_told(f"{number} 到场超时，请接手", "已超 30 分钟")
    engineer.was_told("到场超时")
    await house.passes(minutes=5)
    manager.was_told("第 2 次呼叫")


async def test_lowered_by_the_reporter(house: House, reporter: Actor, engineer: Actor) -> None:
    """The bureau's own word lowers it at once."""
    number = await scenes.reported(house, scenes.MAJOR)
    (await reporter.presses("一般故障")).answered("级别已更正")
    house.were_told(f"{number} 降为一般故障（原重大故障）", "engineer-1", "technical-lead")
    assert "⏱ 到场：11:00:00 前" in engineer.card()


async def test_lowered_with_consent(house: House, reporter: Actor, officer: Actor, engineer: Actor) -> None:
    """The engineer asks, the limits stay until the bureau agrees."""
    number = await scenes.taken(house, scenes.MAJOR)
    (await engineer.presses("一般故障")).answered("降级需用户同意")
    for one in (reporter, officer):
        one.asked(f"{number}：值班工程师甲请求把级别降为一般故障", "同意降级", "不同意降级")
    assert "⏱ 到场：10:00:00 前" in engineer.card()
    (await officer.presses("同意降级")).answered("已同意降级")
    engineer.was_told("降为一般故障")
    assert "⏱ 到场：11:00:00 前" in engineer.card()
    (await reporter.presses("不同意降级")).refused("")


async def test_lowering_refused(house: House, reporter: Actor, officer: Actor, engineer: Actor) -> None:
    """The bureau says no: nothing changes, and the engineer is told."""
    await scenes.taken(house, scenes.MAJOR)
    await engineer.presses("一般故障")
    house.were_told("请求把级别降为", "reporter-1", "officer-1")
    (await reporter.presses("不同意降级")).answered("级别不变")
    engineer.was_told("用户不同意降级，级别不变")
    assert "⏱ 到场：10:00:00 前" in engineer.card()
    (await officer.presses("同意降级")).refused("")


async def test_made_a_consultation(house: House, reporter: Actor, engineer: Actor) -> None:
    """A report that turns out to be a question is answered, not repaired."""
    number = await scenes.reported(house)
    (await reporter.presses("技术咨询")).answered("级别已更正")
    house.were_told("降为技术咨询", "engineer-1", "technical-lead")
    assert "答复" in engineer.buttons(number)
    assert "到场" not in engineer.buttons(number)
