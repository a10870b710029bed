"""Whatever a phone can send is a report; what the chat itself says is not."""

from typing import Any

import pytest

from storage import files
from tests.desk import payloads
from tests.desk.people import ACCOUNTS
from tests.desk.room import NOW, Room

FILE = {"file_id": "big", "file_unique_id": "unique", "file_size": 12_345}
SMALL = {**FILE, "file_id": "small", "width": 1, "height": 1}
LARGE = {**FILE, "width": 100, "height": 100}
WITH_FILE: dict[str, Any] = {
    "photo": [SMALL, LARGE],
    "voice": {**FILE, "duration": 3},
    "audio": {**FILE, "duration": 3},
    "video": {**FILE, "duration": 3, "width": 1, "height": 1},
    "video_note": {**FILE, "duration": 3, "length": 1},
    "document": {**FILE, "file_name": "日志<1>.txt", "mime_type": "text/plain"},
    "sticker": {
        **FILE,
        "width": 1,
        "height": 1,
        "is_animated": False,
        "is_video": False,
        "type": "regular",
        "emoji": "🔥",
    },
}
PLACE = {"latitude": 24.81, "longitude": 113.59}
WITHOUT_FILE: dict[str, tuple[Any, str]] = {
    "location": (PLACE, "📍 24.81000, 113.59000"),
    "contact": ({"first_name": "值班员", "phone_number": "000"}, "☎ 值班员 000"),
    "dice": ({"emoji": "🎲", "value": 3}, "🎲"),
    "poll": (
        {
            "id": "1",
            "question": "大屏黑了吗？",
            "options": [],
            "total_voter_count": 0,
            "is_closed": False,
            "is_anonymous": True,
            "type": "regular",
            "allows_multiple_answers": False,
            "allows_revoting": True,
            "members_only": False,
        },
        "大屏黑了吗？",
    ),
    "story": ({"id": 1, "chat": payloads.private(1)}, ""),
    "game": ({"title": "t", "description": "d", "photo": [SMALL]}, ""),
}
SERVICE: dict[str, Any] = {
    "new_chat_members": [payloads.user(5)],
    "left_chat_member": payloads.user(5),
    "new_chat_title": "新群名",
    "delete_chat_photo": True,
    "group_chat_created": True,
    "pinned_message": payloads.message(5, NOW, "旧"),
    "video_chat_started": {},
    "forum_topic_created": {"name": "题", "icon_color": 1},
    "write_access_allowed": {},
    "users_shared": {"request_id": 1, "users": []},
    "boost_added": {"boost_count": 1},
    "migrate_from_chat_id": -5,
}


@pytest.mark.parametrize("kind", WITH_FILE)
@pytest.mark.parametrize("caption", [None, "三楼大屏花屏"])
async def test_a_file_is_a_report(room: Room, kind: str, caption: str | None) -> None:
    """A picture, voice or file opens a ticket by itself; it is queued for keeping, its caption is the report."""
    await room.says("reporter-1", caption=caption, **{kind: WITH_FILE[kind]})
    ticket = await room.ticket()
    assert (caption or "") in ticket.text
    [file] = await room.store.read(lambda tx: files.of_ticket(tx, ticket.id))
    assert (file.kind, file.file_id, file.size) == (kind, "big", 12_345)
    assert file.name == ("日志<1>.txt" if kind == "document" else "")
    card = next(one.text for one in await room.told("reporter-1") if ticket.number in one.text)
    assert ("请再发一句话" in card) is (not ticket.text)


@pytest.mark.parametrize("kind", WITHOUT_FILE)
async def test_anything_else_is_a_report_too(room: Room, kind: str) -> None:
    """A place, a contact, a poll, a story: the ticket opens at once, with whatever words there are in it."""
    content, words = WITHOUT_FILE[kind]
    await room.says("reporter-1", **{kind: content})
    assert (await room.ticket()).text == words


async def test_a_venue_is_one_place_with_its_name(room: Room) -> None:
    """A venue carries its location twice; it is told once, with name and address."""
    venue = {"location": PLACE, "title": "指挥中心", "address": "三楼"}
    await room.says("reporter-1", venue=venue, location=PLACE)
    assert (await room.ticket()).text == "📍 指挥中心 三楼 24.81000, 113.59000"


async def test_an_animation_is_one_file(room: Room) -> None:
    """Telegram sends an animation as a document as well; it is kept once."""
    moving = {**FILE, "width": 1, "height": 1, "duration": 1}
    await room.says("reporter-1", animation=moving, document=WITH_FILE["document"])
    [file] = await room.store.read(lambda tx: files.of_ticket(tx, 1))
    assert file.kind == "animation"


async def test_an_album_is_one_ticket(room: Room) -> None:
    """All pictures of an album belong to the ticket that its first opened, without a question."""
    for number in range(4):
        await room.says("reporter-1", caption="大屏花屏" if not number else None, photo=[LARGE], media_group_id="9")
    assert len(await room.tickets()) == 1
    assert len(await room.store.read(lambda tx: files.of_ticket(tx, 1))) == 4
    assert not any("这是：" in one.text for one in await room.told("reporter-1"))


async def test_a_forwarded_post_counts_from_the_forward(room: Room) -> None:
    """A forwarded report's promise begins when it was forwarded, not when somebody wrote it."""
    origin = {"type": "hidden_user", "sender_user_name": "某人", "date": 1}
    await room.says("reporter-1", "大屏花屏", forward_origin=origin)
    assert (await room.ticket()).reported_at == room.now


async def test_the_promise_starts_at_the_message_s_own_date(room: Room) -> None:
    """A message that waited in an outage is counted from when it was sent."""
    sent = room.now
    room.passes(hours=3)
    await room.hears(payloads.written(payloads.message(ACCOUNTS["reporter-1"], sent, "大屏花屏")))
    ticket = await room.ticket()
    assert (ticket.reported_at, ticket.received_at) == (sent, room.now)


@pytest.mark.parametrize("kind", SERVICE)
@pytest.mark.parametrize("in_group", [False, True])
async def test_what_the_chat_says_is_nobody_s_report(room: Room, kind: str, in_group: bool) -> None:
    """Joins, pins, titles and the like open nothing and are answered with nothing."""
    await room.bind_group()
    chat = payloads.group() if in_group else None
    answer = await room.says("reporter-1", chat=chat, **{kind: SERVICE[kind]})
    assert (answer.refusal, await room.tickets(), await room.said()) == ("", [], [])


@pytest.mark.parametrize(
    "text",
    ["\u0000大屏\u0000黑屏", "大屏\ud83d黑屏", "\u202e屏黑屏大", "<b>大屏</b> & {黑}", "😀" * 2048, "屏" * 4096, "/"],
    ids=["nul", "half", "rtl", "html", "emoji", "long", "slash"],
)
async def test_hostile_text_is_a_report_like_any_other(room: Room, text: str) -> None:
    """Null bytes, halves of characters, turning marks, HTML and 4096 characters are taken in, kept and shown."""
    await room.says("reporter-1", text, entities=[])
    ticket = await room.ticket()
    assert ticket.text
    assert any(ticket.number in one.text for one in await room.told("reporter-1"))
