"""What the desk does of its own accord, at its time: reminders, hand-overs, checks before a shift.

A chore looks at the clock and the database, does what is due, and says when it wants to look again. It may be asked at
any time and by several replicas: what must happen once is guarded by a mark (`storage.marks`).
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

from desk.house import Desk
from desk.services import reminders


@dataclass(frozen=True, slots=True, kw_only=True)
class Chore:
    """One thing to look after; a commit that wakes one of these names is a reason to look at once."""

    name: str
    look: Callable[[Desk], Awaitable[datetime | None]]
    wakes: frozenset[str] = frozenset()


CHORES: tuple[Chore, ...] = (Chore(name="services", look=reminders.look, wakes=reminders.WAKES),)
