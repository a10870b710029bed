"""The canary: a ticket that the house opens for itself, on the real way, under a contract of its own.

Nobody has a role under that contract, so its tickets stand in no list, no score and no count; it has numbers and a
ledger of its own, so the real ones have no hole. It pages one test chat and nobody else.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from desk import administrators, saving
from desk.house import Contract, Desk
from desk.incoming import PRIVATE
from desk.words import Html, length
from sla.events import Acknowledged, Deed, Reported, Voided
from sla.profile import Profile
from storage import notes, outbox, shapes, tickets
from storage.outbox import State
from storage.people import Person

SLUG = BY = "canary"
PREFIX = "CANARY"
AUDIENCE = "vendor"
_LEVEL = "selftest"
_RETRY = 10  # after a failure the next try comes after so many limits, if it is not due before


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How often, how long the page may take, and under which contract the administrators are told."""

    contract: str
    every: timedelta
    limit: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Flight:
    """Where the canary is: when it flies next, when it last came back, and the ticket that is on its way."""

    next_at: datetime
    ok_at: datetime | None = None
    failing: bool = False
    ticket: int | None = None
    opened_at: datetime | None = None


def contract(name: str, zone: str, limit: timedelta) -> Contract:
    """The contract of the canary alone. Its own limit comes after the plan's: no clock speaks before we do."""
    seconds = int(limit.total_seconds()) * 2
    profile = {
        "slug": SLUG,
        "name": name,
        "ticket_prefix": PREFIX,
        "timezone": zone,
        "levels": {_LEVEL: {"name": name, "response": f"{seconds}s"}},
        "escalation": {
            "page": [f"group:{AUDIENCE}"],
            "warn_at": [],
            "on_breach": ["admin"],
            "repeat_every": f"{seconds}s",
        },
    }
    return Contract.of(Profile.model_validate(profile))


async def step(desk: Desk, plan: Plan) -> Flight:
    """Do whatever is due: let it fly, see it come back, or give it up. Of several replicas one does it."""
    kept = await notes.take(desk.tx, SLUG)
    was = shapes.load(Flight, json.loads(kept)) if kept else Flight(next_at=desk.now)
    now = await _moved(desk, plan, was)
    if now != was or not kept:
        await notes.put(desk.tx, SLUG, shapes.canonical(shapes.dump(now)))
    return now


async def _moved(desk: Desk, plan: Plan, flight: Flight) -> Flight:
    if flight.ticket is None or flight.opened_at is None:
        # A clock that was set back must not keep it in its cage.
        due = desk.now >= flight.next_at or flight.next_at - desk.now > plan.every
        return await _fly(desk, plan, flight) if due else flight
    if await _was_accepted(desk, flight.ticket):
        await _end(desk, flight.ticket, Acknowledged(at=desk.second, by=BY), _voided(desk, "canary.back"))
        if flight.failing:
            await _tell(desk, plan, "admin.canary_back")
        return replace(flight, ok_at=desk.now, failing=False, ticket=None, opened_at=None)
    if abs(desk.now - flight.opened_at) <= plan.limit:
        return flight
    await _end(desk, flight.ticket, _voided(desk, "canary.lost"))
    if not flight.failing:
        await _tell(desk, plan, "admin.canary_lost")
    next_at = min(flight.next_at, desk.now + _RETRY * plan.limit)
    return replace(flight, failing=True, ticket=None, opened_at=None, next_at=next_at)


async def _fly(desk: Desk, plan: Plan, flight: Flight) -> Flight:
    served = desk.contract(SLUG)
    level = served.terms.levels[_LEVEL]
    day = desk.now.astimezone(served.profile.zone).date()
    ticket_id, number = await tickets.allocate(desk.tx, SLUG, PREFIX, day)
    report = Reported(
        at=desk.second,
        by=BY,
        ticket=ticket_id,
        contract=SLUG,
        number=number,
        terms=served.digest,
        kind=level.kind,
        level=level.key,
        text=desk.house.words.plain(desk.house.language, "canary.text"),
        channel=PRIVATE,
        received_at=desk.now,
    )
    await saving.carry_out(desk, None, report)
    return replace(flight, ticket=ticket_id, opened_at=desk.now, next_at=desk.now + plan.every)


async def _was_accepted(desk: Desk, ticket_id: int) -> bool:
    return any(letter.state is State.SENT for letter in await outbox.of_ticket(desk.tx, ticket_id))


async def _end(desk: Desk, ticket_id: int, *deeds: Deed) -> None:
    for deed in deeds:
        ticket = await tickets.load(desk.tx, ticket_id)
        if ticket is not None and ticket.is_open:
            await saving.carry_out(desk, ticket, deed)  # type: ignore[arg-type]  # both are events


def _voided(desk: Desk, reason: str) -> Voided:
    return Voided(at=desk.second, by=BY, reason=desk.house.words.plain(desk.house.language, reason))


async def _tell(desk: Desk, plan: Plan, key: str) -> None:
    def say(person: Person, contracts: Sequence[str]) -> Html:
        return desk.say(person, key, limit=length(desk.house.words, desk.language_of(person), plan.limit))

    await administrators.tell_all(desk, say, [plan.contract])
