"""How services stand, in words: used, left, owed; the same to vendor and bureau, in the chat and at the terminal."""

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial

from desk import access
from desk.access import Command
from desk.errors import Refusal
from desk.house import Desk
from desk.words import Html
from sla import services
from sla.services import Record, Service, Verdict
from storage import services as kept
from storage.people import Person

Say = Callable[..., str]


def today(desk: Desk, contract: str) -> date:
    """The contract's own date."""
    return desk.now.astimezone(desk.contract(contract).profile.zone).date()


def served(desk: Desk, person: Person, command: Command) -> list[tuple[str, Service]]:
    """The services under whose contracts the person may use a command, in the order of the files."""
    return [
        (slug, row)
        for slug in access.contracts(person, desk.house.contracts)
        if access.may_use(person, command, [slug])
        for row in desk.contract(slug).profile.service_rows
    ]


async def quota(desk: Desk, person: Person) -> Html:
    """Every service of the person's contracts."""
    rows = served(desk, person, Command.QUOTA)
    if not rows:
        raise Refusal("quota.none")
    say = partial(desk.house.words.html, desk.language_of(person))
    lines: list[str] = []
    for slug in dict.fromkeys(slug for slug, _ in rows):
        lines.append(say("quota.contract", name=desk.contract(slug).profile.name))
        records = await kept.of_contract(desk.tx, slug)
        lines += [line(say, row, records, today(desk, slug)) for one, row in rows if one == slug]
    return Html("\n".join(lines))


def line(say: Say, service: Service, records: Sequence[Record], day: date) -> str:
    """One service on one day, in one line."""
    stands = services.standing(service, records, day)
    if stands is None:
        return say("quota.outside", name=service.name, first=service.starts, last=service.ends)
    facts = {"unit": service.unit, "day": stands.next_due}
    parts = [
        say(
            "quota.line",
            name=service.name,
            count=stands.count,
            unit=service.unit,
            first=stands.period.begin,
            last=stands.period.last,
            confirmed=stands.confirmed,
            left=stands.left,
        )
    ]
    if stands.waiting:
        parts.append(say("quota.waiting", n=stands.waiting, **facts))
    if stands.planned:
        parts.append(say("quota.planned", n=stands.planned, **facts))
    if service.full_round and stands.left:
        rounds, rest = divmod(stands.left, service.full_round)
        parts.append(say("quota.rounds", n=rounds, each=service.full_round, rest=rest, **facts))
    if service.even:
        parts.append(say("quota.due_now", n=stands.due_now, **facts))
    if stands.overdue:
        parts.append(say("quota.overdue", n=stands.overdue, **facts))
    elif stands.next_due is not None:
        parts.append(say("quota.next", **facts))
    if stands.used > stands.count:
        parts.append(say("quota.over", n=stands.used - stands.count, **facts))
    return say("quota.and").join(parts)


def record_line(say: Say, service: Service, record: Record, *, minimal: bool = False) -> str:
    """One record: when, how many, and what the bureau said."""
    people = say("service.people", n=record.people) if record.people else ""
    remark = say("service.remark", text=record.remark) if record.remark and not minimal else ""
    corrects = say("service.corrects", id=record.corrects) if record.corrects else ""
    return say(
        "service.line",
        id=record.id,
        name=service.name,
        day=record.day,
        amount=record.amount,
        unit=service.unit,
        people=people,
        remark=remark,
        corrects=corrects,
        state=_state(say, record),
    )


def _state(say: Say, record: Record) -> str:
    if record.planned:
        return say("service.state_planned")
    if record.verdict is None:
        return say("service.state_waiting")
    return say("service.state_confirmed" if record.verdict is Verdict.CONFIRMED else "service.state_refused")
