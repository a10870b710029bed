"""The equipment list on a ticket's card: what is proposed, what was picked, and what the bureau has judged."""

from collections.abc import Sequence

from desk import buttons
from desk.access import Act
from desk.buttons import Button, Rows
from desk.house import Desk
from desk.words import Html
from sla.devices import Chosen, Device, Index, Match, Scope
from sla.terms import Kind, Terms
from sla.ticket import Stage, Ticket
from storage import devices
from storage.people import Person

NOWHERE = "-"  # in a button's data: the device stands in no row
_LONGEST_SECTION = 14
_EMPTY = Index(())


async def index(desk: Desk, contract: str) -> Index:
    """The contract's list as it counts today; an empty one if it has none."""
    served = desk.house.contracts.get(contract)
    if served is None or served.profile.ledger is None:
        return _EMPTY
    if contract not in desk.lists:
        today = desk.now.astimezone(served.profile.zone).date()
        desk.lists[contract] = await devices.index(desk.tx, contract, today)
    return desk.lists[contract]


async def lines(desk: Desk, ticket: Ticket, language: str) -> list[Html]:
    """What the card says of device and cover; nothing where the contract has no list and nobody judged."""
    words = desk.house.words
    said = []
    if ticket.device is not None:
        said.append(_picked(desk, ticket.device, language))
    elif await _is_asked(desk, ticket):
        found = (await index(desk, ticket.contract)).search(ticket.text)
        said.append(words.html(language, "card.device_open" if found else "card.device_unknown"))
    if ticket.covered is not None:
        key = "card.covered" if ticket.covered else "card.not_covered"
        said.append(words.html(language, key, name=await desk.name(ticket.cover_judged_by)))
    elif ticket.device is not None and ticket.is_open:
        said.append(words.html(language, f"card.propose_{ticket.device.cover.value}"))
    return said


async def rows(desk: Desk, ticket: Ticket, terms: Terms, person: Person | None, audience: str) -> Rows:
    """The buttons that pick the device in one tap, and then those of the bureau's judgement."""
    if desk.house.minimal or not await _is_asked(desk, ticket):
        return ()
    words, language = desk.house.words, desk.language_of(person)
    found = (await index(desk, ticket.contract)).search(ticket.text)
    drawn: Rows = ()
    if ticket.device is None and buttons.shown(Act.DEVICE, ticket, terms, person, audience):
        further = buttons.button(words, language, ticket, Act.FIND_DEVICE)
        drawn = (*choices(ticket, found), (further, nowhere(desk, ticket, language)))
    if ticket.covered is None and (ticket.device is not None or not found):
        acts = [act for act in (Act.COVERED, Act.NOT_COVERED) if buttons.shown(act, ticket, terms, person, audience)]
        judging = tuple(buttons.button(words, language, ticket, act) for act in acts)
        drawn += (judging,) if judging else ()
    return drawn


def choices(ticket: Ticket, found: Sequence[Match]) -> Rows:
    """A button for each row that may be meant; names repeat, so its section stands beside it."""
    return tuple(
        (Button(label=_label(match.device), data=buttons.data_of(ticket, Act.DEVICE, match.device.code)),)
        for match in found
    )


def nowhere(desk: Desk, ticket: Ticket, language: str) -> Button:
    """The button for what stands in no row."""
    label = desk.house.words.plain(language, "card.nowhere")
    return Button(label=label, data=buttons.data_of(ticket, Act.DEVICE, NOWHERE))


def name_of(desk: Desk, device: Chosen, language: str) -> str:
    """What to call what was picked."""
    return device.name or desk.house.words.plain(language, "card.nowhere")


async def _is_asked(desk: Desk, ticket: Ticket) -> bool:
    """Whether there is a list to pick from, and a fault that is not signed off yet."""
    asked = ticket.kind is Kind.FAULT and ticket.is_open and ticket.stage is not Stage.CLEARED
    return asked and bool((await index(desk, ticket.contract)).devices)


def _picked(desk: Desk, device: Chosen, language: str) -> Html:
    words = desk.house.words
    if device.scope is Scope.UNLISTED:
        return words.html(language, "card.device_nowhere")
    count = "" if device.quantity is None else f"{device.quantity} {device.unit}"
    facts = {"name": device.name, "section": device.section, "seq": device.seq, "count": count}
    return words.html(language, "card.device_counted" if count else "card.device", **facts)


def _label(device: Device) -> str:
    section = device.section.rpartition(" / ")[2]
    short = section if len(section) <= _LONGEST_SECTION else f"{section[: _LONGEST_SECTION - 1]}…"
    return f"{device.name} · {short}" if short else device.name
