"""The house stops when it is told to, ends when it cannot serve, and goes on while only the Bot API is away."""

import asyncio
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from bot.clock import HandClock, WallClock, monotonic
from bot.config.settings import Settings, Webhook
from bot.demo import stage
from bot.engine import service
from bot.engine.guarded import Parts, unless
from sandbox.server import serving
from sandbox.world import World
from tests.bot import written
from tests.bot.engine.bench import MINUTE, START, peopled, settings_in

AT_MOST = 6.0


@asynccontextmanager
async def black_hole() -> AsyncIterator[tuple[str, asyncio.Event]]:
    """A server that takes every call and never answers; its address, and whether anybody called."""
    called, held = asyncio.Event(), []

    async def swallow(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        held.append(writer)
        called.set()
        await reader.read()
        writer.close()

    server = await asyncio.start_server(swallow, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", called
        for writer in held:
            writer.transport.abort()
        await asyncio.gather(*(writer.wait_closed() for writer in held), return_exceptions=True)


@asynccontextmanager
async def program(folder: Path, url: str, more: str = "") -> AsyncIterator[asyncio.subprocess.Process]:
    """`hotline run`, as the service manager starts it."""
    written.good(folder).change("config.toml", "[telegram]", f'[telegram]\napi_url = "{url}"\n{more}')
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "run", "--config", str(folder / "config.toml"),
        cwd=written.ROOT, stderr=asyncio.subprocess.PIPE, env={"PYTHONPATH": str(written.ROOT), "LANG": "zh_CN.UTF-8"},
    )  # fmt: skip
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def stopped(process: asyncio.subprocess.Process) -> float:
    """How long it takes to stop."""
    began = monotonic()
    process.send_signal(signal.SIGTERM)
    async with asyncio.timeout(20):
        await process.wait()
    return monotonic() - began


def local(folder: Path, url: str, **changes: object) -> Settings:
    """Settings for a Bot API at this address."""
    return replace(settings_in(folder), api_url=url, **changes)  # type: ignore[arg-type]


async def test_sigterm_ends_a_program_whose_bot_api_is_a_black_hole(tmp_path: Path) -> None:
    """Nobody answers, and the program stops all the same, within seconds and without a complaint."""
    async with black_hole() as (url, called), program(tmp_path, url) as process:
        await asyncio.wait_for(called.wait(), 20)
        assert await stopped(process) < AT_MOST
        assert process.returncode == 0


async def test_sigterm_ends_an_open_long_poll(tmp_path: Path) -> None:
    """A question for updates that waits for its answer is broken off."""
    world = World(written.TOKEN, "weibao_bot", WallClock().now)
    async with serving(world) as url, program(tmp_path, url) as process:
        await asyncio.wait_for(world.polls.opened(), 20)
        assert await stopped(process) < AT_MOST
        assert process.returncode == 0


async def test_a_letter_that_hangs_does_not_keep_the_house_open(tmp_path: Path) -> None:
    """What has not arrived after a few seconds stays marked as on its way, for the next start to see."""
    clock = HandClock(START)
    world = stage.world_at(clock)
    settings = settings_in(tmp_path)
    phones = peopled(world, settings)
    async with stage.opened(settings, world, clock) as played:
        hanging = world.faults.delays(30, method="sendMessage")
        phones["reporter-1"].says("三楼会议室没有声音")
        await asyncio.wait_for(_struck(world, hanging), 5)
        began = monotonic()
    assert monotonic() - began < AT_MOST
    assert played.hotline.parts.error is None
    hanging.cancel()


async def _struck(world: World, fault: object) -> None:
    while not getattr(fault, "hits", 0):
        await world.changed.heard(0.01)


@pytest.mark.parametrize("mode", ["polling", "webhook"])
async def test_stopping_while_nothing_was_ever_reached(tmp_path: Path, mode: str) -> None:
    """Introduction and webhook are broken off at once."""
    hook = Webhook(listen_host="127.0.0.1", listen_port=0, url="https://example.test/hook", secret="s")
    async with black_hole() as (url, called):
        async with service.opened(local(tmp_path, url, mode=mode, webhook=hook), HandClock(START)):
            await called.wait()
            began = monotonic()
        assert monotonic() - began < 1


async def test_stopping_while_the_webhook_is_refused(tmp_path: Path) -> None:
    """A webhook that the Bot API does not take is tried until the house stops, and no longer."""
    world = stage.world_at(HandClock(START))
    refused = world.faults.answers(400, "Bad Request: bad webhook", method="setWebhook", times=None)
    hook = Webhook(listen_host="127.0.0.1", listen_port=0, url="https://example.test/hook", secret="s")
    async with serving(world) as url:
        async with service.opened(local(tmp_path, url, mode="webhook", webhook=hook), HandClock(START)):
            await asyncio.wait_for(_struck(world, refused), 5)
            began = monotonic()
        assert monotonic() - began < 3


async def test_a_refused_token_ends_the_program_with_a_sentence(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """The Bot API does not know the token when the program starts: a mistake in the configuration, exit code 1."""
    world = stage.world_at(HandClock(START))
    async with serving(world) as url:
        settings = local(tmp_path, url, token="999:unknown")
        assert await asyncio.wait_for(service.run(settings, HandClock(START)), 10) == 1
    said = [record for record in caplog.records if record.levelname == "CRITICAL"]
    assert len(said) == 1
    assert "不接受这个令牌" in said[0].getMessage()
    assert said[0].exc_info is None


async def test_a_gateway_that_knows_no_such_page_is_no_refused_token(tmp_path: Path) -> None:
    """A 404 that does not come from the Bot API says nothing about the token: the program waits."""
    clock = HandClock(START)
    world = stage.world_at(clock)
    world.faults.answers(404, "", body="<html>404</html>", method="getMe")
    world.faults.answers(200, "", body='{"ok":true}', method="getMe")
    async with stage.opened(settings_in(tmp_path), world, clock) as played:
        assert played.hotline.parts.error is None


async def test_a_token_refused_later_stops_no_clock(tmp_path: Path) -> None:
    """When the token is taken away in the middle of a fault, deadlines ring and letters wait for better times."""
    clock = HandClock(START)
    world = stage.world_at(clock)
    settings = settings_in(tmp_path)
    phones = peopled(world, settings)
    async with stage.opened(settings, world, clock) as played:
        phones["reporter-1"].says("视频会议全部中断")
        await played.settles()
        refusals = [
            world.faults.answers(401, "Unauthorized", method=method, times=None)
            for method in ("getUpdates", "sendMessage", "editMessageText")
        ]
        clock.move(clock.now() + MINUTE * 11)
        world.wake()
        await asyncio.wait_for(_struck(world, refusals[1]), 10)
        assert played.hotline.parts.error is None
        for refusal in refusals:
            refusal.cancel()
        await played.passes(minutes=1)
        assert phones["manager-1"].finds("响应超时")


async def test_a_server_without_menus_and_webhooks_is_good_enough(tmp_path: Path) -> None:
    """Methods that a server does not know are no condition for taking reports."""
    clock = HandClock(START)
    world = stage.world_at(clock)
    settings = settings_in(tmp_path)
    phones = peopled(world, settings)
    for method in ("deleteWebhook", "setMyCommands"):
        world.faults.answers(404, "Not Found: method not found", method=method, times=None)
    async with stage.opened(settings, world, clock) as played:
        phones["reporter-1"].says("视频会议全部中断")
        await played.settles()
        assert phones["engineer-1"].finds("接单")


async def test_a_part_that_dies_takes_the_program_with_it(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Half a house would look alive and page nobody: the program ends with a sentence, to be started anew."""
    clock = HandClock(START)
    world = stage.world_at(clock)
    async with stage.opened(settings_in(tmp_path), world, clock) as played:
        [ticker] = [task for task in asyncio.all_tasks() if task.get_name() == "ticker"]
        ticker.cancel()
        await asyncio.wait_for(played.hotline.parts.fallen.wait(), 5)
        with pytest.raises(Exception, match="意外停止"):
            await played.settles()
    assert "ticker ended" in caplog.text


@pytest.mark.parametrize("error", [ValueError("x"), None])
async def test_a_part_that_ends_too_early_has_fallen(error: Exception | None) -> None:
    """With an exception or without: a part ends when it is told to, not before."""
    parts = Parts()

    async def part() -> None:
        if error is not None:
            raise error

    async with parts.running("part", part, lambda: None):
        await asyncio.wait_for(parts.fallen.wait(), 5)
    assert parts.error is not None


async def test_a_port_that_is_taken_is_said(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """The webhook's address belongs to another program: exit code 1 and a sentence that names it."""
    world = stage.world_at(HandClock(START))
    async with black_hole() as (taken, _), serving(world) as url:
        port = int(taken.rpartition(":")[2])
        hook = Webhook(listen_host="127.0.0.1", listen_port=port, url="https://example.test/hook", secret="s")
        settings = local(tmp_path, url, mode="webhook", webhook=hook)
        assert await asyncio.wait_for(service.run(settings, HandClock(START)), 10) == 1
    assert f"127.0.0.1:{port}" in caplog.records[-1].getMessage()


async def test_work_is_broken_off_as_soon_as_the_house_stops() -> None:
    """Its result, its exception, or nothing."""
    stopping, ended = asyncio.Event(), asyncio.Event()

    async def endless() -> str:
        try:
            stopping.set()
            await asyncio.Event().wait()
        finally:
            ended.set()
        return "never"

    async def failing() -> str:
        raise LookupError

    assert await unless(asyncio.Event(), asyncio.sleep(0, "done")) == "done"
    with pytest.raises(LookupError):
        await unless(asyncio.Event(), failing())
    assert await unless(stopping, endless()) is None
    assert ended.is_set()
