"""Answers to pressed buttons."""

from __future__ import annotations

from sandbox.errors import bad_request
from sandbox.methods.registry import Registry
from sandbox.parameters import Parameters
from sandbox.transcript import Deed
from sandbox.updates import PRESS_LIFE
from sandbox.world import World

METHODS = Registry()
LONGEST_ANSWER = 200


@METHODS("answerCallbackQuery")
def answer_callback_query(world: World, parameters: Parameters) -> bool:
    """End the waiting on the phone, with a toast if there are words; only once and only while it is fresh."""
    press = world.presses.get(parameters.text("callback_query_id"))
    if press is None or press.answered or world.now() - press.at > PRESS_LIFE:
        raise bad_request("query is too old and response timeout expired or query ID is invalid")
    text = parameters.text("text")
    if len(text) > LONGEST_ANSWER:
        raise bad_request("MESSAGE_TOO_LONG")
    press.answered, press.toast, press.alert = True, text, parameters.truth("show_alert")
    if text:
        world.note(Deed.TOASTED, world.bot.name, press.message.chat, text, message=press.message)
    world.changed.ring()
    return True
