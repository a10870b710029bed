"""What the desk works with: the contracts it serves, its wording, and one open transaction."""

import hashlib
import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from desk.words import Html, Words
from sla.calendar import Calendar
from sla.devices import Index
from sla.duty import Shift, on_duty, shifts
from sla.key_periods import laid_over, running
from sla.profile import Profile, remembered
from sla.roster import BusinessHours
from sla.terms import Terms, Tightening, WayKind
from sla.ticket import Ticket
from storage import key_periods, overrides, people, profiles
from storage.cards import Card
from storage.people import Person
from storage.store import Transaction

_log = logging.getLogger("hotline.terms")


@dataclass(frozen=True, slots=True, kw_only=True)
class Contract:
    """One contract as it is served now: profile, terms, and the digest by which tickets remember their terms."""

    profile: Profile
    terms: Terms
    digest: str
    body: str

    @classmethod
    def of(cls, profile: Profile) -> "Contract":
        """The contract of a profile."""
        body = json.dumps(_as_written(profile.model_dump()), ensure_ascii=False)  # unsorted: levels stand by gravity
        digest = hashlib.sha256(body.encode()).hexdigest()
        return cls(profile=profile, terms=profile.terms(), digest=digest, body=body)


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """A further way to reach somebody; the desk knows its key and kind, never its address."""

    key: str
    kind: WayKind


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """Everything that stays the same between two transactions."""

    contracts: Mapping[str, Contract]
    words: Words
    language: str
    minimal: bool = False
    username: str = ""
    ways: Mapping[str, Sequence[Way]] = field(default_factory=dict)
    kept_terms: dict[str, Terms] = field(default_factory=dict)
    calendar: Calendar = field(default_factory=Calendar)
    public_url: str = ""  # under which the house's own pages are found from outside
    second_opinion: bool = False  # whether somebody is there to be asked for one


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """The desk within one transaction, at one instant."""

    tx: Transaction
    house: House
    now: datetime
    heard_at: datetime | None = None  # when the update that is handled was received
    shown: dict[int, dict[int, Card]] = field(default_factory=dict)
    opened: set[int] = field(default_factory=set)
    lists: dict[str, Index] = field(default_factory=dict)

    @property
    def second(self) -> datetime:
        """The instant of a press or a command: its receipt, in whole seconds, like every date of the chat."""
        return (self.heard_at or self.now).replace(microsecond=0)

    def contract(self, slug: str) -> Contract:
        """A contract that is served now."""
        return self.house.contracts[slug]

    async def terms(self, ticket: Ticket) -> Terms:
        """The terms that the ticket opened under, as they count now: a key period that runs is laid over them."""
        return await self._as_of_now(ticket.contract, await self.own_terms(ticket))

    async def terms_now(self, slug: str) -> Terms:
        """The terms under which a ticket opens now, as they count now."""
        return await self._as_of_now(slug, self.contract(slug).terms)

    async def own_terms(self, ticket: Ticket) -> Terms:
        """The terms that the ticket opened under, and nothing else."""
        contract = self.house.contracts.get(ticket.contract)
        if contract is not None and contract.digest == ticket.terms:
            return contract.terms
        if ticket.terms not in self.house.kept_terms:
            body = await profiles.body(self.tx, ticket.terms)
            if body is None:
                raise LookupError(f"the terms of {ticket.number} are not in the database")
            self.house.kept_terms[ticket.terms] = _remembered(ticket.terms, body, contract)
        return self.house.kept_terms[ticket.terms]

    async def _as_of_now(self, contract: str, terms: Terms) -> Terms:
        if terms.in_key_period == Tightening():
            return terms
        periods = await key_periods.valid(self.tx, contract, self.now)
        return laid_over(terms) if running(periods, self.now) else terms

    async def person(self, key: str) -> Person | None:
        """A person by key, also one who serves no longer."""
        return await people.by_key(self.tx, key)

    async def name(self, key: str | None) -> str:
        """What to call a person; the key itself if nobody of that key is known."""
        person = await self.person(key) if key else None
        return person.name if person else (key or "")

    async def on_duty(self, contract: str, role: str, post: str | None = None) -> Sequence[str]:
        """The keys of those who are on duty now, at one post or at all."""
        rosters = await people.rosters_of(self.tx, contract)
        laid = await overrides.valid(self.tx, contract, self.now)
        return on_duty(rosters, role, self.now, self.office(contract), laid, post)

    async def shifts(self, contract: str, start: datetime, until: datetime) -> list[Shift]:
        """Who serves where, from when until when: every shift of the contract that touches the span."""
        rosters = await people.rosters_of(self.tx, contract)
        laid = await overrides.valid(self.tx, contract, start)
        return shifts(rosters, start, until, self.office(contract), laid)

    def office(self, contract: str) -> BusinessHours:
        """When rosters of business hours are staffed, on the working days of the house's calendar."""
        return self.contract(contract).profile.opening(self.house.calendar)

    def language_of(self, person: Person | None) -> str:
        """The reader's language."""
        return (person.language if person else None) or self.house.language

    def say(self, person: Person | None, key: str, **facts: Any) -> Html:
        """One sentence from the catalogue, in the reader's language, safe as HTML."""
        return self.house.words.html(self.language_of(person), key, **facts)


def _remembered(digest: str, body: str, contract: Contract | None) -> Terms:
    """The terms of a stored text; what an older program wrote and this one cannot read stops no ticket."""
    try:
        profile, mended = remembered.read(body, contract.body if contract else "{}")
    except remembered.Unreadable:
        if contract is None:
            raise
        profile, mended = contract.profile, True
    if mended:
        _log.warning("stored terms %s are of another program: today's stand in for what is not understood", digest[:12])
    return profile.terms()


def _as_written(value: object) -> object:
    """What a profile file would hold: it is read again, perhaps years later, by the rules for such files."""
    match value:
        case Mapping():
            return {key: _as_written(item) for key, item in value.items()}
        case tuple():
            return [_as_written(item) for item in value]
        case timedelta():
            return f"{value // timedelta(seconds=1)}s"
        case None | bool() | int():
            return value
        case _:
            return str(value)


async def keep_terms(tx: Transaction, house: House, now: datetime) -> None:
    """Store each contract's terms, so that its tickets find them again after the profile is edited."""
    for slug, contract in house.contracts.items():
        await profiles.keep(tx, slug, contract.digest, contract.body, now)
