"""A world on a hand-driven clock, served over HTTP, and the real client library talking to it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
import telegram
from telegram.request import HTTPXRequest

from sandbox import server
from sandbox.phones import Phone
from sandbox.world import World

TOKEN = "100:test"


@dataclass
class HandClock:
    """A clock that moves only when a test moves it."""

    at: datetime = field(default=datetime(2026, 11, 21, 2, 0, tzinfo=UTC))

    def __call__(self) -> datetime:
        return self.at

    def passes(self, **stretch: float) -> None:
        """Let time pass."""
        self.at += timedelta(**stretch)


@pytest.fixture(autouse=True)
def timedeltas(monkeypatch: pytest.MonkeyPatch) -> None:
    """The client gives waiting times as timedelta, as it will by default one day."""
    monkeypatch.setenv("PTB_TIMEDELTA", "true")


@pytest.fixture
def clock() -> HandClock:
    """Ten o'clock in the morning in China."""
    return HandClock()


@pytest.fixture
def world(clock: HandClock) -> World:
    """A world in which nobody lives yet."""
    return World(token=TOKEN, username="weibao_bot", now=clock, first_retry_seconds=0.01)


@pytest.fixture
def engineer(world: World) -> Phone:
    """An engineer who has pressed Start."""
    return world.phone(2001, "值班工程师甲", started=True)


@pytest.fixture
async def url(world: World) -> AsyncIterator[str]:
    """The served world, which must not have failed by itself when the test is over."""
    async with server.serving(world) as address:
        yield address
    assert world.errors == []


@pytest.fixture
async def bot(url: str) -> AsyncIterator[telegram.Bot]:
    """The real client, pointed at the sandbox."""
    plain = {"verify": False}  # loading certificates takes longer than most tests
    request, polling = (HTTPXRequest(read_timeout=5, httpx_kwargs=plain) for _ in range(2))
    client = telegram.Bot(
        TOKEN,
        base_url=f"{url}/bot",
        base_file_url=f"{url}/file/bot",
        request=request,
        get_updates_request=polling,
    )
    async with client:
        yield client
