"""What understanding costs beside the word list: time of a message; memory and first use in a process of their own."""

import json
import statistics
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks.understanding.words import level_of
from bot import clock
from bot.terminal.lessons import Contract, Message
from sla.understanding import propose

_ROOT = Path(__file__).parents[2]
_PROBE = """
import json, sys
from pathlib import Path
from bot import clock
from bot.config import settings
from bot.reader import Reader
from sla.severity import WordList
config = settings.load(Path("config.example.toml"), {})
profile = next(iter(config.contracts.values()))
words, terms = profile.word_list, profile.terms()
pages = lambda: int(Path("/proc/self/statm").read_text().split()[1]) * 4 / 1024
before, began = pages(), clock.monotonic()
if sys.argv[1] == "words":
    from benchmarks.understanding.words import level_of
    level_of("指挥平台全部打不开", words, terms)
else:
    from sla.understanding import propose
    propose("指挥平台全部打不开", words, terms)
spent = clock.monotonic() - began
print(json.dumps([spent, pages() - before]))
"""

Known = dict[str, Contract]


def lines(messages: Sequence[Message], known: Known) -> Sequence[str]:
    """One line for the model and one for the word list."""
    heads = f"{'':<12}{'median ms':>12}{'p99 ms':>10}{'first use s':>14}{'memory MB':>12}"
    return [heads, _line("model", messages, known, _model), _line("words", messages, known, _words)]


def _line(name: str, messages: Sequence[Message], known: Known, judge: Callable[[Message, Contract], object]) -> str:
    judge(messages[0], known[messages[0].contract])
    spans = []
    for message in messages:
        began = clock.monotonic()
        judge(message, known[message.contract])
        spans.append((clock.monotonic() - began) * 1000)
    first, memory = _apart(name)
    p99 = statistics.quantiles(spans, n=100)[98]
    return f"{name:<12}{statistics.median(spans):>12.2f}{p99:>10.2f}{first:>14.3f}{memory:>12.1f}"


def _apart(name: str) -> tuple[float, float]:
    done = subprocess.run([sys.executable, "-c", _PROBE, name], capture_output=True, text=True, check=True, cwd=_ROOT)
    first, memory = json.loads(done.stdout)
    return first, memory


def _model(message: Message, contract: Contract) -> object:
    return propose(message.text, contract.words, contract.terms, contract.index)


def _words(message: Message, contract: Contract) -> object:
    return level_of(message.text, contract.words, contract.terms)
