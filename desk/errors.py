"""What the desk answers instead of doing it: a user's mistake is not a bug."""

from typing import Any


class Refusal(Exception):
    """The desk says no; `key` names the sentence, `facts` what stands in it."""

    def __init__(self, key: str, **facts: Any) -> None:
        self.key = key
        self.facts = facts
        super().__init__(key)
