"""What may go now, taken from the outbox and made ready in one transaction."""

from collections.abc import Sequence

from desk import bundles, cards, command_menu, delivery
from desk.cards import CARD
from desk.delivery import Parcel
from desk.house import Desk
from storage import outbox
from storage.outbox import Letter, Room

Load = tuple[Letter, Parcel | None]
_BEHIND = 200  # how many waiting letters are looked at for what can be told together


async def take(desk: Desk, room: Room) -> list[Load]:
    """Letters to be sent; what is true no longer is put away, and a wave is told in one message."""
    loads: list[Load] = []
    while not loads and (taken := await outbox.claim(desk.tx, desk.now, room)):
        loads = await _made_ready(desk, taken)
    return loads


async def _made_ready(desk: Desk, taken: Sequence[Letter]) -> list[Load]:
    await cards.read_all(desk, [letter.ticket_id for letter in taken if letter.ticket_id and letter.method == CARD])
    waves = [letter for letter in taken if bundles.may(letter)]
    behind = await outbox.behind(desk.tx, waves, desk.now, _BEHIND)
    loads: list[Load] = []
    for letter in taken:
        whole = await bundles.gather(desk, letter, behind[letter.id]) if letter.id in behind else letter
        if whole.method == command_menu.METHOD:
            loads.append((whole, None))
        elif (parcel := await delivery.prepare(desk, whole)) is not None:
            loads.append((whole, parcel))
    return loads
