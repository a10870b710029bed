"""Second opinions: which tickets somebody outside is asked about, and what becomes of the answer."""

import contextlib
from dataclasses import dataclass, field

from desk import bundles, saving
from desk.house import Desk
from desk.incoming import SHARED
from sla import events
from sla.illegal import IllegalMove
from sla.ticket import Ticket
from sla.understanding import second
from storage import opinions, tickets


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked about one ticket: the few words that leave the house."""

    ticket: int
    words: str = field(repr=False)


async def wish(desk: Desk, ticket: Ticket) -> None:
    """Somebody may be asked about a ticket that was just opened, once its page has gone."""
    if desk.house.second_opinion and ticket.kind in second.KINDS and _words(ticket):
        await opinions.wish(desk.tx, ticket.id, ticket.contract, desk.now)


async def take(desk: Desk, most: int) -> list[Question]:
    """What may be asked now; nothing of a ticket whose level somebody has decided meanwhile."""
    ids = await opinions.claim(desk.tx, desk.now, desk.house.contracts, bundles.BUNDLE, most)
    found = await tickets.load_all(desk.tx, ids)
    asked = [Question(ticket=one.id, words=_words(one)) for one in found.values() if _is_open(one)]
    return [question for question in asked if question.words]


async def is_due(desk: Desk) -> bool:
    """Whether there is something to ask, or to drop, now."""
    return await opinions.is_due(desk.tx, desk.now, desk.house.contracts, bundles.BUNDLE)


async def is_any(desk: Desk) -> bool:
    """Whether anything is wished for, now or once its page has gone."""
    return await opinions.is_any(desk.tx)


async def suggest(desk: Desk, question: Question, answer: int) -> None:
    """Write the suggestion down; too late, or about words that were changed since, it is worth nothing."""
    ticket = await tickets.load(desk.tx, question.ticket)
    if ticket is None or ticket.contract not in desk.house.contracts or _words(ticket) != question.words:
        return
    terms = await desk.terms(ticket)
    fact = events.Suggested(at=desk.second, by=events.SECOND_OPINION, level=second.level(answer, terms))
    with contextlib.suppress(IllegalMove):  # somebody has decided meanwhile
        await saving.carry_out(desk, ticket, fact)


def _words(ticket: Ticket) -> str:
    """What was written; a place or somebody's telephone number that was shared is nobody's business."""
    return second.question("\n".join(line for line in ticket.text.split("\n") if not line.startswith(SHARED)))


def _is_open(ticket: Ticket) -> bool:
    return ticket.is_open and ticket.levelled_by is None
