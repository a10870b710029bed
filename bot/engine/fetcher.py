"""The fetcher keeps a copy of every picture and file of a ticket: Telegram's links do not last, evidence must."""

import asyncio
import contextlib
import hashlib
import logging
import os
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from telegram import Bot
from telegram.error import BadRequest, TelegramError

from bot.clock import Clock
from bot.engine.guarded import forever, unless
from bot.engine.presence import Presence
from desk import evidence
from desk.house import Desk
from storage import files
from storage.files import File
from storage.store import Store, TakenOver, Transaction

_log = logging.getLogger("hotline.fetcher")
_LARGEST = 20 * 1024 * 1024
_NET = timedelta(seconds=60)
_TRIES = 8
_SUFFIX = re.compile(r"\.[A-Za-z0-9]{1,8}$")


class Fetcher:
    """Fetches one file after the other, beside everything else."""

    def __init__(
        self,
        store: Store,
        bot: Bot,
        clock: Clock,
        desk_at: Callable[[Transaction], Desk],
        folder: Path,
        presence: Presence,
    ) -> None:
        self._store, self._bot, self._clock, self._desk_at, self._folder = store, bot, clock, desk_at, folder
        self._presence = presence
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
        share = self._presence.share
        wanted = await self._store.read(lambda tx: files.wanted(tx, self._clock.now(), share=share))
        for file in wanted:
            if self._stopping.is_set():
                return
            with contextlib.suppress(TakenOver):
                await self._fetch(file)
        if not wanted:
            await self._wait()

    async def _wait(self) -> None:
        """Until there is a new file, or an old one is to be tried again."""
        share = self._presence.share
        due, net = await self._store.read(lambda tx: files.next_at(tx, share)), self._clock.now() + _NET
        self._busy = False
        await self._clock.wait(self._woken, net if due is None else min(due, net))
        self._woken.set()

    async def _fetch(self, file: File) -> None:
        if (file.size or 0) > _LARGEST:
            await self._store.write(lambda tx: evidence.too_big(self._desk_at(tx), file))
            return
        try:
            copy = await unless(self._stopping, self._copied(file))
        except BadRequest as error:
            big = "too big" in error.message.casefold()
            work = evidence.too_big if big else evidence.given_up
            await self._store.write(lambda tx: work(self._desk_at(tx), file))
        except (TelegramError, OSError) as error:
            await self._later(file, type(error).__name__)
        except Exception as error:
            _log.exception("file %s", file.id)
            await self._later(file, type(error).__name__)
        else:
            if copy is not None:
                path, digest, size = copy
                await self._store.write(lambda tx: evidence.kept(self._desk_at(tx), file, path, digest, size))

    async def _copied(self, file: File) -> tuple[str, str, int]:
        """The path of our copy within the folder, its digest and its size."""
        remote = await self._bot.get_file(file.file_id)
        body = bytes(await remote.download_as_bytearray())
        if remote.file_size is not None and remote.file_size != len(body):
            raise OSError("cut short")
        path = self._folder / file.contract / f"{file.ticket_id}-{file.id}{_suffix(remote.file_path or '')}"
        await asyncio.to_thread(_write, path, body)
        return str(path.relative_to(self._folder)), hashlib.sha256(body).hexdigest(), len(body)

    async def _later(self, file: File, error: str) -> None:
        _log.warning("file %s: %s", file.id, error)
        pause = timedelta(seconds=min(2**file.attempts, 600))
        last = file.attempts + 1 >= _TRIES
        await self._store.write(lambda tx: evidence.later(self._desk_at(tx), file, pause, last=last))


def _write(path: Path, body: bytes) -> None:
    """Whole or not at all, also if the power fails: the ledger will say that we have it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".partial")
    try:
        with open(partial, "wb", opener=_private) as file:
            file.write(body)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
    except OSError:
        partial.unlink(missing_ok=True)
        raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _suffix(name: str) -> str:
    match = _SUFFIX.search(name)
    return match.group() if match else ""
