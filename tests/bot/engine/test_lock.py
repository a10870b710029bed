"""One process for one SQLite file."""

import asyncio
import sys
from pathlib import Path

import pytest

from bot.clock import WallClock
from bot.engine import lock
from bot.engine.lock import AlreadyRunning
from sandbox.server import serving
from sandbox.world import World
from storage.errors import Unavailable
from tests.bot.engine.test_stopping import program
from tests.bot.written import ROOT, TOKEN

HOLDER = """
import sys
from pathlib import Path
from bot.engine import lock
with lock.held(Path(sys.argv[1])):
    print(flush=True)
    input()
"""


async def test_a_second_process_is_refused_until_the_first_one_dies(tmp_path: Path) -> None:
    """The refusal is one sentence; a process that is killed leaves no lock behind."""
    path = tmp_path / "hotline.db.lock"
    first = await asyncio.create_subprocess_exec(
        sys.executable, "-c", HOLDER, str(path), cwd=ROOT, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
    )
    assert first.stdout is not None
    await first.stdout.readline()
    with pytest.raises(AlreadyRunning, match="正由另一个进程使用") as refused, lock.held(path):
        pass
    assert "\n" not in str(refused.value)
    first.kill()
    await first.communicate()
    with lock.held(path):
        pass


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    """A path that cannot be opened is the database's fault, not another process's."""
    with pytest.raises(Unavailable), lock.held(tmp_path / "no" / "hotline.db.lock"):
        pass


async def test_a_second_run_is_refused_with_a_sentence(tmp_path: Path) -> None:
    """`hotline run` twice on one SQLite file: the second ends with code 1, the first goes on."""
    world = World(TOKEN, "weibao_bot", WallClock().now)
    async with serving(world) as url, program(tmp_path, url) as first:
        await asyncio.wait_for(world.polls.opened(), 20)
        async with program(tmp_path, url) as second:
            _, said = await asyncio.wait_for(second.communicate(), 20)
            assert second.returncode == 1
            assert said.decode().count("\n") == 1 and "正由另一个进程使用" in said.decode()
        assert first.returncode is None
