"""The device of a fault: proposed at intake, picked in one tap, corrected, and judged by the bureau."""

from pathlib import Path

import pytest

from sandbox.groups import Group
from sla.devices import Scope
from storage import ledger
from tests.flows import scenes
from tests.flows.conftest import Furnish
from tests.flows.furniture import Room
from tests.flows.house import Actor, House

LIST = (Path(__file__).parents[2] / "contracts" / "ledger-shaoguan-command.csv").read_text(encoding="utf-8")
UPS = "不间断供电电源（3楼） · （五）市应急局三楼和十楼设…"
UPS_TEN = "不间断供电电源（10楼） · （五）市应急局三楼和十楼设…"
FURTHER = ["其他设备", "清单外"]
JUDGED = ["维保范围内", "维保范围外"]
ALARM = "三楼的ups嘀嘀响，供电正常"


@pytest.fixture(params=["sqlite", "postgresql"])
def storage(request: pytest.FixtureRequest) -> str:
    """These flows hold on both databases."""
    if request.param == "sqlite":
        return "sqlite:///hotline.db"
    url: str = request.getfixturevalue("postgres_url")
    return url


@pytest.fixture
async def house(furnish: Furnish) -> House:
    """A house whose contract has an equipment list."""
    return await furnish(ledger=LIST)


async def chosen(house: House, number: str) -> list[str]:
    """The names that were picked for the ticket, as the ledger has them."""
    ticket = await house.ticket(number)
    entries = await house.stage.hotline.store.read(lambda tx: ledger.entries_of(tx, ticket.id))
    return [entry.data["device"]["name"] for entry in entries if entry.kind == "device_chosen"]


async def test_one_tap_picks_the_device(house: House, engineer: Actor, reporter: Actor) -> None:
    """The first page proposes it, whoever is asked picks it, and every card has it with section and quantity."""
    number = await scenes.reported(house, ALARM)
    assert engineer.buttons()[0] == "接单"
    assert [label for label in engineer.buttons() if " · " in label] == [UPS, UPS_TEN]
    assert reporter.buttons()[-4:] == [UPS, UPS_TEN, *FURTHER]
    (await engineer.presses(UPS)).answered("已选定设备：不间断供电电源（3楼）")
    for actor in (engineer, reporter):
        card = actor.card(number)
        assert "设备：不间断供电电源（3楼）（（五）市应急局三楼和十楼设备机房及配套系统，第 4 项，1 套）" in card
        assert not any(label in actor.buttons() for label in (UPS, *FURTHER))
    device = (await house.ticket(number)).device
    assert device is not None and (device.section[:3], device.seq, device.scope) == ("（五）", "4", Scope.LISTED)


async def test_the_pick_survives_a_restart(house: House, engineer: Actor, reporter: Actor) -> None:
    """What was picked stands in the ledger, on the card and in the full view after the program was down."""
    number = await scenes.reported(house, ALARM)
    await reporter.presses(UPS)
    await house.restarts(minutes=1)
    assert "第 4 项" in engineer.card(number)
    assert await chosen(house, number) == ["不间断供电电源（3楼）"]
    await engineer.says(f"/ticket {number}")
    engineer.was_told("指挥中心值班员甲选定设备：不间断供电电源（3楼）")


async def test_a_few_letters_find_another_device(house: House, engineer: Actor) -> None:
    """What is not among the proposals is searched for by typing, more than once if need be, and picked in one tap."""
    number = await scenes.reported(house, ALARM)
    (await engineer.presses("其他设备")).answered("请看与机器人的私聊")
    engineer.was_told("请写设备的几个字、型号或拼音首字母")
    await engineer.says("xyzxyz")
    engineer.asked("清单中没有找到“xyzxyz”", "清单外", "新的故障")
    await engineer.says("dpkz")
    offered = engineer.was_told(f"{number} 是哪一项？")
    assert offered.labels[0].startswith("大屏拼接处理终端 · ")
    await engineer.presses(offered.labels[0])
    assert "设备：大屏拼接处理终端（（二）" in engineer.card(number)
    second = await engineer.reports("大屏拼接那个终端花屏")  # the question is answered: this is no search any more
    house.have_cards("engineer-1", "technical-lead", number=second)


async def test_a_pick_is_corrected_by_another_entry(house: House, engineer: Actor) -> None:
    """Whoever was wrong picks again; both picks stay in the ledger, the last one holds."""
    number = await scenes.taken(house, ALARM)
    await engineer.presses(UPS_TEN)
    await engineer.presses("更多")
    engineer.was_told("其他操作")
    await engineer.presses("其他设备")
    engineer.was_told("请写设备的几个字")
    await engineer.says("3楼UPS")
    offered = engineer.was_told("是哪一项")
    await engineer.presses(UPS, on=offered)
    (await engineer.presses(UPS, on=offered)).refused("设备没有变化")
    assert await chosen(house, number) == ["不间断供电电源（10楼）", "不间断供电电源（3楼）"]
    assert "不间断供电电源（3楼）" in engineer.card(number)


async def test_names_that_repeat_show_their_section(house: House, engineer: Actor) -> None:
    """Two rows of one name are two buttons that can be told apart."""
    await scenes.reported(house, "控制终端坏了")
    labels = [label for label in engineer.buttons() if label.startswith("控制终端")]
    assert labels == ["控制终端 · （二）市应急局指挥中心大屏…", "控制终端 · 3.2 会议电子桌牌"]


async def test_a_report_while_a_search_is_open(house: House, reporter: Actor) -> None:
    """Words that name nothing and are too long for a search are taken in as what they are: nothing is lost."""
    number = await scenes.reported(house, ALARM)
    await reporter.presses("其他设备")
    reporter.was_told("请写设备的几个字")
    await reporter.says("门口的灯不亮了，晚上看不见路，请来看看")
    reporter.asked(f"已记入 {number}。这是：", f"同一故障 {number}", "新的故障")
    house.were_told("门口的灯不亮了", "engineer-1", "technical-lead")


async def test_a_search_that_was_a_new_fault(house: House, reporter: Actor) -> None:
    """One tap makes a ticket of words that were taken for a search."""
    await scenes.reported(house, ALARM)
    await reporter.presses("其他设备")
    reporter.was_told("请写设备的几个字")
    await reporter.says("调音台没声音")
    offered = reporter.was_told("是哪一项")
    await reporter.presses("新的故障", on=offered)
    assert "“调音台没声音”" in reporter.card("SGC-20260216-002")
    house.have_cards("engineer-1", "technical-lead", number="SGC-20260216-002")
    house.were_told("补充内容已另立工单", "engineer-1", "technical-lead")


async def test_the_bureau_judges_what_is_not_covered(
    house: House, engineer: Actor, reporter: Actor, officer: Actor, lead: Actor
) -> None:
    """Outside of the contract no clock runs, nobody is called, and the ticket can still be worked and closed."""
    number = await scenes.reported(house, scenes.MAJOR)
    await engineer.presses("清单外")
    assert "不在维保服务清单内" in engineer.card(number)
    assert JUDGED[0] not in engineer.buttons()
    assert officer.buttons(number)[-2:] == JUDGED
    (await officer.presses("维保范围外")).answered("已判定为维保范围外，不再计时")
    house.were_told("由监督管理员判定为维保范围外", "reporter-1", "engineer-1", "technical-lead")
    assert "⛔ 维保范围外（监督管理员判定）：不计时限和考核，仍可处理" in engineer.card(number)
    assert "— 响应：不再计时" in engineer.card(number)
    await house.passes(hours=9)
    for actor in (engineer, lead, officer, reporter, house["project-manager"]):
        actor.card(number)
        actor.heard_nothing()
    await engineer.presses("接单")
    reporter.was_told("已由值班工程师甲接单")
    await engineer.presses("远程解决")
    scenes.tested(house, number)
    await reporter.presses("已恢复，销障")
    await scenes.recorded(house, number)


async def test_covered_after_all(house: House, engineer: Actor, reporter: Actor) -> None:
    """A judgement may be made anew: the clocks go on where they stood, and those who are bound hear it."""
    number = await scenes.taken(house, ALARM)
    await reporter.presses(UPS)
    await reporter.presses("维保范围外")
    house.were_told("判定为维保范围外", "engineer-1")
    await house.passes(hours=3)
    await reporter.presses("更多", on=reporter.card_message(number))
    reporter.was_told("其他操作")
    (await reporter.presses("维保范围内")).answered("已判定为维保范围内")
    engineer.was_told("改判为维保范围内")
    assert "⏱ 处理：20:00:00 前" in engineer.card(number)
    assert "维保范围内（指挥中心值班员甲判定）" in engineer.card(number)
    assert (await house.ticket(number)).covered is True


async def test_the_vendor_does_not_judge(house: House, engineer: Actor) -> None:
    """A forged button of the vendor's is refused in one sentence that says who judges."""
    number = await scenes.reported(house, ALARM)
    ticket = await house.ticket(number)
    (await engineer.forges(f"t:{ticket.id}:unc:1")).refused("由甲方指定的人操作")
    assert (await house.ticket(number)).covered is None


async def test_what_the_list_does_not_name(house: House, reporter: Actor, engineer: Actor) -> None:
    """Nothing is proposed; the bureau is asked at once whether the contract covers it."""
    number = await scenes.reported(house, "门口的灯坏了")
    assert "清单中没有找到，维保范围待用户判定" in engineer.card(number)
    assert reporter.buttons(number)[-4:] == [*FURTHER, *JUDGED]
    assert engineer.buttons(number)[-2:] == FURTHER


async def test_a_row_that_left_the_list(house: House, engineer: Actor) -> None:
    """A button drawn before says that the row is gone; the ticket that has it keeps it."""
    number = await scenes.reported(house, ALARM)
    old = engineer.card_message(number)
    other = await scenes.reported(house, "UPS（3楼）报警", by="reporter-2")
    await engineer.presses(UPS, on=engineer.card_message(other))
    path = house.settings.contracts_folder / "list.csv"
    path.write_text("\n".join(line for line in LIST.splitlines() if "（3楼）" not in line), encoding="utf-8")
    await house.restarts(minutes=1)
    (await engineer.presses(UPS, on=old)).refused("已不在维保服务清单内")
    assert "不间断供电电源（3楼）" in engineer.card(other)


async def test_a_list_that_cannot_be_read_leaves_the_last_one(house: House, engineer: Actor) -> None:
    """A spoilt file is an error line without a word of the list, and no reason not to serve."""
    (house.settings.contracts_folder / "list.csv").write_text("坏了\n", encoding="utf-8")
    house.excuses("the last list stays in force")
    await house.restarts(minutes=1)
    assert not any("坏了" in line for line in house.log.lines)
    await scenes.reported(house, ALARM)
    assert UPS in engineer.buttons()


async def test_a_group_picks_together(furnish: Furnish) -> None:
    """A card in the vendor's group proposes as well; letters are typed in private."""
    house = await furnish(ledger=LIST, rooms=(Room(chat=-1001, audience="joint"),))
    group: Group = house.world.group(
        -1001, "维保群", members=[house[key].phone for key in ("reporter-1", "engineer-1")]
    )
    await house["reporter-1"].says(f"@weibao_bot {ALARM}", in_=group)
    house.have_cards("engineer-1", "technical-lead")
    assert house["reporter-1"].buttons(in_=group)[-4:] == [UPS, UPS_TEN, *FURTHER]
    (await house["engineer-1"].presses(UPS, in_=group)).answered("已选定设备")
    assert "第 4 项" in house["reporter-1"].card(in_=group)


async def test_minimal_messages_name_no_device(furnish: Furnish) -> None:
    """Where only number, level and deadline may be sent, no device is proposed, picked or named."""
    house = await furnish(ledger=LIST, minimal=True)
    number = await scenes.reported(house, ALARM)
    engineer = house["engineer-1"]
    assert "设备" not in engineer.card(number)
    assert not any(" · " in label or label in FURTHER for label in engineer.buttons(number))
    await engineer.presses("更多")
    engineer.was_told("其他操作")
    (await engineer.presses("其他设备")).refused("本热线不在聊天里写设备名称")
