"""The hotline watches itself: pages for machines, a heartbeat, signs of life for systemd; each over real sockets."""

import asyncio
import json
import logging
import os
import re
import signal
import socket
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot.clock import HandClock, WallClock
from bot.config.watch import Watch
from bot.demo import stage
from bot.engine import heartbeat, pages, service, watch
from bot.engine.auditor import Auditor
from bot.engine.gauges import Gauges
from bot.engine.mishaps import Mishaps
from bot.engine.serving import CannotListen, serving
from bot.engine.systemd import Manager
from bot.engine.vitals import Vitals
from sandbox import server
from sandbox.world import World
from storage.outbox import Lane
from tests.bot import written
from tests.bot.engine.bench import CONTRACT, MINUTE, START, Bench, peopled, settings_in
from tests.postgres import free_port
from tests.sandbox import raw

OFTEN = timedelta(milliseconds=20)
SECRET = "/ping/5f2c-secret"
WORDS = "三楼会议室没有声音"
LABELS = {"lane", "contract", "kind", "outcome", "since", "mode", "le", "version", "python"}


def vitals_of(bench: Bench, every: timedelta = MINUTE) -> Vitals:
    """The signs of life of a bench."""
    gauges = Gauges()
    auditor = Auditor(bench.store, bench.clock, bench.desk, Mishaps(bench.store, bench.desk), gauges, every)
    return Vitals(
        store=bench.store,
        clock=bench.clock,
        parts=bench.parts,
        ticker=bench.ticker,
        auditor=auditor,
        gauges=gauges,
    )


@asynccontextmanager
async def shown(vitals: Vitals) -> AsyncIterator[str]:
    """The pages of these signs; where they are."""
    app = pages.application(vitals, vitals.auditor, vitals.gauges)
    async with serving(app, "127.0.0.1", 0, vitals.parts, part="pages", key="watch.listen") as port:
        yield f"http://127.0.0.1:{port}"


async def signs(url: str) -> tuple[int, dict[str, dict[str, Any]]]:
    """The status of /readyz, and its lines by what they check."""
    answer = await raw.request(f"{url}/readyz")
    lines = [json.loads(line) for line in answer.body.decode().splitlines()]
    return answer.status, {line["check"]: line for line in lines}


async def measured(url: str) -> dict[str, float]:
    """Every measure of /metrics by its name and labels."""
    answer = await raw.request(f"{url}/metrics")
    assert answer.status == 200
    found = {}
    for family in text_string_to_metric_families(answer.body.decode()):
        for sample in family.samples:
            assert set(sample.labels) <= LABELS
            found["/".join((sample.name, *sample.labels.values()))] = sample.value
    return found


@dataclass
class Listener:
    """A web server that hears heartbeats."""

    status: int = 200
    heard: list[str] = field(default_factory=list)
    more: asyncio.Event = field(default_factory=asyncio.Event)
    url: str = ""

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Take one request down."""
        self.heard.append((await reader.readline()).decode().strip())
        self.more.set()
        writer.write(f"HTTP/1.1 {self.status} x\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok".encode())
        await writer.drain()
        writer.close()


@pytest.fixture
async def listener() -> AsyncIterator[Listener]:
    """Somebody who listens for heartbeats."""
    listener = Listener()
    web = await asyncio.start_server(listener.answer, "127.0.0.1", 0)
    async with web:
        listener.url = f"http://127.0.0.1:{web.sockets[0].getsockname()[1]}{SECRET}"
        yield listener


class Told:
    """A service manager that takes down what it is told."""

    def __init__(self, address: str) -> None:
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.setblocking(False)
        self.socket.bind(address)
        self.lines: list[str] = []

    async def hears(self, word: str) -> None:
        """Wait for a line that begins so."""
        async with asyncio.timeout(20):
            while not any(line.startswith(word) for line in self.lines):
                self.lines += (await asyncio.get_running_loop().sock_recv(self.socket, 4096)).decode().split("\n")


@pytest.fixture
def told(tmp_path: Path) -> Iterator[Told]:
    """A service manager at a real socket."""
    told = Told(str(tmp_path / "notify"))
    yield told
    told.socket.close()


async def test_a_ready_house_says_so(bench: Bench) -> None:
    """Alive and ready, one JSON line for each sign."""
    vitals = vitals_of(bench)
    async with bench.running(bench.ticker), shown(vitals) as url:
        alive = await raw.request(f"{url}/healthz")
        assert (alive.status, alive.json) == (200, {"check": "parts", "ok": True})
        status, found = await signs(url)
        assert status == 200
        assert list(found) == ["parts", "database", "ticker", "bot_api", "audit"]
        assert found["audit"]["looked"] is False
        await vitals.auditor.audit()
        assert (await signs(url))[1]["audit"]["looked"] is True


async def test_a_house_that_is_not_ready_says_why(bench: Bench) -> None:
    """A full database, a ticker that sleeps, a silent line, an auditor that is late: 503, each by name."""
    vitals = replace(vitals_of(bench, every=timedelta()), swept_within=timedelta(), heard_within=timedelta())
    async with shown(vitals) as url, bench.locked():
        status, found = await signs(url)
        assert status == 503
        assert [name for name, sign in found.items() if not sign["ok"]] == ["database", "ticker", "bot_api", "audit"]
        assert found["database"]["error"] == "Unavailable"
        assert (await raw.request(f"{url}/healthz")).status == 200
        assert (await raw.request(f"{url}/metrics")).status == 200


async def test_a_finding_makes_it_unready(bench: Bench) -> None:
    """What the auditor found stands in its line, by kind and count."""
    await bench.writes(2001, "急", Lane.URGENT)
    bench.hand.move(START + timedelta(minutes=2))
    vitals = vitals_of(bench)
    async with shown(vitals) as url:
        await vitals.auditor.audit()
        status, found = await signs(url)
    assert (status, found["audit"]["findings"]) == (503, {"late_urgent": 1})


async def test_a_dead_part_is_not_alive(bench: Bench) -> None:
    """A part that has ended makes /healthz fail as long as anybody can still ask."""

    async def dies() -> None:
        raise ValueError("x")

    async with shown(vitals_of(bench)) as url, bench.parts.running("part", dies, lambda: None):
        await asyncio.wait_for(bench.parts.fallen.wait(), 5)
        assert (await raw.request(f"{url}/healthz")).status == 503


async def test_what_is_measured(tmp_path: Path) -> None:
    """A report, its page and a press are counted; no name, number or word of anybody is among it."""
    clock, port = HandClock(START), free_port()
    world = stage.world_at(clock)
    settings = replace(settings_in(tmp_path), watch=Watch(listen=("127.0.0.1", port)))
    phones = peopled(world, settings)
    async with stage.opened(settings, world, clock) as played:
        phones["reporter-1"].says(WORDS)
        await played.settles()
        await played.hotline.auditor.audit()
        await played.passes(minutes=11)  # the manager is called: urgent too, but no first page
        phones["engineer-1"].presses("接单")
        await played.settles()
        phones["reporter-1"].says("/ticket SGC-20260101-999")
        await played.settles()
        await played.hotline.auditor.audit()
        found = await measured(f"http://127.0.0.1:{port}")
        body = (await raw.request(f"http://127.0.0.1:{port}/metrics")).body.decode()
        listed = (await raw.request(f"http://127.0.0.1:{port}/readyz")).body.decode()
    assert found["hotline_page_seconds_count/report"] == found["hotline_page_seconds_count/receipt"] == 1
    assert found["hotline_alarm_lateness_seconds_count"] >= 1
    assert found[f"hotline_open_tickets/{CONTRACT}"] == 1
    assert found["hotline_letters_total/sent"] >= 5
    assert found["hotline_updates_total/handled"] >= 2
    assert found["hotline_updates_total/poison"] == found["hotline_uncertain_sends_total"] == 0
    assert found["hotline_outbox_letters/urgent"] == found["hotline_outbox_oldest_seconds/urgent"] == 0
    assert found["hotline_database_seconds_count/write"] > 5 < found["hotline_database_seconds_count/read"]
    assert found["hotline_audit_well"] == 1
    assert found["hotline_audit_findings/stranded"] == 0
    assert [name for name in found if "hotline_build_info" in name and "0.1.0" in name]
    private = [WORDS, "SGC-", *(person.name for person in settings.people), *(person.key for person in settings.people)]
    private += [str(person.telegram_id) for person in settings.people]
    shown = body + listed
    assert not [word for word in private if re.search(rf"(?<![\d.]){re.escape(word)}(?![\d.])", shown)]


async def test_an_old_verdict_is_none(bench: Bench) -> None:
    """Content for two rounds and no longer: an auditor that hangs is no reason to beat."""
    fresh, stale = vitals_of(bench).auditor, vitals_of(bench, every=timedelta()).auditor
    assert await fresh.audit() == await stale.audit() == ()
    assert fresh.is_content
    assert not stale.is_content


async def test_a_measure_after_each_outcome(bench: Bench) -> None:
    """Each outcome of an update is counted, and a clock that went back makes no alarm early."""
    gauges = Gauges()
    for outcome in ("handled", "refused", "poison"):
        gauges.handled(outcome)
    with gauges.timed("write"):
        pass
    gauges.rang(timedelta(seconds=-1))
    text = gauges.page().decode()
    assert 'hotline_updates_total{outcome="poison"} 1.0' in text
    assert "hotline_alarm_lateness_seconds_sum 0.0" in text
    assert 'hotline_database_seconds_count{mode="write"} 1.0' in text


async def test_the_heart_beats_while_the_auditor_is_content(bench: Bench, listener: Listener) -> None:
    """Not before the first look, then again and again; never after a finding, and again when it is gone."""
    vitals = vitals_of(bench)
    config = Watch(audit_every=OFTEN, heartbeat_url=listener.url, heartbeat_every=OFTEN)
    looks: asyncio.Queue[bool] = asyncio.Queue()
    vitals.auditor.on_look(lambda: looks.put_nowait(vitals.auditor.is_content))
    assert not vitals.auditor.is_content
    async with watch.kept(config, vitals, bench.line.bot):
        async with asyncio.timeout(10):
            await listener.more.wait()
            assert listener.heard[0] == f"GET {SECRET} HTTP/1.1"
            late = await bench.writes(2001, "急", Lane.URGENT)
            bench.hand.move(START + timedelta(minutes=2))
            while await looks.get():
                pass
            await looks.get()  # a beat that was on its way has arrived by now
            before = len(listener.heard)
            for _ in range(5):
                assert not await looks.get()
            assert len(listener.heard) == before
            await bench.does("UPDATE outbox SET state = 'sent' WHERE id = ?", late)
            listener.more.clear()
            await listener.more.wait()
    assert bench.parts.error is None


async def test_a_heartbeat_that_is_not_heard(listener: Listener, caplog: pytest.LogCaptureFixture) -> None:
    """A bad answer or none is logged by its kind, without the address, and disturbs nothing."""
    caplog.set_level(logging.INFO)
    assert await heartbeat.beat(listener.url)
    listener.status = 503
    assert not await heartbeat.beat(listener.url)
    gone = f"http://127.0.0.1:{free_port()}{SECRET}"
    assert not await heartbeat.beat(gone)
    lines = [record.getMessage() for record in caplog.records if record.name.startswith("hotline")]
    assert lines == ["heartbeat not heard: status 503", "heartbeat not heard: ConnectError"]


async def test_systemd_hears_the_whole_story(bench: Bench, told: Told) -> None:
    """Ready, signs of life, what the auditor says, and that it stops."""
    vitals = vitals_of(bench)
    manager = Manager.of({"NOTIFY_SOCKET": told.socket.getsockname(), "WATCHDOG_USEC": "60000"})
    assert manager.watchdog == timedelta(milliseconds=60)
    async with bench.running(bench.ticker), watch.managed(manager, vitals):
        await told.hears("READY=1")
        await told.hears("WATCHDOG=1")
        await bench.writes(2001, "急", Lane.URGENT)
        bench.hand.move(START + timedelta(minutes=2))
        await vitals.auditor.audit()
        await told.hears("STATUS=runs; found: late_urgent 1")
    await told.hears("STOPPING=1")
    assert told.lines[0] == "READY=1"


async def test_no_sign_of_life_without_proof(bench: Bench, told: Told, caplog: pytest.LogCaptureFixture) -> None:
    """A database that takes no row, or a ticker that does not sweep: systemd hears nothing, and starts it anew."""
    manager = Manager(address=told.socket.getsockname(), watchdog=timedelta(milliseconds=60))
    async with bench.locked(), watch.managed(manager, vitals_of(bench)):
        await bench.until(lambda: "no sign of life" in caplog.text)
    caplog.clear()
    async with watch.managed(manager, replace(vitals_of(bench), swept_within=timedelta())):
        await bench.until(lambda: "no sign of life" in caplog.text)
    await told.hears("STOPPING=1")
    while True:
        try:
            told.lines += told.socket.recv(4096).decode().split("\n")
        except BlockingIOError:
            break
    assert "WATCHDOG=1" not in told.lines


async def test_the_kinds_of_manager(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """None at all, one at an abstract socket, one that is gone, and a watchdog that is meant for another process."""
    Manager.of({}).tell("READY=1")
    abstract = Told(f"\0hotline-test-{os.getpid()}-{tmp_path.name}")
    Manager(address=f"@hotline-test-{os.getpid()}-{tmp_path.name}").tell("READY=1", "STATUS=x")
    await abstract.hears("READY=1")
    assert abstract.lines == ["READY=1", "STATUS=x"]
    abstract.socket.close()
    assert caplog.text == ""
    Manager(address=str(tmp_path / "gone")).tell("READY=1")
    assert "was not told: FileNotFoundError" in caplog.text
    assert Manager.of({"WATCHDOG_USEC": "1000000", "WATCHDOG_PID": "1"}).watchdog is None
    assert Manager.of({"WATCHDOG_USEC": "1000000", "WATCHDOG_PID": str(os.getpid())}).watchdog == timedelta(seconds=1)
    assert Manager.of({"WATCHDOG_USEC": "soon"}).watchdog is None


async def test_the_program_under_systemd(tmp_path: Path, told: Told) -> None:
    """`hotline run` as systemd starts it: ready, alive while the Bot API answers, and ended by SIGTERM."""
    world = World(written.TOKEN, "weibao_bot", WallClock().now)
    port = free_port()
    folder = tmp_path / "house"
    async with server.serving(world) as url:
        written.good(folder).change("config.toml", "[telegram]", f'[telegram]\napi_url = "{url}"\n').add(
            "config.toml", f'\n[watch]\nlisten = "127.0.0.1:{port}"\n'
        )
        program = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", "run", "--config", str(folder / "config.toml"), cwd=written.ROOT,
            stderr=asyncio.subprocess.PIPE,
            env={"PYTHONPATH": str(written.ROOT), "LANG": "zh_CN.UTF-8",
                 "NOTIFY_SOCKET": told.socket.getsockname(), "WATCHDOG_USEC": "600000"},
        )  # fmt: skip
        try:
            await told.hears("READY=1")
            await told.hears("WATCHDOG=1")
            assert (await signs(f"http://127.0.0.1:{port}"))[0] == 200
            program.send_signal(signal.SIGTERM)
            await told.hears("STOPPING=1")
            _, log = await asyncio.wait_for(program.communicate(), 20)
        finally:
            if program.returncode is None:
                program.kill()
                await program.wait()
    assert program.returncode == 0
    assert b"ERROR" not in log


async def test_a_port_of_the_pages_that_is_taken(tmp_path: Path) -> None:
    """A sentence that names the key and the address, and not a traceback."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        settings = replace(settings_in(tmp_path), watch=Watch(listen=("127.0.0.1", port)))
        with pytest.raises(CannotListen, match=rf"无法监听.*watch\.listen = 127\.0\.0\.1:{port}"):
            await service.run(settings, HandClock(START))
