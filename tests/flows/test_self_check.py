"""The auditor in a house that lives: content in every stage of a ticket's life, on both databases."""

import pytest
import sqlalchemy as sa

from storage.schema import ALARMS
from tests.flows import scenes
from tests.flows.house import Actor, House


@pytest.fixture(params=["sqlite", "postgresql"])
def storage(request: pytest.FixtureRequest) -> str:
    """One database and the other."""
    if request.param == "sqlite":
        return "sqlite:///hotline.db"
    url: str = request.getfixturevalue("postgres_url")
    return url


async def is_content(house: House) -> None:
    """The auditor looks, now, and finds nothing."""
    assert await house.stage.hotline.auditor.audit() == ()
    assert house.stage.hotline.auditor.is_content


async def test_the_way_of_a_fault(house: House, engineer: Actor, reporter: Actor, officer: Actor) -> None:
    """Reported, taken, on site, paused, resumed, repaired, sent back, repaired again, tested, recorded, closed."""
    number = await scenes.reported(house)
    await is_content(house)
    await house.passes(minutes=5)
    house.were_told("响应时限还剩", "engineer-1", "technical-lead")
    await is_content(house)
    await engineer.presses("接单")
    reporter.was_told("已由值班工程师甲接单")
    await is_content(house)
    await engineer.presses("出发")
    await is_content(house)
    await engineer.presses("到场")
    reporter.was_told("已到场")
    await is_content(house)
    await engineer.presses("挂起")
    engineer.was_told("请写挂起的原因")
    await engineer.says("等备件")
    engineer.was_told("已作为", "挂起")
    officer.was_told("请求挂起")
    await is_content(house)
    await officer.presses("同意挂起")
    house.were_told("已挂起", "reporter-1", "engineer-1")
    await is_content(house)
    await house.passes(hours=48)
    await is_content(house)
    await engineer.presses("恢复")
    house.were_told("已恢复，时限继续计算", "reporter-1", "officer-1")
    await is_content(house)
    await engineer.presses("修复")
    scenes.tested(house, number)
    await is_content(house)
    await reporter.presses("未恢复")
    reporter.was_told("请用一句话说明")
    engineer.was_told("已退回")
    await is_content(house)
    await reporter.says("还是没有声音")
    reporter.was_told("已作为")
    engineer.was_told("还是没有声音")
    await engineer.presses("修复")
    scenes.tested(house, number)
    await reporter.presses("已恢复，销障")
    await is_content(house)
    await scenes.recorded(house, number)
    await is_content(house)


async def test_a_request_and_a_call_that_is_taken(house: House, engineer: Actor, manager: Actor) -> None:
    """A request that nobody answers, a call that the manager takes: from then on it is the manager's."""
    number = await house["reporter-1"].reports("申请借用一台会议终端")
    house.have_cards("engineer-1", "technical-lead", number=number)
    await is_content(house)
    await house.passes(minutes=10, seconds=1)
    for _ in range(2):
        house.were_told("响应时限还剩", "engineer-1", "technical-lead")
    house.were_told("响应超时", "engineer-1", "technical-lead")
    manager.card(number)
    await is_content(house)
    (await manager.presses("接单")).answered("已接单")
    for key in ("reporter-1", "engineer-1", "technical-lead"):
        house[key].may_have_heard(number)
    manager.may_have_heard(number)
    await is_content(house)


async def test_the_admin_hears_of_a_ticket_that_fell_silent(house: House, admin: Actor) -> None:
    """Its alarms vanish behind the program's back: the administrator is told once, with what to do."""
    number = await scenes.reported(house)
    hotline = house.stage.hotline
    house.excuses("found stranded")
    await hotline.store.write(lambda tx: tx.run(sa.delete(ALARMS)))
    for _ in range(3):
        [found] = await hotline.auditor.audit()
        await house.settles()
    assert (found.kind, found.first) == ("stranded", number)
    assert not hotline.auditor.is_content
    admin.was_told("自查", "1 张未结工单断了下一步", number, "请马上人工跟进")
    admin.heard_nothing()
    assert len([line for line in house.log.lines if "found stranded" in line]) == 1
    engineer = house["engineer-1"]
    await engineer.presses("接单")  # every decision of the ticket writes its alarms anew
    house["reporter-1"].was_told("已由值班工程师甲接单")
    await is_content(house)
