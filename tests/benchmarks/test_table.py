"""The table of figures."""

import pytest

from benchmarks import table
from benchmarks.figures import Figure, Gap, Spread, Target, quantile

FAST = Figure(
    row="x1",
    what="how long it takes",
    ours=Spread((20.0, 40.0, 25.0)),
    unit="ms",
    target=Target(limit=30, unit="ms"),
    beside="the plain way",
    peer=Spread((10.0, 12.5, 50.0)),
    note="a remark",
)
SLOW = Figure(row="x2", what="慢", ours=Spread((250.0,)), unit="/s", target=Target(limit=300, unit="/s", at_least=True))
TOLD = Figure(row="x3", what="for orientation", ours=Spread((0.25,)), unit="s")


def line(text: str, row: str) -> str:
    """The line of a row."""
    return next(found for found in text.splitlines() if found.startswith(f"{row} "))


def test_a_line_shows_target_median_range_peer_ratio_and_verdict() -> None:
    """The median of the runs is judged, and what was measured beside it is shown with its own range."""
    shown = line(table.rendered([FAST, SLOW, TOLD]), "x1")
    words = ("<= 30 ms", "25 ms (20-40)", "the plain way: 12.5 ms (10-50)", "2x", "✓ met")
    assert [word for word in words if word not in shown] == []


def test_a_missed_target_is_said_loudly() -> None:
    """At least 300 is not reached by 250; a figure without a target is not judged."""
    shown = table.rendered([FAST, SLOW, TOLD])
    assert "NOT met" in line(shown, "x2")
    assert line(shown, "x3").endswith("-")


def test_what_could_not_be_measured_says_why() -> None:
    """A gap has a line of its own, with the reason."""
    shown = table.rendered([Gap(row="x4", what="replicas", why="there is only one")])
    assert "not measured: there is only one" in line(shown, "x4")


def test_a_page_has_a_row_for_every_line() -> None:
    """As Markdown each line has all its columns; what could not be measured says why there, too."""
    gap = Gap(row="x4", what="replicas", why="there is only one")
    rows = table.as_markdown([FAST, TOLD, gap]).splitlines()
    assert len(rows) == 5 and {row.count(" | ") for row in rows} == {6}
    assert "there is only one" in rows[-1]


def test_columns_stand_under_each_other_with_chinese_words() -> None:
    """A Chinese sign is as wide as two others."""
    lines = table.rendered([FAST, SLOW]).splitlines()
    assert lines[2].index("<=") == lines[3].index(">=") + len("慢")


def test_the_data_hold_every_run() -> None:
    """Whoever works on with the figures gets all values, and the verdict."""
    data = table.as_json([FAST, SLOW])
    assert (data[0]["ours"]["values"], data[0]["met"], data[1]["met"]) == ((20.0, 40.0, 25.0), True, False)


@pytest.mark.parametrize(("share", "found"), [(0.5, 51), (0.99, 100), (1.0, 100)])
def test_a_quantile_is_a_value_that_was_measured(share: float, found: float) -> None:
    """Nearest rank: nothing is interpolated, and the greatest value is never beyond reach."""
    assert quantile(range(100, 0, -1), share) == found
