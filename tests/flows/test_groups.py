"""Reports from groups: the bot listens when it is addressed, and answers where it was asked."""

import pytest

from sandbox.groups import Group
from tests.flows import scenes
from tests.flows.conftest import Furnish
from tests.flows.furniture import Room
from tests.flows.house import Actor, House

JOINT = -1001


@pytest.fixture
async def house(furnish: Furnish) -> House:
    """A house with one joint group."""
    return await furnish(rooms=(Room(chat=JOINT, audience="joint"),))


@pytest.fixture
def group(house: House) -> Group:
    """The group in which bureau and vendor talk."""
    members = [house[key].phone for key in ("officer-1", "reporter-1", "reporter-2", "engineer-1")]
    return house.world.group(JOINT, "指挥调度维保群", members=members)


async def test_mentioning_the_bot_reports(house: House, reporter: Actor, group: Group) -> None:
    """A mention opens a ticket with its card in the group, without the mention in its words."""
    await reporter.says("@weibao_bot 三楼没有声音", in_=group)
    assert "“三楼没有声音”" in reporter.card(in_=group)
    assert "（群聊）" in reporter.card(in_=group)
    house.have_cards("engineer-1", "technical-lead")
    reporter.heard_nothing()


async def test_a_mention_that_touches_chinese_words(house: House, reporter: Actor, group: Group) -> None:
    """Telegram sees no mention in it; where the bot reads the group it is understood all the same."""
    group.promotes_bot(by=house["officer-1"].phone)
    await reporter.says("@weibao_bot三楼没有声音", in_=group)
    assert "“三楼没有声音”" in reporter.card(in_=group)
    house.have_cards("engineer-1", "technical-lead")


async def test_the_command_reports(house: House, reporter: Actor, group: Group) -> None:
    """/report with words opens a ticket; so does /report with the bot's name."""
    await reporter.says("/report@weibao_bot 三楼没有声音", in_=group)
    number = house.numbers(reporter.phone.reads(group))[0]
    reporter.card(number, in_=group)
    house.have_cards("engineer-1", "technical-lead", number=number)
    await reporter.says("/report 大屏花屏", in_=group)
    second = house.numbers(reporter.phone.reads(group))[1]
    reporter.card(second, in_=group)
    house.have_cards("engineer-1", "technical-lead", number=second)


async def test_a_reply_to_the_card_is_a_supplement(house: House, reporter: Actor, group: Group) -> None:
    """Whoever replies to the card adds to its ticket, also a second reporter."""
    await reporter.says("@weibao_bot 三楼没有声音", in_=group)
    number = house.numbers(reporter.phone.reads(group))[0]
    house.have_cards("engineer-1", "technical-lead")
    await house["reporter-2"].says("二楼也是", in_=group, reply_to=reporter.card_message(in_=group))
    reporter.was_told(f"已记入 {number}", in_=group)
    house.were_told("二楼也是", "engineer-1", "technical-lead")


async def test_chatter_is_nobodys_report(house: House, reporter: Actor, group: Group) -> None:
    """Even a bot that reads everything stays silent when it is not meant."""
    group.promotes_bot(by=house["officer-1"].phone)
    await reporter.says("大屏花屏了，谁知道怎么回事", in_=group)
    await house["engineer-1"].says("我看看", in_=group)
    reporter.heard_nothing(in_=group)
    assert not house.numbers(reporter.phone.reads(group))


async def test_a_group_ticket_lives_in_the_group(house: House, reporter: Actor, group: Group) -> None:
    """The engineer presses in the group, the bureau tests in the group, and the one card shows it."""
    await reporter.says("@weibao_bot 三楼没有声音", in_=group)
    engineer = house["engineer-1"]
    house.have_cards("engineer-1", "technical-lead")
    number = house.numbers(reporter.phone.reads(group))[0]
    (await engineer.presses("接单", in_=group)).answered("已接单")
    reporter.was_told("已由值班工程师甲接单", in_=group)
    (await reporter.presses("远程解决", in_=group)).refused("不由您操作")
    await engineer.presses("到场", in_=group)
    reporter.was_told("已到场", in_=group)
    await engineer.presses("修复", in_=group)
    reporter.was_told("请做恢复测试", in_=group)
    house["officer-1"].card(number)
    house["officer-1"].was_told("请做恢复测试")
    (await reporter.presses("已恢复，销障", in_=group)).answered("已销障")
    assert "已销障，待补全记录" in reporter.card(in_=group)
    engineer.was_told("还差 5 项")


async def test_an_anonymous_administrator(house: House, reporter: Actor, group: Group) -> None:
    """Nobody knows who it was: the report is not taken, and the sentence says what to do."""
    group.promotes(reporter.phone)
    await reporter.says("@weibao_bot 三楼没有声音", in_=group, anonymously=True)
    reporter.was_told("请关闭匿名后再发一次", in_=group)
    assert not house.numbers(reporter.phone.reads(group))


async def test_an_unbound_group(house: House, reporter: Actor) -> None:
    """A group that nobody registered gets one sentence and no ticket."""
    elsewhere = house.world.group(-1099, "别的群", members=[reporter.phone])
    await reporter.says("@weibao_bot 三楼没有声音", in_=elsewhere)
    reporter.was_told("本群还没有登记", in_=elsewhere)


async def test_the_group_becomes_a_supergroup(house: House, reporter: Actor, group: Group) -> None:
    """The new chat is the group from then on: cards appear there, reports are taken there."""
    await reporter.says("@weibao_bot 三楼没有声音", in_=group)
    house.have_cards("engineer-1", "technical-lead")
    number = house.numbers(reporter.phone.reads(group))[0]
    reporter.card(number, in_=group)
    upgraded = group.becomes_supergroup(-1002_000_000_001)
    await house.settles()
    await house["engineer-1"].presses("接单", on=house["engineer-1"].card_message())
    reporter.was_told("已由值班工程师甲接单", in_=upgraded)
    assert "已接单" in reporter.card(number, in_=upgraded)
    await reporter.says("/report@weibao_bot 大屏花屏", in_=upgraded)
    second = house.numbers(reporter.phone.reads(upgraded))[-1]
    assert second != number
    reporter.card(second, in_=upgraded)
    house.have_cards("engineer-1", "technical-lead", number=second)


async def test_a_migration_that_the_bot_only_learns_by_sending(house: House, reporter: Actor, group: Group) -> None:
    """When the service message is lost, the refused letter itself names the new chat, and goes there."""
    await reporter.says("@weibao_bot 三楼没有声音", in_=group)
    house.have_cards("engineer-1", "technical-lead")
    reporter.card(in_=group)
    upgraded = group.becomes_supergroup(-1002_000_000_001)
    house.world.updates.drop()
    await house["engineer-1"].presses("接单", on=house["engineer-1"].card_message())
    reporter.was_told("已由值班工程师甲接单", in_=upgraded)
    assert "已接单" in reporter.card(in_=upgraded)


async def test_the_bot_is_put_out_of_the_group(house: House, group: Group, admin: Actor) -> None:
    """Whoever looks after the bot hears of it at once."""
    await house.settles()
    group.removes_bot(by=house["officer-1"].phone)
    await house.settles()
    admin.was_told("机器人被移出了一个已登记的群")


async def test_lists_are_sent_in_private(house: House, reporter: Actor, group: Group) -> None:
    """What concerns one person is not shown to the group."""
    number = await scenes.reported(house)
    await reporter.says("/my@weibao_bot", in_=group)
    reporter.was_told("已发到您的私聊", in_=group)
    reporter.asked("您的工单（1）", number)


async def test_a_stranger_in_the_group(house: House, group: Group) -> None:
    """Somebody unknown gets one sentence in the group, once."""
    stranger = house.stranger("路人", 5001)
    group.adds(stranger.phone)
    await stranger.says("@weibao_bot 三楼没有声音", in_=group)
    stranger.was_told("您还没有登记", in_=group)
    await stranger.says("@weibao_bot 有人吗", in_=group)
    stranger.heard_nothing(in_=group)
