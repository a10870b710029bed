"""The fault record that the contract wants complete before a ticket closes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sla.terms import Kind, Terms
from sla.ticket import Ticket

Value = str | datetime | tuple[str, ...]

FIELDS = (
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
TYPED = frozenset(FIELDS) - {"repaired_at", "handlers"}
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One field with what is known of it; typed words win over what the ticket itself knows."""

    field: str
    value: Value | None


def lines(ticket: Ticket, terms: Terms) -> tuple[Line, ...]:
    """The record as it stands, in the contract's order."""
    known = _known(ticket)
    return tuple(Line(field=field, value=ticket.record.get(field) or known.get(field)) for field in terms.record_fields)


def missing(ticket: Ticket, terms: Terms) -> tuple[str, ...]:
    """The fields that keep a fault ticket from closing; other kinds have none."""
    if ticket.kind is not Kind.FAULT:
        return ()
    return tuple(line.field for line in lines(ticket, terms) if not line.value)


def _known(ticket: Ticket) -> Mapping[str, Value | None]:
    return {
        "phenomenon": ticket.text,
        "fault_started_at": ticket.reported_at,
        "repaired_at": ticket.repaired_at,
        "handlers": ticket.handlers,
    }
