"""A change of shift: who goes says what is open, who comes accepts it, and others hear of it if nobody does."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from desk.shifts import handover
from storage import handovers, ledger
from storage.ledger import LedgerEntry
from storage.store import Store
from tests.flows import scenes
from tests.flows.conftest import Furnish
from tests.flows.furniture import OTHER, SLUG, STAFF, Someone, roster
from tests.flows.house import House

CARDS = {"[escalation]\n": '[handover]\nlead = "15m"\nremind_every = "10m"\nrepeats_before_then = 2\n\n[escalation]\n'}
THIRD = Someone(key="engineer-3", name="值班工程师丙", account=2011, roles={SLUG: "engineer"})
FOURTH = Someone(key="engineer-4", name="值班工程师丁", account=2012, roles={SLUG: "engineer"})


@pytest.fixture(params=["sqlite", "postgresql"])
def storage(request: pytest.FixtureRequest) -> str:
    """One database and the other."""
    if request.param == "sqlite":
        return "sqlite:///hotline.db"
    url: str = request.getfixturevalue("postgres_url")
    return url


async def entries(house: House, contract: str = SLUG) -> list[LedgerEntry]:
    """What the ledger says of hand-overs, in order."""

    async def read(tx: object) -> list[LedgerEntry]:
        return [one async for one in ledger.walk(tx, contract) if one.kind.startswith("handover")]  # type: ignore[arg-type]

    return await house.stage.hotline.store.read(read)


async def test_nothing_is_open(furnish: Furnish) -> None:
    """One line for each of both, and the one who comes accepts all the same."""
    house = await furnish(terms=CARDS)
    await house.passes(hours=22, minutes=44)
    house["engineer-1"].heard_nothing()
    await house.passes(minutes=1)
    card = house["engineer-1"].asked("08:00 由值班工程师乙接您的班，没有未结工单", "写备注")
    assert "工程师" in card.text
    house["engineer-2"].heard_nothing()
    await house.passes(minutes=15)
    house["engineer-2"].asked("您从 08:00 起值班，没有未结工单", "接班")
    (await house["engineer-2"].presses("接班")).answered("已接班")
    house["engineer-1"].was_told("值班工程师乙 08:00 已接班")
    (await house["engineer-2"].presses("接班")).refused("您已接班")
    await house.passes(hours=2)
    assert [(one.kind, one.by) for one in await entries(house)] == [
        ("handover_begun", "clock"),
        ("handover_accepted", "engineer-2"),
    ]


async def test_a_major_fault_is_open_at_eight(furnish: Furnish) -> None:
    """The night story ends in a hand-over: what is open, whose it is, the remark, and everything offered in one tap."""
    house = await furnish(terms=CARDS)
    await house.passes(hours=22)
    number = await scenes.on_site(house, scenes.MAJOR)
    await house.passes(minutes=45)
    card = house["engineer-1"].asked("由值班工程师乙接您的班，未结工单 1 张", "写备注", "全部转给接班人")
    assert f"{number} 重大故障 · 已到场" in card.text and "处理：值班工程师甲" in card.text
    assert "其中 1 张在您手上" in card.text
    (await house["engineer-1"].presses("写备注")).answered("请看与机器人的私聊")
    house["engineer-1"].was_told("请写要交代值班工程师乙的话")
    await house["engineer-1"].says("备用主板在机房二号柜")
    house["engineer-1"].was_told("已记入交接备注，值班工程师乙会看到")
    await house.passes(minutes=15)
    card = house["engineer-2"].asked("您从 08:00 起值班，未结工单 1 张", "接班", number)
    assert "备注（值班工程师甲）：备用主板在机房二号柜" in card.text
    assert "其中 1 张仍由值班工程师甲处理" in card.text
    (await house["engineer-1"].presses("全部转给接班人")).answered("1 张已转给值班工程师乙，接单前仍由您负责")
    house["engineer-2"].card(number)
    house["engineer-2"].asked(f"值班工程师甲把 {number} 转派给您", "接单")
    assert (await house.ticket(number)).handler == "engineer-1"
    (await house["engineer-1"].presses("全部转给接班人")).refused("都已转给接班人，等对方接单")
    (await house["engineer-2"].presses("接单")).answered("已接单")
    assert (await house.ticket(number)).handler == "engineer-2"
    house["reporter-1"].was_told(f"{number} 已由值班工程师乙接单")
    house["engineer-1"].was_told(f"{number} 已由值班工程师乙接单")
    (await house["engineer-1"].presses("全部转给接班人")).refused("您手上没有要转的工单")
    (await house["engineer-2"].presses("接班")).answered("已接班")
    house["engineer-1"].was_told("值班工程师乙 08:00 已接班")


async def test_nobody_accepts(furnish: Furnish) -> None:
    """The card is repeated twice, then those who answer for the staff hear of it; pages go by the roster."""
    house = await furnish(terms=CARDS)
    await house.passes(hours=23)
    house["engineer-1"].was_told("由值班工程师乙接您的班")
    house["engineer-2"].was_told("您从 08:00 起值班")
    for _ in range(2):
        await house.passes(minutes=10)
        house["engineer-2"].asked("请看交接卡，点“接班”", "接班")
    number = await house["reporter-1"].reports(scenes.GENERAL)
    house.have_cards("engineer-2", "technical-lead", number=number)
    house["engineer-1"].heard_nothing()
    house["project-manager"].heard_nothing()
    (await house["engineer-2"].presses("接单")).answered("已接单")
    house["reporter-1"].was_told("已由值班工程师乙接单")
    await house.passes(minutes=10)
    house.were_told("08:00 起值班的值班工程师乙还没有点“接班”（已提醒 2 次）", "technical-lead", "project-manager")
    await house.passes(minutes=30)
    (await house["engineer-2"].presses("接班")).answered("已接班")
    house.were_told("值班工程师乙 09:00 已接班", "engineer-1", "technical-lead", "project-manager")
    told = [one for one in await entries(house) if one.kind == "handover_told"]
    assert [one.data["told"] for one in told] == [["technical-lead", "project-manager"]]


async def test_a_card_belongs_to_one_person(furnish: Furnish) -> None:
    """Neither can press for the other, and what nobody drew is refused in one sentence."""
    house = await furnish(terms=CARDS)
    await house.passes(hours=23)
    house["engineer-1"].was_told("由值班工程师乙接您的班")
    card = house["engineer-2"].was_told("您从 08:00 起值班")
    accept = next(button.data or "" for row in card.buttons for button in row if button.label == "接班")
    (await house["engineer-1"].forges(accept)).refused("这张交接卡由值班工程师乙操作")
    (await house["engineer-2"].forges(accept.replace("acc", "all"))).refused("这张交接卡由值班工程师甲操作")
    for forged in ("s:acc:zz", "s:acc:", "s:", "s:nonsense:1", "s:acc:0"):
        (await house["engineer-2"].forges(forged)).refused("这个按钮已无效")
    (await house["engineer-2"].presses("接班")).answered("已接班")
    house["engineer-1"].was_told("已接班")


async def test_a_restart_repeats_nothing(furnish: Furnish) -> None:
    """Both cards went out before the program stopped: nobody gets a second one, and the reminder comes in its time."""
    house = await furnish(terms=CARDS)
    await house.passes(hours=23)
    house["engineer-1"].was_told("由值班工程师乙接您的班")
    house["engineer-2"].was_told("您从 08:00 起值班")
    await house.restarts(seconds=30)
    await house.passes(minutes=9)
    house["engineer-2"].heard_nothing()
    await house.passes(minutes=1)
    house["engineer-2"].was_told("请看交接卡")
    (await house["engineer-2"].presses("接班")).answered("已接班")
    house["engineer-1"].was_told("已接班")


async def test_an_outage_over_the_change(furnish: Furnish) -> None:
    """Both cards come as soon as the hotline is back, and say how late they are."""
    house = await furnish(terms=CARDS)
    await house.passes(hours=22, minutes=30)
    await house.restarts(minutes=50)
    house["engineer-1"].was_told("08:00 由值班工程师乙接您的班")
    house["engineer-2"].was_told("您从 08:00 起值班", "（应于 08:00 交接，迟了 20 分钟")
    house["admin"].was_told("热线中断了")
    (await house["engineer-2"].presses("接班")).answered("已接班")
    house["engineer-1"].was_told("值班工程师乙 08:20")


async def test_the_first_start_hands_nothing_over(furnish: Furnish) -> None:
    """What changed before the hotline looked for the first time is not its own."""
    house = await furnish(terms=CARDS)
    await house.passes(hours=12)
    assert await entries(house) == []


async def test_whoever_follows_himself_gets_no_card(furnish: Furnish) -> None:
    """A roster of one person changes shifts without anybody to hand over to."""
    house = await furnish(terms=CARDS, rosters=roster(SLUG, ["engineer-1"]))
    await house.passes(days=3)
    assert await entries(house) == []


async def test_two_posts_and_two_contracts(furnish: Furnish) -> None:
    """Each post hands over for itself, under its own contract only."""
    people = tuple(
        replace(one, roles={SLUG: "engineer", OTHER: "engineer"}) if one.key == "engineer-1" else one for one in STAFF
    )
    lines = [
        roster(SLUG, ["engineer-1", "engineer-2"], "video"),
        roster(SLUG, ["engineer-3", "engineer-4"], "image"),
        roster(OTHER, ["engineer-1", "other-engineer"]),
    ]
    plan = {"people": (*people, THIRD, FOURTH), "neighbours": True, "terms": CARDS, "rosters": "\n".join(lines)}
    house = await furnish(**plan)
    await house.passes(hours=23)
    house["engineer-1"].was_told("值班工程师（video）", "由值班工程师乙接您的班")
    house["engineer-3"].was_told("值班工程师（image）", "由值班工程师丁接您的班")
    house["engineer-2"].was_told("您从 08:00 起值班", "（video）")
    house["engineer-4"].was_told("您从 08:00 起值班", "（image）")
    for key, name, other in (("engineer-2", "乙", "engineer-1"), ("engineer-4", "丁", "engineer-3")):
        (await house[key].presses("接班")).answered("已接班")
        house[other].was_told(f"值班工程师{name} 08:00 已接班")
    assert await entries(house, OTHER) == []


async def test_whoever_telegram_does_not_reach(furnish: Furnish) -> None:
    """Others are told at once that the card did not arrive."""
    people = tuple(replace(one, account=None) if one.key == "engineer-2" else one for one in STAFF)
    house = await furnish(terms=CARDS, people=people)
    await house.passes(hours=23)
    house["engineer-1"].was_told("由值班工程师乙接您的班")
    house.were_told("收不到 Telegram 消息，交接卡没有送到", "technical-lead", "project-manager")


async def test_the_next_change_ends_what_nobody_accepted(furnish: Furnish) -> None:
    """A day later the old card has no meaning any more, and the ledger says that it was never accepted."""
    house = await furnish(terms=CARDS)
    await house.passes(hours=23)
    house["engineer-1"].was_told("由值班工程师乙接您的班")
    old = house["engineer-2"].was_told("您从 08:00 起值班")
    await house.passes(days=1)
    for _ in range(2):
        house["engineer-2"].was_told("请看交接卡")
    house.were_told("还没有点“接班”", "technical-lead", "project-manager")
    house["engineer-2"].was_told("由值班工程师甲接您的班")
    house["engineer-1"].was_told("您从 08:00 起值班")
    (await house["engineer-2"].presses("接班", on=old)).refused("这一班已经换人，不用再接班")
    (await house["engineer-1"].presses("接班")).answered("已接班")
    house["engineer-2"].was_told("已接班")
    assert "handover_unaccepted" in [one.kind for one in await entries(house)]
    waiting = await house.stage.hotline.store.write(lambda tx: handovers.waiting(tx, SLUG))
    assert waiting == []


async def test_what_the_card_tells(furnish: Furnish) -> None:
    """Level, state, next deadline, whom it waits for, why it rests, the last progress, and the key period."""
    house = await furnish(terms=CARDS)
    await house["officer-1"].says("/keyperiod 防汛 02-17 02-19 1")
    (await house["officer-1"].presses("确认设立")).answered("")
    await house.passes(hours=22)
    for one in house.actors.values():
        one.may_have_heard("防汛")
    number = await scenes.taken(house)
    (await house["engineer-1"].presses("更多")).answered("")
    house["engineer-1"].was_told("的其他操作")
    (await house["engineer-1"].presses("写进展")).answered("请看")
    house["engineer-1"].was_told("请写进展")
    await house["engineer-1"].says("等备件到货")
    house["engineer-1"].was_told("“写进展”内容")
    house["reporter-1"].was_told("等备件到货")
    (await house["engineer-1"].presses("挂起")).answered("请看")
    house["engineer-1"].was_told("请写挂起的原因")
    await house["engineer-1"].says("备件在路上")
    house["engineer-1"].was_told("“挂起”内容")
    house["officer-1"].was_told("请求挂起")
    await house.passes(minutes=45)
    card = house["engineer-1"].was_told("由值班工程师乙接您的班")
    for line in (
        f"{number} 一般故障 · 已接单 · 到场",
        "处理：值班工程师甲",
        "等用户同意挂起",
        "进展：等备件到货",
        "🛡 重保防汛",
    ):
        assert line in card.text
    (await house["officer-1"].presses("同意挂起")).answered("已同意挂起")
    for key in ("engineer-1", "reporter-1"):
        house[key].was_told("已挂起")
    await house.passes(minutes=15)
    card = house["engineer-2"].was_told("您从 08:00 起值班")
    for line in (f"{number} 一般故障 · 已挂起", "原因：备件在路上", "其中 1 张仍由值班工程师甲处理"):
        assert line in card.text


async def test_minimal_cards_tell_numbers_and_levels(furnish: Furnish) -> None:
    """Where chats may not carry what was said, neither does the hand-over: no words, no remark."""
    house = await furnish(terms=CARDS, minimal=True)
    await house.passes(hours=22)
    number = await scenes.reported(house)
    (await house["engineer-1"].presses("接单")).answered("已接单")
    house["reporter-1"].was_told("已由值班工程师甲接单")
    await house.passes(minutes=45)
    card = house["engineer-1"].was_told("由值班工程师乙接您的班")
    assert f"{number} 一般故障 · 已接单" in card.text and scenes.GENERAL not in card.text
    (await house["engineer-1"].presses("写备注")).answered("请看")
    house["engineer-1"].was_told("请写要交代")
    await house["engineer-1"].says("口令在老地方")
    house["engineer-1"].was_told("已记入交接备注")
    await house.passes(minutes=15)
    assert "口令" not in house["engineer-2"].was_told("您从 08:00 起值班").text
    house["engineer-1"].was_told("到场时限还剩 1 小时")


async def test_somebody_else_comes(furnish: Furnish) -> None:
    """The plan changes after the card was given: who goes hears it, and the remark reaches the one who really comes."""
    house = await furnish(terms=CARDS, people=(*STAFF, THIRD))
    await house.passes(hours=22, minutes=50)
    house["engineer-1"].was_told("08:00 由值班工程师乙接您的班")
    (await house["engineer-1"].presses("写备注")).answered("请看")
    house["engineer-1"].was_told("请写要交代值班工程师乙的话")
    await house["engineer-1"].says("空调报警可以不管")
    house["engineer-1"].was_told("已记入")
    await house["project-manager"].says("/swap 今天 工程师丙")
    house["project-manager"].was_told("请写原因")
    await house["project-manager"].says("急病")
    house["project-manager"].was_told("已安排值班工程师丙顶班")
    house["engineer-3"].was_told("请您顶班")
    house["engineer-2"].was_told("您不用值班")
    house["technical-lead"].was_told("由项目经理安排")
    house["engineer-1"].was_told("安排有变：08:00 改由值班工程师丙接您的班")
    (await house["engineer-3"].presses("收到")).answered("好的")
    house["project-manager"].was_told("值班工程师丙已收到")
    await house.passes(minutes=10)
    assert "空调报警可以不管" in house["engineer-3"].asked("您从 08:00 起值班", "接班").text
    (await house["engineer-3"].presses("接班")).answered("已接班")
    house["engineer-1"].was_told("值班工程师丙 08:00 已接班")
    house["engineer-2"].heard_nothing()


async def test_a_block_is_noticed_when_the_card_is_refused(furnish: Furnish) -> None:
    """Nobody knew that the bot was blocked: the card is refused, and others are told in the same minute."""
    house = await furnish(terms=CARDS)
    await house.passes(hours=22, minutes=50)
    house["engineer-1"].was_told("由值班工程师乙接您的班")
    house["engineer-2"].phone.person.blocked = True
    await house.passes(minutes=11)
    house["admin"].may_have_heard("收不到")
    house.were_told("交接卡没有送到。请电话交接", "technical-lead", "project-manager")


async def test_several_replicas_give_one_card(furnish: Furnish) -> None:
    """Whoever looks at the same instant, and however often, each of both gets one card."""
    house = await furnish(terms=CARDS)
    await house.passes(hours=22, minutes=44, seconds=59)
    hotline = house.stage.hotline
    others = [await Store.open(house.settings.storage_url) for _ in range(2)]

    async def look(store: Store) -> None:
        await store.write(lambda tx: handover.look(hotline.desk(tx)))

    for seconds, key, words in ((1, "engineer-1", "接您的班"), (900, "engineer-2", "您从 08:00 起值班")):
        house.clock.move(house.clock.now() + timedelta(seconds=seconds))
        await asyncio.gather(*(look(store) for store in (*others, hotline.store) for _ in range(2)))
        await house.settles()
        house[key].was_told(words)
        house[key].heard_nothing()
    for store in others:
        await store.close()
