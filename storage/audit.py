"""What the auditor asks of the database: counts over indexes, and single tickets only where a count is not enough."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import bindparam

from sla.escalation import Alarm
from sla.terms import Clock
from sla.ticket import Ticket
from storage import inbox, shapes
from storage.letters import Lane, State
from storage.schema import ALARMS, INBOX, LEDGER_HEADS, OUTBOX, TICKETS
from storage.transaction import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How many rows, since when the oldest of them waits, and which one that is."""

    count: int = 0
    since: datetime | None = None
    first: int | str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """The letters of one lane that wait: all of them, and those that have waited too long."""

    waiting: Tally = Tally()
    late: Tally = Tally()


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstPage:
    """When a report was written, when it was received, and when its first page was accepted."""

    letter_id: int
    reported_at: datetime
    received_at: datetime
    accepted_at: datetime


_A, _I, _O, _T = ALARMS.c, INBOX.c, OUTBOX.c, TICKETS.c
# By way of the contracts, because the index of open tickets begins with them; each contract has a head in the ledger.
_OPEN = (_T.contract.in_(sa.select(LEDGER_HEADS.c.contract)), _T.open == bindparam("open"))
_CLOCKLESS = (*_OPEN, ~sa.exists().where(_A.ticket_id == _T.id))
_CLOCKLESS_IDS = sa.select(_T.id, _T.version).where(*_CLOCKLESS)
_CLOCKLESS_AMONG = sa.select(_T.body).where(
    _T.id.in_(bindparam("ids", expanding=True)),
    _T.open == bindparam("open"),
    ~sa.exists().where(_A.ticket_id == _T.id),
)
_MOST = bindparam("most", type_=sa.Integer)
_BODIES_AMONG = sa.select(_T.body).where(_T.id.in_(bindparam("ids", expanding=True)), _T.open == bindparam("open"))
_ALARMS_AMONG = sa.select(_A.ticket_id, _A.clock, _A.due_at).where(_A.ticket_id.in_(bindparam("ids", expanding=True)))
_DUE_NEXT = sa.select(_A.ticket_id).where(_A.due_at >= bindparam("now")).order_by(_A.due_at).limit(_MOST)
_WITH_ALARMS = (
    sa.select(_A.ticket_id)
    .where(_A.ticket_id > bindparam("after"))
    .group_by(_A.ticket_id)
    .order_by(_A.ticket_id)
    .limit(_MOST)
)
_OPEN_BY_CONTRACT = sa.select(_T.contract, sa.func.count().label("many")).where(*_OPEN).group_by(_T.contract)
_OVERDUE = sa.select(sa.func.count().label("many"), sa.func.min(_A.due_at).label("since")).where(
    _A.due_at < bindparam("before")
)
_FIRST_OVERDUE = (
    sa.select(_T.number)
    .join(ALARMS, _A.ticket_id == _T.id)
    .where(_A.due_at < bindparam("before"))
    .order_by(_A.due_at)
    .limit(1)
)
# A letter waits from when it might go first; one that was put off by a failed try has waited all along.
_SINCE = sa.case((_O.attempts == 0, _O.next_at), else_=_O.created_at)
_LATE = sa.or_(*(sa.and_(_O.lane == int(lane), _SINCE < bindparam(f"before_{lane:d}")) for lane in Lane))
_QUEUES = (
    sa.select(
        _O.lane,
        sa.func.count().label("depth"),
        sa.func.min(_SINCE).label("since"),
        sa.func.min(_O.id).label("first"),
        sa.func.count(sa.case((_LATE, _O.id))).label("late"),
        sa.func.min(sa.case((_LATE, _SINCE))).label("late_since"),
        sa.func.min(sa.case((_LATE, _O.id))).label("late_first"),
    )
    .where(_O.state == State.NEW.value)
    .group_by(_O.lane)
)
_SENDING = sa.select(_O.id, _O.attempts).where(_O.state == State.SENDING.value)
_INBOX = sa.select(sa.func.count(), sa.func.min(_I.received_at), sa.func.min(_I.update_id))
_UNHANDLED = _INBOX.where(_I.state == inbox.State.NEW.value, _I.received_at < bindparam("before"))
_PUT_ASIDE = (
    sa.select(sa.func.count(), sa.func.min(_I.handled_at), sa.func.max(_I.update_id))
    .where(_I.state == inbox.State.POISON.value)
    .where(_I.handled_at >= bindparam("after"))
)
_POISON = sa.select(sa.func.count()).where(_I.state == inbox.State.POISON.value)
_URGENT = (
    sa.select(_O.ticket_id, _O.id, _O.created_at, _O.sent_at, _T.reported_at)
    .join(TICKETS, _T.id == _O.ticket_id)
    .where(_O.ticket_id.in_(bindparam("ids", expanding=True)), _O.lane <= int(Lane.URGENT))
    .order_by(_O.ticket_id, _O.id)
)


async def clockless(tx: Transaction) -> dict[int, int]:
    """Open tickets that have no alarm at all, each with its version."""
    return {row.id: row.version for row in await tx.run(_CLOCKLESS_IDS, {"open": True})}


async def clockless_among(tx: Transaction, ids: Collection[int]) -> list[Ticket]:
    """Those of these tickets that are open and have no alarm now."""
    bodies = (await tx.run(_CLOCKLESS_AMONG, {"ids": list(ids), "open": True})).scalars()
    return [shapes.load(Ticket, body) for body in bodies]


async def due_next(tx: Transaction, now: datetime, most: int) -> list[int]:
    """The tickets whose alarms come next: among them stand all that were just put off."""
    return list((await tx.run(_DUE_NEXT, {"now": now, "most": most})).scalars())


async def with_alarms(tx: Transaction, after: int, most: int) -> list[int]:
    """The next tickets that have any alarm, in the order of their ids."""
    return list((await tx.run(_WITH_ALARMS, {"after": after, "most": most})).scalars())


async def clocks_among(tx: Transaction, ids: Collection[int]) -> list[tuple[Ticket, list[Alarm]]]:
    """Those of these tickets that are open, each with the alarms that are kept for it."""
    kept: dict[int, list[Alarm]] = {}
    for row in await tx.run(_ALARMS_AMONG, {"ids": list(ids)}):
        kept.setdefault(row.ticket_id, []).append(Alarm(clock=Clock(row.clock), due_at=row.due_at))
    bodies = (await tx.run(_BODIES_AMONG, {"ids": list(ids), "open": True})).scalars()
    tickets = (shapes.load(Ticket, body) for body in bodies)
    return [(ticket, kept.get(ticket.id, [])) for ticket in tickets]


async def open_by_contract(tx: Transaction) -> dict[str, int]:
    """How many tickets are open under each contract that ever had one."""
    return {row.contract: row.many for row in await tx.run(_OPEN_BY_CONTRACT, {"open": True})}


async def overdue(tx: Transaction, before: datetime) -> Tally:
    """Alarms that should have rung before this instant; the first is its ticket's number."""
    row = (await tx.run(_OVERDUE, {"before": before})).one()
    first = (await tx.run(_FIRST_OVERDUE, {"before": before})).scalar_one_or_none() if row.many else None
    return Tally(count=row.many, since=row.since, first=first)


async def queues(tx: Transaction, late_before: Mapping[Lane, datetime]) -> dict[Lane, Queue]:
    """The letters that wait, by lane; late are those that have waited since before their lane's instant."""
    rows = await tx.run(_QUEUES, {f"before_{lane:d}": late_before[lane] for lane in Lane})
    return dict.fromkeys(Lane, Queue()) | {Lane(row.lane): _queue(row) for row in rows}


async def on_their_way(tx: Transaction) -> set[tuple[int, int]]:
    """The letters that are marked as being sent, each with the count of tries before this one."""
    return {(row.id, row.attempts) for row in await tx.run(_SENDING)}


async def unhandled(tx: Transaction, before: datetime) -> Tally:
    """Updates that were received before this instant and are not handled."""
    return _tally((await tx.run(_UNHANDLED, {"before": before})).one())


async def put_aside(tx: Transaction, after: datetime) -> Tally:
    """Updates that were put aside since this instant; the first is the newest."""
    return _tally((await tx.run(_PUT_ASIDE, {"after": after})).one())


async def poison(tx: Transaction) -> int:
    """How many updates lie aside, however old."""
    count: int = (await tx.run(_POISON)).scalar_one()
    return count


async def first_pages(tx: Transaction, ticket_ids: Collection[int]) -> list[FirstPage]:
    """The first page of each of these tickets that was accepted."""
    letters: dict[int, list[Any]] = {}
    for row in await tx.run(_URGENT, {"ids": list(ticket_ids)}):
        letters.setdefault(row.ticket_id, []).append(row)
    return [page for of_one in letters.values() if (page := _first_page(of_one)) is not None]


def _first_page(letters: Sequence[Any]) -> FirstPage | None:
    """A letter that had to be repeated was written late: the report was received when the first one was written."""
    first = min((row for row in letters if row.sent_at is not None), key=lambda row: row.sent_at, default=None)
    if first is None:
        return None
    return FirstPage(
        letter_id=first.id,
        reported_at=first.reported_at,
        received_at=min(row.created_at for row in letters),
        accepted_at=first.sent_at,
    )


def _queue(row: Any) -> Queue:
    return Queue(
        waiting=Tally(count=row.depth, since=row.since, first=row.first),
        late=Tally(count=row.late, since=row.late_since, first=row.late_first),
    )


def _tally(row: Any) -> Tally:
    count, since, first = row
    return Tally(count=count, since=since, first=first)
