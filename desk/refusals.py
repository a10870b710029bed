"""Why not: each refusal is one sentence that names the next step."""

from desk import buttons, cards
from desk.access import Act
from desk.errors import Refusal
from desk.house import Desk
from desk.pressed import Pressed
from sla.illegal import IllegalMove
from storage.people import Person


async def illegal(desk: Desk, person: Person, act: Act, error: IllegalMove) -> Refusal:
    """Why the state forbids it, in a sentence that names the next step."""
    ticket = error.ticket
    if ticket is None:
        return Refusal("refuse.button")
    language = desk.language_of(person)
    facts = {
        "number": ticket.number,
        "act": buttons.labelled(desk.house.words, language, ticket, act).label,
        "state": cards.state_name(desk, ticket, language),
        "handler": await desk.name(ticket.handler),
    }
    special = f"illegal.{act.value}_{ticket.state.value}"
    general = f"illegal.{act.value}"
    if act is Act.ACKNOWLEDGE and ticket.handler:
        return Refusal("illegal.taken_by_you" if ticket.handler == person.key else "illegal.taken", **facts)
    key = next((key for key in (special, general) if desk.house.words.has(key)), "illegal.any")
    return Refusal(key, **facts)


def not_allowed(desk: Desk, pressed: Pressed) -> Refusal:
    """The person may not do this."""
    language = desk.language_of(pressed.person)
    act = buttons.labelled(desk.house.words, language, pressed.ticket, pressed.press.act).label
    if pressed.press.act is Act.CONFIRM and pressed.person.key in pressed.ticket.handlers:
        return Refusal("refuse.own_work", act=act)
    key = f"refuse.may_not_{pressed.press.act.value}"
    return Refusal(key if desk.house.words.has(key) else "refuse.may_not", act=act)
