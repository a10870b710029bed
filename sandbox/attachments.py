"""The parts of messages and updates that people's deeds bring about."""

from __future__ import annotations

from datetime import datetime

from sandbox.chats import Chat, ChatKind, Member, Standing
from sandbox.files import Files, attachment
from sandbox.messages import Json, Message
from sandbox.people import Person

_RIGHTS = (
    "can_be_edited",
    "is_anonymous",
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
    "can_pin_messages",
)
_NOT_GIVEN = frozenset({"can_be_edited", "is_anonymous", "can_promote_members"})


def stored(files: Files, kind: str, data: bytes, *, name: str, size: int | None = None) -> Json:
    """Keep the file and make the field of the message that carries it."""
    return attachment(kind, files.keep(kind, data, name=name, size=size))


def keys_of(keyboard: Json | None) -> list[str]:
    """The words on the keys of a reply keyboard."""
    rows = (keyboard or {}).get("keyboard", [])
    return [key if isinstance(key, str) else key["text"] for row in rows for key in row]


def origin_of(message: Message, *, hidden: bool) -> Json:
    """Where a forwarded message says it comes from."""
    if message.forward_origin:
        return message.forward_origin
    if message.chat.kind is ChatKind.CHANNEL:
        return {
            "type": "channel",
            "date": message.date,
            "chat": message.chat.json(),
            "message_id": message.id,
        }
    if message.sender_chat:
        return {"type": "chat", "date": message.date, "sender_chat": message.sender_chat.json()}
    if hidden or message.sender is None:
        return {"type": "hidden_user", "date": message.date, "sender_user_name": message.author}
    return {"type": "user", "date": message.date, "sender_user": message.sender.json()}


def member_json(member: Member) -> Json:
    """One account's place in a chat, as a Bot API `ChatMember`."""
    entry: Json = {"user": member.person.json(), "status": str(member.standing)}
    if member.standing is Standing.CREATOR:
        entry["is_anonymous"] = False
    if member.standing is Standing.ADMINISTRATOR:
        entry |= {right: right not in _NOT_GIVEN for right in _RIGHTS}
    if member.standing is Standing.KICKED:
        entry["until_date"] = 0
    return entry


def membership_change(chat: Chat, *, by: Person, who: Person, old: Standing, new: Standing, now: datetime) -> Json:
    """One change of somebody's place in a chat, as a Bot API `ChatMemberUpdated`."""
    return {
        "chat": chat.json(),
        "from": by.json(),
        "date": int(now.timestamp()),
        "old_chat_member": member_json(Member(person=who, standing=old)),
        "new_chat_member": member_json(Member(person=who, standing=new)),
    }
