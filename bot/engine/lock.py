"""One process for one SQLite file: a second one is refused with a sentence."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from storage import errors
from storage.errors import Unavailable


class AlreadyRunning(Exception):
    """这个数据库正由另一个进程使用，请先停掉它。(Another process uses this database: stop it first.)"""


@contextmanager
def held(path: Path) -> Iterator[None]:
    """Hold the lock beside the database until the block ends; the system frees it if the process dies."""
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise Unavailable(errors.UNREADABLE) from error
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise AlreadyRunning(AlreadyRunning.__doc__) from error
        yield
    finally:
        os.close(descriptor)
