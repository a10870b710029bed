"""What may go now, taken from the outbox and made ready in one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from desk import bundles, cards, command_menu, delivery
from desk.cards import CARD
from desk.delivery import Parcel
from desk.house import Desk
from storage import outbox
from storage.outbox import Letter, Room

Load = tuple[Letter, Parcel | None]
_BEHIND = 200  # how many waiting letters are looked at for what can be told together


@dataclass(frozen=True, slots=True)
class Taken:
    """Letters to be sent, and those that were put away because they are true no longer."""

    loads: list[Load] = field(default_factory=list)
    put_away: list[Letter] = field(default_factory=list)


async def take(desk: Desk, room: Room) -> Taken:
    """What there is room for; a wave is told in one message."""
    taken = Taken()
    while not taken.loads and (letters := await outbox.claim(desk.tx, desk.now, room)):
        await _make_ready(desk, letters, taken)
    return taken


async def _make_ready(desk: Desk, letters: Sequence[Letter], taken: Taken) -> None:
    await cards.read_all(desk, [letter.ticket_id for letter in letters if letter.ticket_id and letter.method == CARD])
    behind = await outbox.behind(desk.tx, [letter for letter in letters if bundles.may(letter)], desk.now, _BEHIND)
    for letter in letters:
        whole = await bundles.gather(desk, letter, behind[letter.id]) if letter.id in behind else letter
        if whole.method == command_menu.METHOD:
            taken.loads.append((whole, None))
        elif (parcel := await delivery.prepare(desk, whole)) is not None:
            taken.loads.append((whole, parcel))
        else:
            taken.put_away.append(whole)
