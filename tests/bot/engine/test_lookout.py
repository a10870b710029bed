"""The lookout: what is an outage and what is none, and what is told of a token that somebody else uses."""

import json
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from bot.clock import since_boot
from bot.engine.contact import Contact
from bot.engine.lookout import Lookout, Patience
from bot.engine.polling import Poller
from bot.engine.presence import Presence
from tests.bot.engine.bench import ADMIN, MINUTE, Bench

HASTY = Patience(outage=timedelta(seconds=1), conflict=timedelta(milliseconds=100), every=timedelta(milliseconds=20))

CALM = Patience(outage=timedelta(seconds=45), every=timedelta(milliseconds=20))


def watch(bench: Bench, contact: Contact, patience: Patience = HASTY) -> Lookout:
    """A watch of the bench's house."""
    return Lookout(bench.store, bench.clock, bench.desk, contact, bench.line.me.id, patience)


def outages(bench: Bench) -> list[dict[str, Any]]:
    """What the ledger holds of them."""
    return [json.loads(row["data"]) for row in bench.rows("SELECT data FROM ledger WHERE kind = 'outage'")]


def told(bench: Bench) -> list[str]:
    """What the administrator is to be told."""
    return [json.loads(row["payload"])["html"] for row in bench.rows("SELECT * FROM outbox WHERE purpose = 'admin'")]


def sign(bench: Bench) -> str:
    """The last sign of life as it is kept; nothing before the first."""
    return "".join(row["value"] for row in bench.rows("SELECT * FROM notes WHERE key LIKE 'sign%'"))


def changed(bench: Bench, before: str) -> bool:
    """Whether there is a newer sign of life."""
    return sign(bench) != before


@asynccontextmanager
async def watched(bench: Bench, patience: Patience = HASTY) -> AsyncIterator[tuple[Contact, Lookout]]:
    """A house that polls and is watched, and has contact."""
    contact = Contact(peace=timedelta(seconds=5))
    line = bench.line
    poller = Poller(
        bench.store,
        line.poll_request,
        line.poll_url,
        line.me.id,
        bench.clock,
        line.cannot_keep,
        Presence(bench.store, bench.clock),
        contact=contact,
    )
    looking = watch(bench, contact, patience)
    async with bench.running(poller, looking):
        await bench.until(lambda: contact.made and sign(bench))
        yield contact, looking


async def test_a_process_that_was_stopped_was_blind(bench: Bench) -> None:
    """Nothing of it ran for a while, as after SIGSTOP: that is an outage, from the last sign of life to the next."""
    async with watched(bench) as (_, looking):
        bench.phones["reporter-1"].says("一")
        await bench.until(lambda: bench.states() and looking.idle)
        threading.Event().wait(1.5)
        bench.phones["reporter-1"].says("二")
        await bench.until(lambda: any("down" in one["why"] for one in outages(bench)))
    assert not [one for one in outages(bench) if "not_writable" in one["why"]]
    assert len(told(bench)) == len(outages(bench))


async def test_an_answer_that_came_first_after_a_stop_hides_nothing(bench: Bench) -> None:
    """The poller may run again before the watch does: what it hears then was not heard all the time."""
    contact = Contact()
    contact.heard(everything=True)
    looking = watch(bench, contact)
    async with bench.running(looking):
        await bench.until(lambda: sign(bench) and looking.idle)
        threading.Event().wait(1.5)
        contact.heard(everything=True)
        await bench.until(lambda: not contact.made and looking.idle)
        contact.heard(everything=True)
        await bench.until(lambda: outages(bench))


async def test_a_database_that_takes_nothing_is_an_outage(bench: Bench) -> None:
    """As soon as it takes something again, it takes the note of it."""
    async with watched(bench):
        async with bench.locked():
            began = since_boot()
            await bench.until(lambda: since_boot() - began > 1.5)
        await bench.until(lambda: any("not_writable" in one["why"] for one in outages(bench)))
    assert len(told(bench)) == len(outages(bench))


async def test_a_clock_that_is_set_is_no_outage(bench: Bench) -> None:
    """While the process runs, an hour forward or back on the wall is not an hour of blindness."""
    async with watched(bench, CALM):
        for move in (60, -120, 60):
            before = sign(bench)
            bench.hand.move(bench.clock.now() + move * MINUTE)
            await bench.until(partial(changed, bench, before))
    assert outages(bench) == []
    assert told(bench) == []


async def test_a_house_whose_other_replica_lives_is_not_blind(bench: Bench) -> None:
    """The sign of life is the house's: a replica that comes back after an hour finds it fresh."""
    async with watched(bench, CALM):
        bench.hand.move(bench.clock.now() + 60 * MINUTE)
        hour = bench.clock.now().isoformat()
        await bench.until(lambda: hour in sign(bench))
        contact = Contact()
        contact.heard(everything=True)
        await watch(bench, contact, CALM).begin()
    assert outages(bench) == []
    bench.hand.move(bench.clock.now() + 60 * MINUTE)
    contact = Contact()
    contact.heard(everything=True)
    await watch(bench, contact, CALM).begin()
    assert len(outages(bench)) == 1


async def test_a_replica_that_waits_for_its_turn_adds_nothing_up(bench: Bench) -> None:
    """While another one polls, what comes is not late; it counts from when that one is gone."""
    waiting = Contact()
    second = watch(bench, waiting, CALM)
    async with watched(bench, CALM):
        await second.begin()
        for number in range(3):
            bench.phones["reporter-1"].says(f"{number}")
        await bench.until(lambda: len(bench.states()) == 3)
        async with bench.running(second):
            await bench.until(lambda: '"update_id":710000003' in sign(bench) and second.idle)
    bench.hand.move(bench.clock.now() + 2 * MINUTE)
    waiting.heard(everything=True)
    async with bench.running(watch(bench, waiting, CALM)):
        await bench.until(lambda: outages(bench))
    [outage] = outages(bench)
    assert outage["updates"] == 0


async def test_an_outage_ends_when_everything_that_waited_is_read(bench: Bench) -> None:
    """A long backlog comes in several answers; all of it counts as late."""
    contact = Contact()
    contact.heard(everything=True)
    await watch(bench, contact, CALM).begin()
    bench.hand.move(bench.clock.now() + 2 * MINUTE)
    for number in range(130):
        bench.phones["reporter-1"].says(f"{number}")
    async with watched(bench, CALM):
        await bench.until(lambda: outages(bench))
    [outage] = outages(bench)
    assert outage["updates"] == 130
    assert outage["why"] == ["down"]


async def test_a_conflict_that_lasts_is_told_and_so_is_its_end(bench: Bench, caplog: pytest.LogCaptureFixture) -> None:
    """Somebody else polls with this token: the administrator hears of it once, and once when it is over."""
    async with watched(bench):
        fault = bench.world.faults.answers(409, "Conflict: terminated by other getUpdates request", times=None)
        bench.phones["reporter-1"].says("一")
        await bench.until(lambda: told(bench))
        assert "同一个令牌" in told(bench)[0]
        fault.cancel()
        await bench.until(lambda: any("已恢复正常" in one for one in told(bench)))
    assert len([one for one in told(bench) if "同一个令牌" in one and "已恢复" not in one]) == 1
    assert {row["chat_id"] for row in bench.rows("SELECT * FROM outbox WHERE purpose = 'admin'")} == {ADMIN}
