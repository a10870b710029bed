"""What can be done on the way of each kind of ticket."""

from collections.abc import Mapping
from enum import StrEnum

from sla.terms import Kind


class Step(StrEnum):
    """Something that is done on the way."""

    VISIT = "visit"  # setting out and arriving
    REPAIR = "repair"  # a fault: it can be located, repaired from afar, and needs the visit that was promised
    DONE = "done"  # what was asked for is done
    MEETING = "meeting"  # a meeting was supported, with an interruption or without
    ANSWER = "answer"


PATHS: Mapping[Kind, frozenset[Step]] = {
    Kind.FAULT: frozenset({Step.VISIT, Step.REPAIR, Step.DONE}),
    Kind.CONSULTATION: frozenset({Step.ANSWER}),
    Kind.OTHER: frozenset({Step.VISIT, Step.DONE}),
    Kind.IMAGE_RETRIEVAL: frozenset({Step.DONE}),
    Kind.MEETING_GUARANTEE: frozenset({Step.VISIT, Step.MEETING}),
}


def has(kind: Kind, step: Step) -> bool:
    """Whether tickets of this kind know this step."""
    return step in PATHS[kind]
