"""From selectors to people and chats, by the roster of this moment."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from desk import cards
from desk.cards import Reader
from desk.house import Desk
from sla import notices
from sla.profile import GROUP, ON_DUTY
from sla.selectors import post_of, role_of
from sla.terms import Role
from sla.ticket import Ticket
from storage import groups, people
from storage.people import Person, RoleHeld

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
        return await _on_duty(desk, ticket.contract, role_of(selector), post_of(selector))
    else:
        return await people.holding(desk.tx, ticket.contract, selector)
    found = [await desk.person(key) for key in keys]
    return [person for person in found if person is not None and person.active]


async def _on_duty(desk: Desk, contract: str, role: str, post: str | None) -> Sequence[Person]:
    """Who is on duty at the post; else in the role; else whoever covers it from another; else everybody who could."""
    for keys in (
        await desk.on_duty(contract, role, post),
        await desk.on_duty(contract, role) if post else (),
        await _double_hats(desk, contract, role, post),
    ):
        if keys:
            return [person for person in [await desk.person(key) for key in keys] if person and person.active]
    holders = await people.holding(desk.tx, contract, role)
    asked = RoleHeld(contract=contract, role=role, post=post or "")
    return [one for one in holders if asked in one.roles] or holders


async def _double_hats(desk: Desk, contract: str, role: str, post: str | None) -> Sequence[str]:
    """Whoever is on duty at another post, where the contract lets that one cover this."""
    profile = desk.contract(contract).profile
    asked = [one for one in profile.posts if one.role == role and post in (None, one.post)]
    if not asked or not profile.roster.allow_double_hat or not all(one.double_hat for one in asked):
        return ()
    others = dict.fromkeys(one.role.value for one in profile.posts if one.role != role)
    return [key for other in others for key in await desk.on_duty(contract, other)]


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
