"""Whatever people type is shown as they typed it, and breaks nothing."""

import pytest

from tests.flows import scenes
from tests.flows.conftest import Furnish
from tests.flows.furniture import SLUG, Room, Someone
from tests.flows.house import House

MARKUP = "<b>三楼</b> & <script>alert(1)</script> *_[`~ &lt; </b> 话筒没有声音"


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        (MARKUP, MARKUP),
        ("话筒没有声音 😀👩‍👩‍👧‍👦🇨🇳", "话筒没有声音 😀👩‍👩‍👧‍👦🇨🇳"),
        ("没有\u202e声音\u2066!", "没有声音!"),
        ("没有\u0000声音", "没有声音"),
        ("没有\ufeff声音\u0007", "没有声音"),
        ("{number} {0} %s 话筒没有声音", "{number} {0} %s 话筒没有声音"),
        ("话筒没有声音\n第二行", "话筒没有声音\n第二行"),
        ("'; DROP TABLE tickets; -- 话筒没有声音", "'; DROP TABLE tickets; -- 话筒没有声音"),
    ],
    ids=["markup", "emoji", "rtl", "null", "bom", "braces", "lines", "sql"],
)
async def test_words_are_shown_as_they_are(house: House, said: str, shown: str) -> None:
    """Markup, marks of direction, null bytes, braces: shown without harm on the card and in the list."""
    number = await house["reporter-1"].reports(said)
    house.have_cards("engineer-1", "technical-lead")
    assert f"“{shown}”" in house["engineer-1"].card()
    await house["reporter-1"].says(f"/ticket {number}")
    assert shown in house["reporter-1"].was_told(number).text
    await house["engineer-1"].presses("接单")
    house["reporter-1"].was_told("已由")
    await house["engineer-1"].presses("挂起")
    house["engineer-1"].was_told("请写挂起的原因")
    await house["engineer-1"].says(said)
    house["engineer-1"].was_told("已作为")
    assert shown in house["officer-1"].was_told("请求挂起").text


async def test_half_a_character(house: House) -> None:
    """Half of a pair of code units is no character: the rest is taken, nothing fails."""
    me = house["reporter-1"].phone
    message = {
        "message_id": 990_001,
        "date": int(house.clock.now().timestamp()),
        "chat": me.private.json(),
        "from": me.person.json(),
        "text": "话筒没有声音 \ud800 三楼",
    }
    house.world.injects({"message": message})
    await house.settles()
    house.have_cards("reporter-1", "engineer-1", "technical-lead")
    assert "三楼" in house["engineer-1"].card()


async def test_the_longest_text(house: House) -> None:
    """4096 characters are kept whole and shown shortened, on the card and in full lists."""
    words = "话筒没有声音" + "长" * 4090
    number = await house["reporter-1"].reports(words)
    house.have_cards("engineer-1", "technical-lead")
    assert (await house.ticket(number)).text == words
    assert "（4096）" in house["engineer-1"].card()
    for _ in range(3):
        await house.passes(minutes=2)
        await house["reporter-1"].says("补" * 4096)
        house["reporter-1"].was_told("这是：")
        house.were_told("有补充", "engineer-1", "technical-lead")
        if house.unnamed(house["engineer-1"].phone.id):
            house.were_told("响应时限", "engineer-1", "technical-lead")
    await house["reporter-1"].says(f"/ticket {number}")
    house["reporter-1"].was_told(number)


@pytest.mark.parametrize("words", [" ", "\u200b", "\u202e", ".", "？", "😀"], ids=str.isprintable)
async def test_hardly_any_words(house: House, words: str) -> None:
    """A message with nothing to read in it is still a report of somebody who needs help."""
    await house["reporter-1"].reports(words)
    house.have_cards("engineer-1", "technical-lead")


async def test_large_ids(furnish: Furnish) -> None:
    """Accounts and chats beyond 32 bits work everywhere."""
    far = 2**52 - 10
    people = tuple(
        Someone(key=key, name=name, account=far - place, roles={SLUG: role})
        for place, (key, name, role) in enumerate(
            [
                ("engineer-1", "值班工程师甲", "engineer"),
                ("engineer-2", "值班工程师乙", "engineer"),
                ("technical-lead", "技术负责人", "technical_lead"),
                ("project-manager", "项目经理", "project_manager"),
                ("officer-1", "监督管理员", "supervising_officer"),
                ("reporter-1", "指挥中心值班员甲", "reporter"),
            ]
        )
    )
    house = await furnish(people=people, rooms=(Room(chat=-(2**52) + 5, audience="joint"),))
    number = await scenes.on_site(house)
    group = house.world.supergroup(-(2**52) + 5, "大号群", members=[house["reporter-1"].phone])
    await house["reporter-1"].says("/report 大屏花屏", in_=group)
    house["reporter-1"].card(in_=group)
    second = house.numbers(house["reporter-1"].phone.reads(group))[0]
    assert second != number
    house.have_cards("engineer-1", "technical-lead", number=second)


async def test_garbage_around_the_message(house: House) -> None:
    """Updates of strange shapes are passed over; the hotline goes on."""
    for update in (
        {"message": {"message_id": 1, "date": 0, "chat": {"id": 1, "type": "private"}, "from": None}},
        {"edited_message": {"message_id": 2**40, "date": 1, "chat": {"id": 5, "type": "private"}}},
        {"channel_post": {"message_id": 1, "date": 1, "chat": {"id": -100, "type": "channel"}, "text": "x"}},
        {"poll": {"id": "1"}},
        {},
    ):
        house.world.injects(update)
    house.excuses("cannot be read")
    await house.settles()
    house["admin"].was_told("有一条消息程序处理失败")
    await scenes.reported(house)
