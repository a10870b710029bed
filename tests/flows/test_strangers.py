"""Whom the hotline does not know, and how they become known."""

from datetime import timedelta

from desk import acquaintance
from storage import people
from tests.flows.conftest import Furnish
from tests.flows.furniture import SLUG, STAFF, Someone
from tests.flows.house import House


async def test_a_stranger_gets_one_sentence(house: House) -> None:
    """One polite sentence an hour, an entry in the list of strangers, and no ticket."""
    stranger = house.stranger("路人", 5001)
    await stranger.says("大屏花屏了")
    stranger.was_told("您还没有登记，暂时无法受理")
    await stranger.says("有人吗")
    stranger.heard_nothing()
    await house.passes(minutes=61)
    await stranger.says("喂")
    stranger.was_told("您还没有登记")
    await stranger.says("/open")
    stranger.heard_nothing()


async def test_a_stranger_forges_a_press(house: House) -> None:
    """A press by somebody unknown is refused like everything else."""
    stranger = house.stranger("路人", 5001)
    number = await house["reporter-1"].reports("三楼没有声音")
    house.have_cards("engineer-1", "technical-lead")
    await stranger.says("你好")
    stranger.was_told("您还没有登记")
    card = house["engineer-1"].card_message(number)
    (await stranger.presses("接单", on=card)).refused("您还没有登记")
    assert (await house.ticket(number)).handler is None


async def test_an_invite_link_binds_an_account(furnish: Furnish) -> None:
    """One tap on the link and the person is known; the link works once."""
    newcomer = Someone(key="reporter-3", name="新来的值班员", account=None, roles={SLUG: "reporter"})
    house = await furnish(people=(*STAFF, newcomer))
    phone = house.stranger("新手机", 6_000_000_001)
    token = await house.stage.hotline.store.write(
        lambda tx: acquaintance.make_invite(house.stage.hotline.desk(tx), "reporter-3")
    )
    phone.phone.opens_link(token)
    await house.settles()
    phone.was_told("您好，新来的值班员")
    phone.was_told("有故障请直接写")
    assert ("my", "我的工单") in phone.phone.menu()
    assert "open" not in dict(phone.phone.menu())
    await phone.reports("三楼没有声音")
    house.have_cards("engineer-1", "technical-lead")
    second = house.stranger("别的手机", 6_000_000_002)
    second.phone.opens_link(token)
    await house.settles()
    second.was_told("这个邀请链接已失效")


async def test_an_old_invite_link(furnish: Furnish) -> None:
    """After a week a link is worth nothing."""
    newcomer = Someone(key="reporter-3", name="新来的值班员", account=None, roles={SLUG: "reporter"})
    house = await furnish(people=(*STAFF, newcomer))
    store = house.stage.hotline.store
    token = await store.write(lambda tx: acquaintance.make_invite(house.stage.hotline.desk(tx), "reporter-3"))
    house.clock.move(house.clock.now() + acquaintance.INVITE_LIVES + timedelta(seconds=1))
    phone = house.stranger("新手机", 6_000_000_001)
    phone.phone.opens_link(token)
    await house.settles()
    phone.was_told("这个邀请链接已失效")
    found = await store.read(lambda tx: people.by_telegram(tx, 6_000_000_001))
    assert found is None


async def test_start_greets_and_explains(house: House) -> None:
    """/start greets by name and lists the commands that this person may use."""
    await house["engineer-1"].says("/start")
    house["engineer-1"].was_told("您好，值班工程师甲")
    told = house["engineer-1"].was_told("有故障请直接写")
    assert "/open" in told.text
    assert "/log" not in told.text
    await house["service-desk"].says("/help")
    assert "/log" in house["service-desk"].was_told("有故障请直接写").text
