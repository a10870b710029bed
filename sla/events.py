"""What can happen to a ticket. A *fact* is recorded in the ledger and can be replayed; `AlarmDue` only asks."""

from dataclasses import dataclass
from datetime import datetime
from typing import get_args

from sla.devices import Chosen
from sla.terms import Clock, Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """Something a person, or the clock, did: when it occurred and by whom (a person's key, or ``clock``)."""

    at: datetime
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reported(Deed):
    """A report was taken in; `at` is the message's own date, `received_at` the bot's."""

    ticket: int
    contract: str
    number: str
    terms: str
    kind: Kind
    level: str
    text: str
    channel: str
    received_at: datetime
    why: str = ""
    unsure: tuple[str, ...] = ()  # the levels between which the words leave a doubt; the first one holds


@dataclass(frozen=True, slots=True, kw_only=True)
class Supplemented(Deed):
    """More words, a picture or a file came in for the ticket; `level` is what the new words alone suggest."""

    text: str
    item: str = "text"
    level: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Amended(Deed):
    """The sender edited a message; the first wording stays in the entry before."""

    text: str
    first: bool
    level: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Acknowledged(Deed):
    """A named person took the ticket: the response promise is met."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SetOut(Deed):
    """The engineer is on the way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrived(Deed):
    """The engineer is on site."""

    place: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OnSiteRequested(Deed):
    """The bureau gives notice that support is needed on site: some contracts count the arrival from here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitWaived(Deed):
    """The bureau needs no visit: a repair that follows needs no arrival."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FixedRemotely(Deed):
    """Repaired without a visit: ends the arrival promise and asks for the recovery test."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Located(Deed):
    """The cause was found."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Repaired(Deed):
    """The fault is repaired (or the request done): the bureau is asked to test."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingSupported(Deed):
    """The meeting is over, with an interruption or without: the bureau is asked to confirm it."""

    interrupted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RecoveryConfirmed(Deed):
    """The bureau tested and signed off."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecoveryRejected(Deed):
    """The bureau tested and sent it back; the handling clock counts through."""

    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reclassified(Deed):
    """The level was corrected; limits are counted anew from the report."""

    level: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReclassificationAsked(Deed):
    """The vendor asks the bureau to lower the level."""

    level: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReclassificationRefused(Deed):
    """The bureau keeps the level."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PauseAsked(Deed):
    """The vendor asks the bureau to stop the clocks."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PauseRefused(Deed):
    """The bureau does not agree to a pause."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Paused(Deed):
    """The clocks stand still from here."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Resumed(Deed):
    """The clocks run again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TransmissionDeclared(Deed):
    """The vendor declares a transmission-network fault: clocks stand still until the bureau answers or hands back."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TransmissionConfirmed(Deed):
    """The bureau agrees: it is the transmission network."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TransmissionRefused(Deed):
    """The bureau does not agree: the time since the declaration counts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TransmissionReturned(Deed):
    """The transmission network is back; the clocks run again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HandedOver(Deed):
    """The ticket is offered to another person, who has to take it."""

    to: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CalledUp(Deed):
    """A person calls the next step of the ladder by hand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallTaken(Deed):
    """A person who was called takes it: the calls stop, the clocks do not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged(Deed):
    """This report is the same fault as an earlier one, which goes on for both."""

    into: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Absorbed(Deed):
    """A later report of the same fault was merged into this one; the graver level holds, its reporter stays told."""

    number: str
    text: str
    level: str
    reporter: str = ""
    also_reported_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Voided(Deed):
    """The report was a mistake."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered(Deed):
    """A consultation was answered."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted(Deed):
    """A progress note."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordFilled(Deed):
    """One field of the fault record was filled or corrected."""

    field: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowedUp(Deed):
    """The reporter's verdict after closing."""

    satisfied: bool
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceChosen(Deed):
    """The row of the equipment list was picked, or that it stands in none; a correction is another one."""

    device: Chosen


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverJudged(Deed):
    """The bureau judges whether the contract covers what was reported; it may judge anew."""

    covered: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggested(Deed):
    """The second opinion named a level; people choose it or leave it, and nothing else follows."""

    level: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Warned(Deed):
    """A fraction of a limit is used up."""

    clock: Clock
    count: int
    due_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Breached(Deed):
    """A limit has passed; `due_at` is the contract's instant, `at` when it was noticed."""

    clock: Clock
    due_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CalledAgain(Deed):
    """Nobody took the call: it is made again, from a certain count on to the next step as well."""

    clock: Clock
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompted(Deed):
    """No progress note was written for as long as the contract allows: the handler is asked for one."""

    clock: Clock = Clock.REPORT


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmDue:
    """The ticker asks: has this clock something to say now?"""

    clock: Clock


Fact = (
    Reported
    | Supplemented
    | Amended
    | Acknowledged
    | SetOut
    | Arrived
    | OnSiteRequested
    | VisitWaived
    | FixedRemotely
    | Located
    | Repaired
    | MeetingSupported
    | RecoveryConfirmed
    | RecoveryRejected
    | Reclassified
    | ReclassificationAsked
    | ReclassificationRefused
    | PauseAsked
    | PauseRefused
    | Paused
    | Resumed
    | TransmissionDeclared
    | TransmissionConfirmed
    | TransmissionRefused
    | TransmissionReturned
    | HandedOver
    | CalledUp
    | CallTaken
    | Merged
    | Absorbed
    | Voided
    | Answered
    | Noted
    | RecordFilled
    | FollowedUp
    | DeviceChosen
    | CoverJudged
    | Suggested
    | Warned
    | Breached
    | CalledAgain
    | Prompted
)
Event = Fact | AlarmDue

FACTS: tuple[type[Deed], ...] = get_args(Fact)
CLOCK = "clock"
SECOND_OPINION = "second-opinion"
