"""Letters to chats: written with what they tell of, sent by the courier later, kept as evidence."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy import bindparam

from storage import errors, letters
from storage.letters import ANY_ROOM, Lane, Letter, Room, State
from storage.replicas import WHOLE, Share
from storage.schema import OUTBOX, REPLICAS
from storage.shapes import JSON
from storage.transaction import Transaction

__all__ = [
    "CARD",
    "WAKE",
    "Lane",
    "Letter",
    "Room",
    "State",
    "become",
    "behind",
    "claim",
    "claimable_at",
    "has_strays",
    "is_in_doubt",
    "left_sending",
    "next_at",
    "of_ticket",
    "overtake",
    "pending",
    "put",
    "put_card",
    "retry",
    "rewrite",
    "settle",
    "supersede",
]

WAKE = "outbox"
CARD = "card"

_O = OUTBOX.c
_LETTERS = sa.select(*(_O[name] for name in letters.FIELDS))
_INSERT = sa.insert(OUTBOX)
_COALESCE = (
    sa.update(OUTBOX)
    .where(
        _O.ticket_id == bindparam("of_ticket"),
        _O.chat_id == bindparam("of_chat"),
        _O.purpose == CARD,
        _O.state == bindparam("while_state"),
    )
    .values(
        payload=bindparam("new_payload"),
        version=bindparam("new_version"),
        lane=sa.case((_O.lane < bindparam("new_lane"), _O.lane), else_=bindparam("new_lane")),
        # A card that was never posted cannot be edited; one that has to be posted anew must be.
        method=sa.case((_O.method == "send", _O.method), else_=bindparam("new_method")),
    )
)
# Of each chat at most one letter: none while one of it is on its way, and in its lane none before an earlier one.
_ON_ITS_WAY = OUTBOX.alias("on_its_way")
_EARLIER = OUTBOX.alias("earlier")
# A time further off than any pause that is ever made was written before the clock was set back: nobody waits for it.
_LONGEST_PAUSE = timedelta(minutes=5)
_DUE = sa.or_(_O.next_at <= bindparam("now"), _O.next_at > bindparam("beyond"))
# The chats of one replica among several: what paces a chat is in one place.
_SHARE = sa.func.abs(_O.chat_id) % bindparam("of") == bindparam("rank")
_CLAIM = (
    _LETTERS.where(
        _O.state == State.NEW.value,
        _DUE,
        _O.chat_id.not_in(bindparam("closed_to_all", expanding=True)),
        sa.or_(_O.lane <= Lane.GRAVE.value, _O.chat_id.not_in(bindparam("closed_to_urgent", expanding=True))),
        sa.or_(_O.lane <= Lane.URGENT.value, _O.chat_id.not_in(bindparam("closed_to_others", expanding=True))),
        _SHARE,
        ~sa.exists().where(_ON_ITS_WAY.c.state == State.SENDING.value, _ON_ITS_WAY.c.chat_id == _O.chat_id),
        ~sa.exists().where(
            _EARLIER.c.state == State.NEW.value,
            _EARLIER.c.chat_id == _O.chat_id,
            _EARLIER.c.lane == _O.lane,
            _EARLIER.c.id < _O.id,
        ),
    )
    .order_by(_O.lane, _O.id)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True, key_share=True)
)
_BEHIND = (
    _LETTERS.where(
        _O.state == State.NEW.value,
        sa.tuple_(_O.chat_id, _O.lane).in_(bindparam("places", expanding=True)),
        _DUE,
    )
    .order_by(_O.id)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True, key_share=True)
)
_TAKE = (
    sa.update(OUTBOX)
    .where(_O.id.in_(bindparam("ids", expanding=True)))
    .values(state=bindparam("new_state"), holder=bindparam("new_holder"))
)
# Only whoever carries a letter says what became of it: a replica that was paused and goes on may find that it is not
# its own any more.
_HELD = sa.and_(_O.id == bindparam("of_id"), _O.holder.is_not_distinct_from(bindparam("of_holder")))
_SETTLE = (
    sa.update(OUTBOX)
    .where(_HELD)
    .values(
        holder=None,
        state=bindparam("new_state"),
        settled_at=bindparam("now"),
        sent_at=bindparam("new_sent_at"),
        message_id=sa.func.coalesce(bindparam("new_message", type_=_O.message_id.type), _O.message_id),
        error=bindparam("new_error"),
    )
)
_RETRY = (
    sa.update(OUTBOX)
    .where(_HELD)
    .values(
        holder=None,
        state=bindparam("new_state"),
        next_at=bindparam("new_next_at"),
        error=bindparam("new_error"),
        attempts=_O.attempts + 1,
    )
)
_REWRITE = sa.update(OUTBOX).where(_HELD).values(payload=bindparam("new_payload"))
_TURNED = ("method", "payload", "purpose", "clock", "version")
_BECOME = sa.update(OUTBOX).where(_HELD).values({name: bindparam(f"new_{name}") for name in _TURNED})
_SENDING = _O.state == State.SENDING.value
_NOBODYS = ~sa.exists().where(REPLICAS.c.name == _O.holder)
_LEFT = _LETTERS.where(_SENDING, sa.or_(_O.holder.is_not_distinct_from(bindparam("of_holder")), _NOBODYS)).order_by(
    _O.lane, _O.id
)
_STRAYS = sa.select(sa.exists().where(_SENDING, _NOBODYS))
_OF_TICKET = _LETTERS.where(_O.ticket_id == bindparam("ticket_id")).order_by(_O.id)
_LAST_CARD = (
    sa.select(_O.state)
    .where(
        _O.ticket_id == bindparam("ticket_id"),
        _O.chat_id == bindparam("of_chat"),
        _O.purpose == CARD,
        _O.state.in_([State.SENT.value, State.UNCERTAIN.value]),
    )
    .order_by(_O.id.desc())
    .limit(1)
)
_NEXT = sa.select(sa.func.min(_O.next_at)).where(_O.state == bindparam("state"), _SHARE)
_CLAIMABLE = _NEXT.where(
    ~sa.exists().where(
        _EARLIER.c.state == State.NEW.value,
        _EARLIER.c.chat_id == _O.chat_id,
        _EARLIER.c.lane == _O.lane,
        _EARLIER.c.id < _O.id,
    )
)
_PENDING = sa.select(sa.func.count()).select_from(OUTBOX).where(_O.state.in_([State.NEW.value, State.SENDING.value]))
_SUPERSEDE = (
    sa.update(OUTBOX)
    .where(
        _O.ticket_id == bindparam("of_ticket"),
        _O.state == bindparam("while_state"),
        _O.purpose.in_(bindparam("purposes", expanding=True)),
    )
    .values(state=bindparam("new_state"))
)

_OVERTAKE = _SUPERSEDE.where(_O.chat_id == bindparam("of_chat"), _O.clock == bindparam("of_clock"))


async def put(tx: Transaction, letter: Letter) -> None:
    """Keep a letter for the courier; letters of one transaction are written together, in their order."""
    tx.wake(WAKE)
    tx.collect(OUTBOX, _put_all, letter)


async def put_card(tx: Transaction, letter: Letter, *, first: bool = False) -> None:
    """Keep a letter with a ticket's card; one that still waits for the same chat is brought up to date instead.

    Before the `first` card of a new ticket none can wait in the database.
    """
    tx.wake(WAKE)
    collected = tx.collected(OUTBOX, _put_all)
    for place, other in enumerate(collected):
        if other.purpose == CARD and (other.ticket_id, other.chat_id) == (letter.ticket_id, letter.chat_id):
            method = other.method if other.method == "send" else letter.method
            collected[place] = replace(letter, lane=min(other.lane, letter.lane), method=method)
            return
    if first or not await _coalesced(tx, letter):
        tx.collect(OUTBOX, _put_all, letter)


async def claim(tx: Transaction, now: datetime, room: Room = ANY_ROOM) -> list[Letter]:
    """Take letters that may go now, by lane and in each chat one after the other; nobody else gets them."""
    values = {
        "now": now,
        "beyond": now + _LONGEST_PAUSE,
        "most": room.most * len(Lane),
        "closed_to_all": list(room.closed_to_all),
        "closed_to_urgent": list(room.closed_to_urgent),
        "closed_to_others": list(room.closed_to_others),
        **room.share.values(),
    }
    taken: dict[int, Letter] = {}
    for letter in await _letters(tx, _CLAIM, values):
        if letter.chat_id not in taken and room.allows(letter, taken.values()):
            taken[letter.chat_id] = replace(letter, state=State.SENDING, holder=room.holder)
    if taken:
        ids = [letter.id for letter in taken.values()]
        await tx.run(_TAKE, {"ids": ids, "new_state": State.SENDING.value, "new_holder": room.holder})
    return list(taken.values())


async def behind(tx: Transaction, letters: Collection[Letter], now: datetime, most: int) -> dict[int, list[Letter]]:
    """What waits behind each of these letters in its chat and lane and may go now, in order, by the letter's id."""
    first = {(letter.chat_id, int(letter.lane)): letter.id for letter in letters}
    found: dict[int, list[Letter]] = {letter.id: [] for letter in letters}
    values = {"places": list(first), "now": now, "beyond": now + _LONGEST_PAUSE, "most": most}
    for letter in await _letters(tx, _BEHIND, values) if first else ():
        found[first[letter.chat_id, int(letter.lane)]].append(letter)
    return found


async def settle(
    tx: Transaction,
    id: int,
    state: State,
    now: datetime,
    *,
    message_id: int | None = None,
    error: str = "",
    holder: str | None = None,
) -> None:
    """Say what became of the letter; `TakenOver` if it is not this holder's any more."""
    values = {
        "of_id": id,
        "of_holder": holder,
        "new_state": state.value,
        "now": now,
        "new_sent_at": now if state is State.SENT else None,
        "new_message": message_id,
        "new_error": error,
    }
    tx.collect(OUTBOX, _settle_all, values)


async def retry(tx: Transaction, id: int, next_at: datetime, error: str, *, holder: str | None = None) -> None:
    """Try this letter again from `next_at` on; what follows it in its chat and lane waits."""
    values = {"of_id": id, "of_holder": holder, "new_state": State.NEW.value}
    await _change(tx, _RETRY, values | {"new_next_at": next_at, "new_error": error})
    tx.wake(WAKE)


async def rewrite(tx: Transaction, id: int, payload: Mapping[str, JSON], *, holder: str | None = None) -> None:
    """The letter says this now: what is kept is what is sent."""
    await _change(tx, _REWRITE, {"of_id": id, "of_holder": holder, "new_payload": dict(payload)})


async def become(tx: Transaction, letter: Letter) -> None:
    """The letter with this id says something else now: what is kept is what is sent."""
    values = {f"new_{name}": value for name, value in letters.to_row(letter).items() if name in _TURNED}
    await _change(tx, _BECOME, {"of_id": letter.id, "of_holder": letter.holder, **values})


async def left_sending(tx: Transaction, holder: str | None = None) -> list[Letter]:
    """Letters that this holder, or one who is no longer there, began to send."""
    return await _letters(tx, _LEFT, {"of_holder": holder})


async def has_strays(tx: Transaction) -> bool:
    """Whether there are letters on their way whose holder is no longer there."""
    return bool((await tx.run(_STRAYS)).scalar_one())


async def next_at(tx: Transaction, share: Share = WHOLE) -> datetime | None:
    """When the earliest of the waiting letters may go."""
    earliest: datetime | None = (await tx.run(_NEXT, {"state": State.NEW.value} | share.values())).scalar_one()
    return earliest


async def claimable_at(tx: Transaction) -> datetime | None:
    """When the earliest of the waiting letters may go that no other one in its chat and lane holds up."""
    earliest: datetime | None = (await tx.run(_CLAIMABLE, {"state": State.NEW.value} | WHOLE.values())).scalar_one()
    return earliest


async def pending(tx: Transaction) -> int:
    """How many letters are not finished."""
    count: int = (await tx.run(_PENDING)).scalar_one()
    return count


async def of_ticket(tx: Transaction, ticket_id: int) -> list[Letter]:
    """Every letter that was ever written about the ticket, in order."""
    return await _letters(tx, _OF_TICKET, {"ticket_id": ticket_id})


async def is_in_doubt(tx: Transaction, ticket_id: int, chat_id: int) -> bool:
    """Whether nobody knows if the last card of the ticket that went to this chat has arrived."""
    last = await tx.run(_LAST_CARD, {"ticket_id": ticket_id, "of_chat": chat_id})
    return last.scalar_one_or_none() == State.UNCERTAIN.value


async def overtake(tx: Transaction, letter: Letter, purposes: Collection[str]) -> None:
    """Of several such letters that wait for one chat about one clock of a ticket, only the newest is to be sent."""
    values = {
        "of_ticket": letter.ticket_id,
        "of_chat": letter.chat_id,
        "of_clock": letter.clock,
        "while_state": State.NEW.value,
        "purposes": list(purposes),
        "new_state": State.SUPERSEDED.value,
    }
    await tx.run(_OVERTAKE, values)


async def supersede(tx: Transaction, ticket_id: int, purposes: Collection[str]) -> int:
    """Waiting letters of these purposes are true no longer; says how many there were."""
    values = {
        "of_ticket": ticket_id,
        "while_state": State.NEW.value,
        "purposes": list(purposes),
        "new_state": State.SUPERSEDED.value,
    }
    return (await tx.run(_SUPERSEDE, values)).rowcount


async def _put_all(tx: Transaction, many: list[Letter]) -> None:
    await tx.run(_INSERT, [letters.to_row(letter) for letter in many])


async def _settle_all(tx: Transaction, many: list[Mapping[str, Any]]) -> None:
    changed = (await tx.run(_SETTLE, many)).rowcount
    if tx.dialect == "postgresql" and changed != len(many):  # on SQLite there is nobody else
        raise errors.TakenOver


async def _coalesced(tx: Transaction, letter: Letter) -> bool:
    values = {
        "of_ticket": letter.ticket_id,
        "of_chat": letter.chat_id,
        "while_state": State.NEW.value,
        "new_payload": letter.payload,
        "new_version": letter.version,
        "new_lane": int(letter.lane),
        "new_method": letter.method,
    }
    return (await tx.run(_COALESCE, values)).rowcount > 0


async def _change(tx: Transaction, statement: sa.Update, values: Mapping[str, Any]) -> None:
    if (await tx.run(statement, values)).rowcount != 1:
        raise errors.TakenOver


async def _letters(tx: Transaction, statement: sa.Select[Any], values: Mapping[str, Any]) -> list[Letter]:
    return [letters.from_row(row) for row in (await tx.run(statement, values)).mappings()]
