"""How a ticket comes into a state in which a button means something."""

from collections.abc import Callable, Mapping

from desk.access import Act
from sla import events, record
from sla.events import Fact
from sla.ticket import Ticket
from tests.desk.people import COMMAND_HALL, MINE, contract, house
from tests.desk.room import Room

Step = Callable[[Room, str], Fact]


def _by_handler(kind: Callable[..., Fact], **words: object) -> Step:
    return lambda room, handler: kind(at=room.now, by=handler, **words)


def _by_bureau(kind: Callable[..., Fact], **words: object) -> Step:
    return lambda room, _: kind(at=room.now, by="reporter-1", **words)


TAKEN = (_by_handler(events.Acknowledged),)
ON_SITE = (*TAKEN, _by_handler(events.Arrived))
UNDER_TEST = (*ON_SITE, _by_handler(events.Repaired))
CLEARED = (*UNDER_TEST, _by_bureau(events.RecoveryConfirmed))
TYPED = sorted(record.TYPED.intersection(record.FAULT_FIELDS))
CLOSED = (*CLEARED, *(_by_handler(events.RecordFilled, field=one, value="已填") for one in TYPED))
LOWER_ASKED = (*TAKEN, _by_handler(events.ReclassificationAsked, level="general"))
PAUSE_ASKED = (*TAKEN, _by_handler(events.PauseAsked, reason="等备件"))
PAUSED = (*TAKEN, _by_handler(events.Paused, reason="等备件"))
DECLARED = (*TAKEN, _by_handler(events.TransmissionDeclared, reason="专线中断"))
CALLED = (*TAKEN, _by_handler(events.CalledUp))
CALLED_TWICE = (*CALLED, _by_handler(events.CalledUp))

BEFORE: Mapping[Act, tuple[Step, ...]] = {
    Act.ACKNOWLEDGE: (),
    Act.TAKE_CALL: CALLED_TWICE,
    Act.REPAIR: ON_SITE,
    Act.CONFIRM: UNDER_TEST,
    Act.REJECT: UNDER_TEST,
    Act.AGREE_LOWER: LOWER_ASKED,
    Act.REFUSE_LOWER: LOWER_ASKED,
    Act.AGREE_PAUSE: PAUSE_ASKED,
    Act.REFUSE_PAUSE: PAUSE_ASKED,
    Act.RESUME: PAUSED,
    Act.CONFIRM_TRANSMISSION: DECLARED,
    Act.REFUSE_TRANSMISSION: DECLARED,
    Act.RETURN_TRANSMISSION: DECLARED,
    Act.ANSWER: (),
    Act.RECORD: CLEARED,
    Act.SATISFIED: CLOSED,
    Act.DISSATISFIED: CLOSED,
    Act.MOVE: (),
}
LEVELS: Mapping[Act, str] = {
    Act.ANSWER: "consultation",
    Act.MEETING_WENT_WELL: "meeting_guarantee",
    Act.MEETING_INTERRUPTED: "meeting_guarantee",
}
VALUES: Mapping[Act, str] = {Act.LEVEL: "1", Act.MOVE: "0"}  # the next level down; the reporter's other contract


async def scene(room: Room, act: Act, handler: str) -> Ticket:
    """A ticket on which the act is possible; the handler has it, unless nobody has it yet."""
    if act is Act.MERGE:
        await room.reported()
    if act is Act.REQUEST_VISIT:
        room.house = house({MINE: contract(COMMAND_HALL, clocks={"arrival": "client_notice"})})
    ticket = await room.reported(LEVELS.get(act, "major"))
    steps = BEFORE.get(act, TAKEN)
    return await room.meets(ticket.id, *(step(room, handler) for step in steps))
