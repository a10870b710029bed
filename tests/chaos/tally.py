"""The table that `make chaos` prints: one line for each fault and database."""

from collections.abc import Mapping

from tests.chaos.rounds import Tally

# What stands above a column, what it counts, and whether it has to be zero.
COLUMNS = (
    ("rounds", "rounds", False),
    ("reports sent", "reports", False),
    ("tickets", "tickets", False),
    ("killed", "deaths", False),
    ("lost", "lost", True),
    ("doubled", "doubled", True),
    ("false breaches", "false_breaches", True),
    ("twice unmarked", "unmarked", True),
    ("repeats marked", "marked", False),
    ("ledger flaws", "flaws", True),
    ("replay differs", "differences", True),
    ("broken off", "broken_off", True),
)
_WORDS = 2


def table(tallies: Mapping[tuple[str, str], Tally]) -> str:
    """The tallies by fault and database, and their sum."""
    total = Tally()
    for tally in tallies.values():
        total.add(tally)
    rows = [("fault", "database", *(head for head, _, _ in COLUMNS))]
    rows += [(fault, database, *_numbers(tally)) for (fault, database), tally in tallies.items()]
    rows.append(("all", "", *_numbers(total)))
    rows.append(("must be 0", "", *("0" if zero else "" for _, _, zero in COLUMNS)))
    widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]))]
    return "\n".join(_line(row, widths) for row in rows)


def holds(tally: Tally) -> bool:
    """Whether everything is zero that has to be."""
    return not tally.broken and not any(getattr(tally, name) for _, name, zero in COLUMNS if zero)


def _numbers(tally: Tally) -> list[str]:
    return [str(getattr(tally, name)) for _, name, _ in COLUMNS]


def _line(row: tuple[str, ...], widths: list[int]) -> str:
    words = [cell.ljust(width) for cell, width in zip(row[:_WORDS], widths[:_WORDS], strict=True)]
    numbers = [cell.rjust(width) for cell, width in zip(row[_WORDS:], widths[_WORDS:], strict=True)]
    return "  ".join([*words, *numbers])
