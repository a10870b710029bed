"""What people send is taken in, whatever it is: one fault, one ticket."""

from datetime import timedelta

import pytest

from tests.flows import scenes
from tests.flows.house import Actor, House


async def test_a_second_message_about_the_same_fault(house: House, reporter: Actor, engineer: Actor) -> None:
    """It is kept with the open ticket at once; one tap says that this is right."""
    number = await scenes.reported(house)
    await house.passes(minutes=2)
    await reporter.says("二楼也一样")
    reporter.asked(f"已记入 {number}。这是：", f"同一故障 {number}", "新的故障")
    house.were_told("二楼也一样", "engineer-1", "technical-lead")
    (await reporter.presses(f"同一故障 {number}")).answered("好的")
    assert "补充 1 条" in engineer.card()


async def test_a_second_message_about_a_new_fault(house: House, reporter: Actor, engineer: Actor) -> None:
    """One tap makes a ticket of it, whose clocks run from the message and not from the tap."""
    first = await scenes.reported(house)
    await house.passes(minutes=2)
    await reporter.says("左边一块屏花了")
    question = reporter.was_told("这是：")
    house.were_told("左边一块屏花了", "engineer-1", "technical-lead")
    await house.passes(minutes=1)
    (await reporter.presses("新的故障")).answered("已另立工单 SGC-20260216-002")
    second = "SGC-20260216-002"
    reporter.card(second)
    house.have_cards("engineer-1", "technical-lead", number=second)
    house.were_told("补充内容已另立工单", "engineer-1", "technical-lead")
    ticket = await house.ticket(second)
    assert ticket.reported_at == house.clock.now() - timedelta(minutes=1)
    assert "⏱ 响应：09:12:00 前" in engineer.card(second)
    (await reporter.presses("新的故障", on=question)).refused("这件事已经处理过了")
    assert "“三楼会议室没有声音”" in reporter.card(first)


async def test_a_burst_is_asked_about_once(house: House, reporter: Actor, engineer: Actor) -> None:
    """Several messages in a row get one question, and go to the new ticket together."""
    await scenes.reported(house)
    await house.passes(minutes=1)
    for words in ("另外", "会议室的电话", "也坏了"):
        reporter.phone.says(words)
    await house.settles()
    reporter.was_told("这是：")
    for words in ("另外", "会议室的电话", "也坏了"):
        house.were_told(words, "engineer-1", "technical-lead")
    (await reporter.presses("新的故障")).answered("已另立工单")
    second = house.numbers(reporter.phone.chat)[-1]
    house.have_cards("reporter-1", "engineer-1", "technical-lead", number=second)
    house.were_told("补充内容已另立工单", "engineer-1", "technical-lead")
    for words in ("会议室的电话", "也坏了"):
        house.were_told(words, "engineer-1", "technical-lead")
    assert (await house.ticket(second)).added == 2


async def test_an_album_is_one_report(house: House, reporter: Actor, engineer: Actor) -> None:
    """Three pictures with one caption open one ticket and belong to it."""
    for caption in ("大屏花屏", "", ""):
        reporter.phone.sends_photo(caption, album="77")
    await house.settles()
    house.have_cards("reporter-1", "engineer-1", "technical-lead")
    assert len(house.numbers(reporter.phone.chat)) == 1
    assert (await house.ticket(house.numbers(reporter.phone.chat)[0])).added == 2
    for _ in range(2):
        house.were_told("有补充", "engineer-1", "technical-lead")
    kept = list((house.settings.files / "shaoguan-command").iterdir())
    assert len(kept) == 3


@pytest.mark.parametrize(
    ("verb", "details"),
    [
        ("photo", ()),
        ("voice", ()),
        ("video", ()),
        ("sticker", ()),
        ("document", ("日志.txt",)),
        ("location", (24.81, 113.59)),
    ],
)
async def test_everything_is_a_report(house: House, reporter: Actor, verb: str, details: tuple[object, ...]) -> None:
    """A message without words opens a ticket at once, and one sentence is asked for where there is none."""
    await reporter.sends(verb, *details)
    card = reporter.card()
    house.have_cards("engineer-1", "technical-lead")
    assert "⏱ 响应：09:10:00 前" in card
    assert ("请再发一句话" in card) == (verb != "location")


async def test_the_sentence_after_a_picture(house: House, reporter: Actor, engineer: Actor) -> None:
    """Words that follow a picture become the ticket's words."""
    await reporter.sends("photo")
    house.have_cards("reporter-1", "engineer-1", "technical-lead")
    await reporter.says("三楼大屏花屏")
    reporter.was_told("这是：")
    house.were_told("三楼大屏花屏", "engineer-1", "technical-lead")
    assert "“三楼大屏花屏”" in engineer.card()
    assert "请再发一句话" not in reporter.card()


async def test_a_forwarded_message_starts_its_clock_when_it_is_forwarded(
    house: House, reporter: Actor, neighbour: Actor
) -> None:
    """What counts is when the hotline was told, not when somebody else wrote it."""
    outsider = house.stranger("路人", 5001)
    await outsider.says("一路监控花屏了")
    outsider.was_told("您还没有登记")
    await house.passes(minutes=30)
    reporter.phone.forwards(outsider.phone.chat[0])
    await house.settles()
    house.have_cards("reporter-1", "engineer-1", "technical-lead")
    assert "⏱ 响应：09:40:00 前" in reporter.card()


async def test_an_edit_is_a_correction(house: House, reporter: Actor, engineer: Actor) -> None:
    """An edited report opens nothing; the card shows the new words, those who work on it are told."""
    message = await reporter.says("三楼会议室没有声音")
    house.have_cards("reporter-1", "engineer-1", "technical-lead")
    await reporter.edits(message, "五楼会议室没有声音")
    house.were_told("五楼会议室没有声音", "engineer-1", "technical-lead")
    assert "“五楼会议室没有声音”" in engineer.card()
    assert len(house.numbers(reporter.phone.chat)) == 1


async def test_a_reply_belongs_to_the_ticket_replied_to(house: House, reporter: Actor) -> None:
    """A reply to a card needs no question: it is for that ticket."""
    first = await scenes.reported(house)
    await reporter.says("/report 大屏花屏")
    second = house.numbers(reporter.phone.chat)[-1]
    house.have_cards("reporter-1", "engineer-1", "technical-lead", number=second)
    await reporter.says("补充：只有左边", reply_to=reporter.card_message(first))
    reporter.was_told(f"已记入 {first}")
    house.were_told("只有左边", "engineer-1", "technical-lead")


async def test_graver_words_are_pointed_out(house: House, reporter: Actor, engineer: Actor) -> None:
    """A supplement that sounds graver than the ticket is an urgent word to those who work on it."""
    number = await scenes.taken(house)
    await reporter.says("现在全部中断了")
    reporter.was_told("这是：")
    engineer.was_told(f"{number} 的补充像是重大故障")
