"""Command menus by scope and language."""

from __future__ import annotations

import pytest
import telegram
from telegram import (
    BotCommandScopeAllChatAdministrators,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
    BotCommandScopeChatMember,
)
from telegram.error import BadRequest

from sandbox.phones import Phone
from sandbox.world import World


async def test_a_phone_shows_the_narrowest_menu(bot: telegram.Bot, world: World, engineer: Phone) -> None:
    """The scope of one chat beats that of all chats, and the phone's language beats none."""
    officer = world.phone(3001, "值班员", started=True, language="en")
    group = world.group(-1001, "联合保障群", members=[engineer, officer])
    await bot.set_my_commands([("help", "帮助")])
    await bot.set_my_commands([("help", "Help")], language_code="en")
    assert (engineer.menu(), officer.menu()) == ([("help", "帮助")], [("help", "Help")])
    await bot.set_my_commands([("report", "报障")], scope=BotCommandScopeAllPrivateChats())
    await bot.set_my_commands([("duty", "值班")], scope=BotCommandScopeChat(2001))
    assert (engineer.menu(), officer.menu()) == ([("duty", "值班")], [("report", "报障")])
    await bot.set_my_commands([("g", "群")], scope=BotCommandScopeAllGroupChats())
    await bot.set_my_commands([("a", "管理")], scope=BotCommandScopeAllChatAdministrators())
    assert (engineer.menu(group), officer.menu(group)) == ([("a", "管理")], [("g", "群")])
    await bot.set_my_commands([("m", "本人")], scope=BotCommandScopeChatMember(group.id, 3001))
    assert officer.menu(group) == [("m", "本人")]
    await bot.delete_my_commands(scope=BotCommandScopeChat(2001))
    assert engineer.menu() == [("report", "报障")]


async def test_menus_can_be_read_back(bot: telegram.Bot, engineer: Phone) -> None:
    """Exactly what was set for a scope and language, and nothing where nothing was set."""
    await bot.set_my_commands([("report", "报障"), ("my", "我的")], language_code="zh")
    found = await bot.get_my_commands(language_code="zh")
    assert [(one.command, one.description) for one in found] == [("report", "报障"), ("my", "我的")]
    assert await bot.get_my_commands() == ()


@pytest.mark.parametrize("command", [("报障", "报障"), ("Report", "报障"), ("a" * 33, "报障"), ("report", "")])
async def test_bad_commands_are_refused(bot: telegram.Bot, command: tuple[str, str]) -> None:
    """Names are short, lower-case and Latin; a description is needed."""
    with pytest.raises(BadRequest, match=r"Bot_command_invalid|Command description must be non-empty"):
        await bot.set_my_commands([command])


async def test_a_menu_is_limited(bot: telegram.Bot) -> None:
    """A hundred commands are enough, and a scope needs a chat that exists."""
    with pytest.raises(BadRequest, match="Bot_commands_too_much"):
        await bot.set_my_commands([(f"c{number}", "命令") for number in range(101)])
    with pytest.raises(BadRequest, match="Chat not found"):
        await bot.set_my_commands([("help", "帮助")], scope=BotCommandScopeChat(999))
