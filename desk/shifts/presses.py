"""The way of one press around a change of shift, to the one function that answers it."""

from collections.abc import Awaitable, Callable, Mapping

from desk.errors import Refusal
from desk.house import Desk
from desk.shifts import attendance, card, consent, data, orders, swap_menu, taking_over, vacancy
from desk.shifts.data import PREFIX, Pressed
from storage.people import Person

__all__ = ["PREFIX", "press"]

_DOES: Mapping[str, Callable[[Desk, Pressed], Awaitable[str]]] = {
    card.ACCEPT: taking_over.accept,
    card.REMARK: taking_over.ask_remark,
    card.ALL: taking_over.give_all,
    attendance.HERE: attendance.here,
    vacancy.STAND_IN: orders.by_alarm,
    orders.RECEIVE: orders.receive,
    swap_menu.PICK: swap_menu.pick,
    swap_menu.WHO: swap_menu.who,
    swap_menu.COVER: swap_menu.cover,
    swap_menu.EXCHANGE: swap_menu.exchange,
    swap_menu.OTHER: swap_menu.other,
    consent.AGREE: consent.agree,
    consent.REFUSE: consent.refuse,
    consent.WITHDRAW: consent.withdraw,
}


async def press(desk: Desk, person: Person, pressed_data: str) -> str:
    """Do what the button asks for, and answer in one sentence."""
    pressed = data.read(person, pressed_data)
    if pressed.verb not in _DOES:
        raise Refusal("refuse.shift_button")
    return await _DOES[pressed.verb](desk, pressed)
