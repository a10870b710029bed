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
_WORST = 15
_SHARES = ("kind", "severity", "major_recall", "major_precision", "devices")
_COLUMNS = ("messages", *_SHARES, "unsure")


def main() -> int:
    """Print everything, and append one line to the trend."""
    reader = Reader("en")
    known = dict(lessons.contracts(settings.load(ROOT / "config.example.toml", {}), reader))
    everything = lessons.messages(ROOT / "tests" / "data" / "messages", reader)
    train = [message for message in everything if message.split == TRAIN]
    held = judged.by_model([message for message in everything if message.split == HELD], known)
    _say(f"teaching models that leave out each of {len({message.hand for message in train})} writers: some minutes ...")
    others = judged.by_others(train, known, lambda message: message.hand)
    _say(f"... and each of {len(known)} contracts ...")
    usual = [message for message in train if message.answer < IMAGE]
    rows = {
        "held (shipped model)": held,
        "one writer left out": others,
        "one contract left out": judged.by_others(usual, known, lambda message: message.contract),
        "held (word list)": judged.by_words([one.message for one in held], known),
    }
    _head("figures")
    for name, found in rows.items():
        _row(name, figures.of(found), devices=name.startswith("held (shipped"))
    print("  (one contract left out: without the two kinds that only one contract has)")
    _parts("writer (held)", held, lambda message: message.hand)
    _parts("contract (held)", held, lambda message: message.contract)
    _parts("writer (left out)", others, lambda message: message.hand)
    _parts("style (writers left out)", others, lambda message: message.style)
    _confused("held (shipped model)", held)
    _confused("one writer left out", others)
    _calibrated("held", held)
    _calibrated("one writer left out", others)
    print("\nsurest of the wrong answers (one writer left out)")
    for one in figures.worst(others, _WORST):
        told = f"{ANSWERS[one.message.answer]} taken for {ANSWERS[one.answer]}"
        print(f"  {one.confidence:.2f}  {told:<36}{one.message.id}: {one.message.text[:60]}")
    print("\ncost")
    for line in cost.lines([message for message in everything if message.split == HELD], known):
        print(f"  {line}")
    _trend(figures.of(held), figures.of(others), figures.calibration_error(held))
    return 0


def _say(line: str) -> None:
    """What goes on meanwhile, beside the report."""
    print(line, file=sys.stderr, flush=True)


def _head(name: str) -> None:
    print(f"\n{name:<32}" + "".join(f"{column:>17}" for column in _COLUMNS))


def _row(name: str, found: Figures, *, devices: bool) -> None:
    values = [getattr(found, column) for column in _COLUMNS]
    shown = [f"{value:>17}" if isinstance(value, int) else f"{value:>17.3f}" for value in values]
    if not devices:
        shown[_COLUMNS.index("devices")] = f"{'-':>17}"
    print(f"  {name:<30}" + "".join(shown))


def _parts(name: str, found: Sequence[Judged], part: Callable[[Message], str]) -> None:
    _head(f"by {name}")
    for key in sorted({part(one.message) for one in found}):
        _row(key, figures.of([one for one in found if part(one.message) == key]), devices=False)


def _confused(name: str, found: Sequence[Judged]) -> None:
    table = figures.confusion(found)
    print(f"\nconfusion, {name}: rows are what it is, columns what it was taken for")
    print(f"  {'':<20}" + "".join(f"{answer:>20}" for answer in ANSWERS))
    for was in ANSWERS:
        print(f"  {was:<20}" + "".join(f"{table.get((was, said), 0):>20}" for said in ANSWERS))


def _calibrated(name: str, found: Sequence[Judged]) -> None:
    print(f"\ncalibration, {name}: ECE {figures.calibration_error(found):.3f} of {len(found)} messages")
    for many, sure, right in figures.reliability(found):
        print(f"  {many:>6} messages: {sure:.2f} sure, {right:.2f} right")


def _trend(held: Figures, others: Figures, error: float) -> None:
    day = WallClock().now().date().isoformat()
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"],
        capture_output=True,
        text=True,
        cwd=ROOT,
    ).stdout.strip()
    figures_of = {f"held_{name}": f"{getattr(held, name):.3f}" for name in _SHARES}
    figures_of |= {f"others_{name}": f"{getattr(others, name):.3f}" for name in _SHARES[:-1]}
    line = {"date": day, "commit": commit or "-", "held": str(held.messages), **figures_of, "ece": f"{error:.3f}"}
    if not TREND.exists():
        TREND.write_text("\t".join(line) + "\n", encoding="utf-8")
    with TREND.open("a", encoding="utf-8") as file:
        file.write("\t".join(line.values()) + "\n")


if __name__ == "__main__":
    sys.exit(main())
