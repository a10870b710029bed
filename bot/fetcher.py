"""The fetcher keeps a copy of every picture and file of a ticket: Telegram's links do not last, evidence must."""

import asyncio
import hashlib
import logging
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from telegram import Bot
from telegram.error import BadRequest, TelegramError

from bot.clock import Clock
from bot.guarded import forever
from desk import evidence
from desk.house import Desk
from storage import files
from storage.files import File
from storage.store import Store, Transaction

_log = logging.getLogger("hotline.fetcher")
_LARGEST = 20 * 1024 * 1024
_NET = timedelta(seconds=60)
_TRIES = 8
_SUFFIX = re.compile(r"\.[A-Za-z0-9]{1,8}$")


class Fetcher:
    """Fetches one file after the other, beside everything else."""

    def __init__(
        self, store: Store, bot: Bot, clock: Clock, desk_at: Callable[[Transaction], Desk], folder: Path
    ) -> None:
        self._store, self._bot, self._clock, self._desk_at, self._folder = store, bot, clock, desk_at, folder
        self._woken = asyncio.Event()
        self._woken.set()
        self._stopping = asyncio.Event()
        self._busy = True

    @property
    def idle(self) -> bool:
        """Whether there is nothing to fetch now."""
        return not self._busy and not self._woken.is_set()

    def wake(self) -> None:
        """There is a new file to fetch."""
        self._woken.set()

    def stop(self) -> None:
        """Fetch no more."""
        self._stopping.set()
        self._woken.set()

    async def run(self) -> None:
        """Fetch until stopped."""
        await forever("fetcher", self._round, self._clock, self._stopping)

    async def _round(self) -> None:
        self._busy = True
        self._woken.clear()
        wanted = await self._store.read(lambda tx: files.wanted(tx, self._clock.now()))
        for file in wanted:
            if self._stopping.is_set():
                return
            await self._fetch(file)
        if not wanted:
            self._busy = False
            await self._clock.wait(self._woken, self._clock.now() + _NET)
            self._woken.set()

    async def _fetch(self, file: File) -> None:
        if (file.size or 0) > _LARGEST:
            await self._store.write(lambda tx: evidence.too_big(self._desk_at(tx), file))
            return
        try:
            remote = await self._bot.get_file(file.file_id)
            body = bytes(await remote.download_as_bytearray())
            path = self._folder / file.contract / f"{file.ticket_id}-{file.id}{_suffix(remote.file_path or '')}"
            await asyncio.to_thread(_write, path, body)
        except BadRequest as error:
            big = "too big" in error.message.casefold()
            work = evidence.too_big if big else evidence.given_up
            await self._store.write(lambda tx: work(self._desk_at(tx), file))
        except (TelegramError, OSError) as error:
            _log.warning("file %s: %s", file.id, type(error).__name__)
            pause = timedelta(seconds=min(2**file.attempts, 600))
            last = file.attempts + 1 >= _TRIES
            await self._store.write(lambda tx: evidence.later(self._desk_at(tx), file, pause, last=last))
        else:
            digest = hashlib.sha256(body).hexdigest()
            relative = str(path.relative_to(self._folder))
            await self._store.write(lambda tx: evidence.kept(self._desk_at(tx), file, relative, digest, len(body)))


def _write(path: Path, body: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".partial")
    partial.write_bytes(body)
    partial.replace(path)


def _suffix(name: str) -> str:
    match = _SUFFIX.search(name)
    return match.group() if match else ""
