"""The bot's own outages: an entry in every ledger, and one message to each of those who look after the bot."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from desk import administrators, canary
from desk.house import Desk
from desk.words import Html, length, moment
from sla.events import CLOCK
from storage import ledger
from storage.people import Person

OUTAGE, UPDATES_LOST, CLOCK_SET_BACK = "outage", "updates_lost", "clock_set_back"
# https://core.telegram.org/bots/api#getting-updates; the servers drop presses of buttons much earlier.
KEPT_BY_TELEGRAM, PRESS_LIFE = timedelta(hours=24), timedelta(seconds=150)


class Why(StrEnum):
    """Why the house was blind; its wording stands in the catalogues under ``outage``."""

    DOWN = "down"
    NO_CONTACT = "no_contact"
    NOT_WRITABLE = "not_writable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outage:
    """From when to when nothing could be read or kept, why, and what was made up for then."""

    since: datetime
    until: datetime
    why: tuple[Why, ...]
    updates: int = 0
    alarms: Mapping[str, int] = field(default_factory=dict)
    letters: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """Updates that the Bot API counted and that never came here."""

    first: int
    last: int
    count: int
    since: datetime
    until: datetime


async def record(desk: Desk, outage: Outage) -> None:
    """The outage becomes an entry of every contract, and each administrator hears of it once."""
    for contract in _served(desk):
        data = {
            "from": outage.since.isoformat(),
            "until": outage.until.isoformat(),
            "why": [why.value for why in outage.why],
            "alarms": outage.alarms.get(contract, 0),
            "letters": outage.letters.get(contract, 0),
            "updates": outage.updates,
        }
        await _enter(desk, contract, OUTAGE, outage.until, data)

    def say(person: Person, contracts: Sequence[str]) -> Html:
        language = desk.language_of(person)
        words = desk.house.words
        facts: dict[str, Any] = {
            **_span(desk, person, contracts, outage.since, outage.until),
            "why": words.plain(language, "outage.and").join(
                words.plain(language, f"outage.{why.value}") for why in outage.why
            ),
            "alarms": sum(outage.alarms.get(contract, 0) for contract in contracts),
            "letters": sum(outage.letters.get(contract, 0) for contract in contracts),
            "updates": outage.updates,
        }
        lines = [words.html(language, "admin.outage", **facts)]
        if outage.until - outage.since > PRESS_LIFE:
            lines.append(words.html(language, "admin.outage_presses", **facts))
        if outage.until - outage.since > KEPT_BY_TELEGRAM:
            lines.append(words.html(language, "admin.outage_long", **facts))
        return Html("\n".join(lines))

    await administrators.tell_all(desk, say, _served(desk))


async def record_gap(desk: Desk, gap: Gap) -> None:
    """Reports may be lost: it is kept in every ledger, and whoever looks after the bot is told what to do."""
    span = {"from": gap.since.isoformat(), "until": gap.until.isoformat()}
    data = {**span, "count": gap.count, "first": gap.first, "last": gap.last}
    for contract in _served(desk):
        await _enter(desk, contract, UPDATES_LOST, gap.until, data)

    def say(person: Person, contracts: Sequence[str]) -> Html:
        span = _span(desk, person, contracts, gap.since, gap.until)
        return desk.say(person, "admin.updates_lost", n=gap.count, **span)

    await administrators.tell_all(desk, say, _served(desk))


async def record_clock_set_back(desk: Desk, last: datetime) -> None:
    """The machine's clock shows an instant before the last sign of life: no outage can be reckoned from it."""
    for contract in _served(desk):
        await _enter(desk, contract, CLOCK_SET_BACK, desk.now, {"last_alive_at": last.isoformat()})

    def say(person: Person, contracts: Sequence[str]) -> Html:
        span = _span(desk, person, contracts, desk.now, last)
        return desk.say(person, "admin.clock_set_back", **span)

    await administrators.tell_all(desk, say, _served(desk))


async def tell_of_quarrel(desk: Desk, key: str, lasted: timedelta) -> None:
    """Somebody else takes updates with this token, or does so no longer."""

    def say(person: Person, contracts: Sequence[str]) -> Html:
        return desk.say(person, key, length=length(desk.house.words, desk.language_of(person), lasted))

    await administrators.tell_all(desk, say, _served(desk))


def _served(desk: Desk) -> list[str]:
    return [contract for contract in desk.house.contracts if contract != canary.SLUG]


def _span(desk: Desk, person: Person, contracts: Sequence[str], since: datetime, until: datetime) -> dict[str, str]:
    zone = desk.contract(contracts[0]).profile.zone
    return {
        "since": moment(since, zone, desk.now),
        "until": moment(until, zone, desk.now),
        "length": length(desk.house.words, desk.language_of(person), until - since),
    }


async def _enter(desk: Desk, contract: str, kind: str, at: datetime, data: Mapping[str, Any]) -> None:
    await ledger.append(desk.tx, contract, ticket_id=None, kind=kind, at=at, noted_at=desk.now, by=CLOCK, data=data)
