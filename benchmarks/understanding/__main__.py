"""`make classify-report`: how well messages are understood, what it costs, and a line for the trend."""

import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks.understanding import cost, figures, judged
from benchmarks.understanding.figures import Figures
from benchmarks.understanding.judged import Judged
from bot.clock import WallClock
from bot.config import settings
from bot.reader import Reader
from bot.terminal import lessons
from bot.terminal.lessons import HELD, TRAIN, Message
from sla.understanding.weights import ANSWERS, IMAGE

ROOT = Path(__file__).parents[2]
TREND = ROOT / "benchmarks" / "understanding" / "trend.tsv"
_FOLDS = 5
_WORST = 15
_COLUMNS = ("messages", "kind", "severity", "major_recall", "major_precision", "devices", "unsure")


def main() -> int:
    """Print everything, and append one line to the trend."""
    reader = Reader("en")
    known = dict(lessons.contracts(settings.load(ROOT / "config.example.toml", {}), reader))
    everything = lessons.messages(ROOT / "tests" / "data" / "messages", reader)
    train = [message for message in everything if message.split == TRAIN]
    held = judged.by_model([message for message in everything if message.split == HELD], known)
    crossed = judged.by_others(train, known, lambda _, place: place % _FOLDS)
    usual = [message for message in train if message.answer < IMAGE]
    rows = {
        "held (shipped model)": held,
        "train, 5 folds": crossed,
        "one contract left out": judged.by_others(usual, known, lambda message, _: message.contract),
        "one style left out": judged.by_others(train, known, lambda message, _: message.style),
        "held (word list)": judged.by_words([one.message for one in held], known),
    }
    _head("figures")
    for name, found in rows.items():
        _row(name, figures.of(found), devices=name.startswith("held (shipped"))
    print("  (one contract left out: without the two kinds that only one contract has)")
    _parts("contract", crossed, lambda message: message.contract)
    _parts("style", crossed, lambda message: message.style)
    _confused("held (shipped model)", held)
    _confused("train, 5 folds", crossed)
    _calibrated(held)
    _calibrated(crossed)
    print("\nsurest of the wrong answers (train, 5 folds)")
    for one in figures.worst(crossed, _WORST):
        told = f"{ANSWERS[one.message.answer]} taken for {ANSWERS[one.answer]}"
        print(f"  {one.confidence:.2f}  {told:<36}{one.message.id}: {one.message.text[:60]}")
    print("\ncost")
    for line in cost.lines(train, known):
        print(f"  {line}")
    _trend(figures.of(held), figures.of(crossed), figures.calibration_error(held))
    return 0


def _head(name: str) -> None:
    print(f"\n{name:<32}" + "".join(f"{column:>17}" for column in _COLUMNS))


def _row(name: str, found: Figures, *, devices: bool) -> None:
    values = [getattr(found, column) for column in _COLUMNS]
    shown = [f"{value:>17}" if isinstance(value, int) else f"{value:>17.3f}" for value in values]
    if not devices:
        shown[_COLUMNS.index("devices")] = f"{'-':>17}"
    print(f"  {name:<30}" + "".join(shown))


def _parts(name: str, found: Sequence[Judged], part: Callable[[Message], str]) -> None:
    _head(f"by {name} (train, 5 folds)")
    for key in sorted({part(one.message) for one in found}):
        _row(key, figures.of([one for one in found if part(one.message) == key]), devices=False)


def _confused(name: str, found: Sequence[Judged]) -> None:
    table = figures.confusion(found)
    print(f"\nconfusion, {name}: rows are what it is, columns what it was taken for")
    print(f"  {'':<20}" + "".join(f"{answer:>20}" for answer in ANSWERS))
    for was in ANSWERS:
        print(f"  {was:<20}" + "".join(f"{table.get((was, said), 0):>20}" for said in ANSWERS))


def _calibrated(found: Sequence[Judged]) -> None:
    print(f"\ncalibration: ECE {figures.calibration_error(found):.3f} of {len(found)} messages")
    for many, sure, right in figures.reliability(found):
        print(f"  {many:>6} messages: {sure:.2f} sure, {right:.2f} right")


def _trend(held: Figures, crossed: Figures, error: float) -> None:
    day = WallClock().now().date().isoformat()
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"],
        capture_output=True,
        text=True,
        cwd=ROOT,
    ).stdout.strip()
    columns = ("kind", "severity", "major_recall", "major_precision", "devices")
    values = [f"{getattr(held, column):.3f}" for column in columns]
    values += [f"{getattr(crossed, column):.3f}" for column in columns[:-1]]
    if not TREND.exists():
        heads = [
            "date",
            "commit",
            *(f"held_{one}" for one in columns),
            *(f"folds_{one}" for one in columns[:-1]),
            "ece",
        ]
        TREND.write_text("\t".join(heads) + "\n", encoding="utf-8")
    with TREND.open("a", encoding="utf-8") as file:
        file.write("\t".join([day, commit or "-", *values, f"{error:.3f}"]) + "\n")


if __name__ == "__main__":
    sys.exit(main())
