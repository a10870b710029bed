"""Buttons: what stands in their data, and which a person gets on a ticket's card."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from desk import access, wording
from desk.access import Act
from desk.words import Words
from sla import escalation, holds, paths, record, visits
from sla.paths import Step
from sla.terms import Clock, Terms
from sla.ticket import WORKING, AskKind, Stage, Ticket
from storage.people import Person

LIMIT_BYTES = 64
_LEVELS_IN_A_ROW = 4
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_PREFIX = "t"
ASKS: Mapping[Act, AskKind] = {
    Act.AGREE_LOWER: AskKind.LOWER_LEVEL,
    Act.REFUSE_LOWER: AskKind.LOWER_LEVEL,
    Act.AGREE_PAUSE: AskKind.PAUSE,
    Act.REFUSE_PAUSE: AskKind.PAUSE,
}
_LEVELLED = WORKING | {Stage.REPORTED, Stage.UNDER_TEST}
_NUMBER = re.compile("0|[1-9a-z][0-9a-z]{0,12}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    """One button: what it says, and what comes back when it is pressed."""

    label: str
    data: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Press:
    """What a ticket's button asks for, as it was drawn at one version of the ticket."""

    ticket: int
    act: Act
    version: int
    value: str = ""


Rows = tuple[tuple[Button, ...], ...]


def data_of(ticket: Ticket, act: Act, value: str = "") -> str:
    """The data of a button: the ticket, and the version from which on the button means what it means now.

    Telegram allows 64 bytes.
    """
    asked = ticket.ask(ASKS[act]) if act in ASKS else None
    since = asked.version if asked else ticket.round_began
    parts = (_PREFIX, base36(ticket.id), act.value, base36(since), value)
    data = ":".join(parts).rstrip(":")
    if len(data.encode()) > LIMIT_BYTES:
        raise ValueError(f"button data too long: {act}")
    return data


def read(data: str) -> Press | None:
    """What the data of a press asks for; nothing if it was not drawn by this desk."""
    parts = data.split(":", 4)
    if len(parts) < 4 or parts[0] != _PREFIX or parts[2] not in set(Act):
        return None
    ticket, version = from_base36(parts[1]), from_base36(parts[3])
    if not ticket or version is None or version >= 2**31:
        return None
    return Press(ticket=ticket, act=Act(parts[2]), version=version, value=parts[4] if len(parts) > 4 else "")


def button(words: Words, language: str, ticket: Ticket, act: Act, value: str = "", key: str = "") -> Button:
    """A button with its label from the catalogue."""
    return Button(label=words.plain(language, key or f"act.{act.value}"), data=data_of(ticket, act, value))


def of_card(ticket: Ticket, terms: Terms, words: Words, language: str, viewer: Person | None, audience: str) -> Rows:
    """The buttons of one card: what its reader may do now. A group's card shows what its audience may do."""
    rows = [*_work_rows(ticket, terms), *_bureau_rows(ticket, terms)]
    drawn = []
    for row in rows:
        allowed = [act for act in row if shown(act, ticket, terms, viewer, audience)]
        if allowed:
            drawn.append(tuple(labelled(words, language, ticket, act) for act in allowed))
    levelling = may_level(ticket, terms, viewer, audience)
    asked = _levels(ticket, terms, words, language, _doubted(ticket, terms)) if levelling else ()
    other = [key for key in _ranked(terms) if key not in _doubted(ticket, terms)] if levelling else []
    levels = _levels(ticket, terms, words, language, other)
    narrow = len(levels) > _LEVELS_IN_A_ROW
    in_a_row = -(-len(levels) // 2) if narrow else len(levels)
    further = (levels[place : place + in_a_row] for place in range(0, len(levels), in_a_row or 1))
    return (*((asked,) if asked else ()), *drawn, *further)


def more(ticket: Ticket, terms: Terms, words: Words, language: str, viewer: Person) -> Rows:
    """The rarer buttons, one below the other."""
    rare = (
        *(Act.TRANSMISSION, Act.MERGE, Act.NOTE, Act.WAIVE_VISIT, Act.VOID, Act.LOCATE),
        *(Act.FIND_DEVICE, Act.COVERED, Act.NOT_COVERED),
    )
    possible = [act for act in rare if is_possible(act, ticket, terms) and access.may_do(viewer, act, ticket, terms)]
    return tuple((button(words, language, ticket, act),) for act in possible)


def is_possible(act: Act, ticket: Ticket, terms: Terms) -> bool:
    """Whether the ticket's state gives this button a meaning; `sla` has the last word."""
    working = ticket.stage in WORKING and ticket.hold is None
    on_the_way = working and ticket.stage in visits.ON_THE_WAY
    knows = paths.PATHS[ticket.kind]
    match act:
        case Act.ACKNOWLEDGE:
            return ticket.stage is Stage.REPORTED or (ticket.stage in WORKING and ticket.offered_to is not None)
        case Act.TAKE_CALL:
            return bool(escalation.open_calls(ticket, terms))
        case Act.SET_OUT:
            return on_the_way and ticket.stage is not Stage.EN_ROUTE and Step.VISIT in knows
        case Act.ARRIVE:
            return on_the_way and Step.VISIT in knows
        case Act.REQUEST_VISIT:
            return visits.can_be_requested(ticket, terms)
        case Act.WAIVE_VISIT:
            return visits.can_be_waived(ticket, terms)
        case Act.FIX_REMOTELY:
            return on_the_way and Step.REPAIR in knows
        case Act.LOCATE:
            return working and Step.REPAIR in knows and ticket.located_at is None
        case Act.REPAIR:
            return working and Step.DONE in knows and not visits.is_needed(ticket, terms)
        case Act.MEETING_WENT_WELL | Act.MEETING_INTERRUPTED:
            return working and Step.MEETING in knows
        case Act.ANSWER:
            return Step.ANSWER in knows and (ticket.stage is Stage.REPORTED or working)
        case Act.CONFIRM | Act.REJECT:
            return ticket.stage is Stage.UNDER_TEST
        case Act.PAUSE:
            return working and ticket.ask(AskKind.PAUSE) is None
        case Act.RESUME:
            return ticket.state is Stage.PAUSED
        case Act.AGREE_PAUSE:
            return working and ticket.ask(AskKind.PAUSE) is not None
        case Act.REFUSE_PAUSE:
            return ticket.is_open and ticket.ask(AskKind.PAUSE) is not None
        case Act.AGREE_LOWER | Act.REFUSE_LOWER:
            return ticket.stage in _LEVELLED and ticket.ask(AskKind.LOWER_LEVEL) is not None
        case Act.TRANSMISSION:
            return working and terms.pauses.transmission
        case Act.CONFIRM_TRANSMISSION | Act.REFUSE_TRANSMISSION:
            return ticket.is_open and holds.unanswered_transmission(ticket) is not None
        case Act.RETURN_TRANSMISSION:
            return ticket.state is Stage.TRANSFERRED
        case Act.HAND_OVER:
            return ticket.stage in WORKING | {Stage.REPORTED}
        case Act.CALL_UP:
            return ticket.stage in WORKING | {Stage.REPORTED}
        case Act.MERGE | Act.VOID | Act.MOVE:
            return ticket.is_open and ticket.stage is not Stage.CLEARED
        case Act.NOTE | Act.MORE:
            return ticket.is_open
        case Act.RECORD:
            return bool(record.typed(ticket, terms)) and ticket.is_open and ticket.stage is not Stage.REPORTED
        case Act.SATISFIED | Act.DISSATISFIED:
            return ticket.stage is Stage.CLOSED and ticket.satisfied is None
        case Act.LEVEL:
            return ticket.stage in _LEVELLED
        case Act.SHOW:
            return True
        case Act.DEVICE | Act.FIND_DEVICE:
            return terms.listed and ticket.is_open
        case Act.COVERED:
            return ticket.is_open and ticket.covered is not True
        case Act.NOT_COVERED:
            return ticket.is_open and ticket.covered is not False


def _work_rows(ticket: Ticket, terms: Terms) -> list[tuple[Act, ...]]:
    locate = (Act.LOCATE,) if Clock.LOCATE in terms.levels[ticket.level].limits else ()
    rows: list[tuple[Act, ...]] = [
        (Act.ACKNOWLEDGE, Act.TAKE_CALL, Act.ANSWER),
        (Act.SET_OUT, Act.ARRIVE),
        (*locate, Act.FIX_REMOTELY, Act.REPAIR),
        (Act.MEETING_WENT_WELL, Act.MEETING_INTERRUPTED),
        (Act.PAUSE, Act.RESUME, Act.RETURN_TRANSMISSION),
        (Act.HAND_OVER, Act.CALL_UP, Act.MORE),
    ]
    if ticket.stage in (Stage.UNDER_TEST, Stage.CLEARED):
        rows.append((Act.RECORD,))
    possible = [tuple(act for act in row if is_possible(act, ticket, terms)) for row in rows]
    return possible


def _bureau_rows(ticket: Ticket, terms: Terms) -> list[tuple[Act, ...]]:
    rows = (
        (Act.CONFIRM, Act.REJECT),
        (Act.REQUEST_VISIT,),
        (Act.AGREE_LOWER, Act.REFUSE_LOWER),
        (Act.AGREE_PAUSE, Act.REFUSE_PAUSE),
        (Act.CONFIRM_TRANSMISSION, Act.REFUSE_TRANSMISSION),
        (Act.SATISFIED, Act.DISSATISFIED),
    )
    return [tuple(act for act in row if is_possible(act, ticket, terms)) for row in rows]


_FOR_BUREAU = frozenset(
    {
        Act.CONFIRM,
        Act.REJECT,
        Act.REQUEST_VISIT,
        Act.WAIVE_VISIT,
        Act.AGREE_LOWER,
        Act.REFUSE_LOWER,
        Act.AGREE_PAUSE,
        Act.REFUSE_PAUSE,
        Act.CONFIRM_TRANSMISSION,
        Act.REFUSE_TRANSMISSION,
        Act.RETURN_TRANSMISSION,
        Act.SATISFIED,
        Act.DISSATISFIED,
        Act.COVERED,
        Act.NOT_COVERED,
    }
)


def shown(act: Act, ticket: Ticket, terms: Terms, viewer: Person | None, audience: str) -> bool:
    """Whether a button that is possible is drawn for this reader."""
    if not is_possible(act, ticket, terms):
        return False
    if act is Act.TAKE_CALL and ticket.stage is Stage.REPORTED and not _only_called(ticket, terms, viewer):
        return False
    if viewer is not None:
        return access.may_do(viewer, act, ticket, terms)
    return audience == "joint" or (act in _FOR_BUREAU) == (audience == "bureau")


def _only_called(ticket: Ticket, terms: Terms, viewer: Person | None) -> bool:
    """Whoever may take the ticket itself is not offered the call: taking the ticket answers both."""
    return viewer is not None and not access.may_do(viewer, Act.ACKNOWLEDGE, ticket, terms)


def labelled(words: Words, language: str, ticket: Ticket, act: Act) -> Button:
    """An other request is not repaired or recovered but done: its buttons say so."""
    return button(words, language, ticket, act, key=wording.of_kind(words, f"act.{act.value}", ticket.kind))


def may_level(ticket: Ticket, terms: Terms, viewer: Person | None, audience: str) -> bool:
    """Whether this reader gets the buttons that choose a level."""
    if not is_possible(Act.LEVEL, ticket, terms) or ticket.stage is Stage.UNDER_TEST:
        return False
    return access.may_do(viewer, Act.LEVEL, ticket, terms) if viewer is not None else audience != "vendor"


def _ranked(terms: Terms) -> list[str]:
    return sorted(terms.levels, key=terms.rank)


def _doubted(ticket: Ticket, terms: Terms) -> list[str]:
    """The levels between which the card asks, the one that holds first."""
    return [key for key in ticket.unsure if key in terms.levels]


def _levels(ticket: Ticket, terms: Terms, words: Words, language: str, keys: Sequence[str]) -> tuple[Button, ...]:
    return tuple(
        Button(label=level_name(words, language, terms, key), data=data_of(ticket, Act.LEVEL, str(terms.rank(key))))
        for key in keys
    )


def level_name(words: Words, language: str, terms: Terms, level: str) -> str:
    """A level's name: the contract's own in Chinese, the catalogue's where it has one in another language."""
    key = f"level.{level}"
    if language.startswith("zh") or not words.has(key):
        return terms.levels[level].name if level in terms.levels else level
    return words.plain(language, key)


def base36(number: int) -> str:
    """A number as short as a button needs it."""
    digits = ""
    while True:
        number, digit = divmod(number, 36)
        digits = _DIGITS[digit] + digits
        if not number:
            return digits


def from_base36(text: str) -> int | None:
    """The number that `base36` wrote so; nothing if it did not, or if no ticket can have it."""
    number = int(text, 36) if _NUMBER.fullmatch(text) else 2**63
    return number if number < 2**63 else None
