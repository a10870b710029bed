"""A ticket keeps the terms that it opened under, also those that a program of another day has stored."""

import json
import logging
import tomllib
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from desk.house import Contract, Desk, House, keep_terms
from desk.words import Words
from sla.profile import Profile, remembered
from sla.terms import Clock
from sla.ticket import Ticket
from storage import profiles
from tests.bot.papers import whole
from tests.bot.written import ROOT
from tests.desk.room import Room
from tests.storage import samples

OLD = (Path(__file__).parent / "terms-as-first-stored.json").read_text(encoding="utf-8").strip()


def house(body: str = OLD) -> House:
    """A house that serves the contract of this text."""
    contract = Contract.of(remembered.read(body)[0])
    return House(contracts={contract.profile.slug: contract}, words=Words({}), language="zh-CN")


async def opened_under(room: Room, body: str, present: House | None = None) -> Any:
    """The terms of a ticket whose stored terms are this text."""
    at = present or house()
    await room.store.write(lambda tx: profiles.keep(tx, "shaoguan-command", "old", body, samples.NOW))
    ticket: Ticket = replace(samples.ticket(), contract="shaoguan-command", terms="old")
    return await room.store.read(lambda tx: Desk(tx=tx, house=at, now=samples.NOW).terms(ticket))


async def test_terms_without_the_tables_of_today_are_read(room: Room, caplog: pytest.LogCaptureFixture) -> None:
    """A text stored by the first program loads as it is, without a word, whatever tables came since."""
    with caplog.at_level(logging.WARNING):
        terms = await opened_under(room, OLD)
    limits = terms.levels["major"].limits
    assert [limits[clock].total_seconds() / 60 for clock in (Clock.RESPONSE, Clock.ARRIVAL, Clock.HANDLING)] == [
        10,
        60,
        240,
    ]
    assert caplog.text == ""


async def test_a_key_that_is_not_known_here_stops_nothing(room: Room, caplog: pytest.LogCaptureFixture) -> None:
    """What a newer program has written besides is left out; the limits stay those of the ticket, not today's."""
    raw = json.loads(OLD)
    raw["moon"] = {"phase": "full"}
    raw["levels"]["major"] |= {"colour": "red", "response": "300s"}
    with caplog.at_level(logging.WARNING):
        terms = await opened_under(room, json.dumps(raw))
    assert terms.levels["major"].limits[Clock.RESPONSE].total_seconds() == 300
    assert "stored terms old are of another program" in caplog.text


async def test_a_value_that_is_understood_no_longer_is_todays(room: Room) -> None:
    """Only that one value is replaced."""
    raw = json.loads(OLD)
    raw["escalation"]["repeat_every"] = "every full moon"
    raw["escalation"]["page"] = ["technical_lead"]
    raw["pauses"]["consent"] = ["mayor"]
    terms = await opened_under(room, json.dumps(raw))
    assert (terms.ladder.page, terms.ladder.repeat_every.total_seconds()) == (("technical_lead",), 300)
    assert terms.pauses.consent == ("supervising_officer",)


@pytest.mark.parametrize("body", ["", "[]", "nothing", "3"])
async def test_a_text_that_is_no_profile_leaves_todays_terms(room: Room, body: str) -> None:
    """The ticket goes on under what is in force, rather than not at all."""
    present = house()
    assert await opened_under(room, body, present) == present.contracts["shaoguan-command"].terms


async def test_a_start_with_the_same_file_is_no_new_version(room: Room) -> None:
    """Only a change begins a version, also the change back; each is found with the instant when it came."""
    changed = house(OLD.replace('"600s"', '"900s"'))
    for minute, at in enumerate((house(), house(), changed, house(), house())):
        await room.store.write(partial(keep_terms, house=at, now=samples.minutes(minute)))
    first, second = (at.contracts["shaoguan-command"].digest for at in (house(), changed))
    found = await room.store.read(lambda tx: profiles.history(tx, "shaoguan-command"))
    assert [(version.digest, version.since) for version in found] == [
        (first, samples.minutes(0)),
        (second, samples.minutes(2)),
        (first, samples.minutes(3)),
    ]


@pytest.mark.parametrize("file", sorted((ROOT / "contracts").glob("*.toml")), ids=lambda file: file.stem)
def test_every_contract_is_read_back_as_it_was(file: Path) -> None:
    """What is stored of a profile gives the very same profile, without mending, and the same digest."""
    profile = Profile.model_validate(tomllib.loads(file.read_text(encoding="utf-8")))
    contract = Contract.of(profile)
    again, mended = remembered.read(contract.body)
    assert (again, mended) == (profile, False)
    assert Contract.of(again).digest == contract.digest


def test_every_key_of_the_schema_is_read_back_as_it_was() -> None:
    """The same for a profile in which everything is written."""
    profile = Profile.model_validate(whole.tables())
    assert remembered.read(Contract.of(profile).body) == (profile, False)
