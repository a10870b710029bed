"""Several people on one ticket: handing over, calling up, merging, calling it off."""

from tests.flows import scenes
from tests.flows.house import Actor, House


async def test_handed_over_and_accepted(house: House, engineer: Actor, colleague: Actor, reporter: Actor) -> None:
    """The ticket stays with the one who has it until the other takes it."""
    number = await scenes.taken(house)
    await engineer.presses("转派")
    engineer.was_told("转派给谁")
    (await engineer.presses("值班工程师乙")).answered("已转派给 值班工程师乙，接单前仍由您负责")
    colleague.card(number)
    colleague.asked(f"值班工程师甲把 {number} 转派给您", "接单")
    assert "转派给 值班工程师乙，等待接单" in engineer.card()
    assert (await house.ticket(number)).handler == "engineer-1"
    (await colleague.presses("接单")).answered("已接单")
    house.were_told("已由值班工程师乙接单", "reporter-1", "engineer-1")
    assert (await house.ticket(number)).handler == "engineer-2"
    await colleague.presses("到场")
    reporter.was_told("已到场")


async def test_called_up_by_hand(house: House, engineer: Actor, manager: Actor, officer: Actor) -> None:
    """The engineer calls for help: the manager, again, then the next step, until somebody takes it."""
    number = await scenes.taken(house)
    (await engineer.presses("升级")).answered("已呼叫上一级")
    manager.card(number)
    manager.asked(f"{number} 请求支援（值班工程师甲）", "接手督办")
    await house.passes(minutes=10)
    manager.was_told("第 2 次呼叫")
    manager.was_told("第 3 次呼叫")
    await house.passes(minutes=5)
    officer.card(number)
    house.were_told("第 4 次呼叫", "project-manager", "officer-1")
    (await officer.presses("接手督办")).answered("您已接手")
    engineer.was_told("已由监督管理员接手督办")
    manager.was_told("呼叫停止")
    await house.passes(minutes=30)


async def test_merged(house: House, engineer: Actor, reporter: Actor, neighbour: Actor, officer: Actor) -> None:
    """Two reports of one fault: the earlier goes on for both, the graver level holds."""
    early = await scenes.reported(house)
    await house.passes(minutes=1)
    late = await scenes.reported(house, scenes.MAJOR, by="reporter-2")
    await engineer.presses("更多", on=engineer.card_message(late))
    engineer.was_told("其他操作")
    await engineer.presses("合并工单")
    engineer.was_told("与哪一单是同一故障")
    (await engineer.presses(f"{early} {scenes.GENERAL}")).answered(f"{late} 已并入 {early}")
    house.were_told(f"{late} 与 {early} 是同一故障", "reporter-2", "technical-lead")
    house["technical-lead"].was_told(f"{early} 升为重大故障")
    house.have_cards("officer-1", "project-manager", number=early)
    assert f"并入：{late}" in engineer.card(early)
    assert f"已并入 {early}" in neighbour.card(late)


async def test_voided_by_its_reporter(house: House, reporter: Actor, engineer: Actor) -> None:
    """A false alarm is called off with a reason; its clocks fall silent."""
    number = await scenes.taken(house)
    await reporter.presses("更多")
    reporter.was_told("其他操作")
    (await reporter.presses("作废")).answered("请看与机器人的私聊")
    reporter.was_told("请写作废的原因")
    await reporter.says("是我没插好")
    reporter.was_told("已作为", "作废")
    engineer.was_told(f"{number} 已作废", "是我没插好")
    assert "已作废" in engineer.card()
    await house.passes(hours=12)
    (await engineer.forges("t:1:arr:99")).refused("现为“已作废”")


async def test_words_that_were_taken_for_a_reason_can_become_a_report(
    house: House, reporter: Actor, engineer: Actor
) -> None:
    """A new fault that was typed while the bot had asked for something is one tap away from its own ticket."""
    await scenes.on_site(house)
    await engineer.presses("挂起")
    engineer.was_told("请写挂起的原因")
    await engineer.says("四楼一块屏也花了")
    engineer.was_told("如果其实是新故障")
    house["officer-1"].was_told("请求挂起")
    (await engineer.presses("新的故障")).answered("已另立工单")
    second = house.numbers(engineer.phone.chat)[-1]
    house.have_cards("engineer-1", "technical-lead", number=second)
