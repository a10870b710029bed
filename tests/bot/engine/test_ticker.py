"""Due alarms ring, soon, and none in the way of another."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.clock import WallClock
from bot.engine.guarded import rest
from bot.engine.mishaps import Mishaps
from bot.engine.presence import Presence
from bot.engine.ticker import Ticker
from bot.engine.worker import Worker
from desk import buttons
from desk.access import Act
from desk.house import Desk
from sla.terms import Clock
from storage import alarms as rows
from storage import ledger, tickets
from storage.store import Transaction
from tests.bot.engine import bench as benches
from tests.bot.engine.bench import LEAD, REPORTER, Bench, message
from tests.desk import payloads

SHORT = timedelta(milliseconds=50)


async def reported(bench: Bench, *updates: dict[str, object]) -> None:
    """These reports became tickets."""
    await bench.receives(*updates)
    await bench.settles()


def alarms(bench: Bench) -> dict[tuple[int, str], str]:
    """When each clock of each ticket is due."""
    return {(row["ticket_id"], row["clock"]): row["due_at"] for row in bench.rows("SELECT * FROM alarms")}


async def test_an_alarm_that_fails_makes_way_for_other_tickets(bench: Bench) -> None:
    """A ticket that nobody can read is put off and told of; the next ticket's breach is called all the same."""
    async with bench.running(bench.courier, bench.worker, bench.ticker):
        await reported(bench, message(1, REPORTER, "三楼会议室没有声音"), message(2, LEAD, "视频会议全部中断"))
        await bench.does("UPDATE tickets SET body = '{}' WHERE id = 1")
        before = {key: due for key, due in alarms(bench).items() if key[0] == 1}
        for _ in range(13):
            await bench.passes(minutes=1)
            await bench.until(lambda: bench.ticker.idle)
        await bench.phones["manager-1"].sees("响应超时")
        await bench.phones["admin-1"].sees("到期时限程序处理失败")
        after = {key: due for key, due in alarms(bench).items() if key[0] == 1}
    assert len(bench.rows("SELECT id FROM tickets")) == 2
    assert before.keys() == after.keys()
    assert before != after


async def test_an_alarm_that_moves_nothing_is_put_off(bench: Bench, caplog: pytest.LogCaptureFixture) -> None:
    """An alarm that is due at the same instant after it rang does not ring for ever."""
    async with bench.running(bench.courier, bench.worker, bench.ticker):
        await reported(bench, message(1, REPORTER, "视频会议全部中断"))
        await bench.does("CREATE TRIGGER stuck BEFORE DELETE ON alarms BEGIN SELECT RAISE(IGNORE); END")
        await bench.does("CREATE TRIGGER again BEFORE INSERT ON alarms BEGIN SELECT RAISE(IGNORE); END")
        bench.hand.move(bench.clock.now() + timedelta(minutes=6))
        await bench.until(lambda: "Unmoved" in caplog.text)
        await bench.until(lambda: bench.ticker.idle)


async def test_a_locked_database_puts_nothing_off(bench: Bench) -> None:
    """When the database is back the alarm rings at once, at its own due time."""
    async with bench.running(bench.courier, bench.worker, bench.ticker):
        await reported(bench, message(1, REPORTER, "视频会议全部中断"))
        due = alarms(bench)
        async with bench.locked():
            bench.hand.move(bench.clock.now() + timedelta(minutes=11))
            await bench.until(lambda: not bench.ticker.idle)
            assert alarms(bench) == due
        await bench.phones["manager-1"].sees("响应超时")


class SteppedClock(WallClock):
    """A machine's clock that somebody sets."""

    def __init__(self) -> None:
        self.wrong_by = timedelta()

    def now(self) -> datetime:
        """What it shows."""
        return super().now() + self.wrong_by

    def rings_at(self, due: datetime) -> datetime | None:
        """As things stand now; whoever sleeps until then does not notice that the clock is set."""
        return due - self.wrong_by


def now_reported(bench: Bench) -> dict[str, object]:
    """A report of this moment."""
    return message(1, REPORTER, "视频会议全部中断", date=int(bench.clock.now().timestamp()))


async def set_to(bench: Bench, due: datetime) -> None:
    """Let a clock of the ticket be looked at then."""
    await bench.store.write(lambda tx: rows.put_off(tx, 1, Clock.RESPONSE, due))


async def test_an_alarm_is_hardly_late(tmp_path: Path) -> None:
    """The scheduler wakes the ticker at the due instant, long before the next sweep, and not before it."""
    async with benches.opened(tmp_path, moving=WallClock()) as bench:
        async with bench.running(bench.courier, bench.worker, bench.ticker):
            await reported(bench, now_reported(bench))
            due = bench.clock.now() + timedelta(milliseconds=300)
            await set_to(bench, due)
            was = alarms(bench)
            await bench.until(lambda: alarms(bench) != was)
            assert timedelta() <= bench.clock.now() - due < timedelta(milliseconds=500)


async def test_a_clock_that_is_set_is_caught_by_the_sweep(tmp_path: Path) -> None:
    """Set back, nothing rings too early; set forward, what is due by then rings at the next sweep."""
    clock = SteppedClock()
    async with benches.opened(tmp_path, moving=clock) as bench:
        bench.ticker = Ticker(bench.store, clock, bench.desk, Mishaps(bench.store, bench.desk), SHORT)
        async with bench.running(bench.courier, bench.worker, bench.ticker):
            await reported(bench, now_reported(bench))
            await set_to(bench, clock.now() + timedelta(milliseconds=150))
            was = alarms(bench)
            clock.wrong_by = -timedelta(hours=1)
            await rest(SHORT * 6, bench.parts.fallen)
            assert alarms(bench) == was
            clock.wrong_by = timedelta()
            await bench.until(lambda: alarms(bench) != was, within=2)
            clock.wrong_by = timedelta(minutes=30)
            await bench.phones["manager-1"].sees("响应超时")


async def test_a_press_that_came_in_time_counts_from_its_receipt(bench: Bench) -> None:
    """Kept before the limit and handled long after it, because the program was down: in time, and nobody is called."""

    def desk_at(tx: Transaction) -> Desk:
        return Desk(tx=tx, house=bench.house, now=bench.clock.now())

    mishaps, presence = Mishaps(bench.store, desk_at), Presence(bench.store, bench.clock)
    line = bench.line
    before = Worker(bench.store, line.bot, line.me, bench.clock, bench.courier, desk_at, mishaps, presence)
    await bench.receives(message(1, REPORTER, "视频会议全部中断"))
    async with bench.running(before):
        await bench.until(lambda: bench.rows("SELECT id FROM tickets"))
    ticket = await bench.store.read(lambda tx: tickets.load(tx, 1))
    assert ticket is not None
    bench.hand.move(bench.clock.now() + timedelta(minutes=9))
    pressed_at = bench.clock.now()
    data = buttons.data_of(ticket, Act.ACKNOWLEDGE)
    await bench.receives({**payloads.pressed(benches.ENGINEER, data, pressed_at), "update_id": 2})
    bench.hand.move(bench.clock.now() + timedelta(minutes=20))
    async with bench.running(bench.courier, bench.ticker):
        await bench.until(lambda: bench.ticker._held_since is not None)
        async with bench.running(bench.worker):
            await bench.until(lambda: bench.worker.idle and bench.ticker.idle)
    entries = {entry.kind: entry.at for entry in await bench.store.read(lambda tx: ledger.entries_of(tx, 1))}
    assert entries["acknowledged"] == pressed_at
    assert [clock for clock in entries if clock == "breached"] == []
