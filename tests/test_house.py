"""The rules of the house that no linter holds."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

# Modules of values: nothing here waits, writes, or asks the time by itself.
VALUES = {
    "__future__",
    "bisect",
    "collections",
    "dataclasses",
    "datetime",
    "decimal",
    "enum",
    "fractions",
    "functools",
    "hashlib",
    "itertools",
    "json",
    "math",
    "operator",
    "re",
    "string",
    "types",
    "typing",
    "unicodedata",
    "zoneinfo",
}
ALSO_ALLOWED = {
    "sla/understanding": {"pkgutil"},  # its weights are read as a module is, when first needed
    "sla/profile": {"pydantic"},
}
LONGEST = 400  # lines; a file that needs more holds two ideas


def sources() -> list[Path]:
    """Every Python file of the checkout outside tests and hidden folders."""
    files = (path.relative_to(ROOT) for path in ROOT.rglob("*.py"))
    return sorted(path for path in files if path.parts[0] != "tests" and not path.parts[0].startswith("."))


def imports(source: str) -> Iterator[str]:
    """The top-level names of all modules imported anywhere in a source; a relative import is its own."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            yield (node.module or "").partition(".")[0]


@pytest.mark.parametrize("path", [path for path in sources() if path.parts[0] == "sla"], ids=str)
def test_the_rules_import_values_only(path: Path) -> None:
    """sla/ decides; it cannot read a clock, a network or chance, because it imports nothing that can."""
    allowed = VALUES | {"sla"} | ALSO_ALLOWED.get(path.parent.as_posix(), set())
    assert set(imports((ROOT / path).read_text(encoding="utf-8"))) <= allowed


def test_imports_are_found_wherever_they_hide() -> None:
    """The reader of imports sees dotted names and imports inside a function."""
    source = "import os.path\ndef f():\n    from time import sleep\nfrom . import sibling\n"
    assert set(imports(source)) == {"os", "time"}


def test_no_file_is_too_long() -> None:
    """A file of the program can be read in one sitting."""
    lengths = {str(path): len((ROOT / path).read_text(encoding="utf-8").splitlines()) for path in sources()}
    assert {path: length for path, length in lengths.items() if length > LONGEST} == {}
