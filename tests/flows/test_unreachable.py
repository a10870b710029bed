"""People who cannot be told: the next one at once, and whoever looks after the bot."""

from tests.flows import scenes
from tests.flows.conftest import Furnish
from tests.flows.furniture import SLUG, STAFF, Someone
from tests.flows.house import Actor, House


async def test_an_engineer_who_blocks_the_bot(house: House, engineer: Actor, admin: Actor) -> None:
    """The admin hears of it at once, before anything has to be sent."""
    engineer.phone.blocks_bot()
    await house.settles()
    admin.was_told("值班工程师甲停用了机器人")
    number = await house["reporter-1"].reports(scenes.GENERAL)
    house["technical-lead"].card(number)
    admin.was_told("联系不上值班工程师甲", number)
    engineer.phone.unblocks_bot()
    await house.settles()
    second = await house["reporter-2"].reports("大屏花屏")
    house.have_cards("engineer-1", "technical-lead", number=second)


async def test_a_block_that_nobody_was_told_of(house: House, engineer: Actor, admin: Actor, manager: Actor) -> None:
    """The refused page itself is the news: the next step is called in the same minute, and the admin is told."""
    engineer.phone.person.blocked = True
    number = await house["reporter-1"].reports(scenes.GENERAL)
    house["technical-lead"].card(number)
    manager.was_told(f"{number} 呼叫不到值班工程师甲，请您接手")
    admin.was_told("联系不上值班工程师甲", number)
    await house.passes(minutes=5)
    house["technical-lead"].was_told("响应时限还剩 5 分钟")
    admin.was_told("联系不上值班工程师甲", number)
    (await manager.presses("接单")).answered("已接单")
    house["reporter-1"].was_told("已由项目经理接单")


async def test_a_manager_who_cannot_be_called(house: House, manager: Actor, officer: Actor, admin: Actor) -> None:
    """An empty step of the ladder is not waited out."""
    manager.phone.person.blocked = True
    number = await scenes.reported(house)
    await house.passes(minutes=10, seconds=1)
    for words in ("还剩 5 分钟", "还剩 2 分钟", "响应超时"):
        house.were_told(words, "engineer-1", "technical-lead")
    officer.was_told(f"{number} 呼叫不到维保方的项目经理")
    admin.was_told("联系不上项目经理", number)


async def test_nobody_can_be_paged(furnish: Furnish) -> None:
    """Nobody of the first step has ever pressed Start: the project manager has it at once."""
    unbound = tuple(
        Someone(key=one.key, name=one.name, account=None, roles=one.roles)
        if "engineer" in one.key or one.key == "technical-lead"
        else one
        for one in STAFF
    )
    house = await furnish(people=unbound)
    number = await house["reporter-1"].reports(scenes.GENERAL)
    house["project-manager"].was_told(f"{number} 呼叫不到", "请您接手")
    house["admin"].was_told("联系不上", number)
    house["admin"].may_have_heard("联系不上")
    (await house["project-manager"].presses("接单")).answered("已接单")
    house["reporter-1"].was_told("已由项目经理接单")


async def test_nobody_on_duty(furnish: Furnish) -> None:
    """When the roster names nobody, everybody of the role is paged."""
    third = Someone(key="engineer-3", name="值班工程师丙", account=2013, roles={SLUG: "engineer"})
    house = await furnish(people=(*STAFF, third), start=scenes.BEFORE_ANY_ROSTER)
    await house["reporter-1"].reports(scenes.GENERAL)
    house.have_cards("engineer-1", "engineer-2", "engineer-3", "technical-lead")


async def test_a_reporter_who_blocks_the_bot(house: House, reporter: Actor, engineer: Actor, admin: Actor) -> None:
    """The work goes on; the admin is told that the reporter hears nothing."""
    number = await scenes.on_site(house)
    reporter.phone.blocks_bot()
    await house.settles()
    admin.was_told("指挥中心值班员甲停用了机器人")
    (await engineer.presses("修复")).answered("已请用户做恢复测试")
    house["officer-1"].card(number)
    house["officer-1"].was_told("请做恢复测试")
    admin.was_told("联系不上指挥中心值班员甲", number)
    (await house["officer-1"].presses("已恢复，销障")).answered("已销障")
    engineer.was_told("还差 5 项")
