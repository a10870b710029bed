"""Half-filled forms: a question that a chat still has to answer survives a restart."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import bindparam

from storage.dialects import all_but, upsert
from storage.schema import FORMS
from storage.transaction import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """What one person is being asked in one chat, and what has been answered so far."""

    person: str
    chat_id: int
    purpose: str
    ticket_id: int | None = None
    field: str = ""
    data: Mapping[str, str]
    made_at: datetime


_F = FORMS.c
_PUT = upsert(FORMS, "person", "chat_id", take=all_but("person", "chat_id"))
_GET = sa.select(FORMS).where(_F.person == bindparam("person"), _F.chat_id == bindparam("chat_id"))
_DROP = sa.delete(FORMS).where(_F.person == bindparam("person"), _F.chat_id == bindparam("chat_id"))
_OF_TICKET = sa.select(FORMS).where(_F.ticket_id == bindparam("ticket_id")).order_by(_F.made_at, _F.person, _F.chat_id)


async def put(tx: Transaction, form: Form) -> None:
    """This is what the person is asked in the chat now, instead of anything before."""
    values = {name: getattr(form, name) for name in Form.__dataclass_fields__}
    await tx.run(_PUT, values | {"data": dict(form.data)})


async def get(tx: Transaction, person: str, chat_id: int) -> Form | None:
    """What the person is being asked in the chat, if anything."""
    row = (await tx.run(_GET, {"person": person, "chat_id": chat_id})).mappings().one_or_none()
    return None if row is None else Form(**row)


async def drop(tx: Transaction, person: str, chat_id: int) -> None:
    """The person is asked nothing in the chat any more."""
    await tx.run(_DROP, {"person": person, "chat_id": chat_id})


async def of_ticket(tx: Transaction, ticket_id: int) -> list[Form]:
    """Who is being asked something about the ticket, the oldest first."""
    return [Form(**row) for row in (await tx.run(_OF_TICKET, {"ticket_id": ticket_id})).mappings()]
