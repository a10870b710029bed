"""A copy of an SQLite database, taken while others write, and put back into an empty place."""

import contextlib
import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

from storage import errors
from storage.standing import Standing, compared

_PREFIX = "sqlite:///"
_PATIENCE_SECONDS = 30.0


class Occupied(errors.StorageError):
    """这个位置已有文件，没有覆盖。(There is a file in this place already; nothing was overwritten.)"""


class NotABackup(errors.StorageError):
    """这不是本程序的备份文件，或已损坏。(This is not a backup of this program, or it is damaged.)"""


class Missing(errors.StorageError):
    """没有这个文件。(There is no such file.)"""


class Unwritable(errors.StorageError):
    """文件写不进去：请检查文件夹、权限和磁盘空间。(The file cannot be written.)"""


def file_of(address: str) -> Path | None:
    """The file behind an SQLite address; nothing for other databases."""
    return Path(address.removeprefix(_PREFIX)) if address.startswith(_PREFIX) else None


def save(database: Path, copy: Path) -> None:
    """One consistent, checked copy that is on the disk when this returns; writers are not held up."""
    if not database.is_file():
        raise Missing(f"{Missing.__doc__} [{database}]")
    _copied(database, copy, errors.Damaged)


def put_back(copy: Path, database: Path) -> None:
    """The database as it was saved, checked; only where there is none yet."""
    if not copy.is_file():
        raise Missing(f"{Missing.__doc__} [{copy}]")
    remains = [Path(f"{database}{end}") for end in ("-wal", "-shm", "-journal")]
    if any(path.exists() for path in remains):
        raise Occupied(f"{Occupied.__doc__} [{database}]")
    if _revision_standing(copy) is Standing.NEWER:
        raise errors.SchemaTooNew(copy.name)
    try:
        database.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Unwritable(f"{Unwritable.__doc__} [{database}]") from error
    _copied(copy, database, NotABackup)


def _copied(source: Path, target: Path, damaged: type[errors.StorageError]) -> None:
    if target.exists():
        raise Occupied(f"{Occupied.__doc__} [{target}]")
    part = target.with_name(f"{target.name}.part")
    try:
        # Ours alone: it holds what people wrote.
        os.close(os.open(part, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600))
        _copy_pages(source, part, damaged)
        _keep(part)
        part.rename(target)  # whole or not at all
        _keep(target.parent)
    except OSError as error:
        raise Unwritable(f"{Unwritable.__doc__} [{target}]") from error
    finally:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)


def _copy_pages(source: Path, part: Path, damaged: type[errors.StorageError]) -> None:
    try:
        with _opened(source) as original, _opened(part) as copy:
            original.backup(copy)  # all pages at once: one instant, whoever writes meanwhile
            copy.execute("PRAGMA journal_mode=DELETE")
            if copy.execute("PRAGMA integrity_check").fetchone() != ("ok",):
                raise damaged(f"{damaged.__doc__} [{source}]")
    except sqlite3.OperationalError as error:
        raise errors.Unavailable(f"{errors.Unavailable.__doc__} [{error}]") from error
    except sqlite3.DatabaseError as error:
        raise damaged(f"{damaged.__doc__} [{source}]") from error


def _revision_standing(copy: Path) -> Standing:
    try:
        with _opened(copy) as connection:
            row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.DatabaseError as error:
        raise NotABackup(f"{NotABackup.__doc__} [{copy}]") from error
    return compared(row[0] if row else None)


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(f"file:{quote(str(path))}?mode=rw", uri=True, timeout=_PATIENCE_SECONDS)
    try:
        yield connection
    finally:
        connection.close()


def _keep(path: Path) -> None:
    """Wait until the disk has it, whatever happens to the power afterwards."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
