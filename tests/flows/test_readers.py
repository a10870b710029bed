"""Who reads what: another language, and messages that give nothing away."""

from tests.flows import scenes
from tests.flows.conftest import Furnish
from tests.flows.house import Actor, House


async def test_an_english_reader(house: House, engineer: Actor, reporter: Actor) -> None:
    """/language changes everything that one person reads, and nothing that others read."""
    await engineer.says("/language")
    engineer.asked("请选择语言 / Choose a language", "English", "中文")
    await engineer.presses("English")
    engineer.was_told("English")
    number = await reporter.reports("三楼会议室没有声音")
    house.have_cards("technical-lead")
    card = engineer.card(number)
    assert "General fault" in card or "general" in card.lower()
    assert "响应" not in card
    assert "“三楼会议室没有声音”" in card
    (await engineer.presses("Acknowledge")).answered(number)
    reporter.was_told("已由值班工程师甲接单")
    assert dict(engineer.phone.menu())["my"].isascii()
    await engineer.says("/open")
    assert "未结" not in engineer.was_told(number).text
    await engineer.says("/nonsense")
    assert engineer.was_told("/help").text.isascii()


async def test_minimal_messages_hold_no_words_of_people(furnish: Furnish) -> None:
    """With message_detail = minimal no message of the whole story shows what anybody wrote."""
    house = await furnish(minimal=True)
    reporter, engineer, officer = (house[key] for key in ("reporter-1", "engineer-1", "officer-1"))
    secret = "秘密机房全部中断"
    number = await reporter.reports(secret)
    house.have_cards(*scenes.ALL)
    await reporter.says("秘密补充")
    reporter.was_told(number)
    house.were_told("有补充", "engineer-1", "technical-lead")
    await house.passes(minutes=11)
    for words in ("还剩 5 分钟", "还剩 2 分钟", "响应超时"):
        house.were_told(words, "engineer-1", "technical-lead")
    house["project-manager"].was_told("响应超时，请接手")
    await engineer.presses("接单")
    reporter.was_told("已由")
    house["project-manager"].was_told("呼叫停止")
    second = await house["reporter-2"].reports("秘密大屏花屏")
    house.have_cards("engineer-1", "technical-lead", number=second)
    await engineer.presses("更多", on=engineer.card_message(number))
    engineer.was_told("其他操作")
    await engineer.presses("合并工单")
    engineer.asked("与哪一单是同一故障", second)
    await engineer.presses("挂起")
    engineer.was_told("请写挂起的原因")
    await engineer.says("秘密原因")
    engineer.was_told("已作为")
    officer.was_told("请求挂起")
    await officer.presses("同意挂起")
    house.were_told("已挂起", "reporter-1", "engineer-1")
    await engineer.presses("恢复")
    house.were_told("已恢复", "reporter-1", "officer-1")
    await engineer.presses("远程解决")
    house.were_told("请做恢复测试", "reporter-1", "officer-1")
    await reporter.presses("已恢复，销障")
    for _ in scenes.RECORD:
        engineer.was_told("故障记录，还差")
        await engineer.says("秘密记录")
    engineer.was_told("记录完整")
    reporter.was_told("请评价")
    await reporter.says(f"/ticket {number}")
    reporter.was_told(number, "接单")
    await engineer.says("/my")
    engineer.was_told(number)
    told = [entry for entry in house.world.transcript if entry.by_bot and "秘密" in f"{entry.what}{entry.buttons}"]
    assert not told, "\n".join(map(str, told))
