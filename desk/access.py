"""The one door: may this person see or do this? "Absent" and "not yours" are the same answer."""

from collections.abc import Collection, Iterable
from enum import StrEnum

from sla import escalation
from sla.selectors import role_of
from sla.services import Record
from sla.terms import Role, Terms
from sla.ticket import Ticket
from storage.people import Person


class Act(StrEnum):
    """What a button can ask for; the value stands in the button's data, so it stays short."""

    ACKNOWLEDGE = "ack"
    TAKE_CALL = "tak"
    SET_OUT = "out"
    ARRIVE = "arr"
    REQUEST_VISIT = "ons"
    WAIVE_VISIT = "wai"
    FIX_REMOTELY = "rem"
    LOCATE = "loc"
    REPAIR = "fix"
    MEETING_WENT_WELL = "mok"
    MEETING_INTERRUPTED = "mcu"
    CONFIRM = "ok"
    REJECT = "no"
    LEVEL = "lvl"
    AGREE_LOWER = "lok"
    REFUSE_LOWER = "lno"
    PAUSE = "pau"
    AGREE_PAUSE = "pok"
    REFUSE_PAUSE = "pno"
    RESUME = "res"
    TRANSMISSION = "trn"
    CONFIRM_TRANSMISSION = "tok"
    REFUSE_TRANSMISSION = "tno"
    RETURN_TRANSMISSION = "tba"
    HAND_OVER = "off"
    CALL_UP = "up"
    MERGE = "mrg"
    VOID = "voi"
    ANSWER = "ans"
    NOTE = "not"
    RECORD = "rec"
    SATISFIED = "sat"
    DISSATISFIED = "dis"
    MOVE = "mov"
    MORE = "mor"
    SHOW = "see"


class Command(StrEnum):
    """What a slash command asks for."""

    START = "start"
    HELP = "help"
    REPORT = "report"
    ASK = "ask"
    LOG = "log"
    MY = "my"
    OPEN = "open"
    TICKET = "ticket"
    DUTY = "duty"
    SERVICE = "service"
    QUOTA = "quota"
    CALENDAR = "calendar"
    KEY_PERIOD = "keyperiod"
    CANCEL = "cancel"
    LANGUAGE = "language"


_CONTACTS = frozenset({Role.TECHNICAL_LEAD, Role.PROJECT_MANAGER, Role.SERVICE_MANAGER})
_VENDOR = _CONTACTS | {Role.ENGINEER}
_STAFF = _VENDOR | {Role.EXPERT, Role.SERVICE_DESK}
_OFFICER = frozenset({Role.SUPERVISING_OFFICER})
_BUREAU = frozenset({Role.REPORTER, Role.SUPERVISING_OFFICER})
_EVERYONE = frozenset(Role)
_WORK = frozenset({Role.ENGINEER})

ACTS: dict[Act, frozenset[Role]] = {
    Act.ACKNOWLEDGE: _VENDOR,
    Act.TAKE_CALL: _CONTACTS | _OFFICER,
    Act.SET_OUT: _WORK,
    Act.ARRIVE: _WORK,
    Act.REQUEST_VISIT: _BUREAU | {Role.SERVICE_DESK},  # the notice may come by telephone
    Act.WAIVE_VISIT: _OFFICER,
    Act.FIX_REMOTELY: _WORK,
    Act.LOCATE: _WORK,
    Act.REPAIR: _WORK,
    Act.MEETING_WENT_WELL: _WORK,
    Act.MEETING_INTERRUPTED: _WORK,
    Act.CONFIRM: _BUREAU,
    Act.REJECT: _BUREAU,
    Act.LEVEL: _VENDOR | _BUREAU,
    Act.AGREE_LOWER: _BUREAU,
    Act.REFUSE_LOWER: _BUREAU,
    Act.PAUSE: _WORK,
    Act.AGREE_PAUSE: _BUREAU,
    Act.REFUSE_PAUSE: _BUREAU,
    Act.RESUME: _WORK | _OFFICER,
    Act.TRANSMISSION: _WORK,
    Act.CONFIRM_TRANSMISSION: _BUREAU,
    Act.REFUSE_TRANSMISSION: _BUREAU,
    Act.RETURN_TRANSMISSION: _BUREAU | _WORK,
    Act.HAND_OVER: _VENDOR,
    Act.CALL_UP: _VENDOR,
    Act.MERGE: _VENDOR | _OFFICER | {Role.SERVICE_DESK},
    Act.VOID: _BUREAU,
    Act.ANSWER: _STAFF,
    Act.NOTE: _STAFF,
    Act.RECORD: _VENDOR,
    Act.SATISFIED: _BUREAU,
    Act.DISSATISFIED: _BUREAU,
    Act.MOVE: frozenset(),
    Act.MORE: _EVERYONE - {Role.ADMIN},
    Act.SHOW: _EVERYONE,
}
COMMANDS: dict[Command, frozenset[Role]] = {
    Command.START: _EVERYONE,
    Command.HELP: _EVERYONE,
    Command.REPORT: _EVERYONE,
    Command.ASK: _EVERYONE,
    Command.LOG: frozenset({Role.SERVICE_DESK}),
    Command.MY: _EVERYONE,
    Command.OPEN: _EVERYONE - {Role.REPORTER},
    Command.TICKET: _EVERYONE,
    Command.DUTY: _EVERYONE,
    Command.SERVICE: _STAFF | _OFFICER,
    Command.QUOTA: _EVERYONE - {Role.REPORTER},
    Command.CALENDAR: _EVERYONE - {Role.REPORTER},
    Command.KEY_PERIOD: _OFFICER,
    Command.CANCEL: _EVERYONE,
    Command.LANGUAGE: _EVERYONE,
}
_HANDLERS_OWN = frozenset(
    {
        Act.SET_OUT,
        Act.ARRIVE,
        Act.FIX_REMOTELY,
        Act.LOCATE,
        Act.REPAIR,
        Act.MEETING_WENT_WELL,
        Act.MEETING_INTERRUPTED,
        Act.PAUSE,
        Act.RESUME,
        Act.TRANSMISSION,
        Act.RETURN_TRANSMISSION,
        Act.RECORD,
    }
)
_NEVER_OWN_WORK = frozenset({Act.CONFIRM, Act.WAIVE_VISIT, Act.AGREE_LOWER, Act.AGREE_PAUSE, Act.CONFIRM_TRANSMISSION})
_REPORTERS_OWN = frozenset({Act.SATISFIED, Act.DISSATISFIED, Act.VOID, Act.MOVE})


def roles(person: Person, contract: str) -> frozenset[Role]:
    """What the person is under the contract; nothing if the person left."""
    if not person.active:
        return frozenset()
    return frozenset(Role(held.role) for held in person.roles if held.contract == contract)


def contracts(person: Person, served: Collection[str]) -> list[str]:
    """The contracts under which the person has a role, in the order of the people file."""
    mine = (held.contract for held in person.roles if held.contract in served)
    return list(dict.fromkeys(mine)) if person.active else []


def other_contracts(person: Person, ticket: Ticket, served: Collection[str]) -> list[str]:
    """Where else the person may report, in a fixed order: a button names one by its place."""
    return [slug for slug in contracts(person, served) if slug != ticket.contract]


def may_see(person: Person, ticket: Ticket) -> bool:
    """Reporters see what they reported; everybody else of the contract sees all of its tickets."""
    held = roles(person, ticket.contract)
    if person.key in ticket.reporters or ticket.handler == person.key:
        return bool(held)
    return bool(held - {Role.REPORTER})


def may_do(person: Person, act: Act, ticket: Ticket, terms: Terms) -> bool:
    """Whether the person may do this to this ticket; whether the ticket's state allows it is decided by `sla`."""
    if not may_see(person, ticket):
        return False
    if act in _NEVER_OWN_WORK and person.key in ticket.handlers:
        return False
    held = roles(person, ticket.contract)
    if act in (Act.AGREE_PAUSE, Act.REFUSE_PAUSE):
        return bool(held & frozenset(terms.pauses.consent))
    if act in (Act.AGREE_LOWER, Act.REFUSE_LOWER):
        return bool(held & frozenset(terms.level_consent))
    if act is Act.WAIVE_VISIT:
        return bool(held & frozenset(terms.visit_waiver))
    if act is Act.TAKE_CALL:
        return _may_take_call(held, ticket, terms)
    if act in _HANDLERS_OWN and ticket.handler == person.key:
        return True
    if act in _REPORTERS_OWN and person.key in ticket.reporters:
        return True
    if act is Act.ACKNOWLEDGE and held & _named((*terms.ladder.page, *terms.ladder.on_breach, *terms.ladder.then)):
        return True
    return bool(held & ACTS[act])


def _may_take_call(held: frozenset[Role], ticket: Ticket, terms: Terms) -> bool:
    """Whoever the ladder has called: the last step, and the officer, only once it has reached them."""
    if held & (_CONTACTS | _named(terms.ladder.on_breach)):
        return True
    last = held & (_OFFICER | _named(terms.ladder.then))
    calls = escalation.open_calls(ticket, terms)
    return bool(last) and any(escalation.reached_next_step(rung, terms) for rung in calls)


def _named(selectors: Iterable[str]) -> frozenset[Role]:
    """Whoever the contract pages or calls may take what they are called for; the bureau is told, not put to work."""
    named = {role_of(selector) for selector in selectors}
    return frozenset(role for role in Role if role.value in named) - _BUREAU


def may_lower(person: Person, ticket: Ticket, terms: Terms) -> bool:
    """Whether the person's own word lowers a level; others, and whoever worked on the ticket, ask the bureau."""
    return person.key not in ticket.handlers and bool(roles(person, ticket.contract) & frozenset(terms.level_consent))


def may_see_services(person: Person, contract: str) -> bool:
    """Whether the person sees what the contract counts."""
    return may_use(person, Command.QUOTA, [contract])


def may_enter_service(person: Person, contract: str) -> bool:
    """Whether the person may enter what was done."""
    return may_use(person, Command.SERVICE, [contract])


def may_settle_service(person: Person, record: Record) -> bool:
    """The bureau's officer; whoever also works for the vendor does not confirm what they entered themselves."""
    held = roles(person, record.contract)
    return bool(held & _OFFICER) and (person.key != record.by or not held & _STAFF)


def declares_key_periods(person: Person, contract: str) -> bool:
    """Key periods are the bureau's to declare and to call off, nobody else's."""
    return bool(roles(person, contract) & _OFFICER)


def names_watch(person: Person, contract: str) -> bool:
    """Whoever answers for the vendor's staff names those who keep watch on site."""
    return bool(roles(person, contract) & _CONTACTS)


def may_use(person: Person, command: Command, served: Iterable[str]) -> bool:
    """Whether the person may use a command under any of these contracts."""
    return any(roles(person, contract) & COMMANDS[command] for contract in served)


def commands(person: Person, served: Collection[str]) -> list[Command]:
    """The command menu of this person."""
    return [command for command in Command if may_use(person, command, served)]
