"""The short version: each fault once on each database; `make chaos` plays as many rounds as you like."""

from pathlib import Path

import pytest

from tests.chaos.faults import FAULTS, POSTGRESQL, SQLITE
from tests.chaos.rounds import played

SEED = 1
KILLED = {"killed-at-commits", "killed-under-load"}
# Those that can share a house do: to start one costs more than to hurt it.
TOGETHER = (
    ("killed-at-commits",),
    ("killed-under-load",),
    ("database-slow", "database-full", "database-cut-off", "database-locked"),
    ("api-refusing", "api-answering-wrong", "broken-before-send", "broken-after-send"),
    ("repeated-and-reordered",),
    ("clock-stepped",),
    ("stopped-and-continued",),
)


@pytest.mark.parametrize("database", [SQLITE, POSTGRESQL])
@pytest.mark.parametrize("names", TOGETHER, ids="+".join)
async def test_every_promise_holds(
    names: tuple[str, ...], database: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """Whatever hurts the hotline, nothing is lost, nothing is done twice, and no repeat goes without its mark."""
    address = request.getfixturevalue("postgres_url") if database == POSTGRESQL else database
    tally = await played(names, tmp_path, address, SEED)
    assert not tally.broken, "\n".join(tally.broken)
    assert tally.reports
    assert tally.tickets
    assert bool(tally.deaths) is bool(KILLED & set(names))


def test_no_fault_is_left_out() -> None:
    """Whatever the long version can do to the hotline, the short one does once."""
    assert sorted(name for names in TOGETHER for name in names) == sorted(FAULTS)
