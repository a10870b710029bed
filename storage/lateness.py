"""Urgent letters that the Bot API has not taken in time, and whether anything is taken at all."""

from collections.abc import Collection
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy import bindparam

from storage import letters
from storage.letters import Lane, Letter, State
from storage.schema import OUTBOX, TICKETS
from storage.transaction import Transaction

_DOUBTFUL_FOR = timedelta(hours=1)
_NEARBY = 500  # letters written shortly before; a chat's older ones have no bearing
_O, _T = OUTBOX.c, TICKETS.c
_LATER, _HERE = OUTBOX.alias("later"), OUTBOX.alias("here")
_WAITING = sa.and_(
    _O.lane <= int(Lane.URGENT),
    _O.moved_on_at.is_(None),
    _O.ticket_id.is_not(None),
    _O.purpose.in_(bindparam("purposes", expanding=True)),
    sa.or_(
        _O.state.in_([State.NEW.value, State.SENDING.value]),
        sa.and_(_O.state == State.UNCERTAIN.value, _O.created_at > bindparam("doubtful_since")),
    ),
)
_ARRIVED_SINCE = sa.exists().where(
    _LATER.c.ticket_id == _O.ticket_id,
    _LATER.c.chat_id == _O.chat_id,
    _LATER.c.purpose == _O.purpose,
    _LATER.c.state == State.SENT.value,
    _LATER.c.id > _O.id,
)
# A chat that took something urgent since is reached, and only has much to take; what is gravest does not wait for that.
_CHAT_TAKES = sa.exists().where(
    _HERE.c.state == State.SENT.value,
    _HERE.c.chat_id == _O.chat_id,
    _HERE.c.lane <= int(Lane.URGENT),
    _HERE.c.id > _O.id - _NEARBY,
    _HERE.c.sent_at >= _O.created_at,
)
_GRAVEST = sa.exists().where(_T.id == _O.ticket_id, _T.level.in_(bindparam("levels", expanding=True)))
_LATE = sa.and_(_WAITING, _O.created_at <= bindparam("before"), ~_ARRIVED_SINCE, sa.or_(~_CHAT_TAKES, _GRAVEST))
_FIRST_LATE = (
    sa.select(*(_O[name] for name in letters.FIELDS))
    .where(_LATE)
    .order_by(sa.case((_GRAVEST, 0), else_=1), _O.id)
    .limit(1)
    .with_for_update(skip_locked=True, of=OUTBOX)
)
_ANY_LATE = sa.select(sa.exists().where(_LATE))
_OLDEST = sa.select(sa.func.min(_O.created_at)).where(_WAITING, _O.created_at > bindparam("since"))
_MOVE_ON = (
    sa.update(OUTBOX)
    .where(
        _O.ticket_id == bindparam("of_ticket"),
        _O.chat_id == bindparam("of_chat"),
        _O.purpose == bindparam("of_purpose"),
        _O.lane <= int(Lane.URGENT),
        _O.moved_on_at.is_(None),
    )
    .values(moved_on_at=bindparam("now"))
)
_MOVED_ON = sa.select(
    sa.exists().where(
        _O.ticket_id == bindparam("of_ticket"),
        _O.chat_id == bindparam("of_chat"),
        _O.purpose == bindparam("of_purpose"),
        _O.id >= bindparam("first"),
        _O.id <= bindparam("last"),
        _O.moved_on_at.is_not(None),
    )
)
_STATE = sa.select(_O.state).where(_O.id == bindparam("of_id"))
_NEWEST = sa.select(sa.func.max(_O.id)).where(
    _O.ticket_id == bindparam("of_ticket"), _O.chat_id == bindparam("of_chat"), _O.lane <= int(Lane.URGENT)
)
_TAKEN_AFTER = sa.select(sa.exists().where(_O.id > bindparam("of_id"), _O.state == State.SENT.value))


async def is_any(
    tx: Transaction, now: datetime, patience: timedelta, purposes: Collection[str], levels: Collection[str]
) -> bool:
    """Whether `first` would find a letter."""
    found: bool = (await tx.run(_ANY_LATE, _bounds(now, patience, purposes, levels))).scalar_one()
    return found


async def first(
    tx: Transaction, now: datetime, patience: timedelta, purposes: Collection[str], levels: Collection[str]
) -> Letter | None:
    """The urgent letter that has waited longer than that and was not moved on from, the gravest levels first."""
    row = (await tx.run(_FIRST_LATE, _bounds(now, patience, purposes, levels))).mappings().one_or_none()
    return None if row is None else letters.from_row(row)


async def oldest_since(tx: Transaction, since: datetime, purposes: Collection[str]) -> datetime | None:
    """When the oldest of the urgent letters was written that still wait and are younger than that."""
    values = {"since": since, "doubtful_since": since, "purposes": list(purposes)}
    oldest: datetime | None = (await tx.run(_OLDEST, values)).scalar_one()
    return oldest


async def move_on(tx: Transaction, letter: Letter, now: datetime) -> None:
    """Others take over from this letter and from its repeats; it goes on being tried, but no one is called for it."""
    values = {
        "of_ticket": letter.ticket_id,
        "of_chat": letter.chat_id,
        "of_purpose": letter.purpose,
        "now": now,
    }
    await tx.run(_MOVE_ON, values)


async def was_moved_on(tx: Transaction, letter: Letter) -> bool:
    """Whether others took over from this letter, or from the one that it repeats."""
    values = {
        "of_ticket": letter.ticket_id,
        "of_chat": letter.chat_id,
        "of_purpose": letter.purpose,
        "first": 0 if letter.payload.get("repeat") else letter.id,
        "last": letter.id,
    }
    found: bool = (await tx.run(_MOVED_ON, values)).scalar_one()
    return found


async def has_arrived(tx: Transaction, letter_id: int) -> bool:
    """Whether the Bot API took this letter."""
    return (await tx.run(_STATE, {"of_id": letter_id})).scalar_one_or_none() == State.SENT.value


async def newest_urgent(tx: Transaction, ticket_id: int, chat_id: int) -> int | None:
    """The urgent letter about a ticket that was written to a chat last."""
    newest: int | None = (await tx.run(_NEWEST, {"of_ticket": ticket_id, "of_chat": chat_id})).scalar_one()
    return newest


async def line_lives(tx: Transaction, letter_id: int) -> bool:
    """Whether the Bot API took anything that was written after this letter: then it is this chat that is stuck."""
    found: bool = (await tx.run(_TAKEN_AFTER, {"of_id": letter_id})).scalar_one()
    return found


def _bounds(
    now: datetime, patience: timedelta, purposes: Collection[str], levels: Collection[str]
) -> dict[str, object]:
    return {
        "before": now - patience,
        "doubtful_since": now - _DOUBTFUL_FOR,
        "purposes": list(purposes),
        "levels": list(levels),
    }
