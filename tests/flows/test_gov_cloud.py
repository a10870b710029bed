"""A contract that counts the arrival from the client's notice, and where locating means clearing."""

import pytest

from tests.flows.conftest import Furnish
from tests.flows.contracts import GOV_CLOUD
from tests.flows.house import House

MAIL = "我的邮箱打不开，别人的能打开"


@pytest.fixture
async def house(furnish: Furnish) -> House:
    """A house under that contract, at nine in the morning."""
    return await furnish(contract=GOV_CLOUD)


async def taken(house: House) -> str:
    """Reported at 09:00, taken at 09:12 after one warning."""
    number = await house["reporter-1"].reports(MAIL)
    house.have_cards("engineer-1", "technical-lead")
    await house.passes(minutes=12)
    house.were_told("响应时限还剩", "engineer-1", "technical-lead")
    house.were_told("响应时限还剩", "engineer-1", "technical-lead")
    (await house["engineer-1"].presses("接单")).answered("已接单")
    house["reporter-1"].was_told("已由值班工程师甲接单")
    return number


async def test_without_a_notice_nobody_has_to_come(house: House) -> None:
    """The card has no arrival clock, and the fault is repaired from the desk within the thirty minutes."""
    number = await taken(house)
    engineer, reporter = house["engineer-1"], house["reporter-1"]
    assert "⏱ 定位排除：09:42:00 前" in engineer.card() and "⏱ 到场" not in engineer.card()
    (await engineer.presses("已定位")).answered("已记录定位")
    assert "已定位：09:12:00" in engineer.card() and "⏱ 定位排除" in engineer.card()
    await house.passes(minutes=10)
    (await engineer.presses("修复")).answered("已请用户做恢复测试")
    assert "✅ 定位排除：09:22:00 按时" in engineer.card()
    house["officer-1"].card(number)
    house.were_told("请做恢复测试", "reporter-1", "officer-1")
    (await reporter.presses("已恢复，销障")).answered("已销障")
    engineer.asked("责任方", "维保方", "甲方", "通信运营商")
    await engineer.presses("通信运营商")
    engineer.was_told("记录完整，已结单", "责任方：通信运营商")
    reporter.was_told("请评价")


async def test_on_site_support_within_an_hour_of_the_notice(house: House) -> None:
    """Asked for at 09:25, due at 10:25; on site at 10:20 the locate clock starts anew, and the card shows both."""
    number = await taken(house)
    engineer, reporter, officer = house["engineer-1"], house["reporter-1"], house["officer-1"]
    await house.passes(minutes=13)
    assert "请到场支持" in reporter.buttons()
    (await reporter.presses("请到场支持")).answered("到场时限从现在起算")
    for key in ("engineer-1", "technical-lead"):
        house[key].was_told(f"{number}：用户请到场支持", "请于 10:25:00 前到场")
    assert "请到场支持" not in reporter.buttons()
    (await reporter.forges("t:1:ons:1")).refused("不用再请求到场")
    assert "⏱ 到场：10:25:00 前" in engineer.card()
    (await engineer.forges("t:1:fix:1")).refused("已到场请先点“到场”")
    (await engineer.presses("出发")).answered("已记录出发")
    engineer.may_have_heard("定位排除时限还剩")
    await house.passes(minutes=55)
    engineer.may_have_heard("时限还剩")
    engineer.was_told("定位排除超时")
    house["project-manager"].card(number)
    house["project-manager"].was_told("定位排除超时，请接手")
    house["project-manager"].was_told("第 2 次呼叫")
    (await engineer.presses("到场")).answered("已记录到场")
    reporter.was_told("已到场")
    house["project-manager"].was_told("呼叫停止")
    card = engineer.card()
    assert "✅ 到场：10:20:00 按时" in card
    assert "⏱ 定位排除：10:50:00 前" in card and "此前时限 09:42:00" in card
    await house.passes(minutes=10)
    (await engineer.presses("修复")).answered("已请用户做恢复测试")
    assert "✅ 定位排除：10:30:00 按时" in engineer.card()
    officer.card(number)
    house.were_told("请做恢复测试", "reporter-1", "officer-1")


async def test_a_visit_that_is_waived_after_the_notice(house: House) -> None:
    """The officer finds that nobody has to come after all: the arrival clock ends, and 修复 is possible at once."""
    number = await taken(house)
    engineer, officer = house["engineer-1"], house["officer-1"]
    await house["reporter-1"].presses("请到场支持")
    house.were_told("用户请到场支持", "engineer-1", "technical-lead")
    await officer.says(f"/ticket {number}")
    officer.was_told(number, "请求到场支持")
    await officer.presses("看卡片")
    officer.card(number)
    await officer.presses("更多")
    assert "免到场" in officer.was_told("其他操作").labels
    (await officer.presses("免到场")).answered("已同意免到场")
    house.were_told("监督管理员同意免到场", "engineer-1", "reporter-1")
    assert "✅ 到场：免（用户同意免到场）" in engineer.card()
    assert "修复" in engineer.buttons()


async def test_a_notice_that_the_engineer_cannot_hear_goes_on(house: House) -> None:
    """The handler is out of reach: the next step of the ladder is called at once, and the arrival clock runs on."""
    number = await taken(house)
    house["engineer-1"].phone.person.blocked = True
    (await house["reporter-1"].presses("请到场支持")).answered("到场时限从现在起算")
    house["technical-lead"].was_told("用户请到场支持")
    house["project-manager"].asked(f"{number} 呼叫不到值班工程师甲，请您另派人", "转派")
    house["admin"].was_told("联系不上值班工程师甲", number)


async def test_a_notice_by_telephone_is_entered_by_the_service_desk(house: House) -> None:
    """Whoever cannot press the button calls; the desk presses it, and the hour runs from there."""
    number = await taken(house)
    await house["service-desk"].says(f"/ticket {number}")
    house["service-desk"].was_told(number)
    await house["service-desk"].presses("看卡片")
    assert "请到场支持" in house["service-desk"].buttons()
    (await house["service-desk"].presses("请到场支持")).answered("到场时限从现在起算")
    house.were_told("请于 10:12:00 前到场", "engineer-1", "technical-lead")


async def test_only_the_reasons_of_the_contract_stop_the_clocks(house: House) -> None:
    """挂起 offers the contract's reasons; other words are answered with the same choice; the officer has to agree."""
    await taken(house)
    engineer, officer = house["engineer-1"], house["officer-1"]
    await engineer.presses("挂起")
    engineer.asked("请点挂起的原因", "运营商网络故障", "不可抗力")
    await engineer.says("等备件")
    engineer.asked("请点挂起的原因", "运营商网络故障", "不可抗力")
    officer.heard_nothing()
    (await engineer.presses("运营商网络故障")).answered("已去询问，同意前时限照常计算")
    officer.asked("原因：运营商网络故障", "同意挂起", "不同意挂起")
    (await officer.presses("同意挂起")).answered("已同意挂起")
    house.were_told("原因：运营商网络故障", "reporter-1", "engineer-1")
    assert "原因：运营商网络故障" in engineer.card() and "⏸ 定位排除：暂停计时" in engineer.card()
