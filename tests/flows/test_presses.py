"""Presses that must not succeed, or only for one of two."""

import pytest

from tests.flows import scenes
from tests.flows.house import Actor, House, Pressed


async def test_two_engineers_at_once(house: House, engineer: Actor, lead: Actor, reporter: Actor) -> None:
    """One of them has it, the other is told who."""
    number = await scenes.reported(house)
    first, second = Pressed(engineer.phone.presses("接单")), Pressed(lead.phone.presses("接单"))
    house.pressed += [first, second]
    await house.settles()
    first.answered(f"已接单：{number}")
    second.refused(f"{number} 已由值班工程师甲接单")
    reporter.was_told("已由值班工程师甲接单")


async def test_the_same_press_twice(house: House, engineer: Actor, reporter: Actor) -> None:
    """A nervous thumb changes nothing the second time, and hears so."""
    number = await scenes.reported(house)
    card = engineer.card_message()
    await engineer.presses("接单", on=card)
    reporter.was_told("已由值班工程师甲接单")
    (await engineer.presses("接单", on=card)).refused(f"{number} 您已接单")


async def test_steps_out_of_order(house: House, engineer: Actor, reporter: Actor) -> None:
    """A step that the state does not allow is refused with the step that comes next."""
    number = await scenes.taken(house)
    assert "修复" not in engineer.buttons()
    (await engineer.forges("t:1:fix:9")).refused("已到场请先点“到场”，没去现场请点“远程解决”")
    await engineer.presses("到场")
    reporter.was_told("已到场")
    (await engineer.forges("t:1:out:9")).refused(f"{number} 现为“已到场”，不能“出发”")
    (await engineer.forges("t:1:arr:9")).refused("已记录到场，不用再点")
    (await reporter.forges("t:1:ok:9")).refused("还没有修好")


@pytest.mark.parametrize(
    ("who", "act", "why"),
    [
        ("reporter-1", "ack", "“接单”由工程师或接口人操作"),
        ("officer-1", "ack", "“接单”由工程师或接口人操作"),
        ("service-desk", "ack", "“接单”由工程师或接口人操作"),
        ("admin", "ack", "“接单”由工程师或接口人操作"),
        ("reporter-1", "fix", "“修复”由工程师操作"),
        ("project-manager", "arr", "“到场”由工程师操作"),
        ("project-manager", "ok", "由报障人或监督管理员操作"),
        ("technical-lead", "no", "由报障人或监督管理员操作"),
        ("engineer-2", "voi", "不由您操作"),
        ("reporter-1", "tak", "由被呼叫的负责人操作"),
        ("officer-1", "off", "不由您操作"),
        ("reporter-2", "ok", "没有找到这张工单"),
        ("reporter-2", "see", "没有找到这张工单"),
    ],
    ids=lambda value: value if value.isascii() else "why",
)
async def test_a_press_that_is_not_for_this_person(house: House, who: str, act: str, why: str) -> None:
    """Whatever is pressed, one sentence says why not, and the ticket stays as it is."""
    number = await scenes.reported(house)
    await house[who].says("/my")
    house[who].was_told("工单")
    before = await house.ticket(number)
    (await house[who].forges(f"t:1:{act}:1")).refused(why)
    assert await house.ticket(number) == before


@pytest.mark.parametrize(
    "data",
    [
        "x",
        "t:1:ack",
        "t:zzzzzzzzzzzzzzzzzzzzzzzz:ack:1",
        "t:1:ack:-1",
        "t:-1:ack:1",
        "t:1:nonsense:1",
        "t:1:lvl:1:99",
        "t:1:off:1:nobody",
        "t:1:mrg:1:1",
        "t:1:mrg:1:!!",
        "q:n:1:1",
        "q:n:99999999999999999999999:1",
        "l:xx",
        "q:s:١:١",
        "t:١:ack:١",
        "\x00",
    ],
)
async def test_forged_data(house: House, engineer: Actor, data: str) -> None:
    """Data that nobody drew is an old button, never an error."""
    number = await scenes.reported(house)
    before = await house.ticket(number)
    (await engineer.forges(data)).refused("")
    assert await house.ticket(number) == before


async def test_an_old_card_after_it_was_sent_back(house: House, engineer: Actor, reporter: Actor) -> None:
    """A sign-off on the card of the first repair does not sign off the second one."""
    number = await scenes.under_test(house)
    old = reporter.card_message()
    await reporter.presses("未恢复")
    reporter.was_told("请用一句话说明")
    engineer.was_told("已退回")
    await reporter.says("/cancel")
    reporter.was_told("已取消")
    await engineer.presses("修复")
    scenes.tested(house, number)
    (await reporter.presses("已恢复，销障", on=old)).answered(f"{number} 已有变化，现为“待恢复测试”")
    assert (await house.ticket(number)).state == "under_test"
    reporter.card()
    (await reporter.presses("已恢复，销障")).answered("已销障")
    engineer.was_told("还差 5 项")


async def test_typed_words_do_what_the_button_does(house: House, engineer: Actor, reporter: Actor) -> None:
    """After an outage a press may be lost; the typed word counts, from its own date."""
    number = await scenes.reported(house)
    await house.closes()
    engineer.phone.says(f"接单 {number}")
    house.clock.move(house.clock.now().replace(minute=4))
    await house.opens()
    house["admin"].was_told("热线中断了 4 分钟")
    engineer.was_told(f"已接单：{number}")
    reporter.was_told("已由值班工程师甲接单")
    assert "✅ 响应：09:00:00 按时" in engineer.card()


async def test_a_word_that_could_mean_two_tickets(house: House, engineer: Actor, neighbour: Actor) -> None:
    """The word alone is refused where it could mean either."""
    await scenes.reported(house)
    await scenes.reported(house, "大屏花屏", by="reporter-2")
    await engineer.says("接单")
    engineer.was_told("看不出您指哪一单")
