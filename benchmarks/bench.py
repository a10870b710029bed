"""What every row is given: a folder, how often and how long to measure, and a way to say how far it is."""

import sys
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks import processes
from benchmarks.furniture import Furniture
from benchmarks.processes import Program


def _to_stderr(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


@dataclass(slots=True, kw_only=True)
class Bench:
    """One measurement session; `profiled` lets the hotline run under a profiler, which makes it slower."""

    folder: Path
    runs: int = 3
    quick: bool = False
    profiled: bool = False
    say: Callable[[str], None] = _to_stderr
    profiles: list[Path] = field(default_factory=list)
    _made: int = 0

    def room(self, name: str) -> Path:
        """A folder that nobody else has."""
        self._made += 1
        made = self.folder / f"{self._made:02d}-{name}"
        made.mkdir()
        return made

    def size(self, full: int, quick: int) -> int:
        """How much of something, by how much time there is."""
        return quick if self.quick else full

    def hotline(self, furniture: Furniture, name: str = "hotline run") -> AbstractAsyncContextManager[Program]:
        """`hotline run` on this configuration, in a process of its own."""
        arguments = ["-m", "bot", "run", "--config", str(furniture.config)]
        if self.profiled:
            arguments = self.under_profiler(arguments)
        return processes.running(name, furniture.folder / "hotline.log", *arguments)

    def under_profiler(self, arguments: list[str]) -> list[str]:
        """The same program with a profile of its main thread, which is read when all is over."""
        self.profiles.append(self.folder / f"{len(self.profiles)}.profile")
        return ["-m", "cProfile", "-o", str(self.profiles[-1]), *arguments]

    def plain(self, folder: Path, api_url: str, furniture: Furniture) -> AbstractAsyncContextManager[Program]:
        """The plain bot for the same people, in a process of its own."""
        duty = [str(furniture.chat(role)) for role in ("engineer", "technical_lead")]
        arguments = ["-m", "benchmarks.plain", "--api", api_url, "--jobs", f"sqlite:///{folder / 'jobs.db'}"]
        return processes.running("the plain bot", folder / "plain.log", *arguments, "--page", *duty)
