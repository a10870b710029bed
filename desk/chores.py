"""What the desk does of its own accord, at its time: reminders, hand-overs, checks before a shift.

A chore looks at the clock and the database, does what is due, and says when it wants to look again. It may be asked at
any time and by several replicas: what must happen once is guarded by a mark (`storage.marks`).
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

from desk.duty import gaps, reminders
from desk.house import Desk
from desk.services import reminders as service_reminders
from desk.shifts import attendance, expiry, handover
from storage import overrides, people


@dataclass(frozen=True, slots=True, kw_only=True)
class Chore:
    """One thing to look after; a commit that wakes one of these names is a reason to look at once."""

    name: str
    look: Callable[[Desk], Awaitable[datetime | None]]
    wakes: frozenset[str] = frozenset()


_DUTY = frozenset({people.WAKE, overrides.WAKE})
CHORES: tuple[Chore, ...] = (
    Chore(name="gaps", look=gaps.look, wakes=_DUTY),
    Chore(name="key_periods", look=reminders.look, wakes=frozenset({overrides.WAKE})),
    Chore(name="services", look=service_reminders.look, wakes=service_reminders.WAKES),
    Chore(name="handover", look=handover.look, wakes=handover.WAKES),
    Chore(name="swaps", look=expiry.look, wakes=expiry.WAKES),
    Chore(name="attendance", look=attendance.look, wakes=attendance.WAKES),
)
