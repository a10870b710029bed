"""The `hotline` command: exit codes 0 done, 1 finding, 2 usage; every error is a sentence, never a traceback."""

import os
import sys
from collections.abc import Mapping, Sequence

from bot.reader import Reader, Stop
from bot.terminal.arguments import parser

_INTERRUPTED = 130
_LANGUAGE = "--language"


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and answer its exit code."""
    words = list(sys.argv[1:] if argv is None else argv)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # a terminal that lacks a sign shows its number
            stream.reconfigure(errors="backslashreplace")
    reader = _reader(words, os.environ)
    try:
        args = parser(reader).parse_args(words)
    except SystemExit as stop:
        return int(stop.code or 0)
    try:
        from bot.terminal.commands import COMMANDS

        return COMMANDS[args.command](args, reader)
    except KeyboardInterrupt:
        return _INTERRUPTED
    except BrokenPipeError:  # whoever read us has gone; the interpreter would complain at the end
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except Exception as error:
        for sentence in _sentences(error, reader, os.environ):
            print(sentence, file=sys.stderr)
        return 1


def _reader(words: Sequence[str], env: Mapping[str, str]) -> Reader:
    """Whoever sits there, before anything is parsed: the help has a language, too."""
    for place, word in enumerate(words):
        if word == _LANGUAGE or word.startswith(f"{_LANGUAGE}="):
            chosen = word.partition("=")[2] or next(iter(words[place + 1 :]), "")
            return Reader.of({"HOTLINE_LANGUAGE": chosen})
    return Reader.of(env)


def _sentences(error: Exception, reader: Reader, env: Mapping[str, str]) -> list[str]:
    from bot.config.findings import SettingsError
    from bot.engine.lock import AlreadyRunning
    from storage.errors import StorageError

    if isinstance(error, SettingsError):
        return [str(finding) for finding in error.findings]
    if isinstance(error, Stop | StorageError | AlreadyRunning):
        return [str(error)]
    if not env.get("HOTLINE_DEBUG"):
        return [reader.say("cli.unexpected", kind=type(error).__name__)]
    from bot.engine.logs import Formatter

    where = Formatter().formatException((type(error), error, error.__traceback__))
    return [reader.say("cli.unexpected", kind=type(error).__name__), where]
