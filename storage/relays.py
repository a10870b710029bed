"""Texts that go to people by further ways, beside or in the stead of a letter; each is one attempt at one person."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy import bindparam

from storage.schema import RELAYS
from storage.transaction import Transaction

WAKE = "relays"


class State(StrEnum):
    """What became of a text."""

    NEW = "new"
    SENDING = "sending"
    SENT = "sent"
    UNCERTAIN = "uncertain"
    DEAD = "dead"
    SUPERSEDED = "superseded"


@dataclass(frozen=True, slots=True, kw_only=True)
class Relay:
    """One text to one person by one way. `further` names the ways that are left if this one fails.

    `letter_id` is the letter it is sent for; `beside` says that the letter itself is expected to arrive, too. What is
    not about a ticket is about a row of another table, which the purpose names.
    """

    id: int = 0
    contract: str
    ticket_id: int | None = None
    about: int | None = None
    person: str
    way: str
    kind: str
    further: Sequence[str] = ()
    purpose: str
    clock: str | None = None
    version: int = 0
    urgent: bool = False
    letter_id: int | None = None
    beside: bool = False
    repeat: bool = False
    text: str = ""
    state: State = State.NEW
    attempts: int = 0
    next_at: datetime
    created_at: datetime
    taken_at: datetime | None = None
    sent_at: datetime | None = None
    error: str = ""


FIELDS = tuple(field.name for field in fields(Relay))

_R = RELAYS.c
_RELAYS = sa.select(*(_R[name] for name in FIELDS))
_INSERT = sa.insert(RELAYS).returning(_R.id)
_ON_ITS_WAY = RELAYS.alias("on_its_way")
_FREE = ~sa.exists().where(
    _ON_ITS_WAY.c.person == _R.person, _ON_ITS_WAY.c.way == _R.way, _ON_ITS_WAY.c.state == State.SENDING.value
)
_DUE = (
    _RELAYS.where(_R.state == State.NEW.value, _R.next_at <= bindparam("now"), _FREE)
    .order_by(_R.urgent.desc(), _R.id)
    .limit(1)
    .with_for_update(skip_locked=True)
)
_WITH_IT = (
    _RELAYS.where(_R.state == State.NEW.value, _R.person == bindparam("person"), _R.way == bindparam("way"))
    .order_by(_R.id)
    .with_for_update(skip_locked=True)
)
_TAKE = (
    sa.update(RELAYS)
    .where(_R.id.in_(bindparam("ids", expanding=True)))
    .values(state=State.SENDING.value, taken_at=bindparam("now"))
)
_SETTLE = (
    sa.update(RELAYS)
    .where(_R.id.in_(bindparam("ids", expanding=True)))
    .values(state=bindparam("new_state"), sent_at=bindparam("new_sent_at"), error=bindparam("new_error"))
)
_AGAIN = (
    sa.update(RELAYS)
    .where(_R.id == bindparam("of_id"))
    .values(
        state=State.NEW.value,
        next_at=bindparam("new_next_at"),
        error=bindparam("new_error"),
        attempts=_R.attempts + 1,
    )
)
_WORD = sa.update(RELAYS).where(_R.id.in_(bindparam("ids", expanding=True))).values(text=bindparam("new_text"))
_LAST_TAKEN = sa.select(sa.func.max(_R.taken_at)).where(
    _R.person == bindparam("person"),
    _R.way == bindparam("way"),
    _R.state.in_([State.SENDING.value, State.SENT.value, State.UNCERTAIN.value]),
)
_ASTRAY = _RELAYS.where(_R.state == State.SENDING.value, _R.taken_at <= bindparam("before")).order_by(_R.id)
_NEXT = sa.select(sa.func.min(_R.next_at)).where(_R.state == State.NEW.value, _FREE)
_OF_TICKET = _RELAYS.where(_R.ticket_id == bindparam("ticket_id")).order_by(_R.id)


async def put(tx: Transaction, relay: Relay) -> int:
    """Keep a text for the relay; says its id."""
    tx.wake(WAKE)
    row = {name: getattr(relay, name) for name in FIELDS if name != "id"}
    row |= {"further": list(relay.further), "state": relay.state.value}
    id_: int = (await tx.run(_INSERT, row)).scalar_one()
    return id_


async def claim(tx: Transaction, now: datetime) -> list[Relay]:
    """Take what may go now to one person by one way, everything that waits there at once; nobody else gets it."""
    due = await _relays(tx, _DUE, {"now": now})
    if not due:
        return []
    first = due[0]
    taken = await _relays(tx, _WITH_IT, {"person": first.person, "way": first.way})
    await tx.run(_TAKE, {"ids": [relay.id for relay in taken], "now": now})
    return [replace(relay, state=State.SENDING, taken_at=now) for relay in taken]


async def settle(tx: Transaction, ids: Collection[int], state: State, now: datetime, *, error: str = "") -> None:
    """Say what became of these texts."""
    sent_at = now if state is State.SENT else None
    values = {"ids": list(ids), "new_state": state.value, "new_sent_at": sent_at, "new_error": error}
    await tx.run(_SETTLE, values)
    tx.wake(WAKE)  # the way is free again


async def again(tx: Transaction, id: int, next_at: datetime, error: str) -> None:
    """Try this text again from `next_at` on."""
    await tx.run(_AGAIN, {"of_id": id, "new_next_at": next_at, "new_error": error})
    tx.wake(WAKE)


async def word(tx: Transaction, ids: Collection[int], text: str) -> None:
    """This is what is said for all of these: what is kept is what is sent."""
    await tx.run(_WORD, {"ids": list(ids), "new_text": text})


async def last_taken(tx: Transaction, person: str, way: str) -> datetime | None:
    """When somebody was last written to by this way."""
    taken: datetime | None = (await tx.run(_LAST_TAKEN, {"person": person, "way": way})).scalar_one()
    return taken


async def astray(tx: Transaction, before: datetime) -> list[Relay]:
    """Texts that somebody began to send at or before this instant, and of which nothing was heard."""
    return await _relays(tx, _ASTRAY, {"before": before})


async def next_at(tx: Transaction) -> datetime | None:
    """When the earliest of the waiting texts may go whose way is free."""
    earliest: datetime | None = (await tx.run(_NEXT)).scalar_one()
    return earliest


async def of_ticket(tx: Transaction, ticket_id: int) -> list[Relay]:
    """Every text that was ever meant to be sent about the ticket, in order."""
    return await _relays(tx, _OF_TICKET, {"ticket_id": ticket_id})


async def _relays(tx: Transaction, statement: sa.Select[Any], values: Mapping[str, Any]) -> list[Relay]:
    return [
        Relay(**{**row, "state": State(row["state"]), "further": tuple(row["further"])})
        for row in (await tx.run(statement, values)).mappings()
    ]
