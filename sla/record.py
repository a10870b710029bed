"""The record that the contract wants complete before a ticket closes: of a fault, a question, a request."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sla.terms import Kind, Terms
from sla.ticket import Ticket

Value = str | datetime | tuple[str, ...] | bool

FAULT_FIELDS = (
    "phenomenon",
    "fault_type",
    "fault_started_at",
    "repaired_at",
    "cause_analysis",
    "handling_summary",
    "responsibility_analysis",
    "lessons_learned",
    "handlers",
)
# What the record of any kind may hold beside its own fields.
_OF_ANY = ("received_at", "responded_at", "owner", "result", "work_order_ref", "ledger_ref")
OF_KIND: Mapping[Kind, tuple[str, ...]] = {
    Kind.FAULT: (*FAULT_FIELDS, "cause_owner", "spare_parts_used", *_OF_ANY),
    Kind.CONSULTATION: ("question", "answer", "answered_by", "answered_at", *_OF_ANY),
    Kind.OTHER: ("request", "due_at", "done_at", *_OF_ANY),
    Kind.IMAGE_RETRIEVAL: ("request", "done_at", *_OF_ANY),
    Kind.MEETING_GUARANTEE: ("request", "done_at", "interrupted", *_OF_ANY),
}
# The final report: what was done and learned, and what will prevent it.
FINAL = ("final_summary", "preventive_measures")
FIELDS = tuple(dict.fromkeys(field for fields in (*OF_KIND.values(), FINAL) for field in fields))
# The ticket itself knows these; everything else is typed, and typed words win.
_KNOWN_ONLY = frozenset(
    {
        "repaired_at",
        "handlers",
        "received_at",
        "responded_at",
        "owner",
        "answer",
        "answered_by",
        "answered_at",
        "done_at",
        "interrupted",
    }
)
TYPED = frozenset(FIELDS) - _KNOWN_ONLY
FAULT_TYPES = (
    "hardware",
    "ancillary",
    "software_bug",
    "vulnerability",
    "network_security",
    "power",
    "cabling",
    "transmission_network",
    "other",
)
# Causes from outside that the vendor repairs all the same, and that stop no clock.
OUTSIDE_CAUSES = ("theft", "vandalism", "municipal_works", "relocation")
CAUSE_OWNERS = ("vendor", "client", "cloud_vendor", "system_vendor", "carrier", "third_party")
# What may be offered as buttons for a field; a contract names which.
CHOICES: Mapping[str, tuple[str, ...]] = {
    "fault_type": (*FAULT_TYPES, *OUTSIDE_CAUSES),
    "cause_owner": CAUSE_OWNERS,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One field with what is known of it; typed words win over what the ticket itself knows."""

    field: str
    value: Value | None


def fields(ticket: Ticket, terms: Terms) -> tuple[str, ...]:
    """What the ticket's record consists of, in the contract's order; a level may demand a final report."""
    final = FINAL if terms.levels[ticket.level].reporting.final else ()
    return tuple(dict.fromkeys((*terms.records.get(ticket.kind, ()), *final)))


def typed(ticket: Ticket, terms: Terms) -> tuple[str, ...]:
    """Those of the fields that people fill in."""
    return tuple(field for field in fields(ticket, terms) if field in TYPED)


def lines(ticket: Ticket, terms: Terms) -> tuple[Line, ...]:
    """The record as it stands, in the contract's order."""
    known = _known(ticket)
    return tuple(
        Line(field=field, value=ticket.record.get(field) or known.get(field)) for field in fields(ticket, terms)
    )


def missing(ticket: Ticket, terms: Terms) -> tuple[str, ...]:
    """The fields that keep a ticket from closing."""
    return tuple(line.field for line in lines(ticket, terms) if line.value in (None, "", ()))


def _known(ticket: Ticket) -> Mapping[str, Value | None]:
    done_at = ticket.repaired_at or ticket.answered_at
    return {
        "phenomenon": ticket.text,
        "question": ticket.text,
        "request": ticket.text,
        "fault_started_at": ticket.reported_at,
        "received_at": ticket.received_at,
        "responded_at": ticket.acknowledged_at,
        "repaired_at": ticket.repaired_at,
        "answered_at": ticket.answered_at,
        "done_at": done_at,
        "answered_by": ticket.handlers[-1:],
        "owner": ticket.handlers[-1:],
        "handlers": ticket.handlers,
        "interrupted": ticket.interrupted,
    }
