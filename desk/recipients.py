"""From selectors to people and chats, by the roster of this moment."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from desk import cards
from desk.cards import Reader
from desk.house import Desk
from sla import notices
from sla.profile import GROUP, ON_DUTY
from sla.terms import Role
from sla.ticket import Ticket
from storage import groups, people
from storage.people import Person

_PERSON = "person:"


@dataclass(slots=True)
class Reached:
    """Who can be told, and who cannot."""

    readers: list[Reader] = field(default_factory=list)
    unreached: list[str] = field(default_factory=list)

    def add(self, person: Person) -> None:
        """Sort a person by whether the bot can write to them; once only."""
        if person.telegram_id is not None and person.reachable:
            if all(reader.chat_id != person.telegram_id for reader in self.readers):
                self.readers.append(Reader(chat_id=person.telegram_id, person=person))
        elif person.key not in self.unreached:
            self.unreached.append(person.key)


async def resolve(desk: Desk, ticket: Ticket, selectors: Iterable[str]) -> Reached:
    """Everybody whom these selectors mean now."""
    reached = Reached()
    for selector in dict.fromkeys(selectors):
        if selector.startswith(GROUP):
            for group in await groups.of_contract(desk.tx, ticket.contract):
                if group.audience == selector.removeprefix(GROUP):
                    reached.readers.append(Reader(chat_id=group.chat_id, audience=group.audience))
        elif selector == notices.REPORTER:
            await _reporter(desk, ticket, reached)
        else:
            for person in await _people(desk, ticket, selector):
                reached.add(person)
    return reached


async def admins(desk: Desk, contract: str) -> list[Person]:
    """Who looks after the bot under this contract."""
    return [person for person in await people.holding(desk.tx, contract, Role.ADMIN.value) if person.active]


async def _people(desk: Desk, ticket: Ticket, selector: str) -> Sequence[Person]:
    if selector == notices.HANDLER:
        keys: Sequence[str] = [ticket.handler] if ticket.handler else []
    elif selector.startswith(_PERSON):
        keys = [selector.removeprefix(_PERSON)]
    elif selector.startswith(ON_DUTY):
        role = selector.removeprefix(ON_DUTY)
        keys = await desk.on_duty(ticket.contract, role)
        if not keys:
            return await people.holding(desk.tx, ticket.contract, role)
    else:
        return await people.holding(desk.tx, ticket.contract, selector)
    found = [await desk.person(key) for key in keys]
    return [person for person in found if person is not None and person.active]


async def _reporter(desk: Desk, ticket: Ticket, reached: Reached) -> None:
    """Everybody who reported it, in private; where the report came from a group, the groups that show its card."""
    in_group = False
    if ticket.channel == "group":
        for chat_id in await cards.shown(desk, ticket.id):
            group = await groups.by_chat(desk.tx, chat_id)
            if group is not None:
                reached.readers.append(Reader(chat_id=chat_id, audience=group.audience))
                in_group = True
    for key in ticket.also_reported_by if in_group else ticket.reporters:
        person = await desk.person(key)
        if person is not None:
            reached.add(person)
