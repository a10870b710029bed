"""The hotline was down, or hears things twice: nothing is lost, nothing is done twice, and it says how late it is."""

from datetime import timedelta

from storage import ledger
from tests.flows import scenes
from tests.flows.house import Actor, House


async def test_overdue_alarms_fire_once_after_a_restart(house: House, manager: Actor, admin: Actor) -> None:
    """What came due while the hotline was down is said at once, once, with how late it is."""
    number = await scenes.reported(house)
    await house.restarts(minutes=40)
    manager.card(number)
    manager.was_told("响应超时，请接手", "已超 30 分钟")
    house.were_told("响应超时", "engineer-1", "technical-lead")
    admin.was_told("热线中断了 40 分钟（09:00:00 至 09:40:00）：程序停止运行", "到期的提醒 1 条")
    for key in ("engineer-1", "technical-lead"):
        house[key].asked("请看您待办的工单（1）", number)
    await house.restarts()
    await house.passes(minutes=5)
    manager.was_told("第 2 次呼叫")
    entries = await house.stage.hotline.store.read(lambda tx: ledger.entries_of(tx, 1))
    breaches = [entry for entry in entries if entry.kind == "breached"]
    assert len(breaches) == 1
    assert breaches[0].data["due_at"] != breaches[0].at


async def test_reports_written_during_an_outage(house: House, reporter: Actor, neighbour: Actor) -> None:
    """Their clocks run from when they were written; a ticket can be born late, and is called at once."""
    await house.closes()
    reporter.phone.says("三楼没有声音")
    house.clock.move(house.clock.now() + timedelta(minutes=8))
    neighbour.phone.says("大屏花屏")
    house.clock.move(house.clock.now() + timedelta(minutes=5))
    await house.opens()
    house.have_cards("reporter-1", "reporter-2")
    first = house.numbers(reporter.phone.chat)[0]
    second = house.numbers(neighbour.phone.chat)[0]
    assert "系统 09:13:00 才收到，时限仍从报障时起算" in reporter.card(first)
    assert "系统 09:13:00 才收到" in house["engineer-1"].card(second)
    for number in (first, second):
        house.have_cards("engineer-1", "technical-lead", number=number)
    house.have_cards("project-manager", number=first)
    house["project-manager"].was_told(f"{first} 响应超时，请接手", "已超 3 分钟")
    house.were_told(f"{first} 响应超时", "engineer-1", "technical-lead")
    house.were_told(f"{second} 响应时限还剩 5 分钟", "engineer-1", "technical-lead")
    house["admin"].was_told("热线中断了 13 分钟", "到期的提醒 0 条", "迟到的消息 2 条已收下")
    assert (await house.ticket(first)).reported_at == house.clock.now() - timedelta(minutes=13)
    assert (await house.ticket(first)).received_at == house.clock.now()


async def test_every_update_twice(house: House, reporter: Actor, engineer: Actor) -> None:
    """Updates that are delivered again change nothing and answer nothing."""
    number = await scenes.taken(house)
    before = await house.ticket(number)
    house.world.redelivers(20)
    await house.settles()
    assert await house.ticket(number) == before
    await house.restarts()
    house.world.redelivers(20)
    await house.settles()
    assert await house.ticket(number) == before


async def test_a_poison_update_in_a_batch(house: House, reporter: Actor, neighbour: Actor, admin: Actor) -> None:
    """An update that nobody can read is put aside, and the admin is told once; those around it are handled."""
    house.excuses("cannot be read")
    await house.closes()
    reporter.phone.says("三楼没有声音")
    house.world.injects({"message": {"message_id": 1, "date": "never", "chat": {"id": "x"}}})
    house.world.injects({"callback_query": {"id": 7}})
    house.world.injects({"unheard_of": {"id": 7}})
    house.world.injects({"message": []})
    neighbour.phone.says("大屏花屏")
    await house.opens()
    for one in (reporter, neighbour):
        number = house.numbers(one.phone.chat)[0]
        one.card(number)
        house.have_cards("engineer-1", "technical-lead", number=number)
    admin.was_told("有一条消息程序处理失败")


async def test_a_press_that_was_lost_in_an_outage(house: House, engineer: Actor, reporter: Actor) -> None:
    """A press lives 150 seconds at Telegram: after a longer outage it is pressed again, and counts then."""
    await scenes.reported(house)
    await house.closes()
    engineer.phone.presses("接单")
    house.clock.move(house.clock.now() + timedelta(minutes=4))
    await house.opens()
    engineer.heard_nothing()
    house["admin"].was_told("热线中断了 4 分钟", "期间按过的按钮可能没有收到")
    (await engineer.presses("接单")).answered("已接单")
    reporter.was_told("已由值班工程师甲接单")


async def test_restarts_in_the_middle_of_everything(house: House, reporter: Actor, engineer: Actor) -> None:
    """A restart between any two steps is noticed by nobody."""
    number = await scenes.reported(house)
    await house.restarts()
    await engineer.presses("接单")
    await house.restarts(seconds=30)
    reporter.was_told("已由值班工程师甲接单")
    await engineer.presses("到场")
    await house.restarts()
    reporter.was_told("已到场")
    await engineer.presses("修复")
    await house.restarts()
    scenes.tested(house, number)
    await reporter.presses("未恢复")
    await house.restarts()
    reporter.was_told("请用一句话说明")
    engineer.was_told("已退回")
    await reporter.says("还是没有声音")
    reporter.was_told("已作为")
    engineer.was_told("还是没有声音")
    await engineer.presses("修复")
    scenes.tested(house, number)
    await reporter.presses("已恢复，销障")
    await scenes.recorded(house, number)
