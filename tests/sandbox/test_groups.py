"""What a bot hears in groups and channels, and what befalls it there."""

from __future__ import annotations

import pytest
import telegram
from telegram.error import BadRequest, ChatMigrated, Forbidden

from sandbox.groups import Group
from sandbox.phones import Phone
from sandbox.world import World


@pytest.fixture
def group(world: World, engineer: Phone) -> Group:
    """A group with the bot in privacy mode."""
    return world.group(-1001, "联合保障群", members=[engineer])


async def heard(bot: telegram.Bot) -> list[str | None]:
    """The words that reached the bot, each update once."""
    updates = await bot.get_updates()
    if updates:
        await bot.get_updates(offset=updates[-1].update_id + 1)
    messages = [update.effective_message for update in updates if not update.my_chat_member]
    return [message.text for message in messages if message]


async def test_privacy_mode_lets_through_what_is_meant_for_the_bot(
    bot: telegram.Bot, group: Group, engineer: Phone
) -> None:
    """Commands, mentions and replies to the bot pass; chatter and words for others do not."""
    sent = await bot.send_message(group.id, "值班表")
    card = group.messages[-1]
    assert card.id == sent.message_id
    for text in (
        "今天天气",
        "/report@other_bot 无图像",
        "/done完成",
        "请看@weibao_bot请处理",
        "@weibao_botx 在吗",
    ):
        engineer.says(text, in_=group)
    assert await heard(bot) == []
    for text in ("/report 无图像", "/report@Weibao_Bot 无图像", "无图像 @weibao_bot", "(/duty)"):
        engineer.says(text, in_=group)
    engineer.says("收到", in_=group, reply_to=card)
    expected = ["/report 无图像", "/report@Weibao_Bot 无图像", "无图像 @weibao_bot", "(/duty)", "收到"]
    assert await heard(bot) == expected


async def test_another_bot_takes_plain_commands_away(bot: telegram.Bot, group: Group, engineer: Phone) -> None:
    """After another bot spoke, a plain command is not for this one until it speaks itself."""
    group.another_bot_says("我是别的机器人")
    engineer.says("/duty", in_=group)
    assert await heard(bot) == []
    await bot.send_message(group.id, "值班表")
    engineer.says("/duty", in_=group)
    assert await heard(bot) == ["/duty"]


async def test_an_administrator_or_an_unprivate_bot_hears_everything(
    bot: telegram.Bot, world: World, group: Group, engineer: Phone
) -> None:
    """Privacy mode ends with promotion or with the setting of the bot."""
    group.promotes_bot(by=engineer)
    engineer.says("甲", in_=group)
    group.demotes_bot(by=engineer)
    engineer.says("乙", in_=group)
    world.reads_all_group_messages = True
    engineer.says("丙", in_=group)
    assert await heard(bot) == ["甲", "丙"]


async def test_an_anonymous_administrator_has_no_account(bot: telegram.Bot, group: Group, engineer: Phone) -> None:
    """The sender is GroupAnonymousBot and the group itself is the sender_chat."""
    engineer.says("/report 无图像", in_=group, anonymously=True)
    (update,) = await bot.get_updates()
    message = update.message
    assert message is not None and message.from_user is not None and message.sender_chat is not None
    assert (message.from_user.id, message.from_user.is_bot) == (1087968824, True)
    assert message.sender_chat.id == group.id


async def test_joining_and_leaving_is_told(bot: telegram.Bot, world: World, engineer: Phone) -> None:
    """The bot's coming and going is a my_chat_member update and a service message."""
    group = world.group(-1002, "乙方群", members=[engineer], bot_inside=False)
    with pytest.raises(Forbidden, match="bot is not a member of the group chat"):
        await bot.send_message(-1002, "您好")
    group.adds_bot(by=engineer)
    other = world.phone(2002, "值班工程师乙")
    group.adds(other, by=engineer)
    group.removes(other)
    group.removes_bot(by=engineer)
    engineer.says("/duty", in_=group)
    kinds = []
    for update in await bot.get_updates():
        if update.my_chat_member:
            kinds.append(update.my_chat_member.new_chat_member.status)
        elif update.message:
            kinds.append(str(telegram.helpers.effective_message_type(update.message)))
    assert kinds == [
        "member",
        "new_chat_members",
        "new_chat_members",
        "left_chat_member",
        "kicked",
        "left_chat_member",
    ]
    with pytest.raises(Forbidden, match="bot was kicked from the group chat"):
        await bot.send_message(-1002, "您好")


async def test_the_bot_can_leave(bot: telegram.Bot, group: Group, engineer: Phone) -> None:
    """leaveChat ends the bot's membership; a private chat cannot be left."""
    assert await bot.leave_chat(group.id)
    with pytest.raises(Forbidden, match="bot is not a member of the group chat"):
        await bot.send_message(group.id, "您好")
    with pytest.raises(BadRequest):
        await bot.leave_chat(engineer.id)


async def test_a_group_becomes_a_supergroup(bot: telegram.Bot, group: Group, engineer: Phone) -> None:
    """Both sides get a service message, the old number fails with the new one, and numbering begins anew."""
    new = group.becomes_supergroup(-1001234567890)
    first, second = [update.message for update in await bot.get_updates()]
    assert first is not None and first.migrate_to_chat_id == new.id and first.chat.id == -1001
    assert second is not None and second.migrate_from_chat_id == -1001 and second.chat.type == "supergroup"
    with pytest.raises(ChatMigrated) as caught:
        await bot.send_message(-1001, "您好")
    assert caught.value.new_chat_id == new.id
    sent = await bot.send_message(new.id, "您好")
    assert sent.message_id == 2
    assert (await engineer.sees("您好", in_=new)).id == 2


async def test_channel_posts_have_no_sender(bot: telegram.Bot, world: World, engineer: Phone) -> None:
    """A post is a channel_post without a from; the linked group gets it from Telegram's relay."""
    channel = world.channel(-1009, "通知频道", members=[engineer])
    group = world.supergroup(-1008, "讨论组", members=[engineer], bot_leads=True)
    channel.discusses_in(group)
    post = channel.posts("今晚演练")
    channel.edits(post, "明晚演练")
    posted, relayed, edited = await bot.get_updates()
    assert posted.channel_post is not None and posted.channel_post.from_user is None
    assert relayed.message is not None and relayed.message.from_user is not None
    assert relayed.message.from_user.id == 777000 and relayed.message.is_automatic_forward
    assert edited.edited_channel_post is not None and edited.edited_channel_post.text == "明晚演练"
    sent = await bot.send_message(-1009, "通知")
    assert sent.from_user is None and sent.sender_chat is not None


async def test_chats_and_members_can_be_looked_up(
    bot: telegram.Bot, world: World, group: Group, engineer: Phone
) -> None:
    """getChat, getChatMember, getChatAdministrators and the count tell what the world knows."""
    stranger = world.phone(2008, "路人")
    private, room = await bot.get_chat(2001), await bot.get_chat(group.id)
    names = (private.type, private.first_name, room.type, room.title)
    assert names == (
        "private",
        engineer.name,
        "group",
        group.title,
    )
    statuses = [(await bot.get_chat_member(group.id, one)).status for one in (2001, 100, stranger.id)]
    assert statuses == ["creator", "member", "left"]
    with pytest.raises(BadRequest, match="Invalid user_id specified"):
        await bot.get_chat_member(group.id, 5)
    assert [one.user.id for one in await bot.get_chat_administrators(group.id)] == [2001]
    group.promotes_bot(by=engineer)
    admin = await bot.get_chat_member(group.id, 100)
    assert isinstance(admin, telegram.ChatMemberAdministrator) and admin.can_pin_messages
    assert await bot.get_chat_member_count(group.id) == 2
    with pytest.raises(BadRequest, match="There are no administrators in the private chat"):
        await bot.get_chat_administrators(2001)


async def test_pinning_needs_rights_in_groups(bot: telegram.Bot, group: Group, engineer: Phone) -> None:
    """Anything can be pinned in private, in a group only by administrators; the bot hears of its pin."""
    sent = await bot.send_message(2001, "值班表")
    await bot.pin_chat_message(2001, sent.message_id)
    (update,) = await bot.get_updates()
    assert update.message is not None and update.message.pinned_message is not None
    pinned = (await bot.get_chat(2001)).pinned_message
    assert pinned is not None and pinned.message_id == sent.message_id
    posted = await bot.send_message(group.id, "值班表")
    with pytest.raises(BadRequest, match="Not enough rights to manage pinned messages in the chat"):
        await bot.pin_chat_message(group.id, posted.message_id)
    group.promotes_bot(by=engineer)
    assert await bot.pin_chat_message(group.id, posted.message_id)
    await bot.unpin_chat_message(2001)
    assert (await bot.get_chat(2001)).pinned_message is None


async def test_buttons_in_a_group_are_pressed_by_members(
    bot: telegram.Bot, world: World, group: Group, engineer: Phone
) -> None:
    """The newest message with such a button, wherever the person reads it, is the one that is pressed."""
    markup = telegram.InlineKeyboardMarkup([[telegram.InlineKeyboardButton("接单", callback_data="g")]])
    await bot.send_message(group.id, "群卡片", reply_markup=markup)
    engineer.presses("接单")
    (update,) = await bot.get_updates()
    query = update.callback_query
    assert query is not None and query.message is not None and query.message.chat.id == group.id
    assert query.from_user.id == 2001
