"""Logging: what happened, never what was said. Tokens are cut out, and tracebacks name places, not values."""

import asyncio
import logging
import re
import sys
import traceback
from types import TracebackType
from typing import Any

# Also as it stands within an encoded address; the port behind a numeric address is no token.
_TOKEN = re.compile(r"(?<!\d\.)(?<!\d)\d{3,}(?::|%3[Aa])(?:[A-Za-z0-9_-]|%2[Dd]|%5[Ff]){3,}")
QUIET = ("httpx", "httpcore", "apscheduler", "uvicorn", "aiosqlite", "sqlalchemy", "alembic")
# The library writes answers that it cannot read into its log, whatever they quote; we say what went wrong ourselves.
# The same for what stands behind the further ways: a gateway's address is a secret, and they quote it.
MUTE = ("telegram", "apprise", "urllib3", "requests")
_Exc = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class Formatter(logging.Formatter):
    """One line for each event; an exception gives its type and its places, because its words may quote people."""

    def format(self, record: logging.LogRecord) -> str:
        """The line, without anything that looks like a token."""
        record.exc_text = None  # another handler may have left its own, fuller traceback here
        line = _TOKEN.sub("***", super().format(record))
        record.exc_text = None
        return line

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
    logging.raiseExceptions = False  # a line that cannot be written would be told of with all its arguments
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    for name in MUTE:
        logging.getLogger(name).setLevel(logging.CRITICAL)


def unheard(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """What asyncio says of an error that nobody awaited; its own words would quote the error's."""
    logging.getLogger("hotline").error("an error that nobody awaited", exc_info=context.get("exception"))
