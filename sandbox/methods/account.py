"""The bot's own account."""

from __future__ import annotations

from sandbox.errors import conflict
from sandbox.messages import Json
from sandbox.methods.registry import Registry
from sandbox.parameters import Parameters
from sandbox.world import World

METHODS = Registry()


@METHODS("getMe")
def get_me(world: World, parameters: Parameters) -> Json:
    """Who the bot is, and whether it reads everything in groups."""
    return {
        **world.bot.json(),
        "can_join_groups": True,
        "can_read_all_group_messages": world.reads_all_group_messages,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


@METHODS("logOut")
def log_out(world: World, parameters: Parameters) -> bool:
    """End the account's life on this server."""
    world.logged_out = True
    world.polls.abort(conflict("terminated by logOut request"))
    return True


@METHODS("close")
def close(world: World, parameters: Parameters) -> bool:
    """Let go of the account; the next call opens it again."""
    world.polls.abort(conflict("terminated by close request"))
    return True
