"""The bot was blocked, unblocked, added or removed."""

from telegram import ChatMember, ChatMemberUpdated

from desk import acquaintance
from desk.house import Desk

_GONE = frozenset({ChatMember.BANNED, ChatMember.LEFT})


async def handle(desk: Desk, change: ChatMemberUpdated) -> None:
    """Keep in mind whether the bot can write to this person, or is still in this group."""
    gone = change.new_chat_member.status in _GONE
    if change.chat.type == "private":
        if gone:
            await acquaintance.blocked(desk, change.chat.id)
        else:
            await acquaintance.unblocked(desk, change.chat.id)
    elif gone:
        await acquaintance.removed_from_group(desk, change.chat.id)
