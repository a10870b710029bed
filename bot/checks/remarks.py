"""What `hotline check` has to say: a key of the catalogue with facts, worded for the reader only at the end."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.reader import Reader


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing that would hurt later."""

    key: str
    facts: Mapping[str, object]

    def worded(self, reader: Reader) -> str:
        """The remark as one line."""
        return reader.say(f"check.{self.key}", **self.facts)


def remark(key: str, **facts: object) -> Remark:
    """A remark with its facts."""
    return Remark(key, facts)
