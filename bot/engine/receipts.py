"""What became of letters, written down together: while one transaction is kept, the next one gathers."""

import asyncio
from collections.abc import Awaitable, Callable

from desk.house import Desk
from storage.store import Store, Transaction, Unavailable

Work = Callable[[Desk], Awaitable[None]]


class Receipts:
    """Many small works in one transaction; one that fails does not take the others with it."""

    def __init__(self, store: Store, desk_at: Callable[[Transaction], Desk]) -> None:
        self._store, self._desk_at = store, desk_at
        self._waiting: list[tuple[Work, asyncio.Future[None]]] = []
        self._writing: asyncio.Task[None] | None = None

    async def write(self, work: Work) -> None:
        """Return when it is kept; raise what hindered it."""
        kept = asyncio.get_running_loop().create_future()
        self._waiting.append((work, kept))
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write_all())
        await kept

    async def _write_all(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting, []
            error = await self._attempt([work for work, _ in batch])
            together = error is None or isinstance(error, Unavailable) or len(batch) == 1
            for work, kept in batch:
                _answer(kept, error if together else await self._attempt([work]))

    async def _attempt(self, works: list[Work]) -> Exception | None:
        async def work(tx: Transaction) -> None:
            desk = self._desk_at(tx)
            for one in works:
                await one(desk)

        try:
            await self._store.write(work)
        except Exception as error:
            return error
        return None


def _answer(kept: asyncio.Future[None], error: Exception | None) -> None:
    if kept.done():
        return  # whoever waited for it is gone
    if error is None:
        kept.set_result(None)
    else:
        kept.set_exception(error)
