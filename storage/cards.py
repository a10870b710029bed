"""The card that a chat shows of a ticket."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import bindparam

from storage.dialects import upsert
from storage.schema import CARDS
from storage.transaction import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A ticket's card in one chat; it has a message once it was posted."""

    ticket_id: int
    chat_id: int
    person: str | None = None
    message_id: int | None = None
    drawn: str = ""


_C = CARDS.c
_KEEP = upsert(CARDS, "ticket_id", "chat_id", take=lambda new: {"person": new.person, "drawn": new.drawn})
_OF_TICKET = sa.select(CARDS).where(_C.ticket_id == bindparam("ticket_id")).order_by(_C.chat_id)
_OF_TICKETS = sa.select(CARDS).where(_C.ticket_id.in_(bindparam("ids", expanding=True))).order_by(_C.chat_id)
_AT = _OF_TICKET.where(_C.chat_id == bindparam("chat_id"))
_THIS = (_C.ticket_id == bindparam("of_ticket")) & (_C.chat_id == bindparam("of_chat"))
_SHOWN = sa.update(CARDS).where(_THIS).values(message_id=bindparam("new_message"))
_DRAW = sa.update(CARDS).where(_THIS).values(drawn=bindparam("new_drawn"))
_FORGET = sa.delete(CARDS).where(_THIS)


async def keep(tx: Transaction, card: Card) -> None:
    """The ticket has this card in its chat from now on; which message shows it is not changed by this."""
    values = {"ticket_id": card.ticket_id, "chat_id": card.chat_id, "person": card.person, "drawn": card.drawn}
    tx.collect(CARDS, _keep_all, values | {"message_id": card.message_id})


async def of_ticket(tx: Transaction, ticket_id: int) -> list[Card]:
    """Every card of the ticket."""
    return [Card(**row) for row in (await tx.run(_OF_TICKET, {"ticket_id": ticket_id})).mappings()]


async def of_tickets(tx: Transaction, ticket_ids: Sequence[int]) -> list[Card]:
    """Every card of these tickets."""
    return [Card(**row) for row in (await tx.run(_OF_TICKETS, {"ids": list(ticket_ids)})).mappings()]


async def at(tx: Transaction, ticket_id: int, chat_id: int) -> Card | None:
    """The ticket's card in this chat, if it has one."""
    row = (await tx.run(_AT, {"ticket_id": ticket_id, "chat_id": chat_id})).mappings().one_or_none()
    return None if row is None else Card(**row)


async def shown(tx: Transaction, ticket_id: int, chat_id: int, message_id: int | None) -> None:
    """The card is this message now."""
    tx.collect(CARDS, _show_all, {"of_ticket": ticket_id, "of_chat": chat_id, "new_message": message_id})


async def draw(tx: Transaction, ticket_id: int, chat_id: int, drawn: str) -> None:
    """The card was drawn like this last: what looks the same need not be sent again."""
    await tx.run(_DRAW, {"of_ticket": ticket_id, "of_chat": chat_id, "new_drawn": drawn})


async def forget(tx: Transaction, ticket_id: int, chat_id: int) -> None:
    """The ticket has no card in this chat any more."""
    await tx.run(_FORGET, {"of_ticket": ticket_id, "of_chat": chat_id})


async def _keep_all(tx: Transaction, many: list[dict[str, Any]]) -> None:
    await tx.run(_KEEP, many)


async def _show_all(tx: Transaction, many: list[dict[str, Any]]) -> None:
    await tx.run(_SHOWN, many)
