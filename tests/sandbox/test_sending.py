"""What Telegram refuses to send, to edit or to delete, and in which words."""

from __future__ import annotations

import pytest
import telegram
from telegram import InlineKeyboardButton, InlineKeyboardMarkup
from telegram.error import BadRequest, Forbidden

from sandbox.phones import Phone
from sandbox.world import World
from tests.sandbox.conftest import HandClock


def keyboard(*data: str) -> InlineKeyboardMarkup:
    """One button for each piece of data."""
    return InlineKeyboardMarkup.from_column([InlineKeyboardButton("按钮", callback_data=one) for one in data])


async def test_only_those_who_pressed_start_can_be_written_to(bot: telegram.Bot, world: World, engineer: Phone) -> None:
    """Strangers do not exist, mere members of a group cannot be addressed, blockers are named."""
    stranger = world.phone(2**40 + 7, "路人")
    with pytest.raises(BadRequest, match="Chat not found"):
        await bot.send_message(stranger.id, "您好")
    with pytest.raises(BadRequest, match="Chat not found"):
        await bot.send_message(999, "您好")
    world.group(-1001, "联合保障群", members=[engineer, stranger])
    with pytest.raises(Forbidden, match="bot can't initiate conversation with a user"):
        await bot.send_message(stranger.id, "您好")
    stranger.starts()
    sent = await bot.send_message(stranger.id, "您好")
    assert sent.chat.id == 2**40 + 7
    stranger.blocks_bot()
    with pytest.raises(Forbidden, match="bot was blocked by the user"):
        await bot.send_chat_action(stranger.id, "typing")
    stranger.unblocks_bot()
    await bot.send_message(stranger.id, "您好")
    stranger.deletes_account()
    with pytest.raises(Forbidden, match="user is deactivated"):
        await bot.send_message(stranger.id, "您好")


async def test_blocking_is_told(bot: telegram.Bot, engineer: Phone) -> None:
    """Blocking and unblocking are my_chat_member updates of the private chat."""
    engineer.blocks_bot()
    engineer.unblocks_bot()
    changes = [update.my_chat_member for update in await bot.get_updates()]
    statuses = [(one.old_chat_member.status, one.new_chat_member.status) for one in changes if one]
    assert statuses == [("member", "kicked"), ("kicked", "member")]


@pytest.mark.parametrize(
    ("text", "words"),
    [("", "Message text is empty"), (" \n ", "Message text is empty"), ("字" * 4097, "Message is too long")],
)
async def test_texts_have_limits(bot: telegram.Bot, engineer: Phone, text: str, words: str) -> None:
    """A text has 1 to 4096 characters."""
    with pytest.raises(BadRequest, match=words):
        await bot.send_message(2001, text)


async def test_the_limit_counts_after_parsing(bot: telegram.Bot, engineer: Phone) -> None:
    """Markup does not count against the limit, and what only markup fills is empty."""
    await bot.send_message(2001, f"<b>{'字' * 4096}</b>", parse_mode="HTML")
    with pytest.raises(BadRequest, match="Message text is empty"):
        await bot.send_message(2001, "<b></b>", parse_mode="HTML")


async def test_callback_data_is_counted_in_bytes(bot: telegram.Bot, engineer: Phone) -> None:
    """64 bytes pass, which is 21 Chinese characters; more, none at all or 101 buttons do not."""
    await bot.send_message(2001, "卡片", reply_markup=keyboard("字" * 21, "a" * 64))
    for wrong in ("字" * 22, "a" * 65):
        with pytest.raises(BadRequest, match="Button_data_invalid"):
            await bot.send_message(2001, "卡片", reply_markup=keyboard(wrong))
    await bot.send_message(2001, "卡片", reply_markup=keyboard(*["a"] * 100))
    with pytest.raises(BadRequest, match="Reply_markup_too_long"):
        await bot.send_message(2001, "卡片", reply_markup=keyboard(*["a"] * 101))
    with pytest.raises(BadRequest, match="text buttons are unallowed"):
        await bot.send_message(2001, "卡片", reply_markup=InlineKeyboardMarkup([[InlineKeyboardButton("空")]]))


async def test_a_reply_needs_its_message(bot: telegram.Bot, engineer: Phone) -> None:
    """A reply to nothing is refused unless the caller does not mind."""
    with pytest.raises(BadRequest, match="Message to be replied not found"):
        await bot.send_message(2001, "答", reply_to_message_id=77)
    sent = await bot.send_message(2001, "答", reply_to_message_id=77, allow_sending_without_reply=True)
    assert sent.reply_to_message is None


async def test_edits_are_refused_in_the_words_of_telegram(bot: telegram.Bot, engineer: Phone) -> None:
    """Unchanged, missing, foreign and wordless messages cannot be edited."""
    said = engineer.says("无图像")
    sent = await bot.send_message(2001, "卡片", reply_markup=keyboard("a"))
    with pytest.raises(BadRequest, match="Message is not modified: specified new message content"):
        await bot.edit_message_text("卡片", 2001, sent.message_id, reply_markup=keyboard("a"))
    with pytest.raises(BadRequest, match="Message is not modified"):
        await bot.edit_message_reply_markup(2001, sent.message_id, reply_markup=keyboard("a"))
    with pytest.raises(BadRequest, match="Message to edit not found"):
        await bot.edit_message_text("卡片", 2001, 999)
    with pytest.raises(BadRequest, match="Message can't be edited"):
        await bot.edit_message_text("卡片", 2001, said.id)
    document = await bot.send_document(2001, b"x", caption="报告", filename="a.txt")
    with pytest.raises(BadRequest, match="There is no text in the message to edit"):
        await bot.edit_message_text("卡片", 2001, document.message_id)
    await bot.edit_message_caption(2001, document.message_id, caption="月报")
    assert engineer.chat[-1].text == "月报"


async def test_an_edit_without_buttons_takes_them_away(bot: telegram.Bot, engineer: Phone) -> None:
    """The keyboard of an edited text is the one of the edit, also when that is none."""
    sent = await bot.send_message(2001, "卡片", reply_markup=keyboard("a"))
    await bot.edit_message_text("结束", 2001, sent.message_id)
    assert engineer.chat[-1].buttons == ()


async def test_messages_are_deleted_within_48_hours(bot: telegram.Bot, engineer: Phone, clock: HandClock) -> None:
    """A fresh message goes from the phone; an old or a missing one does not."""
    sent = [await bot.send_message(2001, text) for text in ("甲", "乙")]
    await bot.delete_message(2001, sent[0].message_id)
    assert [one.text for one in engineer.chat] == ["乙"]
    with pytest.raises(BadRequest, match="Message to delete not found"):
        await bot.delete_message(2001, sent[0].message_id)
    clock.passes(hours=48, seconds=1)
    with pytest.raises(BadRequest, match="Message can't be deleted"):
        await bot.delete_message(2001, sent[1].message_id)


async def test_presses_are_answered_within_150_seconds(bot: telegram.Bot, engineer: Phone, clock: HandClock) -> None:
    """A late or unknown press and a toast of more than 200 characters are refused."""
    await bot.send_message(2001, "卡片", reply_markup=keyboard("a"))
    press = engineer.presses("按钮")
    with pytest.raises(BadRequest, match="Message_too_long"):
        await bot.answer_callback_query(press.id, "字" * 201)
    with pytest.raises(BadRequest, match="Query is too old and response timeout expired or query id is invalid"):
        await bot.answer_callback_query("12345")
    clock.passes(seconds=151)
    with pytest.raises(BadRequest, match="Query is too old"):
        await bot.answer_callback_query(press.id, "好")
    assert not press.answered


async def test_reactions_are_shown(bot: telegram.Bot, engineer: Phone) -> None:
    """A known emoji appears under the message without an edit mark; an unknown one is refused."""
    said = engineer.says("无图像")
    await bot.set_message_reaction(2001, said.id, "👀")
    assert (engineer.chat[0].reactions, engineer.chat[0].edited) == (("👀",), False)
    with pytest.raises(BadRequest, match="Reaction_invalid"):
        await bot.set_message_reaction(2001, said.id, "字")
    await bot.set_message_reaction(2001, said.id, [])
    assert engineer.chat[0].reactions == ()
