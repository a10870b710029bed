"""The clocks wait as long as they show, and no longer than the event."""

import asyncio
from datetime import UTC, datetime, timedelta

from bot.clock import Clock, FastClock, HandClock, WallClock, monotonic
from bot.engine.guarded import rest

START = datetime(2026, 2, 16, 1, 0, tzinfo=UTC)
NEVER = asyncio.Event


async def test_a_fast_clock_waits_in_its_own_time() -> None:
    """Ten minutes at 6000 times the speed are a tenth of a second."""
    clock, began = FastClock(6000, START), monotonic()
    until = clock.now() + timedelta(minutes=10)
    await clock.wait(NEVER(), until)
    assert clock.now() >= until - timedelta(seconds=30)
    assert 0.09 < monotonic() - began < 2


async def test_a_fast_clock_knows_when_the_machine_has_to_ring() -> None:
    """An hour of a clock that runs 60 times faster is a minute of the machine's."""
    clock, machine = FastClock(60, START), WallClock()
    rings_at = clock.rings_at(clock.now() + timedelta(hours=1))
    assert rings_at is not None
    assert timedelta(seconds=58) < rings_at - machine.now() < timedelta(seconds=62)


async def test_every_clock_ends_a_wait_with_the_event_or_with_the_past() -> None:
    """Nobody waits for what has happened, nor for an instant that is over."""
    for clock in (WallClock(), FastClock(2, START), HandClock(START)):
        now: Clock = clock
        rung = asyncio.Event()
        rung.set()
        async with asyncio.timeout(1):
            await now.wait(rung, now.now() + timedelta(days=1))
            await now.wait(rung)
            await now.wait(NEVER(), now.now() - timedelta(seconds=1))
            await now.wait(NEVER(), now.now())


async def test_a_hand_clock_waits_until_it_is_moved_far_enough() -> None:
    """A move that stays short of the instant wakes nobody for good, also a move back; each one is told."""
    clock, told = HandClock(START), []
    clock.on_jump(lambda: told.append(clock.now()))
    waiting = asyncio.create_task(clock.wait(NEVER(), START + timedelta(minutes=10)))
    for minutes in (5, 1, 9):
        clock.move(START + timedelta(minutes=minutes))
        await rest(timedelta(milliseconds=5), NEVER())
        assert not waiting.done()
    clock.move(START + timedelta(minutes=10))
    async with asyncio.timeout(1):
        await waiting
    assert len(told) == 4


async def test_a_wait_that_is_broken_off_leaves_nothing_behind() -> None:
    """Whoever gives up waiting for a clock leaves no task in the loop."""
    for clock in (WallClock(), FastClock(2, START), HandClock(START)):
        waiting = asyncio.create_task(clock.wait(NEVER(), clock.now() + timedelta(days=1)))
        await rest(timedelta(milliseconds=2), NEVER())
        waiting.cancel()
        await asyncio.wait({waiting})
    assert asyncio.all_tasks() == {asyncio.current_task()}
