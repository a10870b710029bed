"""Services that the contract counts: reminders on working days, each once, and silence when it is done."""

from datetime import UTC, datetime

import pytest

from sla.key_periods import KeyPeriod
from storage import key_periods
from tests.flows.conftest import Furnish
from tests.flows.furniture import SLUG
from tests.flows.house import House

SERVICES = """
[[services]]
key = "joint_test"
name = "全省联调"
unit = "次"
kind = "joint_test"
count = 1
per = "month"
starts = 2026-02-01
ends = 2026-12-31
remind_before = [3]

[[services]]
key = "scan"
name = "漏洞扫描"
unit = "次"
kind = "scan"
count = 46
per = "term"
full_round = 23
before_key_periods = true
starts = 2026-01-01
ends = 2026-12-31

[words]"""


@pytest.fixture(params=["sqlite", "postgresql"])
def storage(request: pytest.FixtureRequest) -> str:
    """Reminders are said once on both databases."""
    if request.param == "sqlite":
        return "sqlite:///hotline.db"
    url: str = request.getfixturevalue("postgres_url")
    return url


@pytest.fixture
async def house(furnish: Furnish) -> House:
    """On a day of the Spring Festival; the next working day is the 24th."""
    return await furnish(terms={"\n[words]": SERVICES})


async def test_reminders_come_once_and_on_working_days(house: House) -> None:
    """Three working days before the end of the month, on its last one, and when it was missed."""
    manager, lead, officer = house["project-manager"], house["technical-lead"], house["officer-1"]
    await house.passes(days=8, hours=23)
    manager.heard_nothing()
    await house.passes(hours=1)
    for each in (manager, lead):
        each.was_told("全省联调第 1 次最迟 2026-02-28", "还有 3 个工作日", "目前用了 0")
    await house.restarts(seconds=30)
    await house.passes(days=2)
    manager.heard_nothing()
    await house.passes(days=1)  # Saturday the 28th is worked
    for each in (manager, lead):
        each.was_told("全省联调第 1 次最迟 2026-02-28", "目前只用了 0")
    await house.passes(days=1)
    manager.heard_nothing()
    officer.heard_nothing()
    await house.passes(days=1)
    for each in (manager, lead, officer):
        each.was_told("全省联调到 2026-02-28 应完成 1 次，只登记了 0")
    await house.restarts(seconds=30)
    await house.passes(days=1)
    for each in (manager, lead, officer):
        each.heard_nothing()


async def test_nobody_is_reminded_of_what_is_entered(house: House) -> None:
    """The engineer enters it, the officer confirms with one tap; the end of the month passes in silence."""
    engineer, officer = house["engineer-1"], house["officer-1"]
    await engineer.says("/service 全省联调 1 今天 与省厅联调")
    engineer.was_told("已登记：#1 全省联调 1 次", "待局方确认")
    officer.asked("请确认服务记录", "确认", "退回")
    (await officer.presses("确认")).answered("已确认 #1")
    engineer.was_told("监督管理员已确认", "本期剩余 0 次")
    await house.passes(days=16)
    house["project-manager"].heard_nothing()
    officer.heard_nothing()


def nothing_more(house: House) -> None:
    """Nobody was told anything but that key periods come and go."""
    for actor in house.actors.values():
        actor.may_have_heard("🛡")
        actor.heard_nothing()


async def test_a_special_period_asks_for_what_comes_before_it(house: House) -> None:
    """When it is announced, and on the last working day before it; not if the work was entered meanwhile."""
    manager, lead = house["project-manager"], house["technical-lead"]
    await house.passes(days=8)  # the first working day, before the hour of any reminder but this

    async def announce(number: int, start: datetime) -> None:
        period = KeyPeriod(
            contract=SLUG, name=f"保障{number}", start=start, end=start, people=2, by="officer-1", at=house.clock.now()
        )
        await house.stage.hotline.store.write(lambda tx: key_periods.add(tx, period))
        await house.settles()

    await announce(1, datetime(2026, 3, 4, tzinfo=UTC))
    for each in (manager, lead):
        each.was_told("重保“保障1” 2026-03-04 开始，之前应做漏洞扫描", "还够整轮 2 轮")
    await house["engineer-1"].says("/service 漏洞扫描 23")
    house["engineer-1"].was_told("已登记：#1")
    house["officer-1"].was_told("请确认服务记录")
    await announce(2, datetime(2026, 2, 28, tzinfo=UTC))
    nothing_more(house)
    await house.passes(days=1)
    await announce(3, datetime(2026, 3, 10, tzinfo=UTC))
    for each in (manager, lead):
        each.was_told("重保“保障3” 2026-03-10 开始")
    await house.passes(days=12)  # until Monday the 9th
    for each in (manager, lead):
        each.was_told("重保“保障3” 2026-03-10 开始，漏洞扫描还没有登记")
        each.may_have_heard("全省联调")
    house["officer-1"].may_have_heard("全省联调")
    await house.passes(days=2)
    nothing_more(house)
