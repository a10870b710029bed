"""One message to one chat: an answer, a question, a list. Notices of the core go through `telling`."""

from datetime import datetime
from typing import Any

from desk import buttons, cards
from desk.house import Desk
from sla.ticket import Ticket
from storage import outbox
from storage.outbox import Lane, Letter
from storage.people import Person


async def send_text(
    desk: Desk,
    contract: str,
    chat_id: int,
    markup: str,
    *,
    person: Person | None = None,
    purpose: str = "answer",
    lane: Lane = Lane.NORMAL,
    rows: buttons.Rows = (),
    ticket: Ticket | None = None,
    reply_to: int | None = None,
    silent: bool = False,
    expires_at: datetime | None = None,
) -> None:
    """One message that is not a notice: an answer, a question, a list."""
    payload: dict[str, Any] = {"html": markup, "buttons": cards.plain_rows(rows)}
    if silent:
        payload["silent"] = True
    if reply_to is not None:
        payload["reply_to"] = reply_to
    letter = Letter(
        contract=contract,
        ticket_id=ticket.id if ticket else None,
        lane=lane,
        method="send",
        chat_id=chat_id,
        person=person.key if person else None,
        payload=payload,
        purpose=purpose,
        version=ticket.version if ticket else 0,
        next_at=desk.now,
        expires_at=expires_at,
        created_at=desk.now,
    )
    await outbox.put(desk.tx, letter)
