"""What stands in the log: what happened, never what was said, and no token."""

import asyncio
import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from bot.demo import stage
from bot.engine import logs
from bot.engine.logs import Formatter
from tests.bot.engine.bench import ENGINEER, REPORTER, Bench, message

TOKEN = "7654321098:AAF-made_up_token_0123456789abcdefg"
WORDS = "三楼会议室没有声音"


@contextmanager
def logging_to_stderr() -> Iterator[None]:
    """The program's own logging, down to the last detail; afterwards everything is put back."""
    root = logging.getLogger()
    handlers, levels = list(root.handlers), {name: logging.getLogger(name).level for name in (*logs.QUIET, *logs.MUTE)}
    level, loud = root.level, logging.raiseExceptions
    root.handlers[:] = []  # basicConfig would close those of pytest
    logs.to_stderr(logging.DEBUG)
    try:
        yield
    finally:
        root.handlers[:] = handlers
        root.setLevel(level)
        logging.raiseExceptions = loud
        for name, was in levels.items():
            logging.getLogger(name).setLevel(was)


def formatted(message: str, *args: object) -> str:
    """One line of the log."""
    return Formatter("%(message)s").format(logging.LogRecord("x", logging.INFO, "f", 1, message, args, None))


@pytest.mark.parametrize(
    "text",
    [
        TOKEN,
        f"https://api.telegram.org/bot{TOKEN}/getMe",
        f"https://api.telegram.org/file/bot{TOKEN}/photos/1.jpg?x=1",
        f"/bot{TOKEN.replace(':', '%3A')}/getMe",
        f"/bot{TOKEN.replace(':', '%3a').replace('_', '%5F').replace('-', '%2D')}/getMe",
        f"'{TOKEN}'",
        "bot100001:sandbox",
    ],
)
def test_a_token_is_cut_out_wherever_it_stands(text: str) -> None:
    """In an address, percent-encoded or not, in quotes or alone, as the text or as an argument."""
    for line in (formatted(text), formatted("%s", text)):
        assert "***" in line
        assert not any(part in line for part in ("AAF", "made_up", "made%5Fup", "sandbox", "abcdefg"))


@pytest.mark.parametrize("text", ["http://192.168.100.200:8443/x", "2026-02-16 09:00:00,123", "127.0.0.1:8080"])
def test_what_is_no_token_stays(text: str) -> None:
    """Addresses and times can still be read."""
    assert formatted(text) == text


def test_a_traceback_names_places_not_values() -> None:
    """The words of an exception may quote people, also those of its causes and of another handler's traceback."""
    try:
        try:
            raise KeyError(WORDS)
        except KeyError as error:
            raise ValueError(WORDS) from error
    except ValueError:
        record = logging.LogRecord("x", logging.ERROR, "f", 1, "update 1", (), sys.exc_info())
    record.exc_text = WORDS
    line = Formatter("%(message)s").format(record)
    assert WORDS not in line
    assert "builtins.KeyError" in line
    assert "test_logs.py" in line


async def test_an_error_that_nobody_awaited_is_not_quoted(capsys: pytest.CaptureFixture[str]) -> None:
    """asyncio would print the exception with its words."""
    with logging_to_stderr():
        logs.unheard(asyncio.get_running_loop(), {"message": WORDS, "exception": ValueError(WORDS)})
        logging.getLogger("hotline").info("%s %d", WORDS, "a fault of ours")
    said = capsys.readouterr().err
    assert WORDS not in said
    assert "ValueError" in said


async def test_a_working_day_leaves_no_words_and_no_token_in_the_log(
    bench: Bench, capsys: pytest.CaptureFixture[str]
) -> None:
    """Reports, failures, answers that nobody can read: the log tells of them, and quotes nobody."""
    bench.world.faults.answers(200, "", body=f"<html>{WORDS}", method="sendMessage")
    bench.world.faults.answers(200, "", body=f"<html>{WORDS}", method="getUpdates")
    await bench.does("CREATE TRIGGER no_files BEFORE INSERT ON files BEGIN SELECT RAISE(ABORT, 'no'); END")
    document = {"document": {"file_id": "a", "file_unique_id": "b"}, "caption": WORDS}
    with logging_to_stderr():
        async with bench.running(bench.courier, bench.worker, bench.poller()):
            await bench.receives(message(1, REPORTER, WORDS), message(2, REPORTER, WORDS, **document))
            await bench.writes(ENGINEER, f"<b>{WORDS}")
            bench.phones["lead-1"].says(WORDS)
            await bench.until(lambda: not bench.world.updates.waiting)
            await bench.settles()
    said = capsys.readouterr().err
    assert "hotline.worker: update 2" in said
    assert WORDS not in said
    assert stage.TOKEN not in said
    assert "HTTP Request" not in said
