"""The night story: a major fault that nobody answers, until somebody does; on both databases."""

import pytest

from tests.flows import scenes
from tests.flows.conftest import Furnish
from tests.flows.house import MIDNIGHT, Actor, House


@pytest.fixture(params=["sqlite", "postgresql"])
def storage(request: pytest.FixtureRequest) -> str:
    """One database and the other."""
    if request.param == "sqlite":
        return "sqlite:///hotline.db"
    url: str = request.getfixturevalue("postgres_url")
    return url


@pytest.fixture
async def house(furnish: Furnish) -> House:
    """A house just before midnight."""
    return await furnish(start=MIDNIGHT)


async def test_a_major_fault_at_night(
    house: House, reporter: Actor, engineer: Actor, lead: Actor, manager: Actor, officer: Actor
) -> None:
    """Nobody answers: the manager is called, again and again, then the officer too; then it is repaired and closed."""
    number = await scenes.reported(house, scenes.MAJOR)
    assert number == "SGC-20260216-001"
    assert "⏱ 响应：02-17 00:05:00 前" in engineer.card()

    await house.passes(minutes=5)
    house.were_told("响应时限还剩 5 分钟", "engineer-1", "technical-lead")
    await house.passes(minutes=3)
    house.were_told("响应时限还剩 2 分钟", "engineer-1", "technical-lead")
    await house.passes(minutes=2)
    manager.heard_nothing()
    await house.passes(seconds=1)
    manager.asked(f"{number} 响应超时，请接手", "接单")
    house.were_told("响应超时", "engineer-1", "technical-lead")

    await house.passes(minutes=5)
    manager.was_told("第 2 次呼叫")
    await house.passes(minutes=5)
    manager.was_told("第 3 次呼叫")
    officer.heard_nothing()
    await house.passes(minutes=5)
    house.were_told("第 4 次呼叫", "project-manager", "officer-1")

    (await engineer.presses("接单")).answered("已接单")
    reporter.was_told("已由值班工程师甲接单")
    house.were_told("呼叫停止", "project-manager", "officer-1")
    assert "❌ 响应：00:20:01，超时 15 分钟 1 秒" in engineer.card()

    await house.passes(minutes=5)
    engineer.was_told("到场时限还剩 30 分钟")
    (await engineer.presses("出发")).answered("已记录出发")
    await house.passes(minutes=20)
    engineer.was_told("到场时限还剩 12 分钟")
    (await engineer.presses("到场")).answered("已记录到场")
    reporter.was_told("已到场")
    await house.passes(hours=1)
    (await engineer.presses("修复")).answered("已请用户做恢复测试")
    scenes.tested(house, number)
    (await officer.presses("已恢复，销障")).answered("已销障，谢谢")
    await scenes.recorded(house, number)
    assert "已结单" in reporter.card()
    assert "✅ 处理：01:45:01 按时" in lead.card()


async def test_the_manager_takes_the_call(house: House, manager: Actor, engineer: Actor, reporter: Actor) -> None:
    """A manager who takes an unanswered ticket has it, and is called no more."""
    number = await scenes.reported(house, scenes.MAJOR)
    await house.passes(minutes=11)
    for words in ("响应时限还剩 5 分钟", "响应时限还剩 2 分钟", "响应超时"):
        house.were_told(words, "engineer-1", "technical-lead")
    manager.was_told("响应超时，请接手")
    (await manager.presses("接单")).answered("已接单")
    reporter.was_told("已由项目经理接单")
    assert (await house.ticket(number)).handler == "project-manager"
    (await engineer.presses("接单")).refused(f"{number} 已由项目经理接单")
    await house.passes(minutes=18)
