"""A message was edited: the correction is added, the first wording stays in the ledger."""

from telegram import Message

from desk import acquaintance, reports
from desk.house import Desk
from handlers import messages


async def handle(desk: Desk, message: Message, username: str) -> None:
    """Amend the ticket to which the message belongs; an edit never opens a second one."""
    if message.from_user is None:
        return
    person = await acquaintance.identify(desk, message.from_user.id)
    if person is not None:
        at = message.edit_date or message.date
        text = messages.words_of(message, username)
        await reports.amend(desk, person, message.chat_id, message.message_id, text, at)
