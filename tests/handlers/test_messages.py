"""Who is heard, where, and when a message is for the bot."""

from typing import Any

import pytest

from tests.desk import payloads
from tests.desk.people import ACCOUNTS
from tests.desk.room import Room

LINKED_CHANNEL = 777000
CHANNEL = {"id": -1_002_000_000_000, "type": "channel", "title": "频道"}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("@weibao_bot 大屏花屏", "大屏花屏"),
        ("大屏花屏 @weibao_bot", "大屏花屏"),
        ("@weibao_bot大屏花屏", "大屏花屏"),
        ("大屏花屏@WEIBAO_BOT请处理", "大屏花屏请处理"),
        ("/report 大屏花屏", "大屏花屏"),
        ("/report@weibao_bot 大屏花屏", "大屏花屏"),
        ("/REPORT@Weibao_Bot 大屏花屏", "大屏花屏"),
        ("/report\n大屏花屏", "大屏花屏"),
    ],
)
async def test_a_group_s_message_to_the_bot_opens_a_ticket(room: Room, text: str, words: str) -> None:
    """A mention, even one that touches Chinese words, or a command is for the bot; the mention is not the report."""
    await room.bind_group()
    await room.says("reporter-1", text, payloads.group())
    ticket = await room.ticket()
    assert (ticket.text, ticket.channel) == (words, "group")


@pytest.mark.parametrize(
    "text",
    [
        "大屏花屏",
        "@weibao_bot2 大屏花屏",
        "@weibao_bots大屏花屏",
        "/report@other_bot 大屏花屏",
        "/my@other_bot",
        "@ 大屏",
    ],
)
async def test_a_group_talks_among_itself(room: Room, text: str) -> None:
    """What is not for the bot, or is for another bot, is left alone."""
    await room.bind_group()
    answer = await room.says("reporter-1", text, payloads.group())
    assert (answer.refusal, await room.tickets(), await room.said()) == ("", [], [])


async def test_a_reply_to_the_bot_is_for_the_bot(room: Room) -> None:
    """In a group a reply to one of its messages needs no mention."""
    await room.bind_group()
    mine = payloads.message(payloads.BOT_ID, room.now, "在", payloads.group())
    mine["from"] = payloads.user(payloads.BOT_ID, is_bot=True)
    await room.says("reporter-1", "大屏花屏", payloads.group(), reply_to_message=mine)
    assert len(await room.tickets()) == 1


async def test_later_pictures_of_an_album_need_no_mention(room: Room) -> None:
    """In a group only the first picture carries the caption with the mention; the others follow it."""
    await room.bind_group()
    photo = [{"file_id": "f", "file_unique_id": "u", "width": 1, "height": 1}]
    await room.says("reporter-1", chat=payloads.group(), caption="@weibao_bot 花屏", photo=photo, media_group_id="9")
    await room.says("reporter-1", chat=payloads.group(), photo=photo, media_group_id="9")
    await room.says("reporter-1", chat=payloads.group(), photo=photo, media_group_id="10")
    assert (await room.ticket()).added == 1 and len(await room.tickets()) == 1


async def test_a_group_that_is_not_bound_is_told_once(room: Room) -> None:
    """A report from an unknown group is refused with what to do; small talk there is not heard."""
    assert (await room.says("reporter-1", "@weibao_bot 黑屏", payloads.group())).refusal == "refuse.unbound_group"
    assert (await room.says("reporter-1", "黑屏", payloads.group())).refusal == ""
    assert await room.tickets() == []


async def test_somebody_of_another_contract_reports_nothing_in_this_group(room: Room) -> None:
    """A person without a role under the group's contract opens no ticket there and adds to none."""
    await room.bind_group()
    await room.says("reporter-1", "/report 大屏花屏", payloads.group())
    assert (await room.says("cloud-1", "@weibao_bot 黑屏", payloads.group())).refusal == "refuse.stranger"
    mine = payloads.message(payloads.BOT_ID, room.now, "在", payloads.group())
    answer = await room.says("cloud-1", "也坏了", payloads.group(), reply_to_message=mine)
    assert answer.refusal == "refuse.stranger"
    assert len(await room.tickets()) == 1 and (await room.ticket()).added == 0


@pytest.mark.parametrize("text", ["/START", "/Start", "/start@weibao_bot", "/start"])
async def test_start_is_start_however_it_is_written(room: Room, text: str) -> None:
    """Capitals and the bot's own name make no difference."""
    assert (await room.says("engineer-1", text)).refusal == ""
    assert any("这里是维保热线" in one.text for one in await room.told("engineer-1"))


@pytest.mark.parametrize("text", ["/nosuch", "/swapp", "/报障"])
async def test_an_unknown_command_gets_one_sentence(room: Room, text: str) -> None:
    """A command that does not exist is answered; what Telegram does not mark as one is a report."""
    marked = text.isascii()
    entities: list[object] = []
    body = payloads.message(ACCOUNTS["reporter-1"], room.now, text)
    answer = await room.hears(payloads.written(body if marked else body | {"entities": entities}))
    assert answer.refusal == ("refuse.unknown_command" if marked else "")
    assert len(await room.tickets()) == (0 if marked else 1)


async def test_a_command_that_touches_chinese_words_is_not_lost(room: Room) -> None:
    """Telegram marks no command in “/report大屏花屏”; in private the words are taken in all the same."""
    await room.says("reporter-1", "/report大屏花屏", entities=[])
    assert "大屏花屏" in (await room.ticket()).text


async def test_a_command_in_a_caption_works(room: Room) -> None:
    """/report under a picture opens a ticket with the picture."""
    photo = [{"file_id": "f", "file_unique_id": "u", "width": 1, "height": 1}]
    mark = [{"type": "bot_command", "offset": 0, "length": 7}]
    await room.bind_group()
    content: dict[str, Any] = {"caption": "/report 花屏", "caption_entities": mark, "photo": photo}
    await room.says("reporter-1", chat=payloads.group(), **content)
    assert (await room.ticket()).text == "花屏"


@pytest.mark.parametrize(("text", "kind"), [("/ask 大屏瘫痪怎么办", "consultation"), ("/report 怎么导出", "fault")])
async def test_a_command_says_what_it_is(room: Room, text: str, kind: str) -> None:
    """/ask is a consultation and /report a fault, whatever the words sound like."""
    await room.says("reporter-1", text)
    assert (await room.ticket()).kind.value == kind


@pytest.mark.parametrize("text", ["/report", "/ask"])
async def test_a_command_without_words_says_how(room: Room, text: str) -> None:
    """Nothing is opened; the answer shows how to write it."""
    await room.says("reporter-1", text)
    assert await room.tickets() == [] and len(await room.told("reporter-1")) == 1


async def test_an_anonymous_admin_is_asked_to_show_who_it_is(room: Room) -> None:
    """Each report without a name is refused in a sentence, also the second one within an hour."""
    await room.bind_group()
    anonymous = {"from": payloads.user(payloads.ANONYMOUS, is_bot=True), "sender_chat": payloads.group()}
    for _ in range(2):
        answer = await room.says("reporter-1", "@weibao_bot 黑屏", payloads.group(), **anonymous)
        assert answer.refusal == "refuse.anonymous"
        assert ["请关闭匿名" in one.text for one in await room.said()] == [True]
    assert await room.tickets() == []


@pytest.mark.parametrize(
    "sender",
    [
        {"from": payloads.user(LINKED_CHANNEL), "sender_chat": CHANNEL, "is_automatic_forward": True},
        {"from": payloads.user(LINKED_CHANNEL)},
        {"from": payloads.user(5, is_bot=True)},
        {"from": None, "sender_chat": CHANNEL},
    ],
    ids=["automatic", "linked", "bot", "nobody"],
)
async def test_posts_of_channels_and_bots_are_nobody_s_report(room: Room, sender: dict[str, object]) -> None:
    """Nothing that no person has written is answered."""
    await room.bind_group()
    answer = await room.says("reporter-1", "@weibao_bot 黑屏", payloads.group(), **sender)
    assert (answer.refusal, await room.tickets(), await room.said()) == ("", [], [])


@pytest.mark.parametrize("kind", ["channel_post", "edited_channel_post", "business_message"])
async def test_other_updates_are_left_alone(room: Room, kind: str) -> None:
    """An update that was never asked for does no harm."""
    body = payloads.message(1, room.now, "@weibao_bot 黑屏", CHANNEL)
    answer = await room.hears({"update_id": 1, kind: body})
    assert (answer.refusal, await room.tickets(), await room.said()) == ("", [], [])
    assert (await room.hears({"update_id": 2})).refusal == ""


async def test_a_group_moves(room: Room) -> None:
    """After the service message of the upgrade, reports from the new chat are heard."""
    await room.bind_group()
    new = -1_009_999_999_999
    await room.says("reporter-1", chat=payloads.group(), migrate_to_chat_id=new)
    await room.says("reporter-1", "@weibao_bot 黑屏", payloads.group(new))
    assert len(await room.tickets()) == 1
