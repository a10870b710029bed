"""What the tests of the engine stand on."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.bot.engine import bench as benches
from tests.bot.engine.bench import Bench


@pytest.fixture(autouse=True)
def timedeltas(monkeypatch: pytest.MonkeyPatch) -> None:
    """The client gives waiting times as timedelta, as it does in the program."""
    monkeypatch.setenv("PTB_TIMEDELTA", "true")


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncIterator[Bench]:
    """The engine's parts over the sandbox, none of them running yet."""
    async with benches.opened(tmp_path) as bench:
        yield bench
