"""What the long version prints and by what it judges."""

import pytest

from tests.chaos import tally
from tests.chaos.rounds import Tally

ZEROES = [name for _, name, zero in tally.COLUMNS if zero]


def test_a_round_without_a_flaw_holds() -> None:
    """Deaths and marked repeats are what was played, not what went wrong."""
    assert tally.holds(Tally(rounds=1, reports=9, tickets=8, deaths=3, marked=2))


@pytest.mark.parametrize("name", ZEROES)
def test_one_flaw_of_any_kind_is_a_finding(name: str) -> None:
    """Each column that has to be zero is enough by itself."""
    flawed = Tally(rounds=1)
    setattr(flawed, name, 1)
    assert not tally.holds(flawed)


def test_a_flaw_that_no_column_counts_is_a_finding() -> None:
    """A replica that fell is said in words."""
    assert not tally.holds(Tally(rounds=1, broken=["a replica fell"]))


def test_the_table_has_a_line_for_each_fault_and_their_sum() -> None:
    """The last lines add up, and say what has to be zero."""
    tallies = {("killed", "sqlite"): Tally(rounds=2, reports=10), ("killed", "postgresql"): Tally(rounds=1, lost=1)}
    head, first, second, total, must = (line.split() for line in tally.table(tallies).splitlines())
    assert head[:2] == ["fault", "database"]
    assert first[:4] == ["killed", "sqlite", "2", "10"]
    assert second[:3] == ["killed", "postgresql", "1"]
    assert total[:3] == ["all", "3", "10"]
    assert must.count("0") == len(ZEROES) + 1  # the words "must be 0" have one of their own
