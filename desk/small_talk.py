"""A bare "thank you" or "received" after a ticket is no report: it is kept with the ticket, and nobody is paged."""

import re
from collections.abc import Sequence
from datetime import timedelta

from desk import reports, sending
from desk.house import Desk
from desk.incoming import Message
from sla.ticket import Stage, Ticket
from storage import ledger, tickets
from storage.people import Person

_RECENT = timedelta(hours=24)
_LATEST = 5
_AROUND = re.compile(r"[\s,.!?~、，。！？～…]+")


async def take(desk: Desk, person: Person, contract: str, candidates: Sequence[Ticket], message: Message) -> bool:
    """Answer small talk; false if it is more than that, or if there is no recent ticket to which it can belong."""
    if message.items or not _is_small(desk, message.text):
        return False
    ticket = candidates[0] if candidates else await _recent(desk, person, contract, message)
    if ticket is None:
        return False
    await reports.keep(desk, person, ticket, message, first=False)
    await ledger.append(
        desk.tx,
        ticket.contract,
        ticket_id=ticket.id,
        kind="small_talk",
        at=message.at,
        noted_at=desk.now,
        by=person.key,
        data={"text": message.text},
    )
    markup = desk.say(person, "intake.small_talk", number=ticket.number)
    await sending.send_text(desk, ticket.contract, message.chat_id, markup, person=person, ticket=ticket)
    return True


def _is_small(desk: Desk, text: str) -> bool:
    """One such word, or several in a row (收到，谢谢); anything beside them makes it a report."""
    words = desk.house.words
    known = {one for language in words.languages for one in words.plain(language, "small_talk").split()}
    parts = [part for part in _AROUND.split(text.casefold()) if part]
    return bool(parts) and ("".join(parts) in known or known.issuperset(parts))


async def _recent(desk: Desk, person: Person, contract: str, message: Message) -> Ticket | None:
    latest = await tickets.of_person(desk.tx, person.key, _LATEST)
    mine = next((ticket for ticket in latest if ticket.contract == contract), None)
    if mine is None:
        return None
    ticket = await reports.merged_into(desk, mine)
    ended_at = ticket.closed_at or ticket.cleared_at or ticket.reported_at
    return ticket if ticket.stage is not Stage.VOID and message.at - ended_at < _RECENT else None
