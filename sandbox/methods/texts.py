"""Texts, places and signs of life that the bot sends."""

from __future__ import annotations

from sandbox.chats import ChatKind
from sandbox.errors import bad_request
from sandbox.messages import Json
from sandbox.methods import wording
from sandbox.methods.registry import Registry
from sandbox.parameters import Parameters
from sandbox.world import World

METHODS = Registry()
ACTIONS = frozenset(
    {
        "typing",
        "upload_photo",
        "record_video",
        "upload_video",
        "record_voice",
        "upload_voice",
        "upload_document",
        "choose_sticker",
        "find_location",
        "record_video_note",
        "upload_video_note",
    }
)


@METHODS("sendMessage")
def send_message(world: World, parameters: Parameters) -> Json:
    """Send a text."""
    world.writable(parameters.text("chat_id"))
    return wording.send(world, parameters, wording.text_of(parameters)).json()


@METHODS("sendLocation")
def send_location(world: World, parameters: Parameters) -> Json:
    """Send a place."""
    try:
        place = {name: float(parameters.text(name)) for name in ("latitude", "longitude")}
    except ValueError:
        raise bad_request("wrong latitude or longitude specified") from None
    if not (abs(place["latitude"]) <= 90 and abs(place["longitude"]) <= 180):
        raise bad_request("wrong latitude or longitude specified")
    return wording.send(world, parameters, ("", ()), {"location": place}).json()


@METHODS("sendChatAction")
def send_chat_action(world: World, parameters: Parameters) -> bool:
    """Show that the bot is busy; also a silent way to learn whether a person can be reached."""
    chat = world.writable(parameters.text("chat_id"))
    if parameters.text("action") not in ACTIONS:
        raise bad_request("wrong parameter action in request")
    if chat.kind is ChatKind.CHANNEL:
        raise bad_request("CHAT_ADMIN_REQUIRED")
    return True
