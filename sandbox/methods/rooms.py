"""Chats, their members, and what hangs on their walls."""

from __future__ import annotations

from sandbox import reach
from sandbox.attachments import member_json, membership_change
from sandbox.chats import Chat, ChatKind, Member, Standing
from sandbox.errors import bad_request
from sandbox.messages import Json
from sandbox.methods.registry import Registry
from sandbox.parameters import Parameters
from sandbox.transcript import Deed
from sandbox.world import World

METHODS = Registry()
REACTIONS = frozenset(
    (
        "👍 👎 ❤ 🔥 🥰 👏 😁 🤔 🤯 😱 🤬 😢 🎉 🤩 🤮 💩 🙏 👌 🕊 🤡 🥱 🥴 😍 🐳 ❤‍🔥 🌚 🌭 "
        "💯 🤣 ⚡ 🍌 🏆 💔 🤨 😐 🍓 🍾 💋 🖕 😈 "
        "😴 😭 🤓 👻 👨‍💻 👀 🎃 🙈 😇 😨 🤝 ✍ 🤗 🫡 "
        "🎅 🎄 ☃ 💅 🤪 🗿 🆒 💘 🙉 🦄 😘 💊 🙊 😎 👾 🤷‍♂ 🤷 🤷‍♀ 😡"
    ).split()
)


@METHODS("getChat")
def get_chat(world: World, parameters: Parameters) -> Json:
    """Everything about a chat that the bot may know."""
    chat = world.resolve(parameters.text("chat_id"))
    if chat.person is None and not chat.upgraded_to:
        reach.check_membership(world, chat)
    full: Json = {**chat.json(), "accent_color_id": 0, "max_reaction_count": 11}
    full["accepted_gift_types"] = dict.fromkeys(
        ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels"),
        False,
    )
    if chat.pinned in chat.messages:
        full["pinned_message"] = chat.messages[chat.pinned].json(with_reply=False)
    if chat.linked:
        full["linked_chat_id"] = chat.linked.id
    return full


@METHODS("getChatMember")
def get_chat_member(world: World, parameters: Parameters) -> Json:
    """How one account stands in a chat."""
    chat = world.writable(parameters.text("chat_id"))
    person = world.people.get(parameters.number("user_id"))
    if person is None:
        raise bad_request("invalid user_id specified")
    standing = chat.standing_of(person.id)
    if chat.person and person in (chat.person, world.bot):
        standing = Standing.MEMBER
    return member_json(Member(person=person, standing=standing))


@METHODS("getChatAdministrators")
def get_chat_administrators(world: World, parameters: Parameters) -> list[Json]:
    """Who leads a chat."""
    chat = world.writable(parameters.text("chat_id"))
    if chat.person:
        raise bad_request("there are no administrators in the private chat")
    return [member_json(member) for member in chat.members.values() if member.standing.leads]


@METHODS("getChatMemberCount")
def get_chat_member_count(world: World, parameters: Parameters) -> int:
    """How many read a chat."""
    chat = world.writable(parameters.text("chat_id"))
    return 2 if chat.person else sum(member.standing.present for member in chat.members.values())


@METHODS("leaveChat")
def leave_chat(world: World, parameters: Parameters) -> bool:
    """Go out of a group or channel."""
    chat = world.writable(parameters.text("chat_id"))
    if chat.person:
        raise bad_request("chat_id must be a group, a supergroup or a channel")
    old = chat.standing_of(world.bot.id)
    chat.members[world.bot.id].standing = Standing.LEFT
    world.note(Deed.HAPPENED, world.bot.name, chat, "leaves")
    change = membership_change(chat, by=world.bot, who=world.bot, old=old, new=Standing.LEFT, now=world.now())
    world.tell("my_chat_member", change, lane=chat.id)
    world.post(chat, sender=world.bot, content={"left_chat_member": world.bot.json()}, service=True)
    return True


@METHODS("pinChatMessage")
def pin_chat_message(world: World, parameters: Parameters) -> bool:
    """Pin a message to the top of its chat."""
    chat = world.writable(parameters.text("chat_id"))
    message = reach.message_in(chat, parameters, "message to pin not found")
    _check_pins(world, chat)
    chat.pinned = message.id
    pinned = {"pinned_message": message.json(with_reply=False)}
    silent = parameters.truth("disable_notification")
    world.post(chat, sender=world.bot, content=pinned, service=True, silent=silent)
    return True


@METHODS("unpinChatMessage")
def unpin_chat_message(world: World, parameters: Parameters) -> bool:
    """Take a pinned message down."""
    chat = world.writable(parameters.text("chat_id"))
    _check_pins(world, chat)
    chat.pinned = None
    return True


@METHODS("setMessageReaction")
def set_message_reaction(world: World, parameters: Parameters) -> bool:
    """Put one emoji under a message, or take it away; nobody is notified."""
    chat = world.writable(parameters.text("chat_id"))
    message = reach.message_in(chat, parameters, "message to react not found")
    wished = [str(one.get("emoji", "")) for one in parameters.sequence("reaction")]
    if any(emoji.rstrip("\ufe0f") not in REACTIONS for emoji in wished):
        raise bad_request("REACTION_INVALID")
    if len(wished) > 1:
        raise bad_request("REACTIONS_TOO_MANY")
    world.amend(
        message,
        by_person=False,
        marked=False,
        deed=Deed.HAPPENED,
        who=world.bot.name,
        reactions=tuple(wished),
    )
    return True


def _check_pins(world: World, chat: Chat) -> None:
    if chat.kind is not ChatKind.PRIVATE and not chat.standing_of(world.bot.id).leads:
        raise bad_request("not enough rights to manage pinned messages in the chat")
