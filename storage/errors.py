"""What can go wrong between the program and its database; each text is a sentence for the operator."""

from sqlalchemy import exc


class StorageError(Exception):
    """数据库出错。(The database failed.)"""

    def __init__(self, sentence: str = "") -> None:
        super().__init__(sentence or type(self).__doc__)


class Unavailable(StorageError):
    """数据库暂时不可用，请稍后再试。(The database is not available at the moment; try again.)"""


class Damaged(StorageError):
    """数据库文件已损坏，请停机并用备份恢复。(The database file is damaged: stop, and restore the backup.)"""


class Refused(StorageError):
    """数据库拒绝了这条语句，这是程序的错误。(The database refused a statement: a fault of the program.)"""


class AccountTaken(StorageError):
    """这个 Telegram 账号已绑定到另一位人员。(This Telegram account belongs to another person already.)"""


class WrongAddress(StorageError):
    """数据库地址不对，应为 sqlite:////绝对路径 或 postgresql://用户@主机/库名。(The database address is wrong.)"""


class SchemaTooNew(StorageError):
    """数据库由更新版本的程序建立，请先升级程序。(The database was made by a newer program: upgrade the program.)"""

    def __init__(self, revision: str) -> None:
        super().__init__(f"{type(self).__doc__} [{revision}]")
        self.revision = revision


class StaleTicket(StorageError):
    """工单刚刚被别人改动过。(Somebody else has just changed the ticket.)"""

    def __init__(self, ticket: int, was: int) -> None:
        super().__init__(f"{type(self).__doc__} [{ticket}, {was}]")
        self.ticket = ticket
        self.was = was


class TakenOver(StorageError):
    """这件事已由另一个副本接手。(Another replica has taken this over.)"""


LOCKED = "数据库正被占用，请稍后再试。(The database is locked by somebody else; try again.)"
FULL = "磁盘已满，没有写入。(The disk is full; nothing was written.)"
UNREADABLE = "数据库文件打不开或不可写。(The database file cannot be opened or written.)"
BROKEN_DISK = "读写磁盘出错。(Reading or writing the disk failed.)"
LOST = "与数据库的连接断开或建立不了。(The connection to the database is lost or cannot be made.)"
CROWDED = "数据库连接全被占用，请稍后再试。(All database connections are in use; try again.)"

# https://sqlite.org/rescode.html: the low byte is the class of the error.
_SQLITE = {5: LOCKED, 6: LOCKED, 8: UNREADABLE, 10: BROKEN_DISK, 13: FULL, 14: UNREADABLE}
_SQLITE_DAMAGED = {11, 26}
# https://www.postgresql.org/docs/current/errcodes-appendix.html
_POSTGRES = {"53100": FULL, "53300": CROWDED, "55P03": LOCKED, "25006": UNREADABLE, "25P03": LOST}
_POSTGRES_CLASSES = {"08": LOST, "53": CROWDED, "57": LOST, "58": BROKEN_DISK}
_TRY_AGAIN = {"40001", "40P01"}
_POSTGRES_DAMAGED = {"XX001", "XX002"}


def wants_retry(error: exc.SQLAlchemyError) -> bool:
    """Whether PostgreSQL gave up this transaction for the sake of another: the same work may succeed now."""
    return isinstance(error, exc.DBAPIError) and _sqlstate(error) in _TRY_AGAIN


def translated(error: exc.SQLAlchemyError) -> StorageError:
    """The same error in the words of this house."""
    if isinstance(error, exc.TimeoutError):
        return Unavailable(CROWDED)
    if isinstance(error, exc.PendingRollbackError):  # the connection broke, and somebody asked it for something more
        return Unavailable(LOST)
    if not isinstance(error, exc.DBAPIError):
        return Refused(f"{Refused.__doc__} [{error}]")
    code = getattr(error.orig, "sqlite_errorcode", None)
    if code is not None:
        return _of_sqlite(error, code & 0xFF)
    return _of_postgres(error, _sqlstate(error))


def _sqlstate(error: exc.DBAPIError) -> str | None:
    return getattr(error.orig, "sqlstate", None)


def _of_sqlite(error: exc.DBAPIError, code: int) -> StorageError:
    if code in _SQLITE:
        return Unavailable(_SQLITE[code])
    return Damaged() if code in _SQLITE_DAMAGED else _refused(error)


def _of_postgres(error: exc.DBAPIError, state: str | None) -> StorageError:
    if state is None:
        lost = error.connection_invalidated or isinstance(error, (exc.OperationalError, exc.InterfaceError))
        return Unavailable(LOST) if lost else _refused(error)
    if state in _TRY_AGAIN:
        return Unavailable(LOCKED)
    if state in _POSTGRES_DAMAGED:
        return Damaged()
    sentence = _POSTGRES.get(state) or _POSTGRES_CLASSES.get(state[:2])
    return Unavailable(sentence) if sentence else _refused(error)


def _refused(error: exc.DBAPIError) -> Refused:
    # Without the parameters: they hold what people wrote.
    return Refused(f"{Refused.__doc__} [{type(error.orig).__name__}: {error.orig}]")
