"""A person and the bot talk."""

from __future__ import annotations

import asyncio

import pytest
import telegram
from telegram import InlineKeyboardButton, InlineKeyboardMarkup
from telegram.error import BadRequest

from sandbox.errors import NotSeen, StoryError
from sandbox.phones import Phone
from sandbox.world import World
from tests.sandbox.conftest import HandClock


def card(*labels: str) -> InlineKeyboardMarkup:
    """One row of buttons."""
    return InlineKeyboardMarkup([[InlineKeyboardButton(label, callback_data=f"do:{label}") for label in labels]])


async def test_a_report_arrives_with_the_date_of_the_world(
    bot: telegram.Bot, engineer: Phone, clock: HandClock
) -> None:
    """What a person says is an update dated by the world's clock in whole seconds."""
    clock.passes(seconds=0.75)
    said = engineer.says("北江会场无图像")
    (update,) = await bot.get_updates()
    assert update.message is not None
    assert (update.message.text, update.message.message_id) == ("北江会场无图像", said.id)
    assert update.message.date == clock().replace(microsecond=0)
    assert update.effective_user is not None
    assert (update.effective_user.id, update.effective_user.full_name) == (2001, "值班工程师甲")


async def test_an_answer_appears_on_the_phone(bot: telegram.Bot, engineer: Phone) -> None:
    """The phone shows text, buttons, silence and what is replied to; waiting for it needs no polling."""
    asked = engineer.says("在吗")
    waiting = asyncio.create_task(engineer.sees("已受理"))
    await bot.send_message(
        2001,
        "已受理 <b>SGC-1</b>",
        parse_mode="HTML",
        reply_markup=card("接单", "转派"),
        disable_notification=True,
        reply_to_message_id=asked.id,
    )
    seen = await waiting
    assert (seen.text, seen.labels, seen.silent) == ("已受理 SGC-1", ["接单", "转派"], True)
    assert [entity.type for entity in seen.entities] == ["bold"]
    assert seen.replies_to is not None and seen.replies_to.id == asked.id
    assert [one.text for one in engineer.chat] == ["在吗", "已受理 SGC-1"]


async def test_a_press_is_answered_with_a_toast(bot: telegram.Bot, engineer: Phone) -> None:
    """A press brings a callback query; its answer is kept by the press; a second answer is refused."""
    await bot.send_message(2001, "重大故障", reply_markup=card("接单"))
    press = engineer.presses("接单")
    (update,) = await bot.get_updates()
    query = update.callback_query
    assert query is not None and query.data == "do:接单" and query.message is not None
    waiting = asyncio.create_task(press.answer())
    await query.answer("已接单", show_alert=True)
    assert await waiting == "已接单" and press.alert
    with pytest.raises(BadRequest, match="Query is too old"):
        await query.answer("又接单")


async def test_a_card_is_edited_in_place(bot: telegram.Bot, engineer: Phone) -> None:
    """An edit changes the one message on the phone; what was seen before stays as it was seen."""
    sent = await bot.send_message(2001, "重大故障", reply_markup=card("接单"))
    before = await engineer.sees("重大故障")
    await bot.edit_message_text("重大故障 已接单", 2001, sent.message_id, reply_markup=card("到场"))
    (now,) = engineer.chat
    assert (now.text, now.labels, now.edited) == ("重大故障 已接单", ["到场"], True)
    assert (before.labels, before.edited) == (["接单"], False)
    assert await engineer.sees("已接单", after=before) is now


async def test_a_stale_button_can_still_be_pressed(bot: telegram.Bot, engineer: Phone) -> None:
    """A phone that has not seen an edit or a deletion yet presses what it still shows."""
    sent = await bot.send_message(2001, "重大故障", reply_markup=card("接单"))
    stale = await engineer.sees("重大故障")
    await bot.edit_message_reply_markup(2001, sent.message_id, reply_markup=None)
    engineer.presses("接单", on=stale)
    await bot.delete_message(2001, sent.message_id)
    engineer.presses("接单", on=stale)
    first, second = [update.callback_query for update in await bot.get_updates()]
    assert first is not None and isinstance(first.message, telegram.Message)
    assert first.message.is_accessible and first.message.reply_markup is None
    assert second is not None and second.message is not None and not second.message.is_accessible


async def test_a_missing_button_is_named_with_those_that_exist(bot: telegram.Bot, engineer: Phone) -> None:
    """Pressing what is not there fails with the labels that are."""
    await bot.send_message(2001, "卡片", reply_markup=card("到场"))
    with pytest.raises(StoryError, match="到场"):
        engineer.presses("接单")


async def test_unseen_words_raise_with_the_whole_chat(bot: telegram.Bot, engineer: Phone) -> None:
    """The error of an impatient phone prints what it shows instead."""
    await bot.send_message(2001, "别的话", reply_markup=card("到场"))
    with pytest.raises(NotSeen, match=r"(?s)维保热线: 别的话 \[到场\]"):
        await engineer.sees("已受理", within=0.01)


async def test_own_words_are_not_seen_as_an_answer(world: World, engineer: Phone) -> None:
    """Only what others say counts."""
    engineer.says("已受理")
    assert engineer.finds("已受理") is None
    with pytest.raises(NotSeen):
        await engineer.sees("已受理", within=0)


async def test_edits_and_forwards_of_people_reach_the_bot(bot: telegram.Bot, world: World, engineer: Phone) -> None:
    """An edit is an edited_message with its edit_date; a forward says whom it comes from."""
    said = engineer.says("无图象")
    engineer.edits(said, "无图像")
    officer = world.phone(3001, "值班员", started=True)
    officer.forwards(said)
    officer.forwards(said, hidden=True)
    _, edited, open_forward, hidden_forward = await bot.get_updates()
    assert edited.edited_message is not None and edited.edited_message.text == "无图像"
    assert edited.edited_message.edit_date is not None
    assert open_forward.message is not None and hidden_forward.message is not None
    assert isinstance(open_forward.message.forward_origin, telegram.MessageOriginUser)
    assert open_forward.message.forward_origin.sender_user.id == 2001
    assert isinstance(hidden_forward.message.forward_origin, telegram.MessageOriginHiddenUser)


async def test_every_kind_of_message_is_understood_by_the_client(bot: telegram.Bot, engineer: Phone) -> None:
    """Photos of one album, voice, video, places, stickers and contacts are what they say they are."""
    engineer.sends_photo("机柜", album="a1")
    engineer.sends_photo(album="a1")
    engineer.sends_voice()
    engineer.sends_video("现场")
    place = engineer.sends_location(24.8, 113.6, live_for=900)
    engineer.moves(place, 24.9, 113.7)
    engineer.sends_sticker()
    engineer.sends_contact("13800000000", "机房", account=2001)
    engineer.sends_document("日志.txt", "日志".encode(), caption="见附件")
    updates = await bot.get_updates()
    kinds = [telegram.helpers.effective_message_type(update) for update in updates]
    assert kinds == [
        "photo",
        "photo",
        "voice",
        "video",
        "location",
        "location",
        "sticker",
        "contact",
        "document",
    ]
    first, second = updates[0].message, updates[1].message
    assert first is not None and second is not None
    assert first.caption == "机柜" and first.media_group_id == second.media_group_id == "a1"
    moved = updates[5].edited_message
    assert moved is not None and moved.location is not None and moved.location.latitude == 24.9


async def test_a_deep_link_carries_its_payload(bot: telegram.Bot, world: World) -> None:
    """Opening an invite link presses Start with the payload, and the bot may answer from then on."""
    stranger = world.phone(2009, "新工程师")
    stranger.opens_link("join-abc")
    (update,) = await bot.get_updates()
    assert update.message is not None and update.message.text == "/start join-abc"
    assert [entity.type for entity in update.message.entities] == ["bot_command"]
    await bot.send_message(2009, "欢迎")
    assert stranger.chat[-1].text == "欢迎"


async def test_reply_keyboards_are_laid_and_taken_away(bot: telegram.Bot, engineer: Phone) -> None:
    """The keys of the last keyboard can be tapped until it is removed."""
    await bot.send_message(2001, "请选择", reply_markup=telegram.ReplyKeyboardMarkup([["报障", "咨询"]]))
    assert engineer.keyboard == ["报障", "咨询"]
    engineer.taps("报障")
    (update,) = await bot.get_updates()
    assert update.message is not None and update.message.text == "报障"
    await bot.send_message(2001, "好的", reply_markup=telegram.ReplyKeyboardRemove())
    assert engineer.keyboard == []
    await bot.send_message(2001, "请说明", reply_markup=telegram.ForceReply())


async def test_the_transcript_tells_the_story_in_order(
    bot: telegram.Bot, world: World, engineer: Phone, clock: HandClock
) -> None:
    """Everything that was said, pressed, edited and toasted is listed with its time."""
    engineer.says("无图像")
    sent = await bot.send_message(2001, "已受理", reply_markup=card("接单"))
    clock.passes(minutes=3)
    press = engineer.presses("接单")
    await bot.answer_callback_query(press.id, "好")
    await bot.edit_message_text("已接单", 2001, sent.message_id)
    story = [(str(entry.deed), entry.what, entry.by_bot) for entry in world.transcript]
    assert story == [
        ("said", "无图像", False),
        ("said", "已受理", True),
        ("pressed", "接单", False),
        ("toasted", "好", True),
        ("edited", "已接单", True),
    ]
    assert str(world.transcript[1]) == "02:00:00 维保热线 (值班工程师甲) said: 已受理 [接单]"
    assert world.transcript[2].at == clock()
