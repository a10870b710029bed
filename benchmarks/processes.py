"""Programs beside this one: started, watched, measured and ended by their own number."""

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.figures import NotMeasured
from bot.clock import monotonic

ROOT = Path(__file__).parent.parent
_GRACE_SECONDS = 20
_GLANCE_SECONDS = 0.05
_TICKS = os.sysconf("SC_CLK_TCK")
_KEPT = ("PATH", "HOME", "LANG", "LC_ALL", "TZ", "TMPDIR")


@dataclass(slots=True, kw_only=True)
class Program:
    """A Python module that runs."""

    name: str
    process: asyncio.subprocess.Process
    log: Path
    began_at: float

    @property
    def pid(self) -> int:
        """Its number."""
        return self.process.pid

    def megabytes(self) -> float:
        """What it holds in memory now (resident set)."""
        lines = Path(f"/proc/{self.pid}/status").read_text(encoding="ascii").splitlines()
        return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS:"))

    def cpu_seconds(self) -> float:
        """What it has computed so far, in user and system time."""
        fields = Path(f"/proc/{self.pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / _TICKS

    def send(self, number: signal.Signals) -> None:
        """Send it a signal."""
        self.process.send_signal(number)

    def check(self) -> None:
        """Raise if it has ended by itself."""
        if self.process.returncode is not None:
            tail = self.log.read_text(encoding="utf-8", errors="replace").strip()[-600:]
            raise NotMeasured(f"{self.name} ended with code {self.process.returncode}: {tail}")

    async def stop(self) -> None:
        """End it in its own way, or by force if it does not."""
        with contextlib.suppress(ProcessLookupError):
            self.send(signal.SIGCONT)
            self.send(signal.SIGTERM)
        try:
            await asyncio.wait_for(self.process.wait(), _GRACE_SECONDS)
        except TimeoutError:
            self.process.kill()
            await self.process.wait()


def machine_seconds() -> float:
    """What all cores of this machine have computed so far, for whomever."""
    with open("/proc/stat", encoding="ascii") as stat:
        user, nice, system, _idle, _waiting, *interrupts = map(int, stat.readline().split()[1:8])
    return (user + nice + system + sum(interrupts)) / _TICKS


@asynccontextmanager
async def running(name: str, log: Path, *arguments: str) -> AsyncIterator[Program]:
    """Run Python with these arguments within the block; what it says goes into `log`."""
    environment = {key: os.environ[key] for key in _KEPT if key in os.environ}
    with log.open("ab") as out:
        began_at = monotonic()
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *arguments,
            cwd=ROOT,
            env=environment,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=out,
            stderr=out,
        )
    program = Program(name=name, process=process, log=log, began_at=began_at)
    try:
        yield program
    finally:
        await program.stop()


async def output(*arguments: str) -> str:
    """What Python prints when it is run with these arguments."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, *arguments, cwd=ROOT, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    out, err = await process.communicate()
    if process.returncode:
        raise NotMeasured(f"{' '.join(arguments[:2])} failed: {err.decode(errors='replace').strip()[-600:]}")
    return out.decode()


async def until(
    condition: Callable[[], Awaitable[bool]],
    within: float,
    *programs: Program,
    what: str,
    glance: float = _GLANCE_SECONDS,
) -> None:
    """Wait until this is so; `NotMeasured` if it takes too long, or if one of the programs ends."""
    end = monotonic() + within
    while not await condition():
        for program in programs:
            program.check()
        if monotonic() > end:
            raise NotMeasured(f"{what}: not within {within:.0f} s")
        await asyncio.sleep(glance)
