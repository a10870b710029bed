"""`python -m benchmarks.devices`: how long it takes to find the device that is meant, beside a plain scan."""

import json
from collections.abc import Callable, Sequence
from difflib import get_close_matches
from pathlib import Path
from statistics import median, quantiles

from bot import clock
from bot.config import devices_file
from bot.reader import Reader
from sla.devices import Device, Index

ROOT = Path(__file__).parent.parent
_ROUNDS = 5
_PLAIN_CUTOFF = 0.1
_MILLISECONDS = 1000
Means = Sequence[tuple[str, str]]
Find = Callable[[str], Sequence[Device]]


def main() -> None:
    """Print one line for each list: time for each message, and how often the right row is among the first three."""
    heads = ("rows", "phrases", "median ms", "p99 ms", "worst ms", "top 3", "plain: median ms", "p99 ms", "top 3")
    _print("list", heads, heads)
    for path in sorted((ROOT / "contracts").glob("ledger-*.csv")):
        devices = devices_file.read(path, Reader("en"))
        slug = path.stem.removeprefix("ledger-")
        phrases = _phrases(ROOT / "tests" / "data" / "devices" / f"{slug}.jsonl")
        ours, hits = _timed(lambda devices=devices: _searching(devices), phrases)  # type: ignore[misc]
        plain, plain_hits = _timed(lambda devices=devices: _scanning(devices), phrases)  # type: ignore[misc]
        figures = [f"{len(devices)}", f"{len(phrases)}", *_shown(ours), f"{max(ours):.3f}", f"{hits:.3f}"]
        _print(slug, [*figures, *_shown(plain), f"{plain_hits:.3f}"], heads)


def _print(name: str, figures: Sequence[str], heads: Sequence[str]) -> None:
    print(f"{name:<24}" + "".join(f"{one:>{len(head) + 2}}" for head, one in zip(heads, figures, strict=True)))


def _shown(spans: Sequence[float]) -> tuple[str, str]:
    return f"{median(spans):.3f}", f"{quantiles(spans, n=100)[-1]:.3f}"


def _timed(make: Callable[[], Find], phrases: Sequence[tuple[str, Means]]) -> tuple[list[float], float]:
    """Milliseconds for each message, in several rounds, and the share of those that were understood."""
    spans, hits = [], 0
    for _ in range(_ROUNDS):
        find = make()  # new each time: what was asked before is remembered
        for text, means in phrases:
            began = clock.monotonic()
            found = find(text)
            spans.append((clock.monotonic() - began) * _MILLISECONDS)
            hits += any(part in device.section and seq == device.seq for device in found for part, seq in means)
    return spans, hits / (_ROUNDS * len(phrases))


def _searching(devices: Sequence[Device]) -> Find:
    index = Index(devices)
    return lambda text: [match.device for match in index.search(text)]


def _scanning(devices: Sequence[Device]) -> Find:
    """What is tried first: the standard library's nearest names."""
    named = {device.name: device for device in devices}
    return lambda text: [named[name] for name in get_close_matches(text, named, n=3, cutoff=_PLAIN_CUTOFF)]


def _phrases(path: Path) -> list[tuple[str, Means]]:
    lines = map(json.loads, path.read_text(encoding="utf-8").splitlines())
    return [(line["text"], [(part, seq) for part, seq in line["means"]]) for line in lines]


if __name__ == "__main__":
    main()
