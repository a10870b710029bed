"""A TOML file, read into a strict model or refused in sentences."""

import re
import tomllib
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from bot.config.findings import Finding, SettingsError, findings_of
from bot.reader import Reader

Model = TypeVar("Model", bound=BaseModel)


def table(path: Path, reader: Reader) -> dict[str, Any]:
    """The tables of a file; `SettingsError` names the line that cannot be read."""
    text = words(path, reader)
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        key, reason = _syntax(str(error), text, reader)
    except RecursionError:
        key, reason = "", reader.say("settings.toml")
    raise SettingsError([Finding(str(path), key, reason)])


def fitted(raw: dict[str, Any], model: type[Model], path: Path, reader: Reader) -> Model:
    """The tables as a model; `SettingsError` with everything that does not fit."""
    try:
        return model.model_validate(raw)
    except ValidationError as error:
        findings = findings_of(error, model, str(path), reader)
    # Outside the handler: what pydantic says holds the values, and some of them are secret.
    raise SettingsError(findings)


def words(path: Path, reader: Reader) -> str:
    """The text of a file, also one that an editor began with a mark; `SettingsError` if it cannot be read."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        reason = "settings.no_file"
    except UnicodeDecodeError:
        reason = "settings.not_utf8"
    except OSError:
        reason = "settings.unreadable"
    raise SettingsError([Finding(str(path), "", reader.say(reason))])


def _syntax(said: str, text: str, reader: Reader) -> tuple[str, str]:
    found = re.search(r"line (\d+), column (\d+)", said)
    line, column = (found[1], found[2]) if found else (str(len(text.splitlines())), "1")
    twice = "overwrite" in said or "twice" in said or "Duplicate" in said
    written = "".join(text.splitlines()[int(line) - 1 : int(line)])
    no_day = re.search(r"[=\[,]\s*\d{4}-\d{1,2}-\d{1,2}", written)
    sentence = "settings.toml_twice" if twice else "settings.toml_date" if no_day else "settings.toml_line"
    return reader.say("settings.line", line=line), reader.say(sentence, line=line, column=column)
