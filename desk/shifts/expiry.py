"""What becomes of requests and orders that nobody answers."""

from datetime import datetime

from desk.house import Desk
from desk.shifts import consent, orders
from storage import swaps

WAKES = frozenset({swaps.WAKE})


async def look(desk: Desk) -> datetime | None:
    """Follow up in every contract; when to look again."""
    moments: list[datetime] = []
    for slug, contract in desk.house.contracts.items():
        moments += await consent.follow_up(desk, slug)
        moments += await orders.remind(desk, slug, contract.profile.handover)
    return min(moments, default=None)
