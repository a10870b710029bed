"""Logging: what happened, never what was said. Tokens are cut out, and tracebacks name places, not values."""

import logging
import re
import sys
import traceback
from types import TracebackType

_TOKEN = re.compile(r"\d{3,}:[A-Za-z0-9_-]{3,}")
_QUIET = ("httpx", "httpcore", "telegram", "apscheduler", "uvicorn", "aiosqlite", "sqlalchemy", "alembic")
_Exc = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class Formatter(logging.Formatter):
    """One line for each event; an exception gives its type and its places, because its words may quote people."""

    def format(self, record: logging.LogRecord) -> str:
        """The line, without anything that looks like a token."""
        return _TOKEN.sub("***", super().format(record))

    def formatException(self, ei: _Exc) -> str:
        """Types and places of an exception and its causes."""
        lines = []
        error = ei[1]
        while error is not None:
            places = traceback.extract_tb(error.__traceback__)
            lines.append(f"  {type(error).__module__}.{type(error).__qualname__}")
            lines += [f"    {place.filename}:{place.lineno} {place.name}" for place in places]
            error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
        return "\n".join(lines)


def to_stderr(level: int = logging.INFO) -> None:
    """Log to standard error, where the service manager picks it up."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
