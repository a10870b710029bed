"""Spans in which clocks stand still: the agreed pause, and the declared transmission-network fault."""

from dataclasses import replace
from datetime import datetime

from sla import events
from sla.illegal import IllegalMove, require
from sla.terms import Terms
from sla.ticket import WORKING, Ask, AskKind, Hold, HoldKind, Ticket

REASONS = ("awaiting_client_hardware", "carrier_fault", "third_party_fault", "force_majeure", "other")
OWN_WORDS = "other"


def may_be_reason(reason: str, terms: Terms) -> bool:
    """Whether a pause may have this reason: any words, unless the contract names the reasons and "other" is not one."""
    named = terms.pauses.reasons
    return bool(reason) and (not named or reason in named or OWN_WORDS in named)


def ask_pause(ticket: Ticket, fact: events.PauseAsked, terms: Terms) -> Ticket:
    """The clocks go on until the bureau agrees."""
    fit = ticket.ask(AskKind.PAUSE) is None and may_be_reason(fact.reason, terms)
    require(fit and _can_stop(ticket), ticket, fact)
    ask = Ask(kind=AskKind.PAUSE, by=fact.by, at=fact.at, version=ticket.version + 1, value=fact.reason)
    return replace(ticket, asks=(*ticket.asks, ask))


def refuse_pause(ticket: Ticket, fact: events.PauseRefused) -> Ticket:
    """The question is answered, nothing stood still."""
    require(ticket.is_open and ticket.ask(AskKind.PAUSE) is not None, ticket, fact)
    return _without_pause_ask(ticket)


def pause(ticket: Ticket, fact: events.Paused, terms: Terms) -> Ticket:
    """From here the contract's pausable clocks stand still."""
    require(_can_stop(ticket) and may_be_reason(fact.reason, terms), ticket, fact)
    hold = Hold(kind=HoldKind.PAUSE, began_at=fact.at, reason=fact.reason, confirmed=True)
    return replace(_without_pause_ask(ticket), holds=(*ticket.holds, hold))


def resume(ticket: Ticket, fact: events.Resumed) -> Ticket:
    """The pause ends."""
    hold = ticket.hold
    require(ticket.is_open and hold is not None and hold.kind is HoldKind.PAUSE, ticket, fact)
    return _ended(ticket, fact.at)


def declare_transmission(ticket: Ticket, fact: events.TransmissionDeclared, terms: Terms) -> Ticket:
    """The clocks stand still at the declaration, not before, until the bureau answers."""
    require(terms.pauses.transmission and _can_stop(ticket), ticket, fact)
    hold = Hold(kind=HoldKind.TRANSMISSION, began_at=fact.at, reason=fact.reason)
    return replace(ticket, holds=(*ticket.holds, hold))


def confirm_transmission(ticket: Ticket, fact: events.TransmissionConfirmed) -> Ticket:
    """The bureau agrees; the hold stays until it is handed back."""
    return _answered(ticket, fact, confirmed=True, refused=False)


def refuse_transmission(ticket: Ticket, fact: events.TransmissionRefused) -> Ticket:
    """The bureau does not agree: the hold counts for nothing, also when it was handed back before."""
    return _answered(ticket, fact, confirmed=False, refused=True)


def return_transmission(ticket: Ticket, fact: events.TransmissionReturned) -> Ticket:
    """The transmission network is back."""
    hold = ticket.hold
    require(ticket.is_open and hold is not None and hold.kind is HoldKind.TRANSMISSION, ticket, fact)
    return _ended(ticket, fact.at)


def unanswered_transmission(ticket: Ticket) -> Hold | None:
    """The declaration that the bureau has not answered yet, if any."""
    waiting = (hold for hold in ticket.holds if hold.kind is HoldKind.TRANSMISSION)
    return next((hold for hold in waiting if not hold.confirmed and not hold.refused), None)


def _can_stop(ticket: Ticket) -> bool:
    return ticket.stage in WORKING and ticket.hold is None


def _without_pause_ask(ticket: Ticket) -> Ticket:
    return replace(ticket, asks=tuple(ask for ask in ticket.asks if ask.kind is not AskKind.PAUSE))


def _ended(ticket: Ticket, at: datetime) -> Ticket:
    return _put(ticket, ticket.hold, ended_at=at)


def _answered(ticket: Ticket, fact: events.Deed, *, confirmed: bool, refused: bool) -> Ticket:
    hold = unanswered_transmission(ticket)
    if hold is None or not ticket.is_open:
        raise IllegalMove(ticket, fact)
    ended_at = (hold.ended_at or fact.at) if refused else hold.ended_at
    return _put(ticket, hold, ended_at=ended_at, confirmed=confirmed, refused=refused)


def _put(
    ticket: Ticket,
    hold: Hold | None,
    *,
    ended_at: datetime | None,
    confirmed: bool | None = None,
    refused: bool = False,
) -> Ticket:
    if hold is None:
        return ticket
    agreed = hold.confirmed if confirmed is None else confirmed
    changed = replace(hold, ended_at=ended_at, confirmed=agreed, refused=refused)
    return replace(ticket, holds=tuple(changed if held is hold else held for held in ticket.holds))
