"""`hotline`, as it is, in a process that can be hurt: ``python -m tests.chaos.launcher LEVERS run --config FILE``."""

import os
import signal
import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from bot import clock
from storage.store import Store, Transaction
from tests.chaos.levers import Levers, Side

_ALL_PAGES = 1_073_741_823


def main(argv: list[str]) -> int:
    """Run one command of the hotline under these levers."""
    levers = Levers(Path(argv[0]))
    _wrong_clock(levers)
    _mortal_commits(levers)
    from bot import cli

    return cli.main(argv[1:])


def _wrong_clock(levers: Levers) -> None:
    class SetClock(clock.WallClock):
        """The machine's clock, as somebody has set it."""

        def now(self) -> datetime:
            """What it shows."""
            return super().now() + timedelta(seconds=levers.shift)

        def rings_at(self, due: datetime) -> datetime | None:
            """When the machine's own clock shows what this one shows at `due`."""
            return due - timedelta(seconds=levers.shift)

    clock.WallClock = SetClock  # type: ignore[misc]


def _mortal_commits(levers: Levers) -> None:
    write: Any = Store.write

    async def mortal(store: Store, work: Any) -> Any:
        side = levers.comes_to_commit()

        async def to_the_commit(tx: Transaction) -> Any:
            if store.url_kind == "sqlite":
                most = 1 if levers.is_full else _ALL_PAGES  # never fewer than there are
                await tx.connection.exec_driver_sql(f"PRAGMA max_page_count={most}")
            done = await work(tx)
            if side is Side.BEFORE:
                _die()
            return done

        done = await write(store, to_the_commit)
        if side is Side.AFTER:
            _die()
        return done

    Store.write = mortal  # type: ignore[assignment,method-assign]


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
