"""What those who look after the bot are told: each of them once, however many contracts they look after."""

from collections.abc import Callable, Sequence

from desk import recipients, sending
from desk.house import Desk
from desk.words import Html
from storage.people import Person

Saying = Callable[[Person, Sequence[str]], Html]


async def tell_all(desk: Desk, say: Saying, contracts: Sequence[str] | None = None) -> None:
    """Say something to every administrator who can be reached, in one message over all contracts that are theirs."""
    theirs: dict[int, tuple[Person, list[str]]] = {}
    for contract in desk.house.contracts if contracts is None else contracts:
        for person in await recipients.admins(desk, contract):
            if person.telegram_id is not None and person.reachable:
                theirs.setdefault(person.telegram_id, (person, []))[1].append(contract)
    for chat, (person, slugs) in theirs.items():
        await sending.send_text(desk, slugs[0], chat, say(person, slugs), person=person, purpose="admin")
