"""The way of one update: to the one handler that it concerns. Nothing here waits for the network."""

from dataclasses import dataclass

from telegram import Message, Update

from desk import acquaintance, sending
from desk.errors import Refusal
from desk.house import Desk
from handlers import edits, members, messages, presses
from handlers.presses import Toast

ALLOWED = ("message", "edited_message", "callback_query", "my_chat_member")
_LINKED_CHANNEL = 777000


@dataclass(slots=True, kw_only=True)
class Bot:
    """Who the bot is in the chat: needed to know when it is addressed; the name is known once the Bot API is."""

    id: int
    username: str


async def handle(desk: Desk, update: Update, bot: Bot) -> Toast | None:
    """Handle one update; a refusal is raised, so that nothing of it is half done."""
    if update.callback_query is not None:
        return await presses.handle(desk, update.callback_query)
    if update.my_chat_member is not None:
        await members.handle(desk, update.my_chat_member)
    elif update.edited_message is not None:
        await edits.handle(desk, update.edited_message, bot.username)
    elif update.message is not None and not _is_noise(update.message):
        await messages.handle(desk, update.message, bot.id, bot.username)
    return None


async def refuse(desk: Desk, update: Update, refusal: Refusal) -> Toast | None:
    """Say the refusal where it was asked: in the toast of a press, or as an answer in the chat."""
    user = update.effective_user
    person = await acquaintance.identify(desk, user.id) if user else None
    if update.callback_query is not None:
        text = desk.house.words.plain(desk.language_of(person), refusal.key, **refusal.facts)
        return Toast(
            query=update.callback_query.id, text=text, alert=True, chat_id=user.id if user and person else None
        )
    message = update.effective_message
    if message is None:
        return None
    is_stranger = person is None and user is not None and message.sender_chat is None
    if is_stranger and user is not None and not await acquaintance.stranger_is_due(desk, user.id):
        return None
    markup = desk.say(person, refusal.key, **refusal.facts)
    await sending.send_text(desk, "", message.chat_id, markup, person=person, reply_to=_reply(message))
    return None


def _is_noise(message: Message) -> bool:
    """Service messages, other bots and posts of a linked channel are nobody's report."""
    sender = message.from_user
    if message.migrate_to_chat_id is not None:
        return False
    if message.is_automatic_forward or sender is None or sender.id == _LINKED_CHANNEL:
        return True
    if sender.is_bot and message.sender_chat is None:
        return True
    return messages.is_service(message)


def _reply(message: Message) -> int | None:
    return message.message_id if message.chat.type != "private" else None
