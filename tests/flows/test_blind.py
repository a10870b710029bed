"""The hotline was blind: it says from when to when and why, and what may be lost; when all is well it says nothing."""

from datetime import timedelta
from typing import Any

import pytest

from bot.clock import since_boot
from sandbox.phones import Phone
from sla.terms import Clock
from storage import ledger
from tests.flows import scenes
from tests.flows.conftest import Furnish
from tests.flows.furniture import OTHER, SLUG
from tests.flows.house import Actor, House


@pytest.fixture(params=["sqlite", "postgresql"])
def storage(request: pytest.FixtureRequest) -> str:
    """One database and the other."""
    if request.param == "sqlite":
        return "sqlite:///hotline.db"
    url: str = request.getfixturevalue("postgres_url")
    return url


async def entries(house: House, kind: str, contract: str = SLUG) -> list[dict[str, Any]]:
    """What the entries of this kind in the contract's ledger hold."""

    async def work(tx: Any) -> list[dict[str, Any]]:
        return [dict(entry.data) async for entry in ledger.walk(tx, contract) if entry.kind == kind]

    return await house.stage.hotline.store.read(work)


async def test_a_restart_of_a_few_seconds_is_no_outage(house: House, admin: Actor) -> None:
    """Neither the first start of all nor a restart is worth a word, not even after a quiet day."""
    await house.passes(hours=20)
    await house.restarts(seconds=20)
    await house.restarts(seconds=20)
    admin.heard_nothing()
    assert await entries(house, "outage") == []


async def test_each_contract_records_its_own_part(furnish: Furnish) -> None:
    """Both ledgers hold the outage, and neither says what stood still under the other contract."""
    house = await furnish(neighbours=True)
    await scenes.reported(house)
    await house.restarts(minutes=12)
    house["project-manager"].card()
    house["project-manager"].was_told("响应超时，请接手", "已超 2 分钟")
    house.were_told("响应超时", "engineer-1", "technical-lead")
    house["admin"].was_told("热线中断了 12 分钟（09:00:00 至 09:12:00）：程序停止运行")
    [mine], [other] = await entries(house, "outage"), await entries(house, "outage", OTHER)
    assert mine["from"] == "2026-02-16T01:00:00+00:00" and mine["until"] == "2026-02-16T01:12:00+00:00"
    assert mine["why"] == other["why"] == ["down"]
    assert (mine["alarms"], other["alarms"]) == (1, 0)


async def test_a_clock_that_was_set_back_is_said(house: House, admin: Actor) -> None:
    """From a clock that went back no outage can be reckoned: that is a warning of its own."""
    await house.restarts(minutes=-10)
    admin.was_told("服务器的时钟比上次运行时倒退了 10 分钟", "核对对时")
    assert await entries(house, "outage") == []
    assert len(await entries(house, "clock_set_back")) == 1
    await house.restarts(seconds=10)
    admin.heard_nothing()


async def test_a_day_without_the_hotline_loses_reports(house: House, reporter: Actor, admin: Actor) -> None:
    """Telegram keeps messages for a day: what came before is gone, and its number says so."""
    house.excuses("never came")
    await house.passes(minutes=1)
    await reporter.says("/my")
    reporter.was_told("您没有工单")
    await house.closes()
    reporter.phone.says("三楼没有声音")
    reporter.phone.says("还是没有声音")
    house.clock.move(house.clock.now() + timedelta(hours=25))
    await house.opens()
    admin.was_told("热线中断了 1 天 1 小时", "更早的消息 Telegram 已不再保留")
    await reporter.says("/my")
    reporter.was_told("您没有工单")
    await house.passes(seconds=5)
    assert "请重发" in admin.was_told("有 2 条消息没有收到").text
    [lost] = await entries(house, "updates_lost")
    assert lost["count"] == 2
    await reporter.says("/my")
    reporter.was_told("您没有工单")
    await house.passes(seconds=5)
    admin.heard_nothing()


async def test_somebody_else_took_an_update(house: House, reporter: Actor, admin: Actor) -> None:
    """A hole in the numbers while the hotline hears everything: the missing ones went elsewhere."""
    house.excuses("never came")
    await reporter.says("/my")
    house.world.injects({"update_id": house.world.updates.newest + 4, "message": asked(reporter.phone)})
    await house.settles()
    for _ in range(2):
        reporter.was_told("您没有工单")
    await house.passes(seconds=5)
    admin.was_told("有 3 条消息没有收到")


async def test_numbers_begin_anew_after_a_quiet_week(house: House, reporter: Actor, admin: Actor) -> None:
    """After a week without updates the next number is random, up or down, and means nothing."""
    for number in (5_000, 9_000):
        await reporter.says("/my")
        reporter.was_told("您没有工单")
        await house.passes(days=7)
        house.world.injects({"update_id": number, "message": asked(reporter.phone)})
        await house.settles()
        reporter.was_told("您没有工单")
    await house.passes(seconds=5)
    admin.heard_nothing()
    assert await entries(house, "updates_lost") == []


async def test_a_lost_press_is_no_lost_report(house: House, engineer: Actor, reporter: Actor, admin: Actor) -> None:
    """Presses that were too old to be kept leave a hole too; after an outage that is expected, and said as such."""
    number = await scenes.reported(house)
    await house.closes()
    engineer.phone.presses("接单")
    house.clock.move(house.clock.now() + timedelta(minutes=4))
    reporter.phone.says(f"/ticket {number}")
    await house.opens()
    reporter.was_told(number)
    admin.was_told("热线中断了 4 分钟", "请再按一次")
    admin.heard_nothing()
    assert await entries(house, "updates_lost") == []


async def test_the_bot_api_was_away_for_long(furnish: Furnish) -> None:
    """While it runs, the hotline finds out by itself that it heard nothing, and which letters waited meanwhile."""
    house = await furnish(more='[watch]\noutage_after = "1s"\n')
    number = await scenes.reported(house)
    dark = house.world.goes_dark()
    while dark.hits < 5:
        await house.world.changed.heard(0.02)
    house.clock.move(house.clock.now() + timedelta(minutes=11))
    while Clock.RESPONSE not in (await house.ticket(number)).rungs:
        await house.world.changed.heard(0.02)
    house.clock.move(house.clock.now() + timedelta(seconds=5))
    while dark.hits < 8:
        await house.world.changed.heard(0.02)
    dark.cancel()
    await heard(house, house["admin"], "热线中断了")
    await house.passes(seconds=40)
    told = house["admin"].was_told("热线中断了 11 分钟", "连不上 Telegram").text
    assert "程序停止运行" not in told
    house["project-manager"].card()
    house["project-manager"].was_told("响应超时，请接手")
    house.were_told("响应超时", "engineer-1", "technical-lead")
    [entry] = await entries(house, "outage")
    assert entry["why"] == ["no_contact"] and entry["letters"] >= 3


async def test_a_short_patience_makes_no_outage_of_a_quiet_moment(furnish: Furnish) -> None:
    """Where little time is an outage, signs of life come oftener."""
    house = await furnish(more='[watch]\noutage_after = "1s"\n')
    began = since_boot()
    while since_boot() - began < 2.5:
        await house.world.changed.heard(0.1)
    house["admin"].heard_nothing()
    assert await entries(house, "outage") == []


async def heard(house: House, actor: Actor, words: str) -> None:
    """Wait until the bot has said this."""
    while not any(words in one.what for one in house.said() if one.chat_id == actor.phone.id):
        await house.world.changed.heard(0.05)


def asked(phone: Phone) -> dict[str, Any]:
    """The person asks for their tickets, in an update of which the test chooses the number."""
    return {
        "message_id": 900_000,
        "date": int(phone.world.now().timestamp()),
        "chat": {"id": phone.id, "type": "private", "first_name": phone.name},
        "from": {"id": phone.id, "is_bot": False, "first_name": phone.name},
        "text": "/my",
        "entities": [{"type": "bot_command", "offset": 0, "length": 3}],
    }
