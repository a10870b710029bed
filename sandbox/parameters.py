"""The parameters of one call, however the client chose to encode them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sandbox.errors import bad_request

_TRUE = frozenset({"true", "yes", "1"})


@dataclass(frozen=True, slots=True)
class Upload:
    """One file that came with a call."""

    name: str
    data: bytes
    mime: str | None = None


@dataclass(frozen=True, slots=True)
class Parameters:
    """Reads numbers, truth values and nested objects from strings or from real JSON alike."""

    values: Mapping[str, object] = field(default_factory=dict)
    uploads: Mapping[str, Upload] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """The parameter as a string, empty when absent."""
        value = self.values.get(name)
        if value is None:
            return ""
        return value if isinstance(value, str) else json.dumps(value)

    def number(self, name: str, default: int = 0) -> int:
        """The parameter as a whole number; what is no number counts as absent."""
        try:
            return int(self.text(name).strip() or default)
        except ValueError:
            return default

    def truth(self, name: str) -> bool:
        """Whether the parameter says yes."""
        return self.text(name).strip().lower() in _TRUE

    def mapping(self, name: str) -> dict[str, Any]:
        """The nested object, empty when absent; anything else is refused."""
        value = self.tree(name)
        if value is not None and not isinstance(value, dict):
            raise bad_request(f"can't parse {name.replace('_', ' ')}: Expected an Object")
        return value or {}

    def sequence(self, name: str) -> list[dict[str, Any]]:
        """The nested array of objects, empty when absent; anything else is refused."""
        value = self.tree(name)
        if value is None:
            return []
        if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
            raise bad_request(f"can't parse {name.replace('_', ' ')}: Expected an Array of Objects")
        return value

    def tree(self, name: str) -> Any:
        """The nested value, or None when absent; text that is no JSON is refused."""
        value = self.values.get(name)
        if value is None or value == "":
            return None
        if not isinstance(value, str):
            return value
        try:
            return decoded(value)
        except ValueError:
            raise bad_request(f"can't parse {name.replace('_', ' ')} JSON object") from None


def decoded(source: str | bytes) -> Any:
    """JSON whose strings can be written as UTF-8; everything else is a ValueError."""
    value = json.loads(source)
    json.dumps(value, ensure_ascii=False, allow_nan=False).encode()
    return value
