"""How the bot takes its updates: long polls or a webhook, never both."""

from __future__ import annotations

import asyncio
import re
from typing import Any

from sandbox.bell import Deadline
from sandbox.errors import bad_request, conflict
from sandbox.messages import Json
from sandbox.methods.registry import Described, Registry
from sandbox.parameters import Parameters
from sandbox.world import World

METHODS = Registry()
MOST_UPDATES = 100
LONGEST_POLL = 50
_WEBHOOK_IS_ACTIVE = (
    "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
)
_SECRET = re.compile(r"[A-Za-z0-9_-]*")


@METHODS("getUpdates")
async def get_updates(world: World, parameters: Parameters) -> list[Json]:
    """Updates from the offset on, as soon as there are any or the timeout is over."""
    if world.webhook.url:
        raise conflict(_WEBHOOK_IS_ACTIVE)
    world.polls.abort(
        conflict("terminated by other getUpdates request; make sure that only one bot instance is running")
    )
    world.updates.allow(_kinds(parameters))
    if offset := parameters.number("offset"):
        world.updates.confirm(offset)
    limit = min(MOST_UPDATES, parameters.number("limit", MOST_UPDATES)) or MOST_UPDATES
    seconds = max(0, min(LONGEST_POLL, parameters.number("timeout")))
    return await _wait(world, max(1, limit), Deadline(seconds))


async def _wait(world: World, limit: int, deadline: Deadline) -> list[Json]:
    if not deadline.left:
        return [update.json() for update in world.updates.take(limit)]
    poll = world.polls.open()
    try:
        while not (taken := world.updates.take(limit)) and deadline.left and not world.stopping.is_set():
            bell = asyncio.create_task(world.updates.bell.next_ring())
            waits: list[asyncio.Future[Any]] = [bell, poll]
            await asyncio.wait(waits, timeout=deadline.left, return_when=asyncio.FIRST_COMPLETED)
            bell.cancel()
            if poll.done():
                poll.result()
        return [update.json() for update in taken]
    finally:
        world.polls.finish(poll)


@METHODS("setWebhook")
def set_webhook(world: World, parameters: Parameters) -> Described:
    """Send updates to an address from now on; an empty one ends that."""
    url = parameters.text("url").strip()
    if not url:
        return delete_webhook(world, parameters)
    if not re.match(r"https?://[^/\s]+", url):
        raise bad_request("bad webhook: Failed to resolve host: Name or service not known")
    secret = parameters.text("secret_token")
    if len(secret) > 256:
        raise bad_request("secret token is too long")
    if not _SECRET.fullmatch(secret):
        raise bad_request("secret token contains unallowed characters")
    same = (url, secret) == (world.webhook.url, world.webhook.secret)
    world.updates.allow(_kinds(parameters))
    _drop_if_wished(world, parameters)
    world.webhook.url, world.webhook.secret = url, secret
    world.webhook.most_connections = max(1, min(100, parameters.number("max_connections", 40)))
    world.webhook.forget_errors()
    world.polls.abort(conflict("terminated by setWebhook request"))
    world.wake()
    return Described(True, "Webhook is already set" if same else "Webhook was set")


@METHODS("deleteWebhook")
def delete_webhook(world: World, parameters: Parameters) -> Described:
    """End the delivery to an address, so that the bot may poll."""
    had_one = bool(world.webhook.url)
    _drop_if_wished(world, parameters)
    world.webhook.url = world.webhook.secret = ""
    world.webhook.forget_errors()
    world.wake()
    return Described(True, "Webhook was deleted" if had_one else "Webhook is already deleted")


@METHODS("getWebhookInfo")
def get_webhook_info(world: World, parameters: Parameters) -> Json:
    """Where updates go, how many wait, and what went wrong last."""
    webhook = world.webhook
    info: Json = {
        "url": webhook.url,
        "has_custom_certificate": False,
        "pending_update_count": len(world.updates.waiting),
    }
    if webhook.url:
        info["max_connections"] = webhook.most_connections
    if world.updates.allowed:
        info["allowed_updates"] = list(world.updates.allowed)
    if webhook.last_error_at:
        info["last_error_date"] = int(webhook.last_error_at.timestamp())
        info["last_error_message"] = webhook.last_error
    return info


def _kinds(parameters: Parameters) -> list[object] | None:
    kinds = parameters.tree("allowed_updates")
    if kinds is not None and not isinstance(kinds, list):
        raise bad_request("can't parse allowed updates: Expected an Array of Strings")
    return kinds


def _drop_if_wished(world: World, parameters: Parameters) -> None:
    if parameters.truth("drop_pending_updates"):
        world.updates.drop()
