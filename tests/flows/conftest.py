"""Fixtures of the flows: a house that is checked when it is left, and its people by their roles."""

import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Generator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from sandbox.world import World
from tests.flows.audit import findings
from tests.flows.furniture import Plan
from tests.flows.house import MORNING, Actor, House

Furnish = Callable[..., Awaitable[House]]
_FAILED = pytest.StashKey[bool]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A flow that broke off is not blamed for what it left behind."""
    report = yield
    item.stash[_FAILED] = item.stash.get(_FAILED, False) or report.failed
    return report


@pytest.fixture
def storage() -> str:
    """The database of the houses; a file may say another one."""
    return "sqlite:///hotline.db"


@pytest.fixture
async def furnish(tmp_path: Path, storage: str, request: pytest.FixtureRequest) -> AsyncIterator[Furnish]:
    """Furnish a house by a plan of one's own; when it is left, nothing unexpected may have happened in it."""
    houses: list[House] = []

    async def furnished(
        *, start: datetime = MORNING, prepared: Callable[[World], object] = lambda _: None, **plan: Any
    ) -> House:
        folder = tmp_path / str(len(houses))
        folder.mkdir()
        house = House(Plan(storage=storage, **plan), folder, start)
        logging.getLogger().addHandler(house.log)
        houses.append(house)
        prepared(house.world)
        await house.opens()
        return house

    yield furnished
    found: list[str] = []
    for house in houses:
        if not request.node.stash.get(_FAILED, False):
            await house.settles()
            found += await findings(house)
        await house.closes()
        logging.getLogger().removeHandler(house.log)
    assert not found, "\n".join(found)


@pytest.fixture
async def house(furnish: Furnish) -> House:
    """A house as most bureaus have it, at nine in the morning."""
    return await furnish()


@pytest.fixture
def clock(house: House) -> House:
    """The hand that moves the clock."""
    return house


@pytest.fixture
def reporter(house: House) -> Actor:
    """Whoever reports, on the bureau's side."""
    return house["reporter-1"]


@pytest.fixture
def neighbour(house: House) -> Actor:
    """Another reporter of the same contract."""
    return house["reporter-2"]


@pytest.fixture
def officer(house: House) -> Actor:
    """The bureau's supervising officer."""
    return house["officer-1"]


@pytest.fixture
def engineer(house: House) -> Actor:
    """The engineer on duty."""
    return house["engineer-1"]


@pytest.fixture
def colleague(house: House) -> Actor:
    """The engineer who is not on duty."""
    return house["engineer-2"]


@pytest.fixture
def lead(house: House) -> Actor:
    """The technical lead."""
    return house["technical-lead"]


@pytest.fixture
def manager(house: House) -> Actor:
    """The project manager."""
    return house["project-manager"]


@pytest.fixture
def clerk(house: House) -> Actor:
    """The service desk."""
    return house["service-desk"]


@pytest.fixture
def admin(house: House) -> Actor:
    """Whoever looks after the bot."""
    return house["admin"]
