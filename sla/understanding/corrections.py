"""Corrections of fresh tickets: what was proposed, and what people made of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from sla import events
from sla.severity import usual_fault
from sla.terms import Kind, Terms
from sla.understanding.weights import ANSWERS, GENERAL, MAJOR

FRESH = timedelta(hours=2)  # a later change tells of the fault's course, not of its first words


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """A report's words with the proposed level and the one that holds, as answers of the model."""

    ticket: int
    number: str
    contract: str
    text: str
    proposed: int
    corrected: int


def corrected(facts: Iterable[events.Deed], terms: Terms) -> Correction | None:
    """What people made of a ticket's proposal while it was fresh; nothing if they left it or never looked."""
    report: events.Reported | None = None
    last: events.Reclassified | None = None
    for fact in facts:
        if isinstance(fact, events.Reported):
            report = fact
        elif isinstance(fact, events.Reclassified) and report and fact.at - report.at <= FRESH:
            last = fact
        elif isinstance(fact, events.Voided | events.Merged):
            return None
    if report is None or last is None or not report.text:
        return None
    proposed, made = answer_of(report.level, terms), answer_of(last.level, terms)
    if proposed is None or made is None:
        return None
    return Correction(
        ticket=report.ticket,
        number=report.number,
        contract=report.contract,
        text=report.text,
        proposed=proposed,
        corrected=made,
    )


def answer_of(key: str, terms: Terms) -> int | None:
    """The answer for which a level of the contract stands; nothing if the contract has the level no more."""
    if key in ANSWERS and key in terms.levels:
        return ANSWERS.index(key)
    level = terms.levels.get(key)
    if level is None:
        return None
    if level.kind is not Kind.FAULT:
        return ANSWERS.index(level.kind.value)
    return GENERAL if level.key == usual_fault(terms).key else MAJOR
