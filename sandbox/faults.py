"""Failures on demand: what a hostile network or an angry server does to the next calls."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum


class Damage(StrEnum):
    """What goes wrong with a call."""

    ANSWER = "answer"
    DELAY = "delay"
    DROP_BEFORE = "drop before the effect"
    DROP_AFTER = "drop after the effect"


@dataclass(slots=True, eq=False, kw_only=True)
class Fault:
    """One arranged failure; `hits` counts how often it has struck."""

    damage: Damage
    method: str | None = None
    chat: int | None = None
    left: int | None = 1
    code: int = 500
    description: str = ""
    retry_after: int | None = None
    body: str | None = None
    seconds: float = 0.0
    hits: int = 0

    def meets(self, method: str, chat: int | None) -> bool:
        """Whether this call is one that shall fail."""
        if self.left == 0 or (self.method and self.method.lower() != method.lower()):
            return False
        return self.chat is None or self.chat == chat

    def strike(self) -> None:
        """Count one failure."""
        self.hits += 1
        if self.left is not None:
            self.left -= 1

    def cancel(self) -> None:
        """Let nothing more fail because of this."""
        self.left = 0


class Faults:
    """Arranged failures; `method` ("download" for files) and `chat` narrow them, `times=None` keeps them."""

    def __init__(self) -> None:
        self._arranged: list[Fault] = []

    def too_many(
        self, retry_after: int, *, method: str | None = None, chat: int | None = None, times: int | None = 1
    ) -> Fault:
        """Answer 429 with retry_after."""
        words = f"Too Many Requests: retry after {retry_after}"
        return self.answers(429, words, retry_after=retry_after, method=method, chat=chat, times=times)

    def server_error(self, *, method: str | None = None, chat: int | None = None, times: int | None = 1) -> Fault:
        """Answer 500 before anything happens."""
        return self.answers(500, "Internal Server Error", method=method, chat=chat, times=times)

    def bad_gateway(self, *, method: str | None = None, chat: int | None = None, times: int | None = 1) -> Fault:
        """Answer 502 with a page of HTML, as a proxy in between does."""
        page = "<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>"
        return self.answers(502, "Bad Gateway", body=page, method=method, chat=chat, times=times)

    def forbids(
        self, description: str, *, method: str | None = None, chat: int | None = None, times: int | None = 1
    ) -> Fault:
        """Answer 403 in these words."""
        return self.answers(403, f"Forbidden: {description}", method=method, chat=chat, times=times)

    def answers(
        self,
        code: int,
        description: str,
        *,
        retry_after: int | None = None,
        body: str | None = None,
        method: str | None = None,
        chat: int | None = None,
        times: int | None = 1,
    ) -> Fault:
        """Answer any code in any words, or with any raw body, before anything happens."""
        return self._arrange(
            Fault(
                damage=Damage.ANSWER,
                code=code,
                description=description,
                retry_after=retry_after,
                body=body,
                method=method,
                chat=chat,
                left=times,
            )
        )

    def delays(
        self, seconds: float, *, method: str | None = None, chat: int | None = None, times: int | None = 1
    ) -> Fault:
        """Do what is asked, but answer so many real seconds later."""
        fault = Fault(damage=Damage.DELAY, seconds=seconds, method=method, chat=chat, left=times)
        return self._arrange(fault)

    def drops_before(self, *, method: str | None = None, chat: int | None = None, times: int | None = 1) -> Fault:
        """Break the connection with nothing done."""
        return self._arrange(Fault(damage=Damage.DROP_BEFORE, method=method, chat=chat, left=times))

    def drops_after(self, *, method: str | None = None, chat: int | None = None, times: int | None = 1) -> Fault:
        """Do what is asked, then break the connection: the client cannot know."""
        return self._arrange(Fault(damage=Damage.DROP_AFTER, method=method, chat=chat, left=times))

    def clear(self) -> None:
        """Let nothing fail any more."""
        self._arranged.clear()

    def struck(self, method: str, chat: int | None) -> list[Fault]:
        """The failures that this call meets, each counted once; at most one of each damage."""
        met: dict[Damage, Fault] = {}
        for fault in self._meeting(method, chat):
            met.setdefault(fault.damage, fault)
        for fault in met.values():
            fault.strike()
        return list(met.values())

    def _meeting(self, method: str, chat: int | None) -> Iterator[Fault]:
        return (fault for fault in self._arranged if fault.meets(method, chat))

    def _arrange(self, fault: Fault) -> Fault:
        self._arranged.append(fault)
        return fault
