"""The command line, spoken in the reader's language down to its last word."""

import argparse
import difflib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, NoReturn

from bot.reader import Reader
from sla.terms import Role

CONFIG = Path("config.toml")
PERIOD = re.compile(r"[1-9]\d{3}(-(0[1-9]|1[0-2]))?")
_LANGUAGES = ("zh-CN", "en")
_PORTS = 65535
_LONGEST_PLAN = 62
_DAYS = 3660
# argparse has no catalogue of its own; what it says in English is turned into our sentences.
_SAID = (
    ("required", r"the following arguments are required: (?P<names>.+)"),
    ("unrecognized", r"unrecognized arguments: (?P<names>.+)"),
    ("choice", r"argument (?P<name>.+?): invalid choice: (?P<value>.+?) \(choose from (?P<valid>.+)\)"),
    ("one", r"argument (?P<name>.+?): expected (?:one|at least one|\d+) arguments?"),
    ("value", r"argument (?P<name>.+?): invalid \S+ value: (?P<value>.+)"),
    ("none", r"argument (?P<name>.+?): ignored explicit argument .+"),
    ("other", r"argument (?P<name>.+?): (?P<why>.+)"),
)


class _Formatter(argparse.HelpFormatter):
    """Help with a usage line that begins in the reader's language."""

    def __init__(self, prog: str, reader: Reader) -> None:
        super().__init__(prog, max_help_position=30, width=100)
        self._reader = reader

    def add_usage(
        self,
        usage: str | None,
        actions: Iterable[argparse.Action],
        groups: Iterable[Any],
        prefix: str | None = None,
    ) -> None:
        """The usage line."""
        super().add_usage(usage, actions, groups, self._reader.say("cli.usage") if prefix is None else prefix)


class Parser(argparse.ArgumentParser):
    """An argument parser without a word that the reader does not know."""

    def __init__(self, *, reader: Reader, **options: Any) -> None:
        formatter = partial(_Formatter, reader=reader)
        super().__init__(add_help=False, allow_abbrev=False, formatter_class=formatter, **options)
        self.reader = reader
        self.missing: Callable[[Any], str] = lambda _: ""
        self._positionals.title = reader.say("cli.positionals")
        self._optionals.title = reader.say("cli.options")
        self.add_argument("-h", "--help", action="help", help=reader.say("cli.help.help"))
        self.add_argument(
            "--language", choices=_LANGUAGES, default=argparse.SUPPRESS, help=reader.say("cli.help.language")
        )

    def parse_known_args(  # type: ignore[override]  # of its forms the commands use one
        self, args: Sequence[str] | None = None, namespace: argparse.Namespace | None = None
    ) -> tuple[argparse.Namespace, list[str]]:
        """The arguments, once those that only a rule of this command can miss are there."""
        parsed, rest = super().parse_known_args(args, namespace)
        if missing := self.missing(parsed):
            self.error(f"the following arguments are required: {missing}")
        return parsed, rest

    def error(self, message: str) -> NoReturn:
        """One sentence, the way to more help, and exit code 2."""
        told = self.reader.say("cli.see_help", prog=self.prog)
        self.exit(2, f"{self._sentence(message)} {told}\n")

    def _sentence(self, message: str) -> str:
        for key, pattern in _SAID:
            found = re.fullmatch(pattern, message, re.DOTALL)
            if found:
                facts = {name: text.replace("'", "") for name, text in found.groupdict().items()}
                return self.reader.say(f"cli.usage_error.{key}", **facts) + self._hint(facts)
        return self.reader.say("cli.usage_error.unknown", why=message)

    def _hint(self, facts: Mapping[str, str]) -> str:
        near = difflib.get_close_matches(facts.get("value", ""), facts.get("valid", "").split(", "), n=1)
        return self.reader.say("cli.perhaps", word=near[0]) if near and near[0] else ""


def parser(reader: Reader) -> Parser:
    """The parser of every command."""
    top = Parser(reader=reader, prog="hotline", description=reader.say("cli.about"), epilog=reader.say("cli.epilog"))
    add = _adder(top, reader, "command")
    _demo(add("demo"), reader)
    for name in ("run", "check", "migrate"):
        _config(add(name), reader)
    _classify(add("classify"), reader)
    invite = add("invite")
    _config(invite, reader)
    invite.add_argument("key", metavar="KEY", help=reader.say("cli.help.key"))
    _ways(add("ways"), reader)
    _devices(add("devices"), reader)
    _duty(add("duty"), reader)
    _contract(add("contract"), reader)
    _ledger(add("ledger"), reader)
    _calendar(add("calendar"), reader)
    services = add("services")
    _config(services, reader)
    services.add_argument("--contract", required=True, metavar="SLUG", help=reader.say("cli.help.contract"))
    for name in ("backup", "restore"):
        command = add(name)
        _config(command, reader)
        command.add_argument("file", metavar="FILE", type=Path, help=reader.say(f"cli.help.{name}_file"))
    return top


def _adder(above: Parser, reader: Reader, name: str, *, required: bool = True) -> Callable[..., Parser]:
    """Adds one command below another, with its one-line description."""
    title = reader.say("cli.commands")
    below = above.add_subparsers(title=title, metavar=name.upper(), dest=name, required=required)

    def add(command: str, text: str = "") -> Parser:
        about = reader.say(f"cli.command.{text or command}")
        return below.add_parser(command, help=about, description=about, reader=reader)

    return add


def _config(command: Parser, reader: Reader) -> None:
    command.add_argument("--config", type=Path, default=CONFIG, metavar="FILE", help=reader.say("cli.help.config"))


def _demo(command: Parser, reader: Reader) -> None:
    port = partial(_number, int, lambda value: 0 <= value <= _PORTS, reader.say("cli.usage_error.port"))
    speed = partial(_number, float, lambda value: 0 < value <= 100_000, reader.say("cli.usage_error.speed"))
    command.add_argument("--port", type=port, default=8080, metavar="N", help=reader.say("cli.help.port"))
    command.add_argument("--speed", type=speed, default=None, metavar="N", help=reader.say("cli.help.speed"))
    command.add_argument("--once", action="store_true", help=reader.say("cli.help.once"))


def _ways(command: Parser, reader: Reader) -> None:
    add = _adder(command, reader, "action")
    _config(add("list", "ways_list"), reader)
    test = add("test", "ways_test")
    _config(test, reader)
    test.add_argument("key", metavar="KEY", help=reader.say("cli.help.key"))


def _classify(command: Parser, reader: Reader) -> None:
    _config(command, reader)
    which = command.add_mutually_exclusive_group()
    for name in ("train", "learn"):
        which.add_argument(f"--{name}", action="store_true", help=reader.say(f"cli.help.classify_{name}"))
    lessons = Path("tests/data/messages")
    command.add_argument("--data", type=Path, default=lessons, metavar="FOLDER", help=reader.say("cli.help.lessons"))
    command.add_argument("-o", dest="output", type=Path, metavar="FILE", help=reader.say("cli.help.classify_file"))


def _devices(command: Parser, reader: Reader) -> None:
    add = _adder(command, reader, "action")
    for name in ("list", "search", "import"):
        action = add(name, f"devices_{name}")
        _config(action, reader)
        action.add_argument("--contract", required=True, metavar="SLUG", help=reader.say("cli.help.contract"))
        if name == "search":
            action.add_argument("words", nargs="+", metavar="WORDS", help=reader.say("cli.help.words"))


def _duty(command: Parser, reader: Reader) -> None:
    _config(command, reader)
    days = partial(_number, int, lambda value: 0 < value <= _LONGEST_PLAN, reader.say("cli.usage_error.days"))
    command.add_argument("--contract", required=True, metavar="SLUG", help=reader.say("cli.help.contract"))
    command.add_argument("--days", type=days, default=7, metavar="N", help=reader.say("cli.help.days"))


def _contract(command: Parser, reader: Reader) -> None:
    add = _adder(command, reader, "action")
    new = add("new", "contract_new")
    show = add("show", "contract_show")
    history = add("history", "contract_history")
    for below in (new, show, history):
        below.add_argument("slug", metavar="SLUG", help=reader.say("cli.help.contract"))
    folder = reader.say("cli.help.folder")
    new.add_argument("--folder", type=Path, default=Path("contracts"), metavar="FOLDER", help=folder)
    for below in (show, history):
        _config(below, reader)
    show.add_argument("-o", dest="output", type=Path, metavar="FILE", help=reader.say("cli.help.sheet"))


def _ledger(command: Parser, reader: Reader) -> None:
    add = _adder(command, reader, "action")
    _config(add("verify", "ledger_verify"), reader)
    outages = add("outages", "ledger_outages")
    _config(outages, reader)
    outages.add_argument("--contract", metavar="SLUG", help=reader.say("cli.help.contract"))
    export = add("export", "ledger_export")
    _config(export, reader)
    period = partial(_period, reader.say("cli.usage_error.period"))
    export.add_argument("--contract", required=True, metavar="SLUG", help=reader.say("cli.help.contract"))
    export.add_argument("--period", required=True, type=period, metavar="YYYY-MM", help=reader.say("cli.help.period"))
    export.add_argument("-o", dest="output", type=Path, metavar="FILE", help=reader.say("cli.help.output"))


def _calendar(command: Parser, reader: Reader) -> None:
    """Without an action it counts days; the actions hand a calendar out and take one in."""
    day = partial(_day, reader.say("cli.usage_error.day"))
    days = partial(_number, int, lambda value: abs(value) <= _DAYS, reader.say("cli.usage_error.day_count"))
    _config(command, reader)
    command.add_argument("--from", dest="start", type=day, metavar="DATE", help=reader.say("cli.help.from"))
    command.add_argument("--workdays", type=days, metavar="N", help=reader.say("cli.help.workdays"))
    command.add_argument("--days", type=days, metavar="N", help=reader.say("cli.help.calendar_days"))
    command.add_argument("--contract", metavar="SLUG", help=reader.say("cli.help.contract_days"))
    command.missing = _what_to_count
    add = _adder(command, reader, "action", required=False)
    export = add("export", "calendar_export")
    _config_again(export, reader)
    export.add_argument("--contract", metavar="SLUG", help=reader.say("cli.help.contract"))
    export.add_argument("--person", metavar="KEY", help=reader.say("cli.help.key"))
    export.add_argument("-o", dest="output", type=Path, metavar="FILE", help=reader.say("cli.help.calendar_output"))
    export.missing = _whose
    taken = add("import", "calendar_import")
    _config_again(taken, reader)
    taken.add_argument("file", metavar="FILE.ics", type=Path, help=reader.say("cli.help.calendar_file"))
    taken.add_argument("--contract", required=True, metavar="SLUG", help=reader.say("cli.help.contract"))
    taken.add_argument("--role", required=True, choices=[role.value for role in Role], help=reader.say("cli.help.role"))
    taken.add_argument("--post", default="", metavar="POST", help=reader.say("cli.help.post"))
    taken.add_argument("--dry-run", action="store_true", help=reader.say("cli.help.dry_run"))
    taken.add_argument("--apply", action="store_true", help=reader.say("cli.help.apply"))


def _config_again(command: Parser, reader: Reader) -> None:
    """Below a command that has it, too: what stands there is not undone by a default."""
    command.add_argument(
        "--config", type=Path, default=argparse.SUPPRESS, metavar="FILE", help=reader.say("cli.help.config")
    )


def _whose(parsed: argparse.Namespace) -> str:
    return "" if (parsed.contract is None) != (parsed.person is None) else "--contract | --person"


def _what_to_count(parsed: argparse.Namespace) -> str:
    if parsed.action is not None:
        return ""
    given = [parsed.start is not None, (parsed.workdays is None) != (parsed.days is None)]
    return "" if all(given) else ", ".join(("--from", "--workdays | --days"))


def _day(sentence: str, text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(sentence) from error


def _period(sentence: str, text: str) -> str:
    if not PERIOD.fullmatch(text):
        raise argparse.ArgumentTypeError(sentence)
    return text


def _number(kind: Callable[[str], Any], fits: Callable[[Any], bool], sentence: str, text: str) -> Any:
    try:
        value = kind(text)
    except ValueError:
        value = None
    if value is None or not fits(value):
        raise argparse.ArgumentTypeError(sentence)
    return value
