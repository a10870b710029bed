"""The equipment list of a contract, a CSV file as Excel writes it; key is section and seq."""

import csv
import io
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from bot.config.findings import Finding, SettingsError, Unfit, nearest
from bot.reader import Reader
from sla.devices import Device, Scope

REQUIRED = ("section", "seq", "name", "vendor", "model", "quantity", "unit", "note")
OPTIONAL = (
    "aliases",
    "scope",
    "important",
    "core",
    "device_class",
    "valid_from",
    "valid_to",
    "added_after_signing",
)
_ENCODINGS = ("utf-8-sig", "gb18030")  # Chinese Excel saves the second unless it is told otherwise
_YES, _NO = frozenset({"是", "yes", "true", "1"}), frozenset({"", "否", "no", "false", "0"})
_DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
_MOST_CORE = 9
_SCOPES = tuple(scope.value for scope in Scope if scope is not Scope.UNLISTED)


def read(path: Path, reader: Reader) -> tuple[Device, ...]:
    """The rows of a list; `SettingsError` with a sentence for each that cannot be used."""
    table = _records(path, reader)
    columns = _columns(path, table, reader)
    findings: list[Finding] = []
    lines: dict[tuple[str, str], int] = {}
    devices: list[Device] = []
    for line, record in table[1:]:
        device, amiss = _device(path, line, record, columns, reader)
        findings += amiss
        if device is None:
            continue
        if device.key in lines:
            reason = reader.say("devices.twice", section=device.section, seq=device.seq, other=lines[device.key])
            findings.append(_finding(path, reader, line, "seq", reason))
        lines.setdefault(device.key, line)
        devices.append(device)
    if findings:
        raise SettingsError(findings)
    return tuple(devices)


def _records(path: Path, reader: Reader) -> list[tuple[int, list[str]]]:
    """Every record that is not empty, with the line on which it begins; the first one is the header."""
    lines = csv.reader(io.StringIO(_text(path, reader), newline=""), strict=True)
    records, begins = [], 1
    try:
        for record in lines:
            if any(cell.strip() for cell in record):
                records.append((begins, [cell.strip() for cell in record]))
            begins = lines.line_num + 1
    except csv.Error as error:
        raise SettingsError([_finding(path, reader, begins, "", reader.say("devices.csv"))]) from error
    if not records:
        raise SettingsError([Finding(str(path), "", reader.say("devices.empty"))])
    return records


def _text(path: Path, reader: Reader) -> str:
    reason = "devices.encoding"
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        reason = "settings.no_file"
    except OSError:
        reason = "settings.unreadable"
    else:
        for encoding in _ENCODINGS:
            try:
                text = data.decode(encoding)
            except UnicodeDecodeError:
                continue
            if "\0" not in text:
                return text
    raise SettingsError([Finding(str(path), "", reader.say(reason))])


def _columns(path: Path, records: Sequence[tuple[int, list[str]]], reader: Reader) -> list[str]:
    line, header = records[0]
    columns = [name.casefold() for name in header]
    known = (*REQUIRED, *OPTIONAL)
    reasons = [
        (name, reader.say("devices.column_unknown") + nearest(reader, name, known))
        for name in columns
        if name not in known
    ]
    reasons += [(name, reader.say("devices.column_twice")) for name in known if columns.count(name) > 1]
    reasons += [(name, reader.say("devices.column_missing")) for name in REQUIRED if name not in columns]
    if reasons:
        raise SettingsError([_finding(path, reader, line, name, reason) for name, reason in reasons])
    return columns


def _device(
    path: Path, line: int, record: Sequence[str], columns: Sequence[str], reader: Reader
) -> tuple[Device | None, list[Finding]]:
    if len(record) != len(columns):
        reason = reader.say("devices.cells", found=len(record), expected=len(columns))
        return None, [_finding(path, reader, line, "", reason)]
    values: dict[str, Any] = {}
    findings = []
    for name, cell in zip(columns, record, strict=True):
        try:
            values[name] = _READS[name](cell)
        except Unfit as unfit:
            findings.append(_finding(path, reader, line, name, reader.say(unfit.key, **unfit.facts)))
    begins, ends = values.get("valid_from"), values.get("valid_to")
    if begins and ends and ends < begins:
        findings.append(_finding(path, reader, line, "valid_to", reader.say("devices.ends_early")))
    return (None, findings) if findings else (Device(**values), [])


def _finding(path: Path, reader: Reader, line: int, column: str, reason: str) -> Finding:
    place = reader.say("settings.line", line=line)
    return Finding(str(path), f"{place} {column}".strip(), reason)


def _words(cell: str) -> str:
    return cell


def _needed(cell: str) -> str:
    if not cell:
        raise Unfit("devices.needed")
    return cell


def _quantity(cell: str) -> int | None:
    """Units are counted: a whole number, or nothing where the contract does not say."""
    if not cell:
        return None
    number = unicodedata.normalize("NFKC", cell)
    if not re.fullmatch(r"[0-9]{1,9}", number) or int(number) == 0:
        raise Unfit("devices.quantity", word=cell)
    return int(number)


def _core(cell: str) -> int:
    number = unicodedata.normalize("NFKC", cell or "0")
    if not re.fullmatch(r"[0-9]", number):
        raise Unfit("devices.core", word=cell, most=_MOST_CORE)
    return int(number)


def _aliases(cell: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word.strip() for word in re.split("[、;；]", cell) if word.strip()))


def _scope(cell: str) -> Scope:
    word = cell or Scope.LISTED.value
    if word not in _SCOPES:
        raise Unfit("devices.scope", word=cell, valid="、".join(_SCOPES))
    return Scope(word)


def _flag(cell: str) -> bool:
    word = cell.casefold()
    if word not in _YES | _NO:
        raise Unfit("devices.flag", word=cell)
    return word in _YES


def _day(cell: str) -> date | None:
    if not cell:
        return None
    found = _DATE.fullmatch(unicodedata.normalize("NFKC", cell))
    try:
        return date(*map(int, found.groups())) if found else _no_day(cell)
    except ValueError as error:
        raise Unfit("devices.day", word=cell) from error


def _no_day(cell: str) -> date:
    raise Unfit("devices.day", word=cell)


_READS: Mapping[str, Callable[[str], Any]] = {
    "section": _words,
    "seq": _needed,
    "name": _needed,
    "vendor": _words,
    "model": _words,
    "quantity": _quantity,
    "unit": _words,
    "note": _words,
    "aliases": _aliases,
    "scope": _scope,
    "important": _flag,
    "core": _core,
    "device_class": _words,
    "valid_from": _day,
    "valid_to": _day,
    "added_after_signing": _flag,
}
