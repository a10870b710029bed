"""/swap: the asker chooses, the colleague agrees, and only then the plan is another; or a manager orders it."""

from dataclasses import replace
from typing import Any

import pytest

from storage import ledger, people
from storage.ledger import LedgerEntry
from tests.flows.conftest import Furnish
from tests.flows.furniture import SLUG, STAFF, Someone
from tests.flows.house import House, Pressed

THIRD = Someone(key="engineer-3", name="值班工程师丙", account=2011, roles={SLUG: "engineer"})
THREE = (*STAFF, THIRD)
MANAGERS = ("technical-lead", "project-manager")
MINE = "02-18 周三 08:00–次日 08:00"  # the next shift of engineer-1
THEIRS = "02-19 周四 08:00–次日 08:00"  # the next but one of engineer-2
LIMITED = {"[escalation]\n": "[roster]\nweekly_hours_warn = 48\n\n[escalation]\n"}


@pytest.fixture(params=["sqlite", "postgresql"])
def storage(request: pytest.FixtureRequest) -> str:
    """One database and the other."""
    if request.param == "sqlite":
        return "sqlite:///hotline.db"
    url: str = request.getfixturevalue("postgres_url")
    return url


async def entries(house: House) -> list[LedgerEntry]:
    """What the ledger says of swaps and orders, in order."""

    async def read(tx: Any) -> list[LedgerEntry]:
        return [one async for one in ledger.walk(tx, SLUG) if one.kind.startswith(("swap", "stand_in"))]

    return await house.stage.hotline.store.read(read)


def kinds(found: list[LedgerEntry]) -> list[tuple[str, str]]:
    """What happened, and who did it."""
    return [(one.kind, one.by) for one in found]


async def chosen(house: House, key: str, *labels: str) -> Pressed:
    """Press one button after the other; the messages between them are expected."""
    pressed: Pressed | None = None
    for label in labels:
        if pressed is not None:
            pressed.answered("")
        pressed = await house[key].presses(label)
        house[key].may_have_heard("请谁来值")
        house[key].may_have_heard("顶班，还是对换")
        house[key].may_have_heard("的一班，由您来值")
    assert pressed is not None
    return pressed


async def asked(house: House, *labels: str) -> None:
    """Engineer-1 asks a colleague for his next shift."""
    await house["engineer-1"].says("/swap")
    house["engineer-1"].was_told("请选哪一班")
    (await chosen(house, "engineer-1", MINE, *labels)).answered("已去问")


async def serving(house: House, moment_label: str, key: str) -> None:
    """Somebody reports, and this engineer is paged."""
    number = await house["reporter-1"].reports(f"{moment_label}会议室没有声音")
    house.have_cards(key, "technical-lead", number=number)
    (await house[key].presses("接单")).answered("已接单")
    house["reporter-1"].was_told("已由")


async def test_a_colleague_agrees_to_stand_in(furnish: Furnish) -> None:
    """Both have agreed: everybody concerned is told, the ledger has it, and the page goes to the one who stands in."""
    house = await furnish(people=THREE)
    await asked(house, "值班工程师丙", "顶班")
    sent = house["engineer-1"].asked(f"已去问值班工程师丙：{MINE}", "撤回")
    assert "02-18 07:30 前没有答复即作废" in sent.text
    question = house["engineer-3"].asked("值班工程师甲请您顶班", "同意", "不同意")
    assert f"您值：{MINE}\n请在 02-18 07:30 前选择" in question.text
    house["project-manager"].heard_nothing()
    (await house["engineer-3"].presses("同意")).answered("已换好")
    house.were_told(f"已换好：{MINE} 由值班工程师丙值班", "engineer-1", "engineer-3")
    house.were_told("双方已同意", *MANAGERS)
    (await house["engineer-3"].presses("同意")).refused("这次换班已生效")
    (await house["engineer-1"].presses("撤回")).refused("这次换班已生效")
    await house.passes(days=2)
    await serving(house, "三楼", "engineer-3")
    assert kinds(await entries(house)) == [("swap_asked", "engineer-1"), ("swap_agreed", "engineer-3")]


async def test_an_exchange(furnish: Furnish) -> None:
    """Each serves the shift of the other."""
    house = await furnish(people=THREE)
    await asked(house, "值班工程师丙", "顶班")
    house["engineer-1"].was_told("已去问值班工程师丙")
    house["engineer-3"].was_told("请您顶班")
    (await house["engineer-3"].presses("同意")).answered("已换好")
    house.were_told("已换好", "engineer-1", "engineer-3")
    house.were_told("双方已同意", *MANAGERS)
    await house["engineer-2"].says("/swap 周四")
    house["engineer-2"].was_told(f"{THEIRS}（值班工程师乙），请谁来值")
    (await chosen(house, "engineer-2", "值班工程师丙", "对换", MINE)).answered("已去问值班工程师丙")
    house["engineer-2"].was_told("已去问值班工程师丙")
    question = house["engineer-3"].asked("值班工程师乙请您对换", "同意", "不同意")
    assert f"您值：{THEIRS}\n值班工程师乙值：{MINE}" in question.text
    (await house["engineer-3"].presses("同意")).answered("已换好")
    house.were_told(f"{THEIRS} 由值班工程师丙值班，{MINE} 由值班工程师乙值班", "engineer-2", "engineer-3")
    house.were_told("对换，双方已同意", *MANAGERS)
    await house.passes(days=2)
    await serving(house, "三楼", "engineer-2")


async def test_a_colleague_refuses(furnish: Furnish) -> None:
    """The asker hears it, the plan stands, and somebody else may be asked."""
    house = await furnish(people=THREE)
    await asked(house, "值班工程师丙", "顶班")
    house["engineer-1"].was_told("已去问值班工程师丙")
    house["engineer-3"].was_told("请您顶班")
    (await house["engineer-3"].presses("不同意")).answered("已回绝，原计划不变")
    house["engineer-1"].was_told(f"值班工程师丙不同意换 {MINE}，原计划不变")
    (await house["engineer-3"].presses("同意")).refused("这次换班已被回绝")
    await asked(house, "值班工程师乙", "顶班")
    house["engineer-1"].was_told("已去问值班工程师乙")
    house["engineer-2"].was_told("请您顶班")
    (await house["engineer-1"].presses("撤回")).answered("已撤回，原计划不变")
    house["engineer-2"].was_told("撤回了", "不用答复了")
    (await house["engineer-2"].presses("同意")).refused("这次换班已撤回")
    assert kinds(await entries(house)) == [
        ("swap_asked", "engineer-1"),
        ("swap_refused", "engineer-3"),
        ("swap_asked", "engineer-1"),
        ("swap_withdrawn", "engineer-1"),
    ]


async def test_one_shift_is_asked_of_one_colleague_at_a_time(furnish: Furnish) -> None:
    """Whoever wants to ask somebody else withdraws first."""
    house = await furnish(people=THREE)
    await asked(house, "值班工程师丙", "顶班")
    house["engineer-1"].was_told("已去问值班工程师丙")
    house["engineer-3"].was_told("请您顶班")
    await house["engineer-1"].says("/swap 周三 工程师乙")
    house["engineer-1"].was_told("请值班工程师乙来值。顶班，还是对换")
    (await house["engineer-1"].presses("顶班")).refused("这一班已去问值班工程师丙")
    (await house["engineer-1"].presses("撤回")).answered("已撤回")
    house["engineer-3"].was_told("撤回了")


async def test_nobody_answers(furnish: Furnish) -> None:
    """Half an hour before the shift the request lapses: both are told, and the old plan stands."""
    house = await furnish(people=THREE)
    await asked(house, "值班工程师丙", "顶班")
    house["engineer-1"].was_told("已去问值班工程师丙")
    house["engineer-3"].was_told("请您顶班")
    await house.passes(days=1, hours=22, minutes=29)
    house["engineer-1"].heard_nothing()
    await house.passes(minutes=1)
    house["engineer-1"].was_told("值班工程师丙没有答复", "原计划不变")
    house["engineer-3"].was_told("已作废，原计划不变")
    (await house["engineer-3"].presses("同意")).refused("这次换班请求已作废")
    await house.passes(hours=1)
    await serving(house, "三楼", "engineer-1")
    assert kinds(await entries(house))[-1] == ("swap_expired", "clock")


async def test_an_outage_over_the_expiry(furnish: Furnish) -> None:
    """Consent that is read only after the shift began comes too late; nothing is swapped behind anybody's back."""
    house = await furnish(people=THREE)
    await asked(house, "值班工程师丙", "顶班")
    house["engineer-1"].was_told("已去问值班工程师丙")
    house["engineer-3"].was_told("请您顶班")
    await house.passes(days=1, hours=20)
    await house.restarts(hours=4)
    house["admin"].was_told("热线中断了")
    house["engineer-1"].was_told("没有答复")
    house["engineer-3"].was_told("已作废")


async def test_hours_that_are_too_many_are_shown(furnish: Furnish) -> None:
    """Over the weekly limit both the asker and the colleague read a warning; it is theirs to decide."""
    house = await furnish(people=THREE, terms=LIMITED)
    await house["engineer-1"].says("/swap 周三")
    menu = house["engineer-1"].was_told("请谁来值")
    assert menu.labels == ["值班工程师丙", "值班工程师乙 ⚠ 一周 104 小时"]
    (await house["engineer-1"].presses("值班工程师乙 ⚠ 一周 104 小时")).answered("")
    house["engineer-1"].was_told("⚠ 这样值班工程师乙一周值班 104 小时，超过 48 小时")
    (await house["engineer-1"].presses("顶班")).answered("已去问")
    house["engineer-1"].was_told("已去问值班工程师乙")
    question = house["engineer-2"].was_told("请您顶班")
    assert "⚠ 这样您一周值班 104 小时，超过 48 小时" in question.text
    (await house["engineer-2"].presses("不同意")).answered("已回绝")
    house["engineer-1"].was_told("不同意")


async def test_the_plan_has_changed_meanwhile(furnish: Furnish) -> None:
    """A manager has sent somebody else: consent finds nothing to agree to, and both are told."""
    house = await furnish(people=THREE)
    await asked(house, "值班工程师丙", "顶班")
    house["engineer-1"].was_told("已去问值班工程师丙")
    house["engineer-3"].was_told("请您顶班")
    await house["project-manager"].says("/swap 周三 工程师乙")
    house["project-manager"].was_told(f"{MINE} 由值班工程师乙顶班。请写原因")
    await house["project-manager"].says("体检")
    house["project-manager"].was_told("已安排值班工程师乙顶班")
    told = house["engineer-2"].asked(f"请您顶班：{MINE}", "收到")
    assert "代替值班工程师甲，由项目经理安排。原因：体检。" in told.text
    house["engineer-1"].was_told(f"{MINE} 改由值班工程师乙值班，您不用值班")
    house["technical-lead"].was_told("值班工程师乙顶值班工程师甲的班")
    (await house["engineer-3"].presses("同意")).answered("值班安排已变，换不成了")
    house["engineer-1"].was_told("换不成了")
    (await house["engineer-3"].presses("同意")).refused("值班安排已变")
    (await house["engineer-2"].presses("收到")).answered("好的，已告知安排人")
    house["project-manager"].was_told("值班工程师乙已收到")
    assert [kind for kind, _ in kinds(await entries(house))] == [
        "swap_asked",
        "stand_in_ordered",
        "swap_overtaken",
        "stand_in_received",
    ]


async def test_a_shift_that_has_begun(furnish: Furnish) -> None:
    """Old buttons of it say so; a manager may still send somebody, from now on."""
    house = await furnish(people=THREE)
    await house["engineer-2"].says("/swap")
    menu = house["engineer-2"].was_told("请选哪一班")
    await house.passes(hours=23, minutes=10)
    first = "02-17 周二 08:00–次日 08:00"
    (await house["engineer-2"].presses(first, on=menu)).refused("这一班已经开始，不能再换")
    await house["project-manager"].says("/swap 今天 工程师丙")
    house["project-manager"].was_told("由值班工程师丙顶班。请写原因")
    await house["project-manager"].says("急病")
    house["project-manager"].was_told("已安排值班工程师丙顶班")
    house["engineer-3"].was_told("请您顶班：02-17 周二 08:10–次日 08:00")
    house["engineer-2"].was_told("您不用值班")
    house["technical-lead"].was_told("值班工程师丙顶值班工程师乙的班")
    await serving(house, "三楼", "engineer-3")
    (await house["engineer-3"].presses("收到")).answered("好的")
    house["project-manager"].was_told("已收到")


async def test_too_late_to_ask(furnish: Furnish) -> None:
    """Less than half an hour before the shift a colleague could not answer in time: a manager has to arrange it."""
    house = await furnish(people=THREE)
    await house.passes(hours=22, minutes=40)
    await house["engineer-2"].says("/swap 02-17 工程师丙")
    house["engineer-2"].was_told("顶班，还是对换")
    (await house["engineer-2"].presses("顶班")).refused("离上班不到 30 分钟，来不及问对方")


async def test_who_may_be_chosen(furnish: Furnish) -> None:
    """The same role and post, not on duty then; with nobody left it says whom to turn to."""
    staff = (
        *(one for one in STAFF if one.key != "engineer-2"),
        replace(STAFF[1], roles={SLUG: "service_desk"}),
        replace(THIRD, roles={SLUG: "expert"}),
    )
    house = await furnish(people=staff)
    await house["engineer-1"].says("/swap 周三")
    house["engineer-1"].was_told("没有空闲的同岗位人员，请找项目经理或技术负责人")


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("周二", "那天没有可换的班"),
        ("周三 工程师戊", "“工程师戊”不在可选的人里"),
        ("2月30日", "那天没有可换的班"),
        ("02-18 丙", "请值班工程师丙来值"),
        ("18号 值班工程师丙", "请值班工程师丙来值"),
    ],
)
async def test_typed_in_one_line(furnish: Furnish, typed: str, answer: str) -> None:
    """A day, a name, or both; what cannot be meant is answered in one sentence."""
    house = await furnish(people=THREE)
    await house["engineer-1"].says(f"/swap {typed}")
    house["engineer-1"].was_told(answer)


async def test_whoever_is_not_on_the_roster(furnish: Furnish) -> None:
    """No shift to swap; a reporter does not know the command at all."""
    house = await furnish(people=THREE)
    await house["engineer-3"].says("/swap")
    house["engineer-3"].was_told("您近两周没有可换的班")
    await house["reporter-1"].says("/swap")
    house["reporter-1"].was_told("这个命令不由您使用")


async def test_a_stranger_to_the_request_cannot_answer_it(furnish: Furnish) -> None:
    """Buttons of others are refused, whatever is forged."""
    house = await furnish(people=THREE)
    await asked(house, "值班工程师丙", "顶班")
    house["engineer-1"].was_told("已去问值班工程师丙")
    question = house["engineer-3"].was_told("请您顶班")
    agree = next(button.data or "" for row in question.buttons for button in row if button.label == "同意")
    (await house["engineer-1"].forges(agree)).refused("这个按钮已无效")
    for verb in ("who", "cov", "exc", "oth", "rcv", "sub", "her"):
        pressed = await house["engineer-1"].forges(agree.replace("yes", verb))
        assert pressed.press.alert
        pressed.named = True
    (await house["engineer-3"].presses("不同意")).answered("已回绝")
    house["engineer-1"].was_told("不同意")


@pytest.mark.parametrize("who", ["engineer-1", "engineer-3"])
async def test_a_person_who_is_no_engineer_any_more(furnish: Furnish, who: str) -> None:
    """Whichever of both has lost the role meanwhile: nothing is swapped, and the other one hears it."""
    house = await furnish(people=THREE)
    await asked(house, "值班工程师丙", "顶班")
    house["engineer-1"].was_told("已去问值班工程师丙")
    house["engineer-3"].was_told("请您顶班")

    async def moves(tx: Any) -> None:
        everybody = await people.all_active(tx)
        other = (people.RoleHeld(contract=SLUG, role="reporter"),)
        await people.upsert(tx, [replace(one, roles=other) if one.key == who else one for one in everybody])

    await house.stage.hotline.store.write(moves)
    await house.settles()
    (await house["engineer-3"].presses("同意")).answered("值班安排已变，换不成了")
    house["engineer-1"].was_told("换不成了：值班安排已变")
    assert [kind for kind, _ in kinds(await entries(house))] == ["swap_asked", "swap_overtaken"]


async def test_whoever_left_is_a_stranger(furnish: Furnish) -> None:
    """Somebody who serves no longer cannot consent to anything."""
    house = await furnish(people=THREE)
    await asked(house, "值班工程师丙", "顶班")
    house["engineer-1"].was_told("已去问值班工程师丙")
    house["engineer-3"].was_told("请您顶班")

    async def leaves(tx: Any) -> None:
        await people.upsert(tx, [one for one in await people.all_active(tx) if one.key != "engineer-3"])

    await house.stage.hotline.store.write(leaves)
    (await house["engineer-3"].presses("同意")).refused("您还没有登记")
    (await house["engineer-1"].presses("撤回")).answered("已撤回，原计划不变")


async def test_an_order_for_the_day_after_tomorrow_is_repeated_quietly(furnish: Furnish) -> None:
    """Over the time that is left, without a sound at night; then those who answer for the staff are told."""
    house = await furnish(people=THREE)
    await house["project-manager"].says("/swap 周三 工程师丙")
    house["project-manager"].was_told("请写原因")
    await house["project-manager"].says("体检")
    house["project-manager"].was_told("已安排")
    house["engineer-1"].was_told("您不用值班")
    house["technical-lead"].was_told("由项目经理安排")
    assert not house["engineer-3"].was_told("请您顶班").silent
    await house.passes(hours=11)
    house["engineer-3"].heard_nothing()
    await house.passes(hours=13)
    for _ in range(2):
        assert house["engineer-3"].was_told("⏰ 请您顶班").silent
    await house.passes(hours=12)
    house.were_told("值班工程师丙还没有确认", *MANAGERS)
    (await house["engineer-3"].presses("收到")).answered("好的")
    house["project-manager"].was_told("已收到")
