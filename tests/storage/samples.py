"""Made-up rows, with only what a test wants to be different."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import Any

from sqlalchemy import text

from sla.decide import Outcome, decide
from sla.events import Event, Reported
from sla.terms import Clock, Kind, Ladder, Level, Pauses, Role, Terms
from sla.ticket import Stage, Ticket
from storage import alarms, ledger, outbox, tickets
from storage.letters import Letter
from storage.store import Store
from storage.transaction import Transaction

NOW = datetime(2026, 11, 21, 2, 30, 0, 123456, tzinfo=UTC)
BIG = 2**53 + 1  # larger than any 32-bit id, and than what a float holds


def minutes(count: int) -> datetime:
    """So many minutes after NOW."""
    return NOW + timedelta(minutes=count)


TERMS = Terms(
    contract="fire-line",
    levels={
        "major": Level(
            key="major",
            name="重大",
            kind=Kind.FAULT,
            rank=0,
            limits={
                Clock.RESPONSE: timedelta(minutes=10),
                Clock.ARRIVAL: timedelta(hours=1),
                Clock.HANDLING: timedelta(hours=4),
            },
        )
    },
    ladder=Ladder(
        page=("engineer",),
        warn_at=(Fraction(1, 2), Fraction(4, 5)),
        on_breach=("project_manager",),
        repeat_every=timedelta(minutes=5),
        then=("technical_lead",),
        repeats_before_then=2,
    ),
    pauses=Pauses(consent=(Role.SUPERVISING_OFFICER,), clocks=frozenset({Clock.HANDLING})),
)


def ticket(id: int = 1, **changes: Any) -> Ticket:
    """A ticket that was just reported."""
    plain: dict[str, Any] = {
        "contract": "fire-line",
        "number": f"FL-20261121-{id:03d}",
        "terms": "0" * 64,
        "kind": Kind.FAULT,
        "level": "major",
        "stage": Stage.REPORTED,
        "version": 1,
        "round_began": 1,
        "text": "三楼会商室大屏花屏",
        "reporter": "reporter-1",
        "channel": "chat",
        "reported_at": NOW,
        "received_at": minutes(1),
    }
    return Ticket(id=id, **(plain | changes))


def reported(id: int = 1, **changes: Any) -> Reported:
    """The fact that opens a ticket."""
    plain: dict[str, Any] = {
        "at": NOW,
        "by": "reporter-1",
        "contract": "fire-line",
        "number": f"FL-20261121-{id:03d}",
        "terms": "0" * 64,
        "kind": Kind.FAULT,
        "level": "major",
        "text": "三楼会商室大屏花屏",
        "channel": "chat",
        "received_at": minutes(1),
    }
    return Reported(ticket=id, **(plain | changes))


def letter(chat_id: int = 10, **changes: Any) -> Letter:
    """A letter that may go at NOW."""
    plain: dict[str, Any] = {
        "contract": "fire-line",
        "ticket_id": 1,
        "method": "send",
        "chat_id": chat_id,
        "payload": {"text": "新工单"},
        "purpose": "page",
        "next_at": NOW,
        "created_at": NOW,
    }
    return Letter(**(plain | changes))


async def put(store: Store, *many: Letter) -> list[int]:
    """The ids of these letters, which are put together."""

    async def work(tx: Transaction) -> None:
        for one in many:
            await outbox.put(tx, one)

    await store.write(work)
    return (await letter_ids(store))[-len(many) :]


async def put_one(tx: Transaction, one: Letter) -> int:
    """The id of this letter, in its own transaction."""
    await outbox.put(tx, one)
    return (await _letter_ids(tx))[-1]


async def letter_ids(store: Store) -> list[int]:
    """The ids of all letters."""
    return await store.read(_letter_ids)


async def _letter_ids(tx: Transaction) -> list[int]:
    return [row.id for row in await tx.run(text("SELECT id FROM outbox ORDER BY id"))]


async def happen(tx: Transaction, event: Event, now: datetime, id: int | None = None) -> Outcome:
    """What the event makes of the ticket, kept as the desk keeps it."""
    before = None if id is None else await tickets.load(tx, id)
    outcome = decide(before, event, TERMS, now)
    if before is None:
        await tickets.insert(tx, outcome.ticket)
    else:
        await tickets.save(tx, outcome.ticket, before.version)
    await alarms.replace(tx, outcome.ticket, outcome.alarms)
    await ledger.append_facts(tx, outcome.ticket, outcome.entries)
    return outcome
