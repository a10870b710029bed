"""Scenes that many flows begin with: each names every message that belongs to it."""

from datetime import UTC, datetime

from tests.flows.house import House

BEFORE_ANY_ROSTER = datetime(2026, 1, 4, 1, 0, tzinfo=UTC)
ALL = ("engineer-1", "technical-lead", "project-manager", "officer-1")
MAJOR = "全市视频会议全部中断，开不了会"
GENERAL = "三楼会议室没有声音"
RECORD = ("硬件", "主板老化", "更换主板", "设备老化", "纳入巡检")


async def reported(house: House, words: str = GENERAL, by: str = "reporter-1") -> str:
    """A fault is reported; whoever has to know has its card. The ticket's number."""
    number = await house[by].reports(words)
    house.have_cards(*(ALL if "重大故障" in house[by].card(number) else ALL[:2]), number=number)
    return number


async def taken(house: House, words: str = GENERAL) -> str:
    """The engineer on duty takes it."""
    number = await reported(house, words)
    (await house["engineer-1"].presses("接单")).answered(f"已接单：{number}")
    house["reporter-1"].was_told(f"{number} 已由值班工程师甲接单")
    return number


async def on_site(house: House, words: str = GENERAL) -> str:
    """The engineer has arrived."""
    number = await taken(house, words)
    (await house["engineer-1"].presses("出发")).answered("已记录出发")
    (await house["engineer-1"].presses("到场")).answered("已记录到场")
    house["reporter-1"].was_told(f"{number}：值班工程师甲已到场")
    return number


async def under_test(house: House, words: str = GENERAL) -> str:
    """The engineer has repaired it; the bureau is asked to test."""
    number = await on_site(house, words)
    (await house["engineer-1"].presses("修复")).answered("已请用户做恢复测试")
    tested(house, number)
    return number


def tested(house: House, number: str) -> None:
    """Both of the bureau are asked to test."""
    house["officer-1"].card(number)
    for key in ("reporter-1", "officer-1"):
        house[key].asked(f"{number} 已修好，请做恢复测试", "已恢复，销障", "未恢复")


async def recorded(house: House, number: str, *answers: str) -> None:
    """The engineer fills what is missing in the record, and the ticket closes."""
    engineer = house["engineer-1"]
    for answer in answers or RECORD:
        engineer.was_told("故障记录，还差")
        await engineer.says(answer)
    engineer.was_told(f"{number} 记录完整，已结单")
    house["reporter-1"].asked(f"{number} 已结单。请评价这次服务", "满意", "不满意")


async def closed(house: House, words: str = GENERAL) -> str:
    """Signed off by the reporter, and recorded."""
    number = await under_test(house, words)
    (await house["reporter-1"].presses("已恢复，销障")).answered("已销障，谢谢")
    await recorded(house, number)
    return number
