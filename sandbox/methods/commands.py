"""The command menus."""

from __future__ import annotations

from sandbox.errors import bad_request
from sandbox.menus import DEFAULT, SCOPES, Scope
from sandbox.messages import Json
from sandbox.methods.registry import Registry
from sandbox.parameters import Parameters
from sandbox.world import World

METHODS = Registry()


@METHODS("setMyCommands")
def set_my_commands(world: World, parameters: Parameters) -> bool:
    """Set the menu of a scope and language."""
    scope, language = _scope(world, parameters), _language(parameters)
    world.menus.set(scope, language, parameters.sequence("commands"))
    return True


@METHODS("getMyCommands")
def get_my_commands(world: World, parameters: Parameters) -> list[Json]:
    """The menu that was set for exactly this scope and language."""
    found = world.menus.get(_scope(world, parameters), _language(parameters))
    return [{"command": name, "description": description} for name, description in found]


@METHODS("deleteMyCommands")
def delete_my_commands(world: World, parameters: Parameters) -> bool:
    """Forget the menu of a scope and language."""
    world.menus.delete(_scope(world, parameters), _language(parameters))
    return True


def _scope(world: World, parameters: Parameters) -> Scope:
    wish = parameters.mapping("scope")
    if not wish:
        return DEFAULT
    kind = wish.get("type")
    if not isinstance(kind, str) or kind not in SCOPES:
        raise bad_request("can't parse BotCommandScope: Unsupported type specified")
    chat = user = None
    if "chat_id" in SCOPES[kind]:
        chat = world.resolve(str(wish.get("chat_id", ""))).id
    if "user_id" in SCOPES[kind]:
        user = Parameters(wish).number("user_id")
    return kind, chat, user


def _language(parameters: Parameters) -> str:
    language = parameters.text("language_code")
    if language and not (len(language) == 2 and language.isascii() and language.islower()):
        raise bad_request("invalid language code specified")
    return language
