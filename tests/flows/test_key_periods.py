"""A key period as both sides live through it: declared, manned, watched over, ended; and gaps told before they come."""

from datetime import UTC, datetime, timedelta

import pytest

from sla.duty import Override
from storage import ledger, overrides
from tests.flows.conftest import Furnish
from tests.flows.furniture import OTHER, SLUG, STAFF, Someone
from tests.flows.house import Actor, House

NOON = datetime(2026, 2, 16, 4, 0, tzinfo=UTC)  # 12:00 on the 16th
TIGHT = """
[[posts]]
name = "值班工程师"
role = "engineer"
at_least = 1

[key_periods]
at_least = 1
page_also = ["project_manager"]
repeat_every = "2m"
breach_at_once = true

[record]
"""
VENDOR = ("project-manager", "technical-lead", "service-desk", "engineer-1", "engineer-2")
MAJOR = "全市视频会议全部中断"


@pytest.fixture
async def house(furnish: Furnish) -> House:
    """A contract that tightens its ladder in key periods."""
    return await furnish(start=NOON, terms={"\n[pauses]": f"{TIGHT}\n[pauses]"})


async def declared(officer: Actor, words: str = "汛期 2月18日 8:00 2月19日 20:00 2人") -> None:
    """The bureau declares a period and confirms it."""
    await officer.says(f"/keyperiod {words}")
    asked = officer.asked("重保“汛期”", "确认设立", "不对，重写")
    (await officer.presses("确认设立", on=asked)).answered("重保已设立")


def told(house: House, words: str, *keys: str) -> None:
    """Each of them, and everybody of the bureau who answers for it, was told."""
    house.were_told(words, *(keys or VENDOR), "officer-1")


async def entries(house: House) -> list[tuple[str, str]]:
    """What the ledger has of key periods: kind and by whom."""
    store = house.stage.hotline.store

    async def read(tx: object) -> list[tuple[str, str]]:
        return [(one.kind, one.by) async for one in ledger.walk(tx, SLUG)]  # type: ignore[arg-type]

    return [one for one in await store.read(read) if one[0].startswith(("key_period", "watch"))]


async def test_the_course_of_a_key_period(
    house: House, officer: Actor, manager: Actor, engineer: Actor, colleague: Actor, reporter: Actor
) -> None:
    """Both sides hear of it, the manager names people by a tap, they come and go, both sides hear of its end."""
    await declared(officer)
    told(house, "由监督管理员设立")
    names = manager.was_told("由谁现场值守？应有 2 人，已指定 0 人")
    assert names.labels == ["值班工程师甲", "值班工程师乙", "技术负责人"]
    (await manager.presses("值班工程师甲", on=names)).answered("已指定值班工程师甲（1/2）")
    engineer.was_told("请您现场值守：重保“汛期”", "02-18 08:00–02-19 20:00")
    (await manager.presses("值班工程师甲", on=names)).answered("已撤回值班工程师甲（0/2）")
    engineer.was_told("不用您值守了")
    (await manager.presses("值班工程师甲", on=names)).answered("已指定值班工程师甲（1/2）")
    engineer.was_told("请您现场值守")
    (await manager.presses("值班工程师乙", on=names)).answered("已指定值班工程师乙（2/2）")
    colleague.was_told("请您现场值守")
    officer.was_told("值守人员已定：值班工程师甲、值班工程师乙")

    await house.passes(hours=20)  # 08:00 on the day before
    told(house, "重保“汛期”即将开始")
    await house.passes(hours=24)
    told(house, "重保“汛期”开始")
    (await engineer.presses("签到：汛期")).answered("已签到")
    officer.was_told("值班工程师甲已到现场")
    await reporter.says("/duty")
    reporter.was_told("重保“汛期”进行中：02-18 08:00–02-19 20:00，现场 2/2 人：值班工程师甲✓、值班工程师乙")
    (await manager.presses("值班工程师甲", on=names)).refused("已签到过")
    await engineer.says("/duty")
    (await engineer.presses("签退：汛期", on=engineer.was_told("进行中"))).answered("已签退")
    officer.was_told("值班工程师甲已离开现场")
    await house.passes(hours=36)
    told(house, "重保“汛期”结束")
    assert [kind for kind, _ in await entries(house)] == [
        "key_period_declared",
        "watch_named",
        "watch_released",
        "watch_named",
        "watch_named",
        "watch_came",
        "watch_went",
    ]


async def test_the_ladder_is_tighter_while_it_runs(
    house: House, officer: Actor, manager: Actor, reporter: Actor, engineer: Actor
) -> None:
    """The manager is paged at once and may take the ticket; unanswered calls come every two minutes."""
    await declared(officer, "汛期 今天 12:00 今天 12:30")
    told(house, "由监督管理员设立")
    manager.was_told("由谁现场值守")
    number = await reporter.reports(MAJOR)
    house.have_cards("engineer-1", "technical-lead", "project-manager", "officer-1", number=number)
    await house.passes(minutes=10, seconds=1)
    for entry in house.unnamed():
        house.name(entry)
    await house.passes(minutes=2)
    manager.was_told("第 2 次呼叫")
    await house.passes(minutes=2)
    manager.was_told("第 3 次呼叫")
    (await manager.presses("接单")).answered("已接单")
    for entry in house.unnamed():
        house.name(entry)
    await house.passes(minutes=16)
    manager.was_told("到场时限还剩 30 分钟")
    told(house, "重保“汛期”结束")


async def test_calls_that_wait_come_oftener_from_the_beginning_on(
    house: House, officer: Actor, manager: Actor, reporter: Actor
) -> None:
    """A period that begins between two calls brings the next one forward."""
    await declared(officer, "汛期 今天 12:12 今天 18:00")
    await reporter.reports(MAJOR)
    await house.passes(minutes=10, seconds=1)
    manager.was_told("响应超时，请接手")
    await house.passes(minutes=1, seconds=58)
    await house.passes(seconds=2)
    manager.was_told("第 2 次呼叫")
    for entry in house.unnamed():
        house.name(entry)
    (await manager.presses("接单")).answered("已接单")
    for entry in house.unnamed():
        house.name(entry)


async def test_a_period_is_called_off_by_the_bureau_in_two_taps(house: House, officer: Actor, manager: Actor) -> None:
    """The first tap asks, the second does it; nothing is said at its time any more, old buttons say why."""
    await declared(officer)
    told(house, "由监督管理员设立")
    names = manager.was_told("由谁现场值守")
    await officer.says("/keyperiod")
    await officer.presses("取消重保：汛期", on=officer.was_told("🛡 汛期：02-18 08:00–02-19 20:00，现场 2 人"))
    sure = officer.asked("要取消重保“汛期”", "确认取消：汛期")
    (await officer.presses("确认取消：汛期", on=sure)).answered("重保已取消")
    told(house, "已由监督管理员取消")
    (await officer.presses("确认取消：汛期", on=sure)).refused("已结束或已取消")
    (await manager.presses("值班工程师甲", on=names)).refused("已结束或已取消")
    await house.passes(hours=96)
    assert [kind for kind, _ in await entries(house)] == ["key_period_declared", "key_period_cancelled"]


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("汛期", "看不懂时间"),
        ("2月18日 2月19日", "请写上名称"),
        ("汛期 2月30日 3月1日", "没有这个日期"),
        ("汛期 2025-01-01 2025-01-02", "已经过去"),
    ],
)
async def test_what_is_not_understood_is_answered_with_the_way_to_write_it(
    house: House, officer: Actor, words: str, answer: str
) -> None:
    """One sentence, and nothing is kept."""
    await officer.says(f"/keyperiod {words}")
    officer.was_told(answer)
    assert await entries(house) == []


async def test_only_the_bureau_declares(house: House, manager: Actor, officer: Actor) -> None:
    """The vendor's manager is refused, also with a forged press; whoever is not named does not check in."""
    await manager.says("/keyperiod 汛期 2月18日 2月19日")
    manager.was_told("这个命令不由您使用")
    (await manager.forges("k:y:0:0")).refused("已经处理过了")
    await declared(officer)
    told(house, "由监督管理员设立")
    manager.was_told("由谁现场值守")
    (await manager.forges("k:c:1")).refused("由局方监督管理员")
    (await manager.forges("k:i:1")).refused("没有被指定")
    (await manager.forges("k:zz")).refused("按钮已无效")


async def test_a_confirmation_counts_once(house: House, officer: Actor, manager: Actor) -> None:
    """The second press, and the button of an earlier wording, find nothing to confirm."""
    await officer.says("/keyperiod 汛期 2月18日 2月19日")
    early = officer.was_told("重保“汛期”")
    house.clock.move(house.clock.now().replace(minute=5))
    await officer.says("/keyperiod 汛期 2月18日 2月20日")
    late = officer.was_told("重保“汛期”", "02-18 00:00–02-20 24:00")
    (await officer.presses("确认设立", on=early)).refused("已经处理过了")
    (await officer.presses("确认设立", on=late)).answered("重保已设立")
    told(house, "由监督管理员设立")
    manager.was_told("由谁现场值守")
    (await officer.presses("确认设立", on=late)).refused("已经处理过了")
    assert len(await entries(house)) == 1


async def test_a_gap_is_told_once_before_it_comes(furnish: Furnish, tmp_path: object) -> None:
    """The manager hears of it a week ahead, or as soon as it is known, and not again at each look."""
    only = {"\n[pauses]": "\n" + TIGHT.replace("at_least = 1\n\n[key", "at_least = 2\n\n[key") + "\n[pauses]"}
    house = await furnish(start=NOON, terms=only)
    house["project-manager"].was_told("值班缺人", "值班工程师只有 1 人，应有 2 人")
    await house.passes(hours=30)
    house["project-manager"].heard_nothing()
    await house.passes(days=6)
    house["project-manager"].was_told("值班缺人")
    house["project-manager"].heard_nothing()


async def test_a_leave_that_leaves_a_gap_is_told_at_once(house: House, manager: Actor) -> None:
    """Somebody is away in three days and nobody steps in: the manager hears of it when it is known, and once."""
    leave = Override(
        contract=SLUG,
        role="engineer",
        start=NOON + timedelta(days=3),
        end=NOON + timedelta(days=3, hours=2),
        absent="engineer-2",
        by="project-manager",
        at=NOON,
        why="体检",
    )
    await house.stage.hotline.store.write(lambda tx: overrides.add(tx, leave))
    await house.settles()
    manager.was_told("值班缺人", "02-19 12:00–14:00 值班工程师只有 0 人，应有 1 人")
    await house.passes(days=4)
    manager.heard_nothing()


async def test_more_people_at_a_post_in_a_key_period(furnish: Furnish) -> None:
    """A period that asks for one more at the post is a gap until somebody is added."""
    extra = TIGHT.replace('page_also = ["project_manager"]', 'extra = { "" = 1 }')
    house = await furnish(start=NOON, terms={"\n[pauses]": f"{extra}\n[pauses]"})
    await declared(house["officer-1"])
    told(house, "由监督管理员设立")
    manager = house["project-manager"]
    manager.was_told("由谁现场值守")
    manager.was_told("值班缺人", "02-18 08:00–02-19 20:00 值班工程师只有 1 人，应有 2 人")


async def test_an_officer_of_two_contracts_says_which(furnish: Furnish) -> None:
    """One button for each contract; only the people of the chosen one are told."""
    both = Someone(
        key="officer-1",
        name="监督管理员",
        account=2005,
        roles={SLUG: "supervising_officer", OTHER: "supervising_officer"},
    )
    people = [both if one.key == "officer-1" else one for one in STAFF]
    house = await furnish(start=NOON, neighbours=True, people=people)
    await house["officer-1"].says("/keyperiod 汛期 2月18日 2月19日")
    asked = house["officer-1"].asked("请选择合同", "韶关指挥调度维保", "清远视频会议维保", "不对，重写")
    (await house["officer-1"].presses("清远视频会议维保", on=asked)).answered("重保已设立")
    house.were_told("由监督管理员设立", "officer-1", "other-engineer", "other-lead", "other-manager", "other-officer")
    house["other-manager"].was_told("由谁现场值守")
    house["project-manager"].heard_nothing()
