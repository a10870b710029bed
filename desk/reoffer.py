"""After a long outage: one quiet list for each person who has to act next, instead of a card for each ticket."""

from collections.abc import Sequence

from desk import buttons, canary, cards, lists, recipients
from desk.access import Act
from desk.buttons import Button
from desk.house import Desk
from desk.outages import Outage
from desk.words import Html, moment
from sla.ticket import Stage, Ticket
from storage import tickets
from storage.outbox import Lane, Letter
from storage.people import Person

_MOST, _LOOKED_AT = 10, 200
_WITH_THE_BUREAU = frozenset({Stage.UNDER_TEST})


async def bundles(desk: Desk, outage: Outage) -> Sequence[Letter]:
    """The lists as letters: presses may have been lost meanwhile, and whoever pressed in vain looks here again."""
    bound: dict[str, tuple[Person, list[Ticket]]] = {}
    served = [contract for contract in desk.house.contracts if contract != canary.SLUG]
    for ticket in await tickets.open_in(desk.tx, served, _LOOKED_AT):
        for person in await _next_to_act(desk, ticket):
            bound.setdefault(person.key, (person, []))[1].append(ticket)
    return [await _letter(desk, outage, person, theirs) for person, theirs in bound.values()]


async def _next_to_act(desk: Desk, ticket: Ticket) -> Sequence[Person]:
    """Who has to do the next thing: the handler, those who were paged, or whoever has to test."""
    if ticket.stage in _WITH_THE_BUREAU:
        selectors = [f"person:{key}" for key in ticket.reporters]
    elif ticket.handler:
        selectors = [f"person:{ticket.handler}"]
    else:
        selectors = list((await desk.terms(ticket)).ladder.page)
    reached = await recipients.resolve(desk, ticket, selectors)
    return [reader.person for reader in reached.readers if reader.person is not None]


async def _letter(desk: Desk, outage: Outage, person: Person, theirs: Sequence[Ticket]) -> Letter:
    zone = desk.contract(theirs[0].contract).profile.zone
    since, until = moment(outage.since, zone, desk.now), moment(outage.until, zone, desk.now)
    lines = [desk.say(person, "list.after_outage", n=len(theirs), since=since, until=until)]
    lines += [await lists.line(desk, person, ticket) for ticket in theirs[:_MOST]]
    rows = tuple((Button(label=one.number, data=buttons.data_of(one, Act.SHOW)),) for one in theirs[:_MOST])
    return Letter(
        contract=theirs[0].contract,
        ticket_id=None,
        lane=Lane.INFO,
        method="send",
        chat_id=person.telegram_id or 0,
        person=person.key,
        payload={"html": Html("\n".join(lines)), "buttons": cards.plain_rows(rows), "silent": True},
        purpose="list",
        next_at=desk.now,
        created_at=desk.now,
    )
