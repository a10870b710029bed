"""Before a shift: one silent question; whoever does not press is looked for, and a reserve is one tap away."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from storage import ledger
from storage.ledger import LedgerEntry
from tests import gateways
from tests.flows.conftest import Furnish
from tests.flows.furniture import SLUG, STAFF, Someone, with_ways
from tests.flows.house import House
from tests.gateways import Gateway

CHECKED = {
    "[escalation]\n": '[handover]\ncheck_before = "30m"\nanswer_by = "10m"\nremind_every = "10m"\n\n[escalation]\n'
}
THIRD = Someone(key="engineer-3", name="值班工程师丙", account=2011, roles={SLUG: "engineer"})
THREE = (*STAFF, THIRD)
MANAGERS = ("technical-lead", "project-manager")
EMPTY = "02-17 08:00 的班可能没人"


@pytest.fixture(params=["sqlite", "postgresql"])
def storage(request: pytest.FixtureRequest) -> str:
    """One database and the other."""
    if request.param == "sqlite":
        return "sqlite:///hotline.db"
    url: str = request.getfixturevalue("postgres_url")
    return url


@pytest.fixture
def gateway() -> Iterator[Gateway]:
    """The bureau's own gateway for SMS."""
    with gateways.opened() as opened:
        yield opened


async def entries(house: House) -> list[LedgerEntry]:
    """What the ledger says of the check and of orders, in order."""

    async def read(tx: Any) -> list[LedgerEntry]:
        return [one async for one in ledger.walk(tx, SLUG) if one.kind.startswith(("attendance", "stand_in"))]

    return await house.stage.hotline.store.read(read)


def kinds(found: list[LedgerEntry]) -> list[str]:
    """What happened, in order."""
    return [one.kind for one in found]


async def test_one_press_and_nobody_else_hears_of_it(furnish: Furnish) -> None:
    """Silent, half an hour before the shift and no minute earlier; the one who is on duty now is not asked."""
    house = await furnish(terms=CHECKED)
    await house.passes(hours=22, minutes=29)
    house["engineer-2"].heard_nothing()
    await house.passes(minutes=1)
    asked = house["engineer-2"].asked("您 08:00 起值班，请按“我在”", "我在")
    assert asked.silent
    (await house["engineer-2"].presses("我在")).answered("好的，08:00 起值班")
    (await house["engineer-2"].presses("我在")).answered("好的，08:00 起值班")
    await house.passes(hours=1)
    assert [(one.kind, one.by) for one in await entries(house)] == [
        ("attendance_asked", "clock"),
        ("attendance_confirmed", "engineer-2"),
    ]


async def test_no_answer(furnish: Furnish, gateway: Gateway) -> None:
    """Ten minutes before: an SMS to the person, an alarm to the managers; who turns up after all ends it."""
    people = with_ways(THREE, engineer_2={"sms": "10002"})
    house = await furnish(terms=CHECKED, people=people, gateways={"sms": gateway.address("sms")})
    await house.passes(hours=22, minutes=49)
    house["engineer-2"].was_told("请按“我在”")
    assert gateway.taken == []
    await house.passes(minutes=1)
    [sms] = gateway.taken
    assert sms.text == "【维保热线】您 08:00 起值班，尚未确认。请打开 Telegram 或拨打热线处理。"
    for key in MANAGERS:
        house[key].asked("08:00 的班可能没人", "由值班工程师丙顶班")
    (await house["engineer-2"].presses("我在")).answered("好的，08:00 起值班")
    house.were_told("值班工程师乙已按“我在”", *MANAGERS)
    (await house["project-manager"].presses("由值班工程师丙顶班")).refused("值班工程师乙已按“我在”，不用顶班了")
    await house.passes(hours=1)
    assert kinds(await entries(house)) == ["attendance_asked", "attendance_missing", "attendance_confirmed"]


async def test_the_reserve_stands_in(furnish: Furnish) -> None:
    """One tap of a manager: the plan is changed, all of them are told, and pages go to the one who stands in."""
    house = await furnish(terms=CHECKED, people=THREE)
    await house.passes(hours=22, minutes=50)
    house["engineer-2"].was_told("请按“我在”")
    house.were_told("值班工程师乙没有按“我在”", *MANAGERS)
    (await house["project-manager"].presses("由值班工程师丙顶班")).answered("已安排值班工程师丙顶班，并通知本人")
    told = house["engineer-3"].asked("请您顶班：02-17 周二 08:00–次日 08:00", "收到")
    assert "代替值班工程师乙，由项目经理安排" in told.text
    house["engineer-2"].was_told("改由值班工程师丙值班，您不用值班")
    house["technical-lead"].was_told("值班工程师丙顶值班工程师乙的班，由项目经理安排")
    (await house["technical-lead"].presses("由值班工程师丙顶班")).refused("这一班已经换人")
    (await house["engineer-2"].presses("我在")).refused("08:00 的班已换人，您不用值班")
    (await house["engineer-3"].presses("收到")).answered("好的，已告知安排人")
    house["project-manager"].was_told("值班工程师丙已收到")
    (await house["engineer-3"].presses("收到")).answered("好的，已告知安排人")
    await house.passes(minutes=15)
    number = await house["reporter-1"].reports("三楼会议室没有声音")
    house.have_cards("engineer-3", "technical-lead", number=number)
    (await house["engineer-3"].presses("接单")).answered("已接单")
    house["reporter-1"].was_told("已由值班工程师丙接单")
    assert "stand_in_ordered" in kinds(await entries(house)) and "stand_in_received" in kinds(await entries(house))


async def test_an_order_that_nobody_confirms(furnish: Furnish) -> None:
    """It is told again twice, then those who answer for the staff hear of it."""
    house = await furnish(terms=CHECKED, people=THREE)
    await house.passes(hours=22, minutes=50)
    house["engineer-2"].was_told("请按“我在”")
    house.were_told("值班工程师乙没有按“我在”", *MANAGERS)
    (await house["technical-lead"].presses("由值班工程师丙顶班")).answered("已安排值班工程师丙顶班")
    house["engineer-3"].was_told("请您顶班")
    house["engineer-2"].was_told("您不用值班")
    house["project-manager"].was_told("由技术负责人安排")
    await house.passes(minutes=30)
    for _ in range(2):
        house["engineer-3"].asked("请您顶班：", "收到")
    house.were_told("值班工程师丙还没有确认", *MANAGERS)
    await house.passes(hours=1)


async def test_nobody_is_free(furnish: Furnish) -> None:
    """The managers read that nobody of this post is free, and get no button."""
    people = tuple(replace(one, roles={SLUG: "service_desk"}) if one.key == "engineer-1" else one for one in STAFF)
    house = await furnish(terms=CHECKED, people=people)
    await house.passes(hours=22, minutes=50)
    house["engineer-2"].was_told("请按“我在”")
    for key in MANAGERS:
        house[key].asked("没有空闲的同岗位人员，来不了须另行安排")


@pytest.mark.parametrize(("account", "words"), [(None, "没有绑定 Telegram"), (2002, "的 Telegram 收不到消息")])
async def test_whoever_cannot_be_reached(furnish: Furnish, account: int | None, words: str) -> None:
    """Nobody waits for an answer that cannot come: the managers are told at the time of the question."""
    people = tuple(replace(one, account=account) if one.key == "engineer-2" else one for one in THREE)
    house = await furnish(terms=CHECKED, people=people)
    if account is not None:
        house["engineer-2"].phone.person.blocked = True
    await house.passes(hours=22, minutes=30)
    for key in MANAGERS:
        house[key].asked(words, "由值班工程师丙顶班")
    house["admin"].may_have_heard("收不到")


async def test_a_level_that_demands_a_telephone(furnish: Furnish, gateway: Gateway) -> None:
    """Whoever has none of the ways that a level demands is reported before the shift."""
    terms = CHECKED | {'handling = "4h"\n': 'handling = "4h"\nalso_by = ["voice", "sms"]\n'}
    house = await furnish(terms=terms, gateways={"sms": gateway.address("sms")})
    await house.passes(hours=22, minutes=30)
    house["engineer-2"].was_told("请按“我在”")
    house.were_told("值班工程师乙 08:00 起值班，但没有登记电话、短信", *MANAGERS)
    (await house["engineer-2"].presses("我在")).answered("好的")


async def test_an_outage_before_the_shift(furnish: Furnish) -> None:
    """Asked late, the person has half of the time that is left; after the shift began nobody is asked any more."""
    house = await furnish(terms=CHECKED)
    await house.passes(hours=22)
    await house.restarts(minutes=54)
    house["admin"].was_told("热线中断了")
    house["engineer-2"].was_told("您 08:00 起值班，请按“我在”")
    await house.passes(minutes=2)
    house["project-manager"].heard_nothing()
    await house.passes(minutes=1)
    house.were_told("08:00 的班可能没人", *MANAGERS)
    await house.passes(hours=22)
    await house.restarts(hours=2, minutes=4)
    house["admin"].was_told("热线中断了")
    house["engineer-1"].heard_nothing()


async def test_a_restart_asks_nobody_twice(furnish: Furnish) -> None:
    """The question is a row: it is asked once, and its answer is waited for after the restart as well."""
    house = await furnish(terms=CHECKED)
    await house.passes(hours=22, minutes=35)
    house["engineer-2"].was_told("请按“我在”")
    await house.restarts(seconds=20)
    house["engineer-2"].heard_nothing()
    (await house["engineer-2"].presses("我在")).answered("好的")
    await house.passes(hours=1)


async def test_it_can_be_off(furnish: Furnish) -> None:
    """A contract without these keys asks nobody and hands nothing over."""
    house = await furnish()
    await house.passes(hours=24)
    assert await entries(house) == []
