"""Messages that the bot carries from one chat to another."""

from __future__ import annotations

from sandbox.attachments import origin_of
from sandbox.errors import bad_request
from sandbox.messages import Json, Message
from sandbox.methods import wording
from sandbox.methods.registry import Registry
from sandbox.parameters import Parameters
from sandbox.reach import message_in
from sandbox.world import World

METHODS = Registry()


@METHODS("forwardMessage")
def forward_message(world: World, parameters: Parameters) -> Json:
    """Show a message in another chat together with where it comes from."""
    world.writable(parameters.text("chat_id"))
    source = _source(world, parameters, "forward")
    origin = origin_of(source, hidden=False)
    words = (source.text, source.entities)
    return wording.send(world, parameters, words, dict(source.content), forward_origin=origin).json()


@METHODS("copyMessage")
def copy_message(world: World, parameters: Parameters) -> Json:
    """Say the same in another chat as the bot's own words; a new caption may take the place of the old."""
    world.writable(parameters.text("chat_id"))
    source = _source(world, parameters, "copy")
    words = (source.text, source.entities)
    if source.is_media and "caption" in parameters.values:
        words = wording.caption_of(parameters)
    return {"message_id": wording.send(world, parameters, words, dict(source.content)).id}


def _source(world: World, parameters: Parameters, verb: str) -> Message:
    chat = world.resolve(parameters.text("from_chat_id"))
    message = message_in(chat, parameters, f"message to {verb} not found")
    if message.service:
        raise bad_request(f"message can't be {'copied' if verb == 'copy' else 'forwarded'}")
    return message
