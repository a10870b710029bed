"""Two contracts, one bot: a person of one sees nothing of the other."""

import pytest

from tests.flows import scenes
from tests.flows.conftest import Furnish
from tests.flows.furniture import OTHER, SLUG, STAFF, Room, Someone
from tests.flows.house import House

BOTH = Someone(key="both", name="两约联络员", account=4001, roles={SLUG: "reporter", OTHER: "reporter"})


@pytest.fixture
async def house(furnish: Furnish) -> House:
    """A house with two contracts, one person in both, and a group of the second."""
    return await furnish(
        people=(*STAFF, BOTH), neighbours=True, rooms=(Room(chat=-1005, audience="joint", contract=OTHER),)
    )


async def theirs(house: House) -> str:
    """A major fault of the other contract."""
    number = await house["other-reporter"].reports(scenes.MAJOR)
    house.have_cards("other-engineer", "other-lead", "other-manager", "other-officer")
    return number


async def test_nothing_is_said_to_the_other_contract(house: House) -> None:
    """Pages, warnings and calls stay within the contract."""
    number = await theirs(house)
    assert number.startswith("QYV-")
    await house.passes(minutes=26)
    for words in ("还剩 5 分钟", "还剩 2 分钟", "响应超时"):
        house.were_told(words, "other-engineer", "other-lead")
    for words in ("响应超时，请接手", "第 2 次呼叫", "第 3 次呼叫", "第 4 次呼叫"):
        house["other-manager"].was_told(words)
    house["other-officer"].was_told("第 4 次呼叫")


@pytest.mark.parametrize("who", ["engineer-1", "technical-lead", "project-manager", "officer-1", "admin"])
async def test_commands_show_nothing_of_the_other(house: House, who: str) -> None:
    """/open and /my do not list it, /ticket answers as if the number did not exist."""
    number = await theirs(house)
    mine = await scenes.reported(house)
    one = house[who]
    await one.says("/open")
    assert number not in one.was_told("未结工单（1）", mine).text
    await one.says("/my")
    one.was_told("您没有工单")
    await one.says(f"/ticket {number}")
    absent = one.was_told("没有找到这张工单").text
    await one.says("/ticket QYV-20260216-999")
    assert one.was_told("没有找到这张工单").text == absent
    await one.says("/duty")
    assert "邻约" not in one.was_told("值班工程师：").text


@pytest.mark.parametrize("act", ["ack", "see", "mor", "lvl:1:1", "rec", "tak", "voi", "off", "mrg:1:2"])
async def test_forged_presses_meet_a_closed_door(house: House, act: str) -> None:
    """A press with the other contract's ticket in it is answered as if there were none."""
    number = await theirs(house)
    await scenes.reported(house)
    before = await house.ticket(number)
    act, _, rest = act.partition(":")
    (await house["engineer-1"].forges(f"t:1:{act}:{rest or 1}")).refused("没有找到这张工单")
    assert await house.ticket(number) == before


async def test_merging_across_contracts(house: House) -> None:
    """An own ticket cannot be merged with one of the other contract, nor typed at."""
    number = await theirs(house)
    mine = await scenes.taken(house)
    (await house["engineer-1"].forges("t:2:mrg:99:1")).refused("这个按钮已无效")
    await house["engineer-1"].says(f"接单 {number}")
    house["engineer-1"].was_told("没有找到这张工单")
    assert (await house.ticket(mine)).is_open


async def test_the_other_contracts_group(house: House) -> None:
    """A card in a group of the other contract cannot be pressed by somebody who is in the group by chance."""
    phones = [house[key].phone for key in ("other-reporter", "engineer-1")]
    group = house.world.group(-1005, "清远维保群", members=phones)
    await house["other-reporter"].says("@weibao_bot 大屏花屏", in_=group)
    house["other-reporter"].card(in_=group)
    house.have_cards("other-engineer", "other-lead")
    (await house["engineer-1"].presses("接单", in_=group)).refused("没有找到这张工单")
    await house["engineer-1"].says("@weibao_bot 三楼没有声音", in_=group)
    house["engineer-1"].was_told("您还没有登记", in_=group)
    assert len(house.numbers(house["other-reporter"].phone.reads(group))) == 1


async def test_one_person_under_both(house: House) -> None:
    """Whoever reports under both can send a report to the other one in a tap, with its own date."""
    both = house["both"]
    number = await both.reports("大屏花屏")
    assert number.startswith("SGC-")
    house.have_cards("engineer-1", "technical-lead")
    await house.passes(minutes=3)
    (await both.presses("改到：清远视频会议维保")).answered("已另立工单 QYV-20260216-001")
    both.card("QYV-20260216-001")
    house.have_cards("other-engineer", "other-lead")
    house.were_told("已作废", "engineer-1", "technical-lead")
    assert "⏱ 响应：09:10:00 前" in both.card("QYV-20260216-001")
    assert "已作废" in both.card(number)
