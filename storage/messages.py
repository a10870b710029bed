"""Which message belongs to which ticket: for replies, edits, albums, and for taking a message out again."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import bindparam

from storage.dialects import all_but, upsert
from storage.schema import MESSAGES
from storage.transaction import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A message that belongs to a ticket; `first` is the one that opened it, `asked` one that was asked about."""

    chat_id: int
    message_id: int
    ticket_id: int
    person: str | None
    album: str | None
    first: bool
    asked: bool
    at: datetime
    text: str


_M = MESSAGES.c
_LINK = upsert(MESSAGES, "chat_id", "message_id", take=all_but("chat_id", "message_id"))
_THIS = (_M.chat_id == bindparam("of_chat")) & (_M.message_id == bindparam("of_message"))
_AT = sa.select(MESSAGES).where(_THIS)
_OF_ALBUM = (
    sa.select(_M.ticket_id)
    .where(_M.chat_id == bindparam("of_chat"), _M.album == bindparam("of_album"))
    .order_by(_M.message_id)
    .limit(1)
)
_OF_TICKET = (
    sa.select(MESSAGES).where(_M.ticket_id == bindparam("of_ticket"), _M.person.is_not(None)).order_by(_M.message_id)
)
_BURST = _OF_TICKET.where(
    _M.chat_id == bindparam("of_chat"),
    _M.person == bindparam("of_person"),
    _M.message_id >= bindparam("from_message"),
    _M.first.is_(False),
)
_ASKED_SINCE = sa.select(sa.func.count()).where(
    _M.chat_id == bindparam("of_chat"), _M.person == bindparam("of_person"), _M.asked, _M.at >= bindparam("since")
)
_ASK = sa.update(MESSAGES).where(_THIS).values(asked=True)
_RELINK = sa.update(MESSAGES).where(_THIS).values(ticket_id=bindparam("new_ticket"))
_REWORD = sa.update(MESSAGES).where(_THIS).values(text=bindparam("new_text"))


async def link(
    tx: Transaction,
    chat_id: int,
    message_id: int,
    ticket_id: int,
    *,
    person: str | None = None,
    album: str | None = None,
    first: bool = False,
    at: datetime,
    text: str = "",
) -> None:
    """This message belongs to the ticket from now on; without a person it is one of ours."""
    values = {
        "chat_id": chat_id,
        "message_id": message_id,
        "ticket_id": ticket_id,
        "person": person,
        "album": album,
        "first": first,
        "asked": False,
        "at": at,
        "text": text,
    }
    tx.collect(MESSAGES, _link_all, values)


async def at(tx: Transaction, chat_id: int, message_id: int) -> Link | None:
    """The message's link, if it belongs to a ticket."""
    row = (await tx.run(_AT, {"of_chat": chat_id, "of_message": message_id})).mappings().one_or_none()
    return None if row is None else Link(**row)


async def ticket_of_album(tx: Transaction, chat_id: int, album: str) -> int | None:
    """The ticket that the pictures of this album belong to."""
    found: int | None = (await tx.run(_OF_ALBUM, {"of_chat": chat_id, "of_album": album})).scalar_one_or_none()
    return found


async def of_ticket(tx: Transaction, ticket_id: int) -> list[Link]:
    """Every message of a person that belongs to the ticket."""
    return [Link(**row) for row in (await tx.run(_OF_TICKET, {"of_ticket": ticket_id})).mappings()]


async def burst(tx: Transaction, chat_id: int, person: str, ticket_id: int, from_message: int) -> list[Link]:
    """What the person added to the ticket in this chat from one message on."""
    values = {"of_chat": chat_id, "of_person": person, "of_ticket": ticket_id, "from_message": from_message}
    return [Link(**row) for row in (await tx.run(_BURST, values)).mappings()]


async def was_asked_since(tx: Transaction, chat_id: int, person: str, since: datetime) -> bool:
    """Whether a message of the person, not older than `since`, was asked about."""
    values = {"of_chat": chat_id, "of_person": person, "since": since}
    count: int = (await tx.run(_ASKED_SINCE, values)).scalar_one()
    return count > 0


async def asked(tx: Transaction, chat_id: int, message_id: int) -> None:
    """The person is being asked which ticket this message belongs to."""
    await tx.run(_ASK, {"of_chat": chat_id, "of_message": message_id})


async def relink(tx: Transaction, chat_id: int, message_id: int, ticket_id: int) -> None:
    """The message belongs to another ticket from now on."""
    await tx.run(_RELINK, {"of_chat": chat_id, "of_message": message_id, "new_ticket": ticket_id})


async def reword(tx: Transaction, chat_id: int, message_id: int, text: str) -> None:
    """The message was edited; its first wording stands in the ledger."""
    await tx.run(_REWORD, {"of_chat": chat_id, "of_message": message_id, "new_text": text})


async def _link_all(tx: Transaction, many: list[dict[str, Any]]) -> None:
    await tx.run(_LINK, many)
